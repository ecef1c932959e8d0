"""The form of what is added to a case after filing."""

from collections.abc import Iterable
from typing import Any

from django.utils.translation import gettext_lazy as _

from .forms import Step, Words
from .models import Exhibit

LABELS = {
    "message": _("Your message"),
    "answer": _("Your answer"),
    "addendum": _("What you want to add"),
    "evidence": _("Anything to say about it? (optional)"),
    "response": _("Your answer"),
}


class AdditionForm(Step):
    """A text, and what each file shows."""

    text = Words(most=20_000, lines=7)

    def __init__(self, *args: Any, kind: str, exhibits: Iterable[Exhibit], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["text"].label = LABELS[kind]
        for exhibit in exhibits:
            self.fields[f"description_{exhibit.pk}"] = Words(
                label=_("What does it show? (optional)"), most=500, initial=exhibit.description
            )

    def text_kept(self, before: str) -> str:
        """What can be kept of the text; the text before where it cannot."""
        text: str = self.cleaned_data.get("text", before)
        return text

    def descriptions(self) -> dict[int, str]:
        """Exhibit key -> description, of those that can be kept."""
        mark = "description_"
        said = {name: text for name, text in self.cleaned_data.items() if name.startswith(mark)}
        return {int(name.removeprefix(mark)): text for name, text in said.items()}
