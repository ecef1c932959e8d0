"""The base of the borrower's forms. A form that refuses an answer says why and keeps what was typed.

The questions of a draft's steps are in `drafts.questions`.
"""

import re
import unicodedata
from collections.abc import Hashable
from functools import cache, cached_property
from typing import Any, ClassVar, Self

from crispy_forms.helper import FormHelper
from django import forms
from django.conf import settings
from django.core.exceptions import ValidationError
from django.utils.formats import number_format
from django.utils.functional import Promise
from django.utils.safestring import SafeString
from django.utils.translation import get_language, gettext_lazy
from django.utils.translation import gettext as _

from complaints import codes
from complaints.reference import references

from . import markup, secret_codes

MISSING = "required"  # error code of a missing answer; an answer with any other error cannot be saved

UNSEEN = ("Cc", "Cf", "Zl", "Zp", "Zs")  # Unicode categories of spaces and invisible characters
CONTROL = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f]")  # category Cc, except tab and line feed


def visible(text: str) -> str:
    """The text without control characters (Unicode Cc), which databases and PDFs cannot store. An empty string if
    only spaces and invisible characters (Cf, Z) are left."""
    seen = CONTROL.sub("", text)
    return seen if any(unicodedata.category(letter) not in UNSEEN for letter in seen) else ""


class Words(forms.CharField):
    """A field for plain text of at most `most` characters. Lines end in \\n; control characters are refused."""

    takes_codes = False  # whether a code that opens something belongs here
    is_message = False  # whether codes of banks and authenticators are taken out too

    def __init__(self, *, most: int, lines: int = 1, attrs: dict[str, str] | None = None, **options: Any) -> None:
        widget = forms.Textarea({"rows": lines}) if lines > 1 else forms.TextInput(attrs)
        super().__init__(**{"required": False, "widget": widget, **options})
        self.most = most

    def to_python(self, value: object) -> str:
        text = (super().to_python(value) or "").replace("\r\n", "\n").replace("\r", "\n")
        if visible(text) != text:
            raise ValidationError(
                _(
                    "This text had invisible characters that we cannot save. We removed them: please check it and "
                    "continue."
                ),
                code="control",
            )
        if len(text) > self.most:
            raise ValidationError(
                _("This is too long: %(length)s characters, and at most %(most)s fit here. Please shorten it."),
                code="too_long",
                params={
                    "length": number_format(len(text), force_grouping=True),
                    "most": number_format(self.most, force_grouping=True),
                },
            )
        if not self.takes_codes:
            secret_codes.check(text, is_message=self.is_message)
        return text

    def bound_data(self, data: Any, initial: Any) -> Any:
        """What was typed, without what cannot be kept, so that it can be sent again."""
        if not isinstance(data, str):
            return data
        text = visible(data.replace("\r\n", "\n"))
        if self.takes_codes or len(text) > self.most:
            return text
        return secret_codes.taken_out(text, is_message=self.is_message)


class MessageWords(Words):
    """A field for a message to somebody."""

    is_message = True


class CodeWords(Words):
    """A field for a code."""

    takes_codes = True


class Step(forms.Form):
    """A form that takes one page."""

    use_required_attribute = False
    FOLDED: ClassVar[tuple[str, ...]] = ()  # fields that are drawn under SUMMARY, folded until one is filled in
    SUMMARY: ClassVar[Promise | str] = ""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **{"label_suffix": "", **kwargs})

    def render(self, *args: Any, **kwargs: Any) -> SafeString:
        """The form's markup. An empty form is the same for everybody, so it is made once for each language."""
        kind = None if self.is_bound or self.initial else self.kind()
        return self._drawn() if kind is None else _empty(type(self), kind, get_language())

    __str__ = __html__ = render

    def _drawn(self) -> SafeString:
        return markup.fields(self, self.FOLDED, self.SUMMARY)

    def kind(self) -> Hashable:
        """What an empty form's markup depends on besides its class and the language; None if it is not cached.

        The country: its money and its regions are offered first."""
        return settings.COUNTRY if type(self).__init__ is Step.__init__ else None

    @cached_property
    def helper(self) -> FormHelper:
        """For templates that draw the form with crispy."""
        helper = FormHelper(self)
        helper.form_tag, helper.disable_csrf = False, True
        return helper

    def retyped(self) -> Self:
        """This form, not sent yet and filled with what was typed: for the same page in another language."""
        self.initial = {name: self[name].data for name in self.fields}
        self.is_bound = False
        return self

    def keepable(self) -> bool:
        """Whether missing answers are the only errors: then the form can be saved unfinished."""
        return all(error.code == MISSING for errors in self.errors.as_data().values() for error in errors)

    def answers(self) -> dict[str, Any]:
        """The answers to save. They contain `"unfinished": True` if there are errors."""
        return self.cleaned_data if not self.errors else {**self.cleaned_data, "unfinished": True}


@cache
def _empty(form: type[Step], kind: Hashable, language: str | None) -> SafeString:
    return form()._drawn()


class CodeForm(Step):
    """Asks for an access or draft code, in any spelling."""

    code = forms.CharField(
        required=False,
        widget=forms.TextInput(
            attrs={"autocomplete": "off", "autocapitalize": "characters", "spellcheck": "false", "class": "code"}
        ),
    )

    def __init__(self, *args: Any, label: str, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["code"].label = label
        self.fields["code"].help_text = _("20 letters and digits. Spaces and capital letters do not matter.")

    def clean_code(self) -> str:
        try:
            return codes.normalise(self.cleaned_data["code"])
        except ValueError:
            if references.key_in(self.cleaned_data["code"]) is not None:
                raise ValidationError(
                    _(
                        "This is a complaint’s reference, which does not open anything. The code has 20 letters "
                        "and digits, like 7KQ4 M2XT 9RDV HC3W P8NA."
                    ),
                    code="reference",
                ) from None
            raise ValidationError(
                _("A code has 20 letters and digits, like 7KQ4 M2XT 9RDV HC3W P8NA. Please check it.")
            ) from None


class TranscriptForm(Step):
    """Asks for the transcript of a recording: a sentence a line, each with its minute and second."""

    text = Words(
        most=200_000,
        lines=12,
        required=True,
        label=gettext_lazy("What is said, for example: 0:42 We will come to your parents."),
        error_messages={"required": gettext_lazy("There is nothing to save yet. Write what you hear.")},
    )
