"""Checks that the storage and the master keys are this portal's, before anything is recorded as damaged.

One small file, the sentinel, is stored only for this check, encrypted like all others. If it can be read, the
storage and the keys are right.
"""

from collections.abc import Iterator
from contextlib import contextmanager, suppress
from uuid import UUID

from evidence.models import EvidenceItem, ItemKey

from . import vault

FILE = UUID("c0ffee00-5e41-4e1d-8000-5e4a11e10001")  # never the id of a file that somebody sent
CONTENT = b"holdfast-sentinel/1"
TRIED = 20  # stored files, of which most must be readable before a portal gets a new sentinel


class Unproven(Exception):
    """It is not known that the storage is this portal's. `code` says why (`troubles.SENTENCES`)."""

    def __init__(self, code: str) -> None:
        super().__init__(code)
        self.code = code


def prove(*, making: bool = True) -> None:
    """Raises Unproven unless the storage holds the sentinel and the master keys open it.

    A portal that has no sentinel yet gets one if it has no files. It gets one too, also in place of a sentinel
    that alone is missing or altered, if most of some files can be read. With `making` false nothing is written.
    """
    with _unproven():
        problem: Exception = vault.Missing(FILE)
        if ItemKey.objects.filter(pk=FILE).exists():
            try:
                for _block in vault.read(FILE):
                    pass
                return
            except (vault.Missing, vault.Altered) as found:
                if not EvidenceItem.objects.exists():
                    raise
                problem = found
        if not _holds_what_it_should():
            raise problem
        if making:
            _make()


@contextmanager
def _unproven() -> Iterator[None]:
    """Turn the vault's errors into Unproven."""
    try:
        yield
    except vault.Missing:
        raise Unproven("storage-missing") from None
    except vault.Altered:
        raise Unproven("storage-other") from None
    except vault.Locked:
        raise Unproven("storage-locked") from None
    except (vault.Full, vault.Unreachable, OSError):
        raise Unproven("storage-away") from None


def _holds_what_it_should() -> bool:
    some = list(EvidenceItem.objects.order_by("?").values_list("pk", flat=True)[:TRIED])
    return not some or sum(map(_is_readable, some)) * 2 > len(some)


def _is_readable(file: UUID) -> bool:
    try:
        vault.frames(file).check_ends()
    except (vault.Missing, vault.Altered):
        return False
    return True


def _make() -> None:
    """Store the sentinel. What is left of an earlier one goes: its key or its file is lost."""
    vault.delete(FILE)
    with suppress(vault.AlreadyStored):  # another process was first
        vault.store(FILE, [CONTENT], limit=len(CONTENT))
