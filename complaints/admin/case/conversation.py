"""Messages between the borrower and the office, on the case page."""

from dataclasses import dataclass

from complaints.admin.forms import ReadForm, ReplyForm, WriteForm
from complaints.conversation import messaging
from complaints.decisions import replies
from complaints.models import Message

from .section import Opened, Section


@dataclass(frozen=True)
class Conversation(Section):
    written: list[Message]
    language: str  # the name of the borrower's language
    reply_form: ReplyForm
    write_form: WriteForm
    read_form: ReadForm

    @property
    def ids(self) -> list[str]:
        return ["messages"]


def of(opened: Opened, language: str) -> Conversation:
    """Prepare the section.

    A refused form is shown as it was sent; new forms carry the last message that is shown.
    """
    shown = messaging.written(opened.case, opened.exhibits, "written_by")
    seen = max((message.pk for message in shown if message.is_of_the_borrower), default=0)
    return Conversation(
        opened,
        written=shown,
        language=language,
        reply_form=opened.mended(ReplyForm) or ReplyForm(initial={"text": replies.drafted(opened.case)}),
        write_form=opened.mended(WriteForm) or WriteForm(initial={"seen": seen}),
        read_form=ReadForm(initial={"seen": seen}, auto_id=False),
    )
