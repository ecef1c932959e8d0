"""The keys that have signed the ledger, one after the other.

An entry `ledger.key_changed` names the former key and the one that follows, and has the former one's signature
under that. Its index is the size up to which checkpoints are signed with the former key.
"""

from evidence.holdfast_verify import Note, parse_note
from evidence.models import LedgerEntry

from . import kinds, signing

THREAD = "portal"


def changes() -> list[LedgerEntry]:
    return list(LedgerEntry.objects.filter(thread=THREAD, kind=kinds.LEDGER_KEY_CHANGED).order_by("seq"))


def former() -> list[tuple[int, str]]:
    """The earlier keys, and up to which size of the ledger each signed."""
    return [(entry.index, str(entry.opened().data["from"])) for entry in changes()]


def present() -> str:
    """The key that signs now, also in a process that still has an earlier one."""
    made = changes()
    return str(made[-1].opened().data["to"]) if made else signing.vkey()


def lost() -> set[str]:
    """The earlier keys that did not sign the name of the one that followed, because they were lost."""
    data = [entry.opened().data for entry in changes()]
    return {str(one["from"]) for one in data if "ed25519" not in one}


def key_at(size: int, earlier: list[tuple[int, str]]) -> str:
    """The key that signed the checkpoint of so many entries."""
    return next((key for most, key in earlier if size <= most), signing.vkey())


def as_text() -> str:
    """The present key, and in further lines each earlier one with the size up to which it signed, newest first, as
    the verifiers read them (`holdfast_verify.parse_keys`)."""
    return "".join([f"{present()}\n", *(f"{key} {most}\n" for most, key in reversed(former()))])


def is_present() -> bool:
    """Whether this process has the key that signs now. A process that runs since before the change has not."""
    return present() == signing.vkey()


def check_own_note(text: str) -> Note:
    """The checkpoint in a note that this portal signed with the key of its size. Raises Broken."""
    return signing.check_own_note(text, key_at(parse_note(text).size, former()))
