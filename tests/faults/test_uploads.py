"""The real web server, killed and left hanging in the middle of uploads: nothing that was acknowledged is lost."""

import hashlib
import io
import random
import socket
import threading
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack
from typing import Any

import pytest
from django.http import HttpResponse
from tusclient.client import TusClient
from tusclient.storage.interface import Storage

from complaints.models import Case, Draft, Exhibit
from complaints.views.held import hold
from evidence.models import EvidenceItem, PendingUpload
from evidence.storage import vault
from tests.conftest import test_database_url as database_url
from tests.support import cast
from tests.support.services import wait_until
from tests.support.web import Web, serving

pytestmark = [pytest.mark.faults, pytest.mark.django_db(transaction=True)]

MIB = 1024 * 1024
RECORDING = b"#!AMR\n" + random.Random(17).randbytes(12 * MIB)
PIECE = "application/offset+octet-stream"


@pytest.fixture
def web(transactional_db: None) -> Iterator[Web]:
    with serving(DATABASE_URL=database_url()) as web:
        yield web


class Borrower:
    """Somebody with a draft, complete but for its files, who talks to the server over the network."""

    def __init__(self, web: Web) -> None:
        self.web = web
        self.draft, self.code = cast.a_draft(files=())
        self.cookie = hold(HttpResponse(), self.code).cookies["draft"].OutputString().partition(";")[0]

    def ask(self, method: str, path: str, body: bytes | None = None, **headers: Any) -> tuple[int, dict[str, str]]:
        sent = {
            "Tus_Resumable": "1.0.0",
            "Cookie": self.cookie,
            **{name: str(each) for name, each in headers.items()},
        }
        return self.web.ask(method, path, body, 60, **sent)[:2]

    def begins(self, size: int = len(RECORDING)) -> str:
        status, headers = self.ask("POST", "/uploads/", Upload_Length=size)
        assert status == 201
        return headers["location"]

    def sends(self, path: str, offset: int, body: bytes) -> int:
        return self.ask("PATCH", path, body, Upload_Offset=offset, Content_Type=PIECE)[0]

    def stands_at(self, path: str) -> int:
        return int(self.ask("HEAD", path)[1]["upload-offset"])

    def hangs(self, path: str, offset: int, part: bytes, announced: int) -> socket.socket:
        """Announce a piece, send a part of it, and keep the connection."""
        connection = socket.create_connection(("127.0.0.1", self.web.port), timeout=30)
        head = (
            f"PATCH {path} HTTP/1.1\r\nHost: 127.0.0.1:{self.web.port}\r\nTus-Resumable: 1.0.0\r\n"
            f"Cookie: {self.cookie}\r\nUpload-Offset: {offset}\r\nContent-Type: {PIECE}\r\n"
            f"Content-Length: {announced}\r\n\r\n"
        )
        connection.sendall(head.encode() + part)
        return connection

    def files(self) -> int:
        token = "x" * 32
        cookie = f"{self.cookie}; csrftoken={token}"
        return self.web.ask("POST", "/complaints/new/check/", b"", Cookie=cookie, X_CSRFToken=token)[0]

    def tus(self, **options: Any) -> Any:
        """An upload by tuspy, as it comes."""
        client = TusClient(f"{self.web.address}/uploads/", headers={"Cookie": self.cookie})
        return client.uploader(chunk_size=MIB, metadata={"filename": "催收 电话.amr"}, **options)

    def kept(self) -> list[bytes]:
        exhibits = Exhibit.objects.filter(draft=self.draft).order_by("pk")
        return [b"".join(vault.read(exhibit.item_id)) for exhibit in exhibits]


@pytest.fixture
def borrower(web: Web) -> Borrower:
    return Borrower(web)


class StaysOpen(io.BytesIO):
    """tuspy closes what it takes a fingerprint of."""

    def close(self) -> None:
        pass


class Remembered(Storage):
    """tuspy's memory of where it was uploading to."""

    def __init__(self) -> None:
        self.urls: dict[str, str] = {}

    def get_item(self, key: str) -> str | None:
        return self.urls.get(key)

    def set_item(self, key: str, value: str) -> None:
        self.urls[key] = value

    def remove_item(self, key: str) -> None:
        del self.urls[key]


@pytest.mark.parametrize("checksum", [False, True], ids=["plain", "with digests"])
def test_an_unmodified_tus_client_uploads_a_file(borrower: Borrower, checksum: bool) -> None:
    borrower.tus(file_stream=io.BytesIO(RECORDING), upload_checksum=checksum).upload()
    assert borrower.kept() == [RECORDING]
    item = EvidenceItem.objects.get()
    assert (item.name, item.sha256) == ("催收 电话.amr", hashlib.sha256(RECORDING).hexdigest())


def test_an_unmodified_tus_client_goes_on_after_the_server_was_killed(borrower: Borrower, web: Web) -> None:
    options = {"store_url": True, "url_storage": Remembered()}
    borrower.tus(file_stream=StaysOpen(RECORDING), **options).upload(stop_at=5 * MIB)
    web.kill()
    web.start()
    again = borrower.tus(file_stream=StaysOpen(RECORDING), **options)
    assert again.offset == 5 * MIB
    again.upload()
    assert borrower.kept() == [RECORDING]


def test_killed_again_and_again_in_mid_upload_nothing_said_is_lost(borrower: Borrower, web: Web) -> None:
    path, said = borrower.begins(), 0
    for pause in (0.0, 0.02, 0.05):
        killing = threading.Timer(pause + 0.15, web.kill)
        killing.start()
        try:
            while borrower.sends(path, said, RECORDING[said : said + 300_000]) == 204:
                said = min(said + 300_000, len(RECORDING))
        except OSError:
            pass
        killing.join()
        web.start()
        assert borrower.stands_at(path) >= said
        said = borrower.stands_at(path)
    if said < len(RECORDING):
        assert borrower.sends(path, said, RECORDING[said:]) == 204
    assert borrower.kept() == [RECORDING]


