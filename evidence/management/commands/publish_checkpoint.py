"""`publish_checkpoint --to FILE`: write the newest checkpoint to a file, for publication outside the portal."""

from pathlib import Path
from typing import Any

from django.core.management.base import CommandError, CommandParser

from evidence.ledger import checkpoints
from evidence.management.plain import Plain


class Command(Plain):
    help = "Sign a checkpoint of the whole ledger and write it to a file."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--to", type=Path, required=True, metavar="FILE")

    def handle(self, *args: Any, to: Path, **options: Any) -> None:
        try:
            checkpoint = checkpoints.current()
        except checkpoints.Inconsistent as error:
            raise CommandError(f"Nothing was signed: {error}.") from error
        checkpoints.write_note(to, checkpoint.cosigned)
        self.stdout.write(f"The checkpoint of {checkpoint.size} entries is in {to}.")
