"""`check_ledger`: rebuild the whole ledger from its entries and compare it with what was stored and signed."""

from typing import Any

from django.core.management.base import CommandError

from evidence.checking import integrity
from evidence.management.plain import Plain
from evidence.models import LedgerEntry

from ._progress import Bar


class Command(Plain):
    help = "Check the whole ledger: entries, tree, checkpoints and their signatures."

    def handle(self, *args: Any, **options: Any) -> None:
        total = LedgerEntry.objects.count()
        with Bar(self.stderr, total, "entries") as bar:
            problems = list(integrity.check_ledger(bar.advance))
        if problems:
            raise CommandError("The ledger is broken:\n" + "\n".join(f"- {problem}" for problem in problems))
        self.stdout.write(f"The ledger holds: {total} entries, every hash and every checkpoint.")
