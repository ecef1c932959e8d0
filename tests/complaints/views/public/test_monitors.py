"""What monitors and witnesses fetch: tiles, and every signed checkpoint with its stamps."""

from pathlib import Path
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone
from django.utils.html import escape

from evidence.holdfast_verify import certificates_in, check_note, check_timestamp, sha256
from evidence.ledger import checkpoints, signing
from evidence.models import Checkpoint, CheckpointToken, Cosignature, WitnessState
from evidence.timestamps import anchoring
from tests.evidence.ledger.test_entries import append, event
from tests.support.tile_client import Monitor
from tests.support.witness_server import Witness

pytestmark = pytest.mark.django_db
FOR_EVER = "public, max-age=31536000, immutable"


@pytest.fixture(autouse=True)
def a_folder_of_its_own(tmp_path: Path, settings: Any) -> None:
    settings.DATA_DIR = tmp_path


def signed(entries: int = 1) -> Checkpoint:
    append(*(event(n=n) for n in range(entries)))
    return checkpoints.current()


def test_a_monitor_computes_the_signed_root_from_what_it_fetches(client: Client) -> None:
    signed(300)
    note = check_note(client.get("/ledger/checkpoint").content.decode(), signing.vkey())

    def fetch(address: str) -> bytes:
        answer = client.get(f"/ledger/tile/{address}")
        assert answer.status_code == 200
        assert answer.headers["Content-Type"] == "application/octet-stream"
        assert answer.headers["Cache-Control"] == FOR_EVER
        return answer.content

    assert Monitor(note.size, fetch).root() == note.root


def test_a_full_tile_costs_the_database_nothing_the_second_time(
    client: Client, django_assert_num_queries: Any
) -> None:
    signed(256)
    first = client.get("/ledger/tile/0/000").content
    with django_assert_num_queries(0):
        assert client.get("/ledger/tile/0/000").content == first
    assert len(first) == 8192


@pytest.mark.parametrize("address", ["0/001", "0/000.p/256", "0/000.p/4", "1/000.p/1", "entries/000", "00/000"])
def test_what_is_no_tile_of_the_signed_tree_is_not_found(client: Client, address: str) -> None:
    signed(3)
    assert client.get(f"/ledger/tile/{address}").status_code == 404


def test_entries_that_no_checkpoint_covers_are_in_no_tile(client: Client) -> None:
    signed(3)
    append(event())
    assert client.get("/ledger/tile/0/000.p/3").status_code == 200
    assert client.get("/ledger/tile/0/000.p/4").status_code == 404


def test_every_checkpoint_is_listed_with_its_note_stamps_and_cosignatures(client: Client) -> None:
    first = signed()
    anchoring.anchor()
    Cosignature.objects.create(
        checkpoint=first, vkey="w.example+0+A", line="— w.example AAAA\n", at=timezone.now()
    )
    second = signed()
    found = client.get("/ledger/checkpoints").json()
    assert (found["format"], found["origin"], found["next"]) == (
        "holdfast-checkpoints/1",
        "holdfast.demo/ledger",
        None,
    )
    one, two = found["checkpoints"]
    assert [one["note"], two["note"]] == [first.note, second.note]
    assert (two["stamps"], two["cosignatures"]) == ([], [])
    assert client.get(one["address"]).content.decode() == one["note"]
    (cosigned,) = one["cosignatures"]
    assert (cosigned["vkey"], cosigned["line"]) == ("w.example+0+A", "— w.example AAAA\n")
    (stamp,) = one["stamps"]
    token = CheckpointToken.objects.get()
    response, query = client.get(stamp["response"]), client.get(stamp["query"])
    assert response.headers["Content-Type"] == "application/timestamp-reply"
    assert query.headers["Content-Type"] == "application/timestamp-query"
    assert (response.content, query.content) == (bytes(token.response), bytes(token.query))
    roots = certificates_in(client.get("/ledger/roots.pem").content, "the roots")
    assert check_timestamp(response.content, query.content, sha256(one["note"].encode()), roots)


def test_the_newest_checkpoint_has_the_lines_of_its_witnesses(client: Client) -> None:
    last, line = signed(), "— w.example AAAAAAAA\n"
    Cosignature.objects.create(checkpoint=last, vkey="w.example+0+A", line=line, at=timezone.now())
    note = client.get("/ledger/checkpoint").content.decode()
    assert note == last.note + line
    assert check_note(note, signing.vkey()).size == last.size
    assert line in client.get("/ledger/").content.decode()


def test_the_list_is_followed_page_by_page(client: Client, django_assert_max_num_queries: Any) -> None:
    append(*(event(n=n) for n in range(230)))
    for size in range(1, 231):
        Checkpoint.objects.create(size=size, root=bytes(32), note=f"note {size}", signed_at=timezone.now())
    sizes, lengths, address = [], [], "/ledger/checkpoints"
    while address:
        with django_assert_max_num_queries(3):
            page = client.get(address).json()
        sizes += [one["size"] for one in page["checkpoints"]]
        lengths.append(len(page["checkpoints"]))
        address = page["next"]
    assert lengths == [100, 100, 30]
    assert sizes == list(range(1, 231))
    assert client.get("/ledger/checkpoints?after=230").json()["checkpoints"] == []


@pytest.mark.parametrize(
    "address",
    [
        *("checkpoints?after=x", "checkpoints?after=-1", "checkpoints?after=", "checkpoints?after=1.5"),
        *("checkpoints?after=9999999999999999999999", "checkpoints/9", "checkpoints/99999999999999999999"),
        *("stamps/999999.tsr", "stamps/1.pem", "stamps/99999999999999999999.tsr", "stamps/1"),
    ],
)
def test_what_is_not_in_the_list_is_not_found(client: Client, address: str) -> None:
    signed()
    anchoring.anchor()
    assert client.get(f"/ledger/{address}").status_code == 404


def test_pages_of_every_site_may_read_what_is_public_of_the_ledger(client: Client) -> None:
    signed(2)
    anchoring.anchor()
    number = CheckpointToken.objects.get().pk
    addresses = ["checkpoint", "checkpoints", "checkpoints/2", f"stamps/{number}.tsr", f"stamps/{number}.tsq"]
    addresses += ["tile/0/000.p/2", "key", "keys", "roots.pem", "leaf/0/2", "consistency/1/2"]
    for address in addresses:
        assert client.get(f"/ledger/{address}").headers["Access-Control-Allow-Origin"] == "*", address
    for page in ("/", "/ledger/", "/follow/"):
        assert "Access-Control-Allow-Origin" not in client.get(page).headers


def test_the_page_names_the_witnesses_and_what_they_signed(client: Client, settings: Any) -> None:
    assert "Who watches it from outside" not in client.get("/ledger/").content.decode()
    witness = Witness()
    settings.WITNESSES = [witness.setting]
    last = signed(3)
    page = client.get("/ledger/").content.decode()
    assert f">{escape(witness.vkey)}</p>" in page
    assert "It has not signed yet." in page
    Cosignature.objects.create(
        checkpoint=last, vkey=witness.vkey, line=witness.cosign(last.note), at=timezone.now()
    )
    assert "It last signed the ledger of 3 entries, on" in client.get("/ledger/").content.decode()
    assert "another ledger than the one we have" not in client.get("/ledger/").content.decode()
    WitnessState.objects.create(vkey=witness.vkey, failing_since=timezone.now(), reason="conflict")
    assert "another ledger than the one we have" in client.get("/ledger/").content.decode()
