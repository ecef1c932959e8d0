"""`verify PATH`: checks a bundle or receipt with `holdfast_verify.py` against this portal's own roots."""

import sys
import tempfile
from pathlib import Path
from typing import Any

from django.core.management.base import CommandParser

from evidence import holdfast_verify
from evidence.ledger import keys
from evidence.management.plain import Plain
from evidence.timestamps import authorities


class Command(Plain):
    help = "Verify a bundle or a receipt with this portal's key and timestamp roots."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("path")
        parser.add_argument("--against", action="append", default=[], metavar="RECEIPT_OR_CHECKPOINT")
        parser.add_argument("--json", action="store_true")

    def handle(self, *args: Any, path: str, against: list[str], json: bool, **options: Any) -> None:
        with tempfile.TemporaryDirectory() as roots:
            _write_roots(Path(roots))
            receipts = [part for kept in against for part in ("--against", kept)]
            sys.exit(holdfast_verify.main([path, *receipts, "--roots", roots, *(["--json"] if json else [])]))


def _write_roots(folder: Path) -> None:
    (folder / "ledger.vkey").write_text(keys.as_text(), encoding="utf-8")
    for number, root in enumerate(authorities.roots()):
        (folder / f"{number}.pem").write_text(root.pem, encoding="ascii")
