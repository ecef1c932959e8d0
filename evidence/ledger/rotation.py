"""Changes the key that signs the ledger."""

from django.db import transaction

from evidence.holdfast_verify import parse_vkey
from evidence.models import LedgerEntry

from . import checkpoints, entries, keys, kinds, signing
from .entries import Actor


class CannotChange(Exception):
    """The key cannot be changed in this way. The message says why."""


@transaction.atomic
def change(seed: str, *, by: Actor) -> str:
    """Have the present key sign the name of the key of another seed, on the ledger. Returns the new verifier key.

    From then on only processes that have the new seed sign. Raises CannotChange, and Inconsistent if the ledger
    cannot be signed.
    """
    size = checkpoints.current().size  # the last with the present key; it locks the ledger until the commit
    data = {"from": signing.vkey(), "to": signing.vkey(seed)}
    if data["to"] in {data["from"], *(key for _, key in keys.former())}:
        raise CannotChange("this key signed the ledger before: take a fresh one")
    _append({**data, "ed25519": signing.sign_key_change(data, size)}, by)
    return data["to"]


@transaction.atomic
def replace_lost(*, by: Actor) -> str:
    """Go on with the portal's present key after the one before was lost and can sign nothing any more. Returns the
    lost verifier key.

    The entry has no signature of the lost key. Raises CannotChange, and Inconsistent if the ledger does not extend
    what the lost key signed.
    """
    lost = _last_key()
    if not lost:
        raise CannotChange("the ledger names no other key than the present one")
    _append({"from": lost, "to": signing.vkey()}, by)
    checkpoints.current()
    return lost


def _last_key() -> str:
    """The last key, other than the present one, that signed the ledger; "" if none is known."""
    if made := keys.changes():
        to = str(made[-1].opened().data["to"])
        return "" if to == signing.vkey() else to
    recorded = LedgerEntry.objects.filter(thread=keys.THREAD, kind=kinds.PROOF_SETTINGS).order_by("-seq")
    named = (str(entry.opened().data["key"]) for entry in recorded)
    own = parse_vkey(signing.vkey())
    return next((key for key in named if key != signing.vkey() and parse_vkey(key).name == own.name), "")


def _append(data: dict[str, str], by: Actor) -> None:
    kind, thread = kinds.LEDGER_KEY_CHANGED, keys.THREAD
    entries.append(entries.Event(kind=kind, thread=thread, subject=thread, by=by, data=data))
