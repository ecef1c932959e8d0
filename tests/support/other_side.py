"""The other side: the office asks it, and it answers with its link."""

import re
import uuid
from collections.abc import Iterable
from datetime import date, timedelta
from typing import Any

from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.utils import timezone

from complaints.drafts import files as draft_files
from complaints.enquiries import answers, asking, links
from complaints.models import Case, Enquiry, EnquiryAnswer, StaffMember

PORTAL = "http://testserver/answer/"
ASKED = (("recordings", "of 20 November"), ("collector", ""))


def wanted(**other: Any) -> asking.PlannedEnquiry:
    usual: dict[str, Any] = {
        "recipient": "agency",
        "organisation": "Example Collection Ltd",
        "language": "en",
        "way": "post",
        "email": "",
        "asked": ASKED,
        "kept": "cn-consumer-finance",
        "text": "Please send what you have.",
        "due_on": timezone.localdate() + timedelta(days=10),
        "contacts": True,
    }
    return asking.PlannedEnquiry(**{**usual, **other})


def sent(case: Case, by: StaffMember, *, all_the_same: bool = False, **other: Any) -> Enquiry:
    return asking.send(case, wanted(**other), by=by, once=uuid.uuid4(), portal=PORTAL, all_the_same=all_the_same)


def answered(
    enquiry: Enquiry,
    text: str = "",
    files: Iterable[tuple[str, bytes]] = (),
    says: answers.Says | None = None,
    on: date | None = None,
    by: StaffMember | None = None,
) -> EnquiryAnswer:
    """An answer through the link or, with `by` and `on`, by post."""
    draft = answers.begin_at_the_desk(enquiry, uuid.uuid4()) if by else answers.begin(enquiry)
    for name, content in files:
        draft_files.add_exhibit(draft, name, [content], description=f"What {name} shows")
    draft.answers = {"text": text, "says": says or {}}
    draft.save()
    arrival = answers.Arrival(by, "post", on or timezone.localdate()) if by else None
    return answers.send(draft, enquiry, arrival=arrival)


def in_time(enquiry: Enquiry, **times: Any) -> Enquiry:
    """The enquiry with these times, as if they had passed."""
    Enquiry.objects.filter(pk=enquiry.pk).update(**times)
    return Enquiry.objects.get(pk=enquiry.pk)


class Respondent:
    """Somebody of the other side with a browser and the code from the letter."""

    def __init__(self, enquiry: Enquiry) -> None:
        self.client, self.enquiry = Client(), enquiry

    def enters(self, code: str = "") -> Any:
        return self.client.post("/answer/", {"code": code or links.code(self.enquiry)}, follow=True)

    def begins(self) -> str:
        """Begin an answer. Returns its address."""
        address: str = self.client.post("/answer/begin/").headers["Location"]
        return address

    def writes(self, address: str, *files: tuple[str, bytes], **given: Any) -> Any:
        attached = [SimpleUploadedFile(name, content) for name, content in files]
        seen = re.search(r'name="seen" value="(\w*)"', self.client.get(address, follow=True).content.decode())
        kept = {"whole": "1", "seen": seen[1] if seen else "", "files": attached, **given}
        return self.client.post(address, kept, follow=True)


class NoServer:
    """A mail backend whose server does not answer."""

    def __init__(self, **_options: Any) -> None:
        pass

    def send_messages(self, _messages: Any) -> int:
        raise ConnectionRefusedError
