"""/uploads/ speaks tus 1.0: nothing is lost, nothing counts twice, and nobody else gets at it."""

import base64
import hashlib
import io
import shutil
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone

from complaints.drafts import drafts, files
from complaints.models import Draft, Exhibit
from complaints.views.draft import tus
from evidence.models import EvidenceItem, ItemKey, PendingUpload
from evidence.receiving import pieces, places, resumable
from evidence.storage import vault
from evidence.storage.places import Folder
from tests.support import cast, media
from tests.support.at_once import at_once

pytestmark = pytest.mark.django_db

PIECE = "application/offset+octet-stream"
SCREENSHOT = cast.a_screenshot(size=(900, 700)) + b"behind the end" * 5000  # long enough to be cut


@pytest.fixture(autouse=True)
def root(settings: Any, tmp_path: Path) -> Path:
    settings.STORAGE_URL = f"file://{tmp_path}/vault"
    return tmp_path / "vault"


class Sender:
    """A browser with a draft that sends as a tus client does."""

    def __init__(self, **options: Any) -> None:
        self.client = Client(**options)
        self.draft, self.code = drafts.begin("en")
        self.hold(self.code)

    def hold(self, code: str) -> None:
        """As after entering the draft's code on this device."""
        holding = Client()
        holding.post("/complaints/new/", {"code": code})
        self.client.cookies = holding.cookies

    def ask(self, method: str, path: str, body: bytes = b"", **headers: str) -> Any:
        sent = {"Tus-Resumable": "1.0.0", **{name.replace("_", "-"): value for name, value in headers.items()}}
        kind = sent.pop("Content-Type", "")
        return self.client.generic(method, path, body, content_type=kind, headers=sent)

    def begin(self, size: int, name: str = "screenshot.png", **headers: Any) -> Any:
        encoded = base64.b64encode(name.encode()).decode()
        return self.ask(
            "POST", "/uploads/", Upload_Length=str(size), Upload_Metadata=f"filename {encoded}", **headers
        )

    def begun(self, size: int, name: str = "screenshot.png") -> str:
        response = self.begin(size, name)
        assert response.status_code == 201, response.content
        return str(response["Location"])

    def send(self, path: str, offset: int, body: bytes, **headers: str) -> Any:
        return self.ask("PATCH", path, body, Upload_Offset=str(offset), Content_Type=PIECE, **headers)

    def send_cut(self, path: str, offset: int, body: bytes, announced: int, **headers: str) -> Any:
        """The connection ends after `body`."""
        cut: Any = {"wsgi.input": io.BytesIO(body), "CONTENT_LENGTH": str(announced), "CONTENT_TYPE": PIECE}
        sent = {"Tus-Resumable": "1.0.0", "Upload-Offset": str(offset), **headers}
        return self.client.generic("PATCH", path, headers=sent, **cut)

    def offset(self, path: str) -> int:
        response = self.ask("HEAD", path)
        assert response.status_code == 200, response.content
        assert response["Cache-Control"].find("no-store") >= 0
        return int(response["Upload-Offset"])

    def kept(self) -> list[bytes]:
        exhibits = Exhibit.objects.filter(draft=self.draft).order_by("pk")
        return [b"".join(vault.read(exhibit.item_id)) for exhibit in exhibits]


def sha256(data: bytes) -> str:
    return f"sha256 {base64.b64encode(hashlib.sha256(data).digest()).decode()}"


@pytest.fixture
def sender() -> Sender:
    return Sender()


def nothing_is_left(root: Path) -> bool:
    rows = PendingUpload.objects.exists() or ItemKey.objects.exists() or EvidenceItem.objects.exists()
    return not rows and not [path for path in root.rglob("*") if path.is_file()]


def test_the_server_names_its_abilities_to_anybody() -> None:
    response = Client().options("/uploads/")
    assert (response.status_code, response["Tus-Version"], response["Tus-Resumable"]) == (204, "1.0.0", "1.0.0")
    assert {"creation", "checksum", "termination", "expiration"} <= set(response["Tus-Extension"].split(","))
    assert response["Tus-Max-Size"] == str(500 * 1024 * 1024)
    assert "sha256" in response["Tus-Checksum-Algorithm"].split(",")


