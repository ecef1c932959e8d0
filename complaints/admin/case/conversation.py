"""What the borrower and the office wrote, as the case page shows it."""

from collections.abc import Sequence

from django import forms

from complaints.admin.forms import ReadForm, WriteForm
from complaints.models import Case, Exhibit, Message


def written(case: Case, exhibits: Sequence[Exhibit]) -> list[Message]:
    """All that was written, oldest first, with those of the exhibits that came along."""
    found = list(case.messages.select_related("written_by", "answer"))
    for message in found:
        message.files = [exhibit for exhibit in exhibits if exhibit.came_with_id == message.pk]
    return found


def forms_for(shown: list[Message], form: forms.Form | None) -> dict[str, forms.Form]:
    """The form to write; the one that needs mending as it was sent. It knows the last message that is shown."""
    seen = max((message.pk for message in shown if message.is_of_the_borrower), default=0)
    write_form = form if isinstance(form, WriteForm) else WriteForm(initial={"seen": seen})
    return {"write_form": write_form, "read_form": ReadForm(initial={"seen": seen}, auto_id=False)}
