"""A change of what the proofs rest on shows in the ledger."""

from pathlib import Path
from typing import Any

from evidence import ledger, tasks
from evidence.ledger import signing
from evidence.models import LedgerEntry
from evidence.timestamps import authorities, proof_settings


def test_the_settings_of_proof_are_recorded_once_while_they_stay(db: None) -> None:
    tasks.sign_checkpoint()
    tasks.sign_checkpoint()
    (entry,) = LedgerEntry.objects.filter(kind="proof.settings")
    assert ledger.content_of(entry)["data"]["key"] == signing.vkey()


def test_another_authority_is_another_entry(db: None, settings: Any) -> None:
    proof_settings.record()
    settings.TIMESTAMP_AUTHORITIES = [{"name": "renamed", "url": "builtin:"}]
    proof_settings.record()
    recorded = [ledger.content_of(entry)["data"]["authorities"][0]["name"] for entry in ledger.history("portal")]
    assert recorded == ["builtin", "renamed"]


def test_an_authority_under_another_address_or_policy_is_another_entry(
    db: None, settings: Any, tmp_path: Path
) -> None:
    root = tmp_path / "root.pem"
    root.write_bytes(authorities.configured()[0].root)
    told = {"name": "office", "url": "https://tsa.example.org/", "root": str(root)}
    for changed in ({}, {"url": "https://somebody:secret@other.example.org/tsa"}, {"policy": "1.2.3"}):
        settings.TIMESTAMP_AUTHORITIES = [{**told, **changed}]
        proof_settings.record()
    recorded = [ledger.content_of(entry)["data"]["authorities"][0] for entry in ledger.history("portal")]
    assert [(one["address"], one["policy"]) for one in recorded] == [
        ("https://tsa.example.org/", ""),
        ("https://other.example.org/tsa", ""),
        ("https://tsa.example.org/", "1.2.3"),
    ]