def test_metadata_may_have_spaces_behind_its_commas_and_keys_without_a_text() -> None:
    assert tus.metadata("a eA==, filename eQ==") == {"a": "x", "filename": "y"}
    assert tus.metadata("filename eQ==,alone, ,") == {"filename": "y", "alone": ""}


def test_a_file_in_three_pieces_becomes_an_exhibit_with_the_same_bytes(
    sender: Sender, root: Path, django_capture_on_commit_callbacks: Any
) -> None:
    path = sender.begun(len(SCREENSHOT), "通话录音 第1段.png")
    for start, end in ((0, 1000), (1000, 30_000), (30_000, len(SCREENSHOT))):
        with django_capture_on_commit_callbacks(execute=True):
            response = sender.send(path, start, SCREENSHOT[start:end])
        assert (response.status_code, response["Upload-Offset"]) == (204, str(end))
    assert sender.kept() == [SCREENSHOT]
    item = EvidenceItem.objects.get()
    assert (item.name, item.media_type, item.thread) == ("通话录音 第1段.png", "image/png", "")
    assert item.sha256 == hashlib.sha256(SCREENSHOT).hexdigest()
    assert not list((root / "incoming").iterdir())


def test_all_in_one_piece_and_with_the_announcement_too(sender: Sender) -> None:
    path = sender.begun(len(SCREENSHOT))
    assert sender.send(path, 0, SCREENSHOT, Upload_Checksum=sha256(SCREENSHOT)).status_code == 204
    response = sender.ask("POST", "/uploads/", SCREENSHOT, Upload_Length=str(len(SCREENSHOT)), Content_Type=PIECE)
    assert (response.status_code, response["Upload-Offset"]) == (201, str(len(SCREENSHOT)))
    assert sender.kept() == [SCREENSHOT] * 2


def test_an_upload_says_how_far_it_has_come_and_until_when_it_waits(sender: Sender) -> None:
    path = sender.begun(len(SCREENSHOT), "a.png")
    sender.send(path, 0, SCREENSHOT[:500])
    response = sender.ask("HEAD", path)
    assert (response["Upload-Offset"], response["Upload-Length"]) == ("500", str(len(SCREENSHOT)))
    assert response["Upload-Metadata"] == "filename YS5wbmc="
    assert response["Upload-Expires"].endswith("GMT")


def test_a_chunk_sent_again_is_not_stored_twice(sender: Sender) -> None:
    path = sender.begun(len(SCREENSHOT))
    sender.send(path, 0, SCREENSHOT[:1000])
    again = sender.send(path, 0, SCREENSHOT[:1000])
    assert (again.status_code, sender.offset(path)) == (409, 1000)
    sender.send(path, 1000, SCREENSHOT[1000:])
    assert sender.kept() == [SCREENSHOT]


def test_an_upload_with_a_skipped_chunk_never_counts_as_complete(sender: Sender) -> None:
    path = sender.begun(len(SCREENSHOT))
    sender.send(path, 0, SCREENSHOT[:1000])
    skipped = sender.send(path, 2000, SCREENSHOT[2000:])
    assert (skipped.status_code, sender.offset(path), sender.kept()) == (409, 1000, [])


def test_a_chunk_with_a_wrong_digest_does_not_count(sender: Sender) -> None:
    path = sender.begun(len(SCREENSHOT))
    refused = sender.send(path, 0, SCREENSHOT[:1000], Upload_Checksum=sha256(SCREENSHOT[:999]))
    assert (refused.status_code, refused.reason_phrase, sender.offset(path)) == (460, "Checksum Mismatch", 0)
    sha1 = base64.b64encode(hashlib.sha1(SCREENSHOT).digest()).decode()
    assert sender.send(path, 0, SCREENSHOT, Upload_Checksum=f"sha1 {sha1}").status_code == 204
    assert sender.kept() == [SCREENSHOT]


@pytest.mark.parametrize("header", ["md5 AAAA", "sha256 not!base64", "sha256"])
def test_a_checksum_we_cannot_check_is_refused(sender: Sender, header: str) -> None:
    path = sender.begun(10)
    assert sender.send(path, 0, b"1234567890", Upload_Checksum=header).status_code in (400, 460)
    assert sender.offset(path) == 0


