"""The page for those who watch the ledger, and the program that it gives them, which follows this portal."""

import base64
import hashlib
import urllib.error
from email.message import Message
from pathlib import Path
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from evidence import holdfast_verify as verifier
from evidence import holdfast_witness as witness
from evidence.ledger import checkpoints, keys, rotation, signing
from tests.evidence.ledger.test_entries import append, event
from tests.support.pages import text
from tests.support.services import ROOT

pytestmark = pytest.mark.django_db
PORTAL = "http://testserver/ledger"


def grown(entries: int) -> verifier.Note:
    append(*(event(n=n) for n in range(entries)))
    return verifier.parse_note(checkpoints.current().note)


@pytest.fixture
def home(tmp_path: Path, client: Client, settings: Any, monkeypatch: pytest.MonkeyPatch) -> witness.Home:
    """A witness that was set up as the page says, and that fetches from this portal."""
    settings.DATA_DIR = tmp_path

    def fetch(url: str, most: int) -> tuple[bytes, str]:
        answer = client.get(url.removeprefix("http://testserver"))
        if answer.status_code != 200:
            raise urllib.error.HTTPError(url, answer.status_code, "", Message(), None)
        assert len(answer.content) <= most
        return answer.content, ""

    monkeypatch.setattr(witness, "fetch", fetch)
    program = client.get(reverse("witness_program"))
    assert program.content == (ROOT / "evidence/holdfast_witness.py").read_bytes()
    page = text(client.get(reverse("witnesses")))
    assert hashlib.sha256(program.content).hexdigest() in page
    assert f"follow &quot;{signing.vkey()}&quot; {PORTAL}" in page.replace('"', "&quot;")
    witness.make_key(tmp_path / "witness", "ngo.example/witness")
    made = witness.Home(tmp_path / "witness")
    made.follow(signing.vkey(), PORTAL)
    return made


def looked(home: witness.Home) -> str:
    """What a look at the ledger says."""
    (followed,) = home.portals().values()
    try:
        return witness.look(home, *followed)[0]
    except witness.Refused as refused:
        return f"ALARM: {refused.en}"


def test_a_witness_follows_this_portal_from_day_to_day(home: witness.Home) -> None:
    for entries in (1, 2, 300, 5):
        note = grown(entries)
        assert looked(home) == f"{note.size} entries, which extend what you saw: signed"
        text, last, _ = home.last(note.origin)
        assert last
        assert (last.size, last.root) == (note.size, note.root)
        cosigned = verifier.check_note(text, signing.vkey())
        assert len(verifier.cosigned_at(cosigned, verifier.witness_keys([home.vkey]))) == 1


def test_a_ledger_that_was_made_anew_is_shouted_about(home: witness.Home) -> None:
    size = grown(5).size
    other = base64.b64encode(bytes(32)).decode()
    home.cosign(signing.sign_note(f"{home.portals().popitem()[0]}\n{size}\n{other}\n"), 0, [], is_newest=True)
    grown(1)
    assert looked(home) == "ALARM: this does not extend the ledger that you saw"


def test_after_the_key_was_changed_a_witness_follows_the_new_one(home: witness.Home, settings: Any) -> None:
    grown(3)
    assert looked(home).endswith("signed")
    seed = base64.b64encode(b"n" * 32).decode()
    new = rotation.change(seed, by={"role": "administrator"})
    settings.LEDGER_SIGNING_KEY = seed
    grown(1)
    assert "compare the new one on the portal's page" in looked(home)
    assert keys.as_text().split()[0] == new
    home.follow(new, PORTAL)
    assert looked(home).endswith("signed")


def test_the_ledgers_page_and_the_verifiers_page_lead_to_it(client: Client) -> None:
    for name in ("ledger", "verify"):
        assert reverse("witnesses") in text(client.get(reverse(name)))
