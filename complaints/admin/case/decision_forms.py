"""The forms for deciding a case: findings, the second person's answer, measures and redress, referrals."""

from collections.abc import Sequence
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from complaints.admin.forms import DAY, ExhibitsField, KeyField, Text, WrittenForm
from complaints.cases import decision_rules
from complaints.decisions import norms, undertakings
from complaints.decisions.findings import Written
from complaints.models import Case, Exhibit, Finding, Missing, Referral, Undertaking
from complaints.reference import amounts
from complaints.reference.conduct import BY_CODE, KINDS, named
from complaints.reference.wishes import currencies

ADDED = 3  # forms on the page for allegations that only the investigator names


def _text(label: Any, rows: int = 3, **more: Any) -> forms.CharField:
    return Text(label=label, widget=forms.Textarea(attrs={"rows": rows}), max_length=20_000, **more)


class Folded(forms.CheckboxSelectMultiple):
    """Check-boxes that are shown on request; at once if one is chosen."""

    template_name = "admin/complaints/case/folded.html"

    def get_context(self, name: str, value: Any, attrs: Any) -> dict[str, Any]:
        offered = {str(key) for key, _label in self.choices}
        return {**super().get_context(name, value, attrs), "open": not offered.isdisjoint(value or ())}


class FindingForm(WrittenForm):
    """The finding on one allegation.

    Which other fields an outcome requires is decided by the rules of the case (`decision_rules`), not by the form.
    """

    outcome = forms.ChoiceField(label=_("Finding"), choices=Finding.Outcome.choices, widget=forms.RadioSelect)
    norms = forms.MultipleChoiceField(
        label=_("Rule departed from"), widget=forms.CheckboxSelectMultiple, required=False
    )
    elsewhere = forms.MultipleChoiceField(label=_("Rules of other countries"), widget=Folded, required=False)
    other_rule = Text(
        label=_("Another rule, and where it can be found"), required=False, max_length=1000, widget=forms.TextInput
    )
    relied_on = ExhibitsField(
        label=_("Exhibits relied on"),
        queryset=Exhibit.objects.none(),
        widget=forms.CheckboxSelectMultiple,
        required=False,
    )
    set_aside = ExhibitsField(
        label=_("Exhibits set aside"),
        queryset=Exhibit.objects.none(),
        widget=forms.CheckboxSelectMultiple,
        required=False,
    )
    why_set_aside = _text(_("Why they were set aside"), 2, required=False)
    reasons = _text(
        _("Reasons"),
        5,
        help_text=_("What the evidence shows, and why you conclude this from it. The borrower reads it."),
    )
    missing = _text(
        _("If the evidence is insufficient: what is missing"),
        2,
        required=False,
        help_text=_("For instance what the other side was asked for and did not supply."),
    )
    missing_from = forms.ChoiceField(
        label=_("Who did not supply it"), choices=[("", "–"), *Missing.choices], required=False
    )

    def __init__(
        self, *args: Any, code: str, exhibits: Any, country: str, offered: Any = None, **kwargs: Any
    ) -> None:
        """`code` is the allegation, or empty if the investigator chooses it; `offered` are the rules to choose
        from, those of the country at once and the others on request."""
        super().__init__(*args, **{"prefix": code, **kwargs})
        self.code = code
        for one in offered or norms.of(code):
            field: Any = self.fields["norms" if one.source.country == country else "elsewhere"]
            field.choices = [*field.choices, (one.id, str(one))]
        if not self.fields["elsewhere"].choices:  # type: ignore[attr-defined]
            del self.fields["elsewhere"]
        for name in ("relied_on", "set_aside"):
            self.fields[name].queryset = exhibits  # type: ignore[attr-defined]

    @property
    def label(self) -> str:
        return named(self.code)

    @property
    def written(self) -> Written:
        """The finding. The form must be valid."""
        return Written(**{"allegation": self.code, **self._given})

    @property
    def _given(self) -> dict[str, Any]:
        """What was chosen and written; rules of all countries are the finding's rules."""
        given = {**self.cleaned_data}
        given["norms"] = [*given["norms"], *given.pop("elsewhere", [])]
        return given