def test_of_a_cut_chunk_without_a_digest_what_arrived_is_kept(sender: Sender) -> None:
    path = sender.begun(len(SCREENSHOT))
    assert sender.send_cut(path, 0, SCREENSHOT[:700], 5000).status_code == 400
    assert sender.offset(path) == 700
    sender.send(path, 700, SCREENSHOT[700:])
    assert sender.kept() == [SCREENSHOT]


def test_a_cut_chunk_with_a_digest_is_sent_again(sender: Sender) -> None:
    path = sender.begun(len(SCREENSHOT))
    cut = sender.send_cut(path, 0, SCREENSHOT[:700], 5000, **{"Upload-Checksum": sha256(SCREENSHOT[:5000])})
    assert (cut.status_code, sender.offset(path)) == (400, 0)


def test_more_than_was_announced_is_refused(sender: Sender) -> None:
    path = sender.begun(10)
    assert sender.send(path, 0, b"12345678901").status_code == 413
    assert sender.offset(path) == 0


def test_a_second_borrower_never_finds_the_first_one_s_upload(sender: Sender) -> None:
    path = sender.begun(len(SCREENSHOT))
    stranger = Sender()
    for method in ("HEAD", "PATCH", "DELETE"):
        answer = stranger.ask(method, path, b"x", Upload_Offset="0", Content_Type=PIECE)
        assert answer.status_code == 404
    sender.send(path, 0, SCREENSHOT)
    assert stranger.ask("HEAD", path).status_code == 404
    assert sender.kept() == [SCREENSHOT]


def test_another_device_goes_on_with_the_draft_s_code(sender: Sender) -> None:
    path = sender.begun(len(SCREENSHOT))
    sender.send(path, 0, SCREENSHOT[:2000])
    other = Sender()
    other.hold(sender.code)
    assert other.offset(path) == 2000
    other.send(path, 2000, SCREENSHOT[2000:])
    assert sender.kept() == [SCREENSHOT]


def test_without_a_draft_nothing_is_taken() -> None:
    response = Client().post("/uploads/", headers={"Tus-Resumable": "1.0.0", "Upload-Length": "5"})
    assert response.status_code == 404


def test_another_site_s_page_cannot_send_in_the_borrower_s_name(sender: Sender) -> None:
    for headers in (
        {"Sec_Fetch_Site": "cross-site"},
        {"Sec_Fetch_Site": "same-site"},
        {"Origin": "https://evil.example"},
    ):
        assert sender.begin(5, **headers).status_code == 403
    assert sender.begin(5, Origin="null").status_code == 403
    assert sender.client.cookies["draft"]["samesite"] == "Lax"


def test_our_own_page_and_a_plain_client_need_no_form_token() -> None:
    careful = Sender(enforce_csrf_checks=True)
    for headers in ({}, {"Origin": "http://testserver"}, {"Sec_Fetch_Site": "same-origin"}):
        assert careful.begin(5, **headers).status_code == 201


def test_protocol_errors_have_their_numbers(sender: Sender) -> None:
    path = sender.begun(10)
    assert sender.ask("HEAD", path, Tus_Resumable="0.2.2").status_code == 412
    assert sender.ask("HEAD", path, Tus_Resumable="0.2.2")["Tus-Version"] == "1.0.0"
    assert sender.ask("PATCH", path, b"x", Upload_Offset="0", Content_Type="text/plain").status_code == 415
    assert sender.ask("PATCH", path, b"x", Content_Type=PIECE).status_code == 400
    assert sender.ask("PATCH", path, b"x", Upload_Offset="-1", Content_Type=PIECE).status_code == 400
    assert sender.ask("GET", path).status_code == sender.ask("PUT", "/uploads/").status_code == 405
    assert sender.ask("POST", "/uploads/").status_code == 400  # no Upload-Length
    bodiless = sender.client.generic(
        "PATCH", path, headers={"Tus-Resumable": "1.0.0", "Upload-Offset": "0"}, CONTENT_TYPE=PIECE
    )
    assert bodiless.status_code == 411
    assert sender.offset(path) == 0


