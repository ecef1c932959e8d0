"""`check_integrity`: re-hash every stored file of every case, now."""

from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.db.models import Sum

from evidence import integrity
from evidence.models import EvidenceItem

from ._progress import Bar


class Command(BaseCommand):
    help = "Re-hash all stored evidence; what is missing or altered is reported and put on the ledger."

    def handle(self, *args: Any, **options: Any) -> None:
        items = EvidenceItem.objects.admitted()
        total = items.aggregate(bytes=Sum("size"))["bytes"] or 0
        with Bar(self.stderr, total, "bytes") as bar:
            problems = list(integrity.check_items(bar.advance))
        if problems:
            raise CommandError("Stored evidence is not whole:\n" + "\n".join(f"- {each}" for each in problems))
        self.stdout.write(f"All stored evidence is whole: {items.count()} items, {total} bytes.")
