"""A change of what the proofs rest on shows in the ledger."""

from typing import Any

from evidence import ledger, proof_settings, signing, tasks
from evidence.models import LedgerEntry


def test_the_settings_of_proof_are_recorded_once_while_they_stay(db: None) -> None:
    tasks.sign_checkpoint()
    tasks.sign_checkpoint()
    (entry,) = LedgerEntry.objects.filter(kind="proof.settings")
    assert ledger.opened(entry)["data"]["key"] == signing.vkey()


def test_another_authority_is_another_entry(db: None, settings: Any) -> None:
    proof_settings.record()
    settings.TIMESTAMP_AUTHORITIES = [{"name": "renamed", "url": "builtin:"}]
    proof_settings.record()
    recorded = [ledger.opened(entry)["data"]["authorities"][0]["name"] for entry in ledger.history("portal")]
    assert recorded == ["builtin", "renamed"]