@pytest.mark.parametrize("name", ["Upload-Concat", "Upload-Defer-Length"])
def test_part_of_a_file_is_never_taken_for_a_file(sender: Sender, name: str) -> None:
    """As tus-js-client with parallelUploads sends them, whatever a server says that it can."""
    response = sender.begin(5, **{name: "partial"})
    assert (response.status_code, name in response.content.decode()) == (400, True)
    assert not PendingUpload.objects.exists()


def test_a_client_that_can_only_post_says_what_it_means(sender: Sender) -> None:
    path = sender.begun(len(SCREENSHOT))
    meant = {"X_HTTP_Method_Override": "PATCH", "Upload_Offset": "0", "Content_Type": PIECE}
    assert sender.ask("POST", path, SCREENSHOT, **meant).status_code == 204
    assert sender.kept() == [SCREENSHOT]


@pytest.mark.parametrize("header", ["filename not!base64", "filename " + "A" * 5000])
def test_metadata_that_makes_no_sense_is_refused(sender: Sender, header: str) -> None:
    assert sender.ask("POST", "/uploads/", Upload_Length="5", Upload_Metadata=header).status_code == 400


@pytest.mark.parametrize("name", ["a\x00b.png", "../../etc/passwd", "照" * 255, "photo\u202egnp.exe", ""])
def test_a_file_s_name_is_kept_for_display_and_never_used_as_a_path(
    sender: Sender, name: str, root: Path, django_capture_on_commit_callbacks: Any
) -> None:
    path = sender.begun(len(SCREENSHOT), name)
    with django_capture_on_commit_callbacks(execute=True):
        sender.send(path, 0, SCREENSHOT)
    item = EvidenceItem.objects.get()
    assert "/" not in item.name
    assert "\x00" not in item.name
    assert item.name
    assert {file.name for file in root.rglob("*") if file.is_file()} == {str(item.pk)}


def test_a_given_up_upload_leaves_nothing(sender: Sender, root: Path) -> None:
    path = sender.begun(len(SCREENSHOT))
    sender.send(path, 0, SCREENSHOT[:2000])
    assert sender.ask("DELETE", path).status_code == 204
    assert sender.ask("HEAD", path).status_code == 404
    assert nothing_is_left(root)


def test_a_kind_we_refuse_is_refused_with_its_sentence_and_leaves_nothing(sender: Sender, root: Path) -> None:
    content = media.REFUSED["zip"][0]()
    path = sender.begun(len(content), "chat.zip")
    response = sender.send(path, 0, content)
    assert response.status_code == 422
    assert "Unpack it" in response.content.decode()
    assert response["Content-Type"] == "text/plain; charset=utf-8"
    assert sender.ask("HEAD", path).status_code == 404
    assert nothing_is_left(root)


def test_a_refusal_is_in_the_reader_s_language(sender: Sender) -> None:
    content = media.REFUSED["shell script"][0]()
    path = sender.begun(len(content))
    response = sender.send(path, 0, content, Accept_Language="zh-CN")
    assert "截图" in response.content.decode()


def test_an_empty_or_too_large_file_is_refused_before_it_is_sent(sender: Sender, settings: Any) -> None:
    assert sender.begin(0).status_code == 422
    settings.MAX_FILE_BYTES = 1000
    response = sender.begin(1001)
    assert (response.status_code, "larger than 1\u00a0kB" in response.content.decode()) == (413, True)


def test_a_draft_s_quota_is_told_before_the_upload_starts(sender: Sender, settings: Any) -> None:
    settings.MAX_DRAFT_FILES = 2
    sender.begun(5)
    path = sender.begun(5)
    response = sender.begin(5)
    assert (response.status_code, "2 files" in response.content.decode()) == (413, True)
    sender.ask("DELETE", path)
    settings.MAX_DRAFT_BYTES = 100
    response = sender.begin(96)
    assert (response.status_code, "Together" in response.content.decode()) == (413, True)
    assert sender.begin(95).status_code == 201


