"""`accept_ledger --because CODE`: go on with a ledger that lost entries, for instance by a restored backup."""

from typing import Any

from django.core.management.base import CommandError, CommandParser

from evidence.ledger import Actor, checkpoints
from evidence.management.plain import Plain

ADMINISTRATOR: Actor = {"role": "administrator"}  # somebody at the machine's console, unknown to the portal


class Command(Plain):
    help = "Decide that signing goes on although the ledger lost entries. The decision itself is recorded in it."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--because", choices=checkpoints.REASONS, required=True)

    def handle(self, *args: Any, because: str, **options: Any) -> None:
        try:
            checkpoints.current()
        except checkpoints.Inconsistent as error:
            self.stdout.write(f"Until now: {error}.")
        else:
            raise CommandError("The ledger extends everything that was signed: there is nothing to decide.")
        try:
            checkpoint = checkpoints.accept(because, by=ADMINISTRATOR)
        except checkpoints.Inconsistent as error:
            raise CommandError(f"This cannot be accepted: {error}. `check_ledger` says what is wrong.") from error
        self.stdout.write(f"Recorded. Signing goes on with {checkpoint.size} entries.")
