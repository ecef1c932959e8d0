"""`export_bundle CASE_REFERENCE --to FILE`: writes the case bundle to a file, completely or not at all."""

import os
import secrets
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from django.core.management.base import CommandError, CommandParser

from complaints import digits
from complaints.bundles import making
from complaints.cases.readers import WITHHELD
from complaints.models import Case
from evidence import ledger
from evidence.management.plain import Plain


class Command(Plain):
    help = "Export the bundle of a case; the export goes on the ledger."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("reference", help="e.g. HF-2026-000042")
        parser.add_argument("--to", required=True, type=Path, metavar="FILE")
        parser.add_argument("--audience", choices=[*WITHHELD], default="office", help="decides what is left out")

    def handle(self, *args: Any, reference: str, to: Path, audience: str, **options: Any) -> None:
        case = _case(reference)
        if not to.parent.is_dir():
            raise CommandError(f"There is no folder {to.parent}.")
        try:
            _, chunks = making.stream(case, audience=audience, by=ledger.SYSTEM)
            _write(to, chunks)
        except making.NotWhole as error:
            raise CommandError(str(error)) from error
        except OSError as error:
            raise CommandError(f"{to} could not be written: {error.strerror or error}.") from error
        self.stdout.write(f"{to}: {to.stat().st_size:,} bytes. Verify it: python holdfast_verify.py {to.name}")


def _case(reference: str) -> Case:
    case = Case.objects.filter(pk=digits.key(reference.rpartition("-")[2])).first()
    if case is None or case.reference != reference:
        raise CommandError(f"There is no case {reference}.")
    return case


def _write(to: Path, chunks: Iterator[bytes]) -> None:
    """Write to a file beside the target and rename it, so that no half bundle ever has the target's name."""
    temporary = to.with_name(f".{to.name}.{secrets.token_hex(4)}")
    try:
        with temporary.open("xb") as file:
            file.writelines(chunks)
            file.flush()
            os.fsync(file.fileno())
        temporary.replace(to)
    finally:
        temporary.unlink(missing_ok=True)
    folder = os.open(to.parent, os.O_RDONLY)
    try:
        os.fsync(folder)
    finally:
        os.close(folder)