def test_a_sender_who_lost_the_answer_to_the_announcement_begins_the_same_file_only_once(sender: Sender) -> None:
    known: Any = {"Upload_Length": "5000", "Upload_Metadata": "filename YQ==,fingerprint YWJj"}
    path = sender.ask("POST", "/uploads/", **known)["Location"]
    sender.send(path, 0, b"x" * 300)
    again = sender.ask("POST", "/uploads/", **known)
    assert (again.status_code, again["Location"], again["Upload-Offset"]) == (201, path, "300")
    longer = sender.ask("POST", "/uploads/", **{**known, "Upload_Length": "5001"})
    assert longer["Location"] != path
    nameless = [sender.begun(5000) for _ in range(2)]  # other clients do not say whether it is the same file
    assert len({path, longer["Location"], *nameless}) == 4


def test_a_disk_that_is_nearly_full_is_told_before_the_upload_starts(
    sender: Sender, settings: Any, tmp_path: Path
) -> None:
    path = sender.begun(len(SCREENSHOT))
    settings.MIN_FREE_BYTES = shutil.disk_usage(tmp_path).free + 10**9
    response = sender.begin(10)
    assert (response.status_code, "Your answers are safe" in response.content.decode()) == (507, True)
    assert sender.send(path, 0, SCREENSHOT).status_code == 507
    settings.MIN_FREE_BYTES = 0
    sender.send(path, sender.offset(path), SCREENSHOT)
    assert sender.kept() == [SCREENSHOT]


