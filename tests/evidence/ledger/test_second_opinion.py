"""Our tree and our checkpoints, judged by sigstore's own code for RFC 6962 trees and signed notes."""

import base64
from types import SimpleNamespace
from typing import Any

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat
from sigstore._internal.merkle import verify_merkle_inclusion
from sigstore._internal.rekor.checkpoint import SignedCheckpoint
from sigstore._internal.trust import Keyring, RekorKeyring
from sigstore._utils import KeyID
from sigstore.errors import VerificationError
from sigstore_models.common import v1 as common

from evidence import ledger
from evidence.ledger import checkpoints, signing
from evidence.models import Checkpoint, LedgerEntry

from .test_entries import append, event

pytestmark = pytest.mark.django_db
SIZES = [1, 2, 3, 7, 8, 13]


@pytest.fixture
def grown() -> list[Checkpoint]:
    """Thirteen entries, a checkpoint at each size."""
    before = 0
    found = []
    for size in SIZES:
        append(*(event(n=n) for n in range(before, size)))
        found.append(checkpoints.current())
        before = size
    return found


def told(entry: LedgerEntry, checkpoint: Checkpoint, **wrong: Any) -> Any:
    proof = {
        "log_index": entry.index,
        "tree_size": checkpoint.size,
        "hashes": ledger.inclusion_proof(entry.index, checkpoint.size),
        "root_hash": bytes(checkpoint.root),
    }
    inner = SimpleNamespace(
        inclusion_proof=SimpleNamespace(**{**proof, **wrong}), canonicalized_body=bytes(entry.body)
    )
    return SimpleNamespace(_inner=inner)


def test_every_inclusion_proof_convinces_it(grown: list[Checkpoint]) -> None:
    for checkpoint in grown:
        for entry in LedgerEntry.objects.filter(index__lt=checkpoint.size):
            verify_merkle_inclusion(told(entry, checkpoint))


def test_the_other_implementation_refuses_the_same_wrong_proofs(grown: list[Checkpoint]) -> None:
    entry = LedgerEntry.objects.get(index=5)
    flaws: list[dict[str, Any]] = [{"log_index": 4}, {"root_hash": bytes(32)}, {"hashes": []}]
    for wrong in flaws:
        with pytest.raises(VerificationError):
            verify_merkle_inclusion(told(entry, grown[-1], **wrong))


def keyring() -> RekorKeyring:
    key = Ed25519PublicKey.from_public_bytes(signing.public_key())
    raw = base64.b64encode(key.public_bytes(Encoding.DER, PublicFormat.SubjectPublicKeyInfo))
    details = common.PublicKeyDetails.PKIX_ED25519
    return RekorKeyring(Keyring([common.PublicKey(raw_bytes=raw, key_details=details)]))


def test_it_reads_our_checkpoints_and_accepts_their_signatures(grown: list[Checkpoint]) -> None:
    key_id = KeyID(bytes.fromhex(signing.vkey().split("+")[1]))
    for checkpoint in grown:
        read = SignedCheckpoint.from_text(checkpoint.note)
        assert read.checkpoint.log_size == checkpoint.size
        assert read.checkpoint.log_hash == bytes(checkpoint.root).hex()
        read.signed_note.verify(keyring(), key_id)
    forged = SignedCheckpoint.from_text(checkpoint.note.replace("\n13\n", "\n14\n"))
    with pytest.raises(VerificationError):
        forged.signed_note.verify(keyring(), key_id)