class AddedForm(FindingForm):
    """A finding on something that the borrower did not name. A form left empty makes no finding."""

    allegation = forms.ChoiceField(label=_("What was done"))
    added_because = _text(_("Where in the evidence you found it"), 2)
    field_order = ("allegation", "added_because")

    def __init__(self, *args: Any, codes: list[str], **kwargs: Any) -> None:
        offered = [one for one in norms.own_first() if set(one.kinds) & set(codes)]
        super().__init__(
            *args, code="", offered=offered, empty_permitted=True, use_required_attribute=False, **kwargs
        )
        choices = [("", "–"), *((code, named(code)) for code in codes)]
        self.fields["allegation"].choices = choices  # type: ignore[attr-defined]

    @property
    def written(self) -> Written:
        return Written(**self._given)


class DecisionForms:
    """The forms for all findings of a case: one for each named allegation, and some for others."""

    def __init__(self, case: Case, exhibits: Any, data: Any = None, before: list[dict[str, Any]] | None = None):
        """`before` are the findings of a proposal that was sent back; they fill the forms."""
        self.exhibits = exhibits
        codes = decision_rules.allegations(case)
        others = [kind.code for kind in KINDS if kind.code not in codes]
        labels = {exhibit.label: exhibit.pk for exhibit in exhibits}
        initial = {one["allegation"]: _initial(one, labels) for one in before or []}
        extra = [initial[code] for code in initial if code not in codes]
        shared = {"exhibits": exhibits, "country": norms.country_of(case)}
        self.named = [FindingForm(data, code=code, initial=initial.get(code), **shared) for code in codes]
        self.added = [
            AddedForm(
                data,
                codes=others,
                **shared,
                prefix=f"added{number}",
                initial=extra[number] if number < len(extra) else None,
            )
            for number in range(ADDED)
        ]
        self.opens = not codes or bool(extra) or any(form.is_bound and form.has_changed() for form in self.added)

    @property
    def forms(self) -> list[FindingForm]:
        return [*self.named, *self.added]

    def are_valid(self) -> bool:
        mended = [form.is_valid() for form in self.forms]  # a list, so that every form shows its errors
        return all(mended)

    @property
    def in_words(self) -> str:
        """What was written so far, for a note: each outcome and each text under its label."""
        return "\n\n".join(filter(None, (_in_words(form) for form in self.forms)))

    @property
    def written(self) -> list[Written]:
        return [form.written for form in self.forms if form.cleaned_data]


def _in_words(form: FindingForm) -> str:
    """The outcome and the texts of a form that was sent, valid or not; an empty string if it has none."""
    outcome = dict(Finding.Outcome.choices).get(form["outcome"].data or "", "")
    texts = (
        f"{form.fields[name].label}: {form[name].data}"
        for name in form.fields
        if isinstance(form.fields[name], Text) and (form[name].data or "").strip()
    )
    said = [str(outcome), *texts] if outcome else [*texts]
    code = form.code or form["allegation"].data or ""
    label = named(code) if code in BY_CODE else ""
    return "\n".join([label, *said]).strip() if said else ""


def _initial(one: dict[str, Any], labels: dict[str, int]) -> dict[str, Any]:
    """The form's initial values from a proposed finding."""
    exhibits = {
        which: [labels[each["exhibit"]] for each in one[which] if each["exhibit"] in labels]
        for which in ("relied_on", "set_aside")
    }
    named = [norm["norm"] for norm in one["norms"]]
    return {**one, **exhibits, "norms": named, "elsewhere": named}


