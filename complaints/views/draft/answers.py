"""The answers in a draft as question and answer, for the page that shows them before filing."""

import re
from typing import Any

from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from complaints.cases import wording
from complaints.drafts import contacts
from complaints.drafts.questions import FORMS, OthersActForm, form_for
from complaints.drafts.questions.fields import WhenField
from complaints.filing import statement
from complaints.models import Draft, Exhibit
from complaints.reference import choices, local_time
from complaints.reference.wishes import WISHES

AnswerRows = list[tuple[str, list[str] | None]]  # question, lines of the answer; None: the heading of a contact

OF_HEADLINES = (
    "when",
    "until",
    "times",
    "times_about",
    "about",
    "channel",
)  # fields of a contact that its headline shows
# What the answers are called where they are read.
NAMES: dict[str, Promise] = {
    "relation": gettext_lazy("Your part in it"),
    "agency": gettext_lazy("Collector"),
    "lender": gettext_lazy("Lender"),
    "platform": gettext_lazy("App or platform"),
    "numbers": gettext_lazy("Their numbers"),
    "conduct": gettext_lazy("What they did"),
    "court": gettext_lazy("Paper or date from a court"),
    "court_on": gettext_lazy("Day it names"),
    "court_note": gettext_lazy("What it says"),
    "story": gettext_lazy("What happened"),
    "wishes": gettext_lazy("What you would like"),
    "reached": gettext_lazy("Person contacted"),
    "disclosed": gettext_lazy("Debt mentioned to them"),
    "said": gettext_lazy("What they said or did"),
    "number": gettext_lazy("Number or account"),
    "claimed": gettext_lazy("Name they gave"),
    "answered": gettext_lazy("Call answered"),
    "speaker": gettext_lazy("Person or machine"),
    "direction": gettext_lazy("Who got in touch"),
}


def answer_rows(draft: Draft, step: str) -> AnswerRows:
    """The questions of a step with their answers."""
    tellers = {
        "parties": _parties,
        "story": _story,
        "contacts": _contacts,
        "evidence": _evidence,
        "wishes": _wishes,
        "reach": _reach,
        "names": _names,
    }
    return tellers.get(step, _plain)(draft, step)


def worded(field: Any, value: Any) -> list[str]:
    """A cleaned value in words: a choice becomes its label, text stays as it is."""
    values = value if isinstance(value, list) else [value] if value else []
    if isinstance(field, WhenField):
        return [local_time.in_words(one) for one in values]
    labels = {str(code): str(label) for code, label in getattr(field, "choices", [])}
    return [labels.get(str(one), str(one)) for one in values]


def _answers(draft: Draft, step: str) -> dict[str, Any]:
    answers: dict[str, Any] = draft.answers.get(step, {})
    return answers


def _name(name: str, field: Any) -> str:
    """What the answer is called: its question without “(optional)”, where it has no name of its own."""
    return str(NAMES.get(name, "")) or re.sub(r"\s*[(（][^()（）]*[)）]$", "", str(field.label))


def _plain(draft: Draft, step: str) -> AnswerRows:
    """The answered fields. The first field is listed even if it has no answer."""
    answers, fields = _answers(draft, step), form_for(step, draft.answers).base_fields
    first = next(iter(fields))
    rows = [(_name(name, field), worded(field, answers.get(name))) for name, field in fields.items()]
    return [row for name, row in zip(fields, rows, strict=True) if any(row[1]) or name == first]


def _parties(draft: Draft, step: str) -> AnswerRows:
    answers, fields = _answers(draft, step), FORMS[step].base_fields
    unknown = _("I don’t know") if answers.get("agency_unknown") else ""
    given = {**answers, "agency": answers.get("agency") or unknown}
    asked = [name for name in ("agency", "lender", "platform", "numbers") if given.get(name) or name == "agency"]
    rows = [(_name(name, fields[name]), worded(fields[name], given.get(name))) for name in asked]
    return [*rows, *((label, [answer]) for label, answer in wording.debt(statement.debt(answers)))]


def _contacts(draft: Draft, step: str) -> AnswerRows:
    listed = contacts.listed(draft)
    if not listed:
        return [(_("The list"), [_("Nothing yet. You can still file.")])]
    return [row for act in listed for row in act_rows(act)]


def headline(act: contacts.Act) -> str:
    """When the contact was, with the weekday, and how. The borrower can check here what was understood."""
    about = act.get("precision") == choices.Precision.ABOUT
    return wording.titled(local_time.in_words(act["when"], about=about) if "when" in act else "", act)


def act_details(act: contacts.Act) -> list[tuple[str, str]]:
    """What the borrower said about a contact besides when and how."""
    rest = {name: field for name, field in OthersActForm.base_fields.items() if name not in OF_HEADLINES}
    return [
        (_name(name, field), " ".join(worded(field, act[name]))) for name, field in rest.items() if act.get(name)
    ]


def act_rows(act: contacts.Act) -> AnswerRows:
    """One contact: its headline, then its questions and answers."""
    return [(headline(act), None), *((question, [answer]) for question, answer in act_details(act))]


def _story(draft: Draft, step: str) -> AnswerRows:
    """What is written, and the names of the recordings that say it."""
    spoken = draft.exhibits.filter(is_account=True).select_related("item").order_by("pk")
    recordings = [exhibit.item.display_name for exhibit in spoken]
    written = _answers(draft, step).get("story", "")
    rows: AnswerRows = [(_("Recorded"), recordings)] if recordings else []
    return rows if recordings and not written else [(str(NAMES["story"]), [written]), *rows]


def _evidence(draft: Draft, step: str) -> AnswerRows:
    kept = draft.exhibits.select_related("item").order_by("place", "pk")
    files = [(exhibit.item.display_name, of_file(exhibit)) for exhibit in kept]
    things = [
        (str(choices.ORIGINALS[kind]), [text]) for kind, text in _answers(draft, step).get("originals", {}).items()
    ]
    return [*(files or [(_("Files"), [_("No files yet. You can still file.")])]), *things]


def of_file(exhibit: Exhibit) -> list[str]:
    """What the borrower said about a file, one string for each answer."""
    lines = [_("Shows that I may act for someone.")] if exhibit.is_authority else []
    lines += [exhibit.description] if exhibit.description else []
    return [*lines, *(f"{label} {answer}" for label, answer in wording.declared(exhibit.declared))] or [
        _("No description")
    ]


def _wishes(draft: Draft, step: str) -> AnswerRows:
    answers = _answers(draft, step)
    amounts = {one["wish"]: wording.money(one) for one in statement.amounts(answers)}
    wanted = [" ".join(filter(None, [str(WISHES[code]), amounts.get(code)])) for code in answers.get("wishes", [])]
    return [(str(NAMES["wishes"]), [*wanted, *filter(None, [answers.get("other", "")])])]


def _reach(draft: Draft, step: str) -> AnswerRows:
    answers = _answers(draft, step)
    given = {name: value for name, value in answers.items() if value and name not in ("safe_words", "unfinished")}
    if not given:
        return [(_("Not given"), [_("You check your complaint with the access code.")])]
    asked = [*given, "safe_words"] if answers.get("notify") else [*given]
    return [
        (_name(name, field), worded(field, answers.get(name)))
        for name, field in FORMS[step].base_fields.items()
        if name in asked
    ]


def _names(draft: Draft, step: str) -> AnswerRows:
    return [
        (
            _("Lender may see your name"),
            worded(FORMS[step].base_fields["lender"], _answers(draft, step).get("lender")),
        )
    ]
