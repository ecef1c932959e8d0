"""What is there before the portal answers."""

import os
import shutil
from pathlib import Path
from typing import Any

from portal.catalogue import po_path
from portal.run import prepare


def test_a_catalogue_that_is_not_compiled_or_is_older_than_its_source_is_compiled(
    tmp_path: Path, settings: Any
) -> None:
    source = po_path()
    settings.LOCALE_PATHS = [tmp_path]
    po_path().parent.mkdir(parents=True)
    shutil.copy(source, po_path())
    compiled = po_path().with_suffix(".mo")
    prepare._compile_the_catalogue()
    whole = compiled.read_bytes()
    assert "查询码".encode() in whole
    compiled.write_bytes(b"")
    prepare._compile_the_catalogue()
    assert compiled.read_bytes() == b""  # newer than its source: left alone
    os.utime(compiled, (1, 1))
    prepare._compile_the_catalogue()
    assert compiled.read_bytes() == whole
