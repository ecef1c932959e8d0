"""The office's notes and tasks, on the case page."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any
from uuid import uuid4

from django import forms
from django.utils.translation import gettext_lazy

from complaints.admin.forms import DAY, MessageText, Text, WrittenForm
from complaints.admin.words import name_of
from complaints.models import Note, StaffMember, Task, event_kinds

from .section import Opened, Section


class NoteForm(WrittenForm):
    text = MessageText(
        label=gettext_lazy("Write a note"),
        widget=forms.Textarea(attrs={"rows": 4}),
        max_length=20_000,
        help_text=gettext_lazy("Only the office reads it. It is kept permanently, with its digest on the ledger."),
    )
    once = forms.UUIDField(widget=forms.HiddenInput, initial=uuid4)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **{"auto_id": "note_%s", **kwargs})


class TaskForm(WrittenForm):
    title = Text(label=gettext_lazy("What is to be done"), max_length=200)
    owner = forms.TypedChoiceField(label=gettext_lazy("Who"))
    due_on = forms.DateField(label=gettext_lazy("By when"), widget=DAY)
    once = forms.UUIDField(widget=forms.HiddenInput, initial=uuid4)

    def __init__(self, *args: Any, people: Iterable[StaffMember], **kwargs: Any) -> None:
        super().__init__(*args, **{"auto_id": "task_%s", **kwargs})
        known = {str(member.pk): member for member in people}
        owner: Any = self.fields["owner"]
        owner.choices = [(key, name_of(member)) for key, member in known.items()]
        owner.coerce = known.__getitem__


@dataclass(frozen=True)
class Notes(Section):
    """The section with notes and tasks."""

    notes: list[Note]
    tasks: list[Task]
    note_form: NoteForm
    task_form: TaskForm | None  # None if nobody can be given a task

    @property
    def ids(self) -> list[str]:
        return ["inside"]


def of(opened: Opened) -> Notes:
    """Prepare the section. A refused form is shown as it was sent."""
    case, kinds = opened.case, opened.kinds
    tasks = case.tasks.select_related("owner", "done_by").order_by("done_at", "due_on", "pk")
    return Notes(
        opened,
        notes=list(case.notes.select_related("written_by")) if event_kinds.NOTE_WRITTEN in kinds else [],
        tasks=list(tasks) if event_kinds.TASK_SET in kinds else [],
        note_form=opened.mended(NoteForm) or NoteForm(),
        task_form=_task_form(opened) if opened.people else None,
    )


def _task_form(opened: Opened) -> TaskForm:
    own = {"owner": str(opened.user.pk)}
    return opened.mended(TaskForm) or TaskForm(people=opened.people, initial=own)
