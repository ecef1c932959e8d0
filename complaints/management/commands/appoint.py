"""`appoint USERNAME ROLE`: gives a role without a supervisor's confirmation.

It is needed for a portal's first supervisor, and when nobody is left who can confirm.
"""

import secrets
from typing import Any

from django.core.management.base import CommandParser
from django.db import transaction

from complaints.models import Role, StaffMember
from complaints.staff import role_log, second_factor
from evidence import ledger
from evidence.management.plain import Plain


class Command(Plain):
    help = (
        "Give somebody a role without a supervisor's confirmation; the ledger says that it was done on the server."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("username")
        parser.add_argument("role", choices=Role.values)
        parser.add_argument("--lost", action="store_true", help="their second factor is lost: they set up another")

    @transaction.atomic
    def handle(self, *args: Any, username: str, role: str, lost: bool, **options: Any) -> None:
        member, is_new = StaffMember.objects.get_or_create(username=username, defaults={"is_staff": True})
        if lost:
            second_factor.take_away(member, by=ledger.SYSTEM, asked_by=None)
            member.refresh_from_db()
        member.role, member.asked_role, member.asked_by = role, "", None
        member.is_staff = member.is_active = True
        password = secrets.token_urlsafe(12) if is_new else ""
        if password:
            member.set_password(password)
        member.save()
        if password:
            role_log.record_password(member, by=ledger.SYSTEM)
        role_log.record(member, by=ledger.SYSTEM)
        self.stdout.write(f"{username} is {role} now, by the ledger on the server's word.")
        if password:
            self.stdout.write(f"Password, until the first sign-in: {password}")
