"""`check_integrity`: re-hash every stored file of every case now, originals and copies."""

from typing import Any

from django.core.management.base import BaseCommand, CommandError

from evidence.checking import integrity

from ._progress import Bar


class Command(BaseCommand):
    help = "Re-hash all stored evidence; what is missing, altered or unreadable is reported and put on the ledger."

    def handle(self, *args: Any, **options: Any) -> None:
        files, total = integrity.count_stored()
        with Bar(self.stderr, total, "bytes") as bar:
            problems = list(integrity.check_items(bar.advance))
        if problems:
            raise CommandError("Stored evidence is not whole:\n" + "\n".join(f"- {each}" for each in problems))
        self.stdout.write(f"All stored evidence is whole: {files} files, {total} bytes.")
