"""What the borrower and the office wrote, as the case page shows it."""

from django import forms

from ..models import Case, Message
from .forms import ReadForm, WriteForm


def written(case: Case) -> list[Message]:
    """All that was written, oldest first, with the files that came along."""
    found = list(case.messages.select_related("written_by", "answer").prefetch_related("exhibits__item"))
    for message in found:
        message.files = list(message.exhibits.all())
    return found


def forms_for(shown: list[Message], form: forms.Form | None) -> dict[str, forms.Form]:
    """The form to write; the one that needs mending as it was sent. It knows the last message that is shown."""
    seen = max((message.pk for message in shown if message.is_of_the_borrower), default=0)
    write_form = form if isinstance(form, WriteForm) else WriteForm(initial={"seen": seen})
    return {"write_form": write_form, "read_form": ReadForm(initial={"seen": seen}, auto_id=False)}
