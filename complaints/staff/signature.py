"""How documents of a case name the person who decided, as the office's rules permit (the setting OFFICE_SIGNS)."""

import re

from django.conf import settings

from complaints.models import StaffMember

HAN = re.compile("[\u3400-\u9fff·]+")


def of(member: StaffMember | None) -> str:
    """The name, or the staff number if staff are not named; "" if it is not entered. Never the sign-in name."""
    if member is None:
        return ""
    return member.number if settings.OFFICE_SIGNS == "number" else _name(member) or member.number


def _name(member: StaffMember) -> str:
    """The name as it is written: a Chinese family name first, without a blank."""
    first, last = member.first_name.strip(), member.last_name.strip()
    return last + first if HAN.fullmatch(first + last) else f"{first} {last}".strip()