def test_the_evidence_is_there_when_the_server_is_killed_right_after_the_receipt(
    borrower: Borrower, web: Web
) -> None:
    path = borrower.begins()
    assert borrower.sends(path, 0, RECORDING) == 204
    assert borrower.files() == 302
    web.kill()
    case = Case.objects.get()
    assert case.receipt
    exhibit = case.exhibits.get()
    assert b"".join(vault.read(exhibit.item_id)) == RECORDING


def test_killed_right_after_the_last_piece_the_file_is_there(borrower: Borrower, web: Web) -> None:
    path = borrower.begins()
    assert borrower.sends(path, 0, RECORDING) == 204
    web.kill()
    assert borrower.kept() == [RECORDING]
    web.start()
    assert borrower.stands_at(path) == len(RECORDING)


def test_sixteen_hanging_uploads_do_not_keep_the_site_from_answering(borrower: Borrower, web: Web) -> None:
    paths = [borrower.begins(MIB) for _ in range(16)]
    with ExitStack() as hanging:
        for path in paths:
            hanging.enter_context(borrower.hangs(path, 0, b"#!AMR\n", MIB))
        for page in ("/healthz", "/ledger/key"):
            assert web.ask("GET", page)[0] == 200
        assert borrower.sends(borrower.begins(), 0, b"x") == 503  # this draft has its share of the places
        another = Borrower(web)
        assert another.sends(another.begins(), 0, RECORDING) == 204
    assert another.kept() == [RECORDING]


def test_more_hanging_uploads_than_it_takes_are_turned_away_for_a_while(transactional_db: None) -> None:
    with serving(DATABASE_URL=database_url(), UPLOADS_AT_ONCE="2") as web:
        borrower = Borrower(web)
        paths = [borrower.begins(MIB) for _ in range(3)]
        with ExitStack() as hanging:
            for path in paths[:2]:
                hanging.enter_context(borrower.hangs(path, 0, b"#!AMR\n", MIB))
            turns = [vault.staging() / f"{path.partition('?')[0].rpartition('/')[2]}.turn" for path in paths[:2]]
            wait_until(lambda: all(turn.exists() for turn in turns), "two are being taken")
            assert borrower.sends(paths[2], 0, b"x") == 503
        wait_until(lambda: borrower.sends(paths[2], 0, b"x") == 204, "the third is taken")


def test_who_sends_a_byte_now_and_then_is_ended_and_gives_the_place_back(borrower: Borrower) -> None:
    path = borrower.begins(MIB)
    with borrower.hangs(path, 0, b"#!AMR\n", MIB) as slow:

        def is_ended() -> bool:
            slow.sendall(b"x")
            time.sleep(1)
            slow.setblocking(False)
            try:
                return slow.recv(1000) is not None
            except BlockingIOError:
                return False
            finally:
                slow.setblocking(True)

        wait_until(is_ended, "the slow piece is ended", 120)
    assert 0 < borrower.stands_at(path) < 200  # what arrived counts, and the sender can go on from there


def test_the_newest_connection_wins_over_one_that_hangs(borrower: Borrower) -> None:
    path = borrower.begins()
    with borrower.hangs(path, 0, RECORDING[: 3 * MIB], len(RECORDING)) as hanging:
        time.sleep(0.3)
        offset = borrower.stands_at(path)
        assert borrower.sends(path, offset, RECORDING[offset:]) == 204
        hanging.sendall(b"?" * (3 * MIB))
    assert borrower.kept() == [RECORDING]


def test_of_a_connection_cut_in_mid_piece_what_arrived_is_kept(borrower: Borrower) -> None:
    path = borrower.begins()
    borrower.hangs(path, 0, RECORDING[: 2 * MIB + 77], len(RECORDING)).close()
    wait_until(lambda: borrower.stands_at(path) == 2 * MIB + 77, "what arrived is kept")
    assert borrower.sends(path, 2 * MIB + 77, RECORDING[2 * MIB + 77 :]) == 204
    assert borrower.kept() == [RECORDING]


def test_a_piece_without_a_length_is_asked_for_one(borrower: Borrower, web: Web) -> None:
    path = borrower.begins(10)
    with socket.create_connection(("127.0.0.1", web.port), timeout=10) as connection:
        connection.sendall(
            f"PATCH {path} HTTP/1.1\r\nHost: 127.0.0.1:{web.port}\r\nTus-Resumable: 1.0.0\r\n"
            f"Cookie: {borrower.cookie}\r\nUpload-Offset: 0\r\nContent-Type: {PIECE}\r\n"
            "Transfer-Encoding: chunked\r\n\r\n5\r\nhello\r\n0\r\n\r\n".encode()
        )
        assert b" 411 " in connection.recv(1000).partition(b"\r\n")[0]
    assert borrower.stands_at(path) == 0


def test_sixteen_borrowers_who_send_at_once_all_succeed(web: Web) -> None:
    borrowers = [Borrower(web) for _ in range(16)]
    picture = cast.a_screenshot()

    def whole_way(borrower: Borrower) -> list[int]:
        path = borrower.begins(len(picture))
        return [borrower.sends(path, 0, picture), borrower.files()]

    with ThreadPoolExecutor(16) as at_once:
        answers = list(at_once.map(whole_way, borrowers))
    assert answers == [[204, 302]] * 16
    assert Case.objects.count() == EvidenceItem.objects.admitted().count() == 16
    assert not PendingUpload.objects.exists()
    assert Draft.objects.filter(filed_at=None).count() == 0
