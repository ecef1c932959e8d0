"""The old password, which a signed-in member types to get a new one. Misses are counted on the member's row.

Somebody who finds an open desk can guess it no faster there than at the sign-in, from whatever address.
"""

from django.db import transaction
from django.utils import timezone

from complaints import throttle
from complaints.models import CodeTries, StaffMember


class TooManyMisses(Exception):
    """The next password counts only later."""


@transaction.atomic
def is_right(member: StaffMember, password: str) -> bool:
    """Whether this is the member's password. A miss counts, also when several are sent at once.

    Raises TooManyMisses.
    """
    tries = CodeTries.objects.select_for_update().get_or_create(member=member)[0]
    if tries.password_not_before and timezone.now() < tries.password_not_before:
        raise TooManyMisses
    right = member.check_password(password)
    tries.password_misses = 0 if right else tries.password_misses + 1
    waits = throttle.wait_after(tries.password_misses)
    tries.password_not_before = timezone.now() + waits if waits else None
    tries.save(update_fields=["password_misses", "password_not_before"])
    return right