class SecondForm(WrittenForm):
    """The second person's answer to a proposal.

    `proposal` is the digest of the proposal that was shown, `seen` the mark of the page that showed it.
    """

    proposal = forms.CharField(widget=forms.HiddenInput, max_length=64)
    seen = KeyField(required=False)
    says = forms.ChoiceField(
        label=_("Having read it yourself"),
        choices=[("confirm", _("I confirm it: it is final")), ("send_back", _("I send it back, because:"))],
        widget=forms.RadioSelect,
    )
    reasons = _text(
        _("Why it goes back"),
        required=False,
        help_text=_("The person who proposed it reads this. The borrower does not."),
    )


class Amount(forms.DecimalField):
    """A sum of money, also with its sign or thousands apart."""

    def to_python(self, value: Any) -> Any:
        return super().to_python(amounts.amount(str(value or "")) or value)


class UndertakingForm(WrittenForm):
    """A measure or a promise of redress: what, who and by when."""

    kind = forms.ChoiceField(label=_("What it is"))
    what = _text(_("What is to be done"), 2)
    owner = Text(label=_("Who sees to it"), max_length=200)
    due_on = forms.DateField(label=_("By when"), widget=DAY)
    amount = Amount(label=_("Amount, for money"), max_digits=12, decimal_places=2, required=False, min_value=0)
    currency = forms.ChoiceField(label=_("Currency"), choices=lambda: [("", "–"), *currencies()], required=False)
    borrower_may_know = forms.BooleanField(
        label=_("The borrower may know that something of this kind was done"), required=False, initial=True
    )

    def __init__(self, *args: Any, sort: str, **kwargs: Any) -> None:
        super().__init__(*args, **{"prefix": sort, **kwargs})
        self.sort = sort
        kinds = undertakings.KINDS[Undertaking.Sort(sort)]
        self.fields["kind"].choices = [(kind, Undertaking.Kind(kind).label) for kind in kinds]  # type: ignore[attr-defined]
        if sort == Undertaking.Sort.MEASURE:
            del self.fields["amount"], self.fields["currency"]
        else:
            del self.fields["borrower_may_know"]

    @property
    def wanted(self) -> undertakings.PlannedUndertaking:
        return undertakings.PlannedUndertaking(sort=self.sort, **self.cleaned_data)


class EndForm(WrittenForm):
    """The end of a measure or a promise, with its proof."""

    outcome = forms.ChoiceField(
        label=_("What became of it"),
        choices=[choice for choice in Undertaking.Outcome.choices if choice[0]],
        widget=forms.RadioSelect,
    )
    ended_on = forms.DateField(label=_("On which day"), widget=DAY)
    proof = _text(_("What shows it"), 2, help_text=_("For money: by which payment, with its number."))

    def __init__(self, *args: Any, undertaking: Undertaking, exhibits: Sequence[Exhibit], **kwargs: Any) -> None:
        super().__init__(*args, **{"prefix": f"end{undertaking.pk}", **kwargs})
        self.undertaking = undertaking
        named = {str(one.pk): one for one in exhibits}
        self.fields["exhibit"] = forms.TypedChoiceField(
            label=_("An exhibit that shows it"),
            choices=[("", "–"), *((pk, f"{one.label} {one.item.display_name}") for pk, one in named.items())],
            coerce=named.__getitem__,
            empty_value=None,
            required=False,
        )


class ReferralForm(WrittenForm):
    to = forms.ChoiceField(label=_("To"), choices=Referral.To.choices, widget=forms.RadioSelect)
    authority = Text(label=_("Which one"), max_length=200)
    referred_on = forms.DateField(label=_("On which day"), widget=DAY)
    number = Text(label=_("Their reference number"), max_length=100, required=False)
    reasons = _text(_("Why"), help_text=_("The borrower finds this in their own case bundle."))
    with_identity = forms.BooleanField(
        label=_("Who the borrower is goes along (only if they agreed to it)"), required=False
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **{"prefix": "referral", **kwargs})
