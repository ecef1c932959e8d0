"""The portal and `holdfast_witness.py`, which outsiders run: one asks, the other answers or looks by itself."""

import threading
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from pytest_django.live_server_helper import LiveServer

from evidence import holdfast_verify as verifier
from evidence import holdfast_witness as outsider
from evidence.ledger import checkpoints, entries, signing
from evidence.models import Checkpoint, WitnessState
from evidence.witnesses import asking
from tests.evidence.ledger.test_entries import append, event


@pytest.fixture
def home(tmp_path: Path, settings: Any) -> outsider.Home:
    settings.DATA_DIR = tmp_path
    outsider.make_key(tmp_path / "outsider", "ngo.example/w")
    return outsider.Home(tmp_path / "outsider")


@pytest.fixture
def served(
    transactional_db: None, live_server: LiveServer, home: outsider.Home, settings: Any
) -> Iterator[outsider.Home]:
    """The outsider answers on this machine. The portal asks it, and it asks the portal what its newest checkpoint
    is."""
    home.follow(signing.vkey(), f"{live_server.url}/ledger")
    with outsider.server(home, "127.0.0.1", 0, lambda *says: says[0]) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        settings.WITNESSES = [{"vkey": home.vkey, "url": f"http://127.0.0.1:{server.server_address[1]}/"}]
        yield home
        server.shutdown()


def signed(count: int) -> Checkpoint:
    append(*(event(n=n) for n in range(count)))
    return checkpoints.current()


def seen(home: outsider.Home) -> int:
    last = home.last("holdfast.demo/ledger")[1]
    return last.size if last else 0


def test_it_cosigns_each_checkpoint_that_the_portal_sends(served: outsider.Home) -> None:
    key = verifier.parse_vkey(served.vkey, "the outsider's key", verifier.COSIGNATURE)
    for count in (1, 6, 250, 300):
        last = signed(count)
        asking.ask_all()
        assert verifier.cosigned_at(verifier.parse_note(last.cosigned), [key])
        assert seen(served) == last.size


def test_what_somebody_else_sends_it_is_compared_with_the_portals_list(
    served: outsider.Home, monkeypatch: pytest.MonkeyPatch
) -> None:
    first, second, _ = (signed(1) for _ in range(3))
    served.cosign(first.note, 0, [])  # the next came just now
    later = time.time() + outsider.CLOCKS + 60
    monkeypatch.setattr(time, "time", lambda: later)
    with pytest.raises(outsider.Refused, match="the portal has a newer checkpoint"):
        served.cosign(second.note, first.size, entries.consistency_proof(first.size, second.size))


def test_a_ledger_that_it_did_not_see_is_an_alarm(served: outsider.Home) -> None:
    other = signing.sign_note("holdfast.demo/ledger\n2\n" + "A" * 43 + "=\n")
    served.cosign(other, 0, [], is_newest=True)
    signed(2)
    asking.ask_all()
    assert WitnessState.objects.get().reason == "conflict"


def test_by_itself_it_follows_the_portals_checkpoint_and_tiles(
    transactional_db: None, live_server: LiveServer, home: outsider.Home, capsys: pytest.CaptureFixture[str]
) -> None:
    home.follow(signing.vkey(), f"{live_server.url}/ledger")
    for count in (2, 255, 300):
        last = signed(count)
        assert outsider.watch(home, 48, "", lambda *says: says[0]), capsys.readouterr().out
        assert seen(home) == last.size == verifier.parse_note(home.last("holdfast.demo/ledger")[0]).size
