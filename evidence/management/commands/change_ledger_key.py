"""`change_ledger_key --to FILE`: the ledger's present key signs the name of a new one. `--lost`: it is lost."""

import base64
import os
import secrets
from pathlib import Path
from typing import Any

from django.core.exceptions import ImproperlyConfigured
from django.core.management.base import CommandError, CommandParser

from evidence.ledger import checkpoints, rotation
from evidence.management.plain import Plain

from .accept_ledger import ADMINISTRATOR


class Command(Plain):
    help = (
        "Change the key that signs the ledger. The present one signs the name of the new one, on the ledger, so "
        "that earlier receipts go on verifying."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        ways = parser.add_mutually_exclusive_group(required=True)
        ways.add_argument("--to", type=Path, metavar="FILE", help="file of the new key; made if it is not there")
        ways.add_argument(
            "--lost", action="store_true", help="LEDGER_SIGNING_KEY is a new key already, and the old one is lost"
        )

    def handle(self, *args: Any, to: Path | None, lost: bool, **options: Any) -> None:
        try:
            self._change(to) if to else self._replace_lost()
        except (rotation.CannotChange, checkpoints.Inconsistent, ImproperlyConfigured, OSError) as error:
            raise CommandError(f"The key was not changed: {error}.") from error

    def _change(self, file: Path) -> None:
        key = rotation.change(_seed(file), by=ADMINISTRATOR)
        self.stdout.write(
            f"The ledger says that its key is now\n{key}\nNothing is signed until all web servers, workers and "
            f"commands have the content of {file} as LEDGER_SIGNING_KEY and were started again. Keep a copy of it "
            "away from this machine, publish the new key where the old one was published, and destroy the old one."
        )

    def _replace_lost(self) -> None:
        key = rotation.replace_lost(by=ADMINISTRATOR)
        self.stdout.write(
            f"The ledger says that this key was lost:\n{key}\nSigning goes on with the present one. Publish it "
            "where the lost one was published: the ledger alone does not show that it is the same portal."
        )


def _seed(file: Path) -> str:
    """The 32 bytes in base64 that the file has. A new file is on disk, for its owner alone, when this returns."""
    try:
        descriptor = os.open(file, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    except FileExistsError:
        return file.read_text(encoding="ascii").strip()
    with os.fdopen(descriptor, "w", encoding="ascii") as fresh:
        fresh.write(base64.b64encode(secrets.token_bytes(32)).decode() + "\n")
        fresh.flush()
        os.fsync(fresh.fileno())
    return file.read_text(encoding="ascii").strip()
