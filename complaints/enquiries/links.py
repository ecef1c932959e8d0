"""The secret link by which the other side answers an enquiry."""

from datetime import timedelta

from django.utils import timezone

from complaints import codes
from complaints.models import Enquiry

LINK_LASTS = timedelta(days=30)  # after the enquiry is due, for late answers


def code(enquiry: Enquiry) -> str:
    """The secret code in the enquiry's link."""
    return codes.derived(f"{enquiry.uid}:{enquiry.issue}", "enquiry")


def link(enquiry: Enquiry) -> str:
    """The address with the code after the #, which browsers do not send to servers."""
    return f"{enquiry.portal}#{code(enquiry).replace(' ', '')}"


def set_code(enquiry: Enquiry) -> None:
    """Set the digest of the link's code and when the link ends. The caller saves the enquiry."""
    enquiry.code_digest, enquiry.revoked_at = codes.digest(code(enquiry)), None
    enquiry.expires_at = max(enquiry.due_at, timezone.now()) + LINK_LASTS
