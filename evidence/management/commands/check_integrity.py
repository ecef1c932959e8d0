"""`check_integrity`: re-hash every stored file of every case now, originals and copies, and every document."""

from typing import Any

from django.core.management.base import CommandError, CommandParser

from evidence import troubles
from evidence.checking import integrity
from evidence.management.plain import Plain
from evidence.storage import sentinel

from ._progress import Bar


class Command(Plain):
    help = (
        "Re-hash all stored evidence and documents; report what is missing, altered or unreadable. With --record "
        "also put that on the ledger, where borrowers see it; then the sweep goes on if it had stopped."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument(
            "--record", action="store_true", help="put what is damaged or whole again on the ledger"
        )

    def handle(self, *args: Any, record: bool = False, **options: Any) -> None:
        files, total = integrity.count_stored()
        with Bar(self.stderr, total, "bytes") as bar:
            try:
                problems = list(integrity.check_items(bar.advance, recording=record))
            except sentinel.Unproven as problem:
                raise CommandError(str(troubles.SENTENCES[problem.code])) from None
        if problems:
            raise CommandError("Stored evidence is not whole:\n" + "\n".join(f"- {each}" for each in problems))
        self.stdout.write(f"All stored evidence is whole: {files} files, {total} bytes, and all documents.")
