"""The form of an addition to a case."""

from typing import Any

from django.utils.translation import gettext_lazy as _

from complaints.forms.base import MessageWords

from .questions.evidence import FilesForm

LABELS = {
    "message": _("Your message"),
    "answer": _("Your answer"),
    "addendum": _("What you want to add"),
    "evidence": _("Anything to say about it? (optional)"),
    "response": _("Your answer"),
}


class AdditionForm(FilesForm):
    """Asks for a text, and for facts about each file."""

    text = MessageWords(label=_("What you wrote"), most=20_000, lines=7)

    def __init__(self, *args: Any, kind: str, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["text"].label = LABELS[kind]

    def text_kept(self, before: str) -> str:
        """The typed text; `before` if it cannot be saved."""
        text: str = self.cleaned_data.get("text", before)
        return text