def test_a_vault_that_does_not_answer_keeps_what_arrived_for_later(
    sender: Sender, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = sender.begun(len(SCREENSHOT))
    with monkeypatch.context() as patch:
        patch.setattr(Folder, "keep", lambda *_: (_ for _ in ()).throw(vault.Unreachable("away")))
        response = sender.send(path, 0, SCREENSHOT)
        assert (response.status_code, sender.kept()) == (503, [])
    assert sender.offset(path) == len(SCREENSHOT)
    assert sender.kept() == [SCREENSHOT]


def test_a_sender_who_lost_the_last_answer_learns_that_all_arrived(sender: Sender) -> None:
    path = sender.begun(len(SCREENSHOT))
    sender.send(path, 0, SCREENSHOT)
    assert sender.offset(path) == len(SCREENSHOT)
    assert sender.send(path, 0, SCREENSHOT).status_code == 404
    assert sender.kept() == [SCREENSHOT]


def test_what_a_killed_server_left_whole_is_finished_by_the_next_question_or_the_sweep(sender: Sender) -> None:
    asked, swept = sender.begun(len(SCREENSHOT)), sender.begun(len(SCREENSHOT), "another.png")
    for upload in PendingUpload.objects.all():
        pieces.append(upload.pk, pieces.Piece(0, len(SCREENSHOT), io.BytesIO(SCREENSHOT).read))
    assert sender.offset(asked) == len(SCREENSHOT)
    assert len(sender.kept()) == 1
    files.finish_uploads()
    assert sender.kept() == [SCREENSHOT] * 2
    assert sender.offset(swept) == len(SCREENSHOT)


def test_an_upload_waits_for_days_and_is_then_forgotten(sender: Sender) -> None:
    path = sender.begun(len(SCREENSHOT))
    PendingUpload.objects.update(expires_at=timezone.now() - timedelta(seconds=1))
    assert sender.ask("HEAD", path).status_code == 404
    assert sender.send(path, 0, SCREENSHOT).status_code == 404


def test_what_comes_after_filing_is_not_slipped_in(sender: Sender, root: Path) -> None:
    path = sender.begun(len(SCREENSHOT))
    Draft.objects.update(filed_at=timezone.now())
    response = sender.send(path, 0, SCREENSHOT)
    assert (response.status_code, "has already been filed" in response.content.decode()) == (410, True)
    assert sender.begin(5).status_code == 410
    assert nothing_is_left(root)


def test_the_first_piece_after_filing_is_refused_with_the_way_to_the_case(sender: Sender, root: Path) -> None:
    path = sender.begun(len(SCREENSHOT))
    sender.send(path, 0, SCREENSHOT[:1000])
    Draft.objects.update(filed_at=timezone.now())
    response = sender.send(path, 1000, SCREENSHOT[1000:2000])
    assert response.status_code == 410 and "Add evidence" in response.content.decode()
    assert sender.ask("HEAD", path).status_code == 410
    assert nothing_is_left(root)


def test_the_same_file_under_the_same_name_is_said_to_be_here_and_under_another_it_is_kept(sender: Sender) -> None:
    for name, status in (("a.png", 204), ("a.png", 422), ("b.png", 204)):
        path = sender.begun(len(SCREENSHOT), name)
        response = sender.send(path, 0, SCREENSHOT)
        assert (response.status_code, b"already here" in response.content) == (status, status == 422)
    assert sender.kept() == [SCREENSHOT, SCREENSHOT]
    assert not PendingUpload.objects.exists()


def test_an_expired_draft_takes_nothing(sender: Sender) -> None:
    Draft.objects.update(expires_at=timezone.now())
    assert sender.begin(5).status_code == 410


def test_a_forgotten_draft_takes_its_uploads_along(sender: Sender, root: Path) -> None:
    sender.send(sender.begun(len(SCREENSHOT)), 0, SCREENSHOT[:1000])
    drafts.forget(sender.draft)
    assert nothing_is_left(root)


def test_many_at_once_leave_threads_for_the_others(sender: Sender, monkeypatch: pytest.MonkeyPatch) -> None:
    path = sender.begun(len(SCREENSHOT))
    with monkeypatch.context() as patch:
        patch.setattr(places.uploads, "most", 0)
        response = sender.send(path, 0, SCREENSHOT)
        assert (response.status_code, response["Retry-After"]) == (503, "5")
    assert sender.send(path, 0, SCREENSHOT).status_code == 204


class Hanging(io.BytesIO):
    """The body of a sender who sends nothing more: to read it is to wait for ever."""

    def read(self, *_size: Any) -> bytes:
        raise AssertionError("a thread waits for this body")


@pytest.mark.parametrize("path", ["/uploads/", "/uploads/7d9f1c1e-0000-4000-8000-000000000000"])
def test_nobody_waits_for_the_bodies_of_those_turned_away(
    sender: Sender, monkeypatch: pytest.MonkeyPatch, path: str
) -> None:
    monkeypatch.setattr(places.uploads, "most", 0)
    hanging: Any = {"wsgi.input": Hanging(), "CONTENT_LENGTH": "1000", "CONTENT_TYPE": PIECE}
    sent = {"Tus-Resumable": "1.0.0", "Upload-Offset": "0", "Upload-Length": "5000"}
    for method in ("POST", "PATCH"):
        assert sender.client.generic(method, path, headers=sent, **hanging).status_code in (404, 405, 503)


def test_a_piece_that_fails_in_any_way_gives_its_place_back(sender: Sender) -> None:
    path = sender.begun(len(SCREENSHOT))
    for offset in range(60):
        sender.send(path, offset + 1, b"x")
    assert not places.uploads._held


@pytest.mark.django_db(transaction=True)
def test_a_file_that_is_announced_twice_in_the_same_instant_is_one_upload() -> None:
    draft, _code = drafts.begin("en")
    at_once(*[lambda: files.begin_upload(draft, "a.amr", 1000, "fingerprint eA==", once=True)] * 3)
    assert PendingUpload.objects.count() == 1


def test_two_who_finish_at_once_make_one_exhibit(sender: Sender) -> None:
    sender.begun(len(SCREENSHOT))
    upload = PendingUpload.objects.get()
    pieces.append(upload.pk, pieces.Piece(0, len(SCREENSHOT), io.BytesIO(SCREENSHOT).read))
    files.finish_upload(upload)
    with pytest.raises(PendingUpload.DoesNotExist):
        files.finish_upload(upload)
    assert sender.kept() == [SCREENSHOT]


def test_finding_an_upload_whose_staged_bytes_are_gone_begins_it_anew(sender: Sender) -> None:
    content = media.TAKEN["pdf"][0]() + bytes(3 * 1024 * 1024)
    path = sender.begun(len(content), "letter.pdf")
    sender.send(path, 0, content[: 2 * 1024 * 1024])
    pieces.staged_path(PendingUpload.objects.get().pk).unlink()
    assert sender.offset(path) == 0
    sender.send(path, 0, content)
    assert sender.kept() == [content]


def test_resumable_is_only_found_by_its_holder(sender: Sender) -> None:
    sender.begun(5)
    with pytest.raises(PendingUpload.DoesNotExist):
        resumable.find("draft:somebody-else", PendingUpload.objects.get().pk)
