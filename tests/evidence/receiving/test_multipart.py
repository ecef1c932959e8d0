"""Files of a plain form: encrypted from their first byte on, refused one by one, never left lying."""

import errno
import re
from pathlib import Path
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import resolve
from django.utils import timezone

from complaints.drafts import drafts
from complaints.models import Draft, Exhibit
from evidence.models import Reservation
from evidence.receiving import multipart, places, room
from evidence.storage import vault
from tests.support import cast, media

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def root(settings: Any, tmp_path: Path) -> Path:
    settings.STORAGE_URL = f"file://{tmp_path}/vault"
    return tmp_path / "vault"


@pytest.fixture
def phone(client: Client) -> Client:
    client.post("/complaints/new/", {"begin": "1"})
    return client


def choose(phone: Client, *files: tuple[str, bytes]) -> Any:
    chosen = [SimpleUploadedFile(name, content) for name, content in files]
    return phone.post("/complaints/new/evidence/", {"files": chosen, "whole": "1", "go": "stay"})


def kept() -> list[bytes]:
    return [b"".join(vault.read(exhibit.item_id)) for exhibit in Exhibit.objects.order_by("pk")]


def test_several_files_are_kept_to_the_byte_and_staging_is_empty_after(phone: Client) -> None:
    long = b"%PDF-1.4\n" + bytes(3_000_000)
    assert choose(phone, ("a.png", cast.a_screenshot()), ("信.pdf", long)).status_code == 302
    assert kept() == [cast.a_screenshot(), long]
    assert not list(vault.staging().iterdir())


def test_while_a_form_arrives_no_readable_byte_is_on_disk(
    phone: Client, root: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    seen: list[bytes] = []
    finish = vault.Incoming.finish

    def look(self: vault.Incoming) -> vault.Stored:
        stored = finish(self)
        seen.append(self._path.read_bytes())
        return stored

    monkeypatch.setattr(vault.Incoming, "finish", look)
    choose(phone, ("log.txt", media.LOG.encode() * 50))
    assert len(seen) == 1
    assert media.LOG.encode() not in seen[0]


def test_one_refused_file_does_not_take_along_the_others(phone: Client, root: Path) -> None:
    answer = choose(phone, ("a.zip", media.REFUSED["zip"][0]()), ("a.png", cast.a_screenshot()))
    assert "Unpack it" in answer.content.decode()
    assert kept() == [cast.a_screenshot()]
    assert len([path for path in root.rglob("*") if path.is_file()]) == 1


def test_too_large_a_file_is_read_past_and_the_next_one_kept(phone: Client, settings: Any) -> None:
    settings.MAX_FILE_BYTES = 100_000
    answer = choose(phone, ("big.png", bytes(2_000_000)), ("a.png", cast.a_screenshot()))
    assert "larger than" in answer.content.decode()
    assert kept() == [cast.a_screenshot()]


def test_on_a_disk_that_is_nearly_full_nothing_is_staged(phone: Client, settings: Any, root: Path) -> None:
    settings.MIN_FREE_BYTES = 10**18
    answer = choose(phone, ("a.png", cast.a_screenshot()))
    assert "no room" in answer.content.decode()
    assert not [path for path in root.rglob("*") if path.is_file()]


def test_files_together_may_have_only_so_many_bytes(phone: Client, settings: Any) -> None:
    settings.MAX_DRAFT_BYTES = len(cast.a_screenshot()) + 10
    answer = choose(phone, ("a.png", cast.a_screenshot()), ("b.png", cast.a_screenshot("b")))
    assert "together" in answer.content.decode()
    assert kept() == [cast.a_screenshot()]


def test_a_form_cut_in_the_middle_leaves_nothing_in_staging(phone: Client) -> None:
    head = b'--x\r\nContent-Disposition: form-data; name="files"; filename="a.png"\r\n\r\n'
    phone.post("/complaints/new/evidence/", head + b"half", content_type="multipart/form-data; boundary=x")
    assert kept() == []
    assert not list(vault.staging().iterdir())


def test_a_form_that_arrives_after_filing_adds_nothing(phone: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    draft = Draft.objects.get()
    monkeypatch.setattr(drafts, "find", lambda code: draft)  # read just before another tab filed it
    Draft.objects.update(filed_at="2026-11-23T00:00:00Z")
    answer = choose(phone, ("a.png", cast.a_screenshot()))
    assert "has already been filed" in answer.content.decode()
    assert kept() == []


def test_at_an_address_that_takes_no_files_none_is_staged(phone: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    def stage(*args: object, **kwargs: object) -> None:
        raise AssertionError("a file is staged for a view that takes none")

    monkeypatch.setattr(vault, "Incoming", stage)
    sent = {"code": "x", "files": SimpleUploadedFile("a.png", cast.a_screenshot())}
    assert phone.post("/follow/", sent).status_code == 200


def test_one_form_stages_no_more_than_a_draft_may_have(phone: Client, settings: Any) -> None:
    settings.MAX_DRAFT_BYTES = 300_000
    long = b"%PDF-1.4\n" + bytes(400_000)
    assert "can be up to 293\xa0kB" in choose(phone, ("long.pdf", long)).content.decode()
    assert kept() == []


def named(phone: Client, *headers: str) -> Any:
    """Send the same text under these names, each as it stands in its header."""
    parts = "".join(
        f'--x\r\nContent-Disposition: form-data; name="files"; filename="{name}"\r\n\r\n今天还钱 {number}\r\n'
        for number, name in enumerate(headers)
    )
    end = '--x\r\nContent-Disposition: form-data; name="whole"\r\n\r\n1\r\n--x--\r\n'
    return phone.post(
        "/complaints/new/evidence/", (parts + end).encode(), content_type="multipart/form-data; boundary=x"
    )


def names_kept() -> list[str]:
    return list(Exhibit.objects.order_by("pk").values_list("item__name", flat=True))


def test_a_name_is_kept_as_it_was_given() -> None:
    phone = Client()
    phone.post("/complaints/new/", {"begin": "1"})
    named(
        phone,
        "a\u202egnp.txt",
        "&lt;b&gt;.txt",
        "say %22no%22.txt",
        "a\u200db.txt",
        "C:\\fakepath\\c.txt",
        "%41.txt",
    )
    assert names_kept() == ["a\u202egnp.txt", "&lt;b&gt;.txt", 'say "no".txt', "a\u200db.txt", "c.txt", "%41.txt"]


def test_a_very_long_name_is_no_reason_to_refuse_a_form(phone: Client) -> None:
    assert named(phone, 400 * "录" + ".txt").status_code == 302
    assert names_kept() == [255 * "录"]


def test_the_same_bytes_under_two_names_are_two_files(phone: Client) -> None:
    choose(phone, ("a.png", cast.a_screenshot()), ("b.png", cast.a_screenshot()))
    assert names_kept() == ["a.png", "b.png"]


@pytest.mark.parametrize("count", [101, 130])
def test_of_more_than_a_hundred_files_what_has_room_is_kept_and_each_other_one_named(
    phone: Client, settings: Any, count: int
) -> None:
    settings.MAX_DRAFT_FILES = 5
    page = named(phone, *(f"{number}.txt" for number in range(count))).content.decode()
    assert names_kept() == [f"{number}.txt" for number in range(5)]
    assert all(f"{number}.txt" in page for number in range(5, count))


def test_files_without_end_are_counted(phone: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(multipart, "MOST_STAGED", 2)
    monkeypatch.setattr(multipart, "MOST_NAMED", 4)
    page = named(phone, *(f"{number}.txt" for number in range(10))).content.decode()
    assert names_kept() == ["0.txt", "1.txt"]
    assert "3.txt" in page and "4.txt" not in page and "6 more files" in page


def test_a_form_with_many_fields_is_read(phone: Client) -> None:
    fields = {f"more{number}": "1" for number in range(3000)}
    chosen = SimpleUploadedFile("a.png", cast.a_screenshot())
    phone.post("/complaints/new/evidence/", {"files": chosen, "whole": "1", "go": "stay", **fields})
    assert names_kept() == ["a.png"]


def test_a_form_with_too_many_fields_is_refused_with_the_reason(phone: Client, settings: Any) -> None:
    settings.DATA_UPLOAD_MAX_NUMBER_FIELDS = 20
    answer = phone.post("/complaints/new/evidence/", {f"more{number}": "1" for number in range(30)})
    assert answer.status_code == 400 and "up to 20 answers" in answer.content.decode()


def staged_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    def stage(*args: object, **kwargs: object) -> None:
        raise AssertionError("a file is staged for somebody who may not send any")

    monkeypatch.setattr(vault, "Incoming", stage)


EVIDENCE = "/complaints/new/evidence/"


def form(token: str, **more: Any) -> dict[str, Any]:
    """The token is before the file, as on our pages."""
    return {"csrfmiddlewaretoken": token, "files": SimpleUploadedFile("a.png", cast.a_screenshot()), **more}


@pytest.fixture
def strict() -> Client:
    """A browser whose form tokens are checked."""
    return Client(enforce_csrf_checks=True)


def token_of(page: Any) -> str:
    found = re.search(r'name="csrfmiddlewaretoken" value="([^"]+)"', page.content.decode())
    assert found
    return found[1]


def test_with_a_made_up_cookie_and_no_draft_nothing_is_staged(
    strict: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    staged_nothing(monkeypatch)
    strict.cookies["csrftoken"] = "a" * 32
    for token in ("", "b" * 32, "a" * 32):
        assert strict.post(EVIDENCE, form(token, whole="1")).status_code in (403, 404, 409)


def test_with_a_draft_and_a_wrong_token_nothing_is_staged(strict: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    begins(strict)
    staged_nothing(monkeypatch)
    for token in ("", "b" * 64):
        assert strict.post(EVIDENCE, form(token, whole="1")).status_code == 403


def begins(browser: Client) -> None:
    token = token_of(browser.get("/complaints/begin/"))
    assert browser.post("/complaints/new/", {"csrfmiddlewaretoken": token, "begin": "1"}).status_code == 302


def test_with_the_pages_own_token_files_are_kept_and_by_a_header_too(strict: Client) -> None:
    begins(strict)
    token = token_of(strict.get(EVIDENCE))
    assert strict.post(EVIDENCE, form(token, whole="1", go="stay")).status_code == 302
    again = {"files": SimpleUploadedFile("b.png", cast.a_screenshot("b")), "whole": "1", "go": "stay"}
    assert strict.post(EVIDENCE, again, headers={"X-CSRFToken": token}).status_code == 302
    assert kept() == [cast.a_screenshot(), cast.a_screenshot("b")]


def test_a_token_behind_the_file_comes_too_late(strict: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    begins(strict)
    token = token_of(strict.get(EVIDENCE))
    staged_nothing(monkeypatch)
    late = {"files": SimpleUploadedFile("a.png", cast.a_screenshot()), "csrfmiddlewaretoken": token, "whole": "1"}
    assert "cannot store files" in strict.post(EVIDENCE, late).content.decode()
    assert kept() == []


@pytest.mark.parametrize(
    "path",
    [
        "/follow/add/7d9f1c1e-0000-4000-8000-000000000000/",
        "/answer/7d9f1c1e-0000-4000-8000-000000000000/",
        "/complaints/new/who/",
        "/admin/complaints/case/1/write/",
    ],
)
def test_nobody_stages_anything_where_nothing_is_open_to_them(
    client: Client, monkeypatch: pytest.MonkeyPatch, path: str
) -> None:
    staged_nothing(monkeypatch)
    assert getattr(resolve(path).func, "takes_files", None) or path.startswith("/admin")
    assert client.post(path, form("", whole="1")).status_code in (302, 403, 404)


def test_an_auditor_stages_nothing(borrower: cast.Filed, auditor: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    staged_nothing(monkeypatch)
    desk = cast.signed_in(auditor)
    assert desk.post(f"/admin/complaints/case/{borrower.case.pk}/write/", form("")).status_code == 403


def test_the_bytes_of_a_refused_file_go_before_the_next_one_comes(
    phone: Client, settings: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    settings.MAX_FILE_BYTES = 100_000
    seen: list[int] = []
    finish = vault.Incoming.finish

    def look(self: vault.Incoming) -> vault.Stored:
        seen.append(len(list(vault.staging().iterdir())))
        return finish(self)

    monkeypatch.setattr(vault.Incoming, "finish", look)
    choose(phone, ("big.png", bytes(2_000_000)), ("a.png", cast.a_screenshot()))
    assert seen[0] == 1


def test_on_a_full_disk_each_file_is_named_with_a_sentence(phone: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(vault, "make_folder", full)  # as a file is created
    page = choose(phone, ("one.png", cast.a_screenshot()), ("two.png", cast.a_screenshot("two")))
    assert page.status_code == 200
    assert all(name in page.content.decode() for name in ("one.png", "two.png", "no room"))


def full(*_arguments: object, **_named: object) -> None:
    raise OSError(errno.ENOSPC, "No space left on device")


def free_after(monkeypatch: pytest.MonkeyPatch, free: int, then: int) -> None:
    """The disk has `free` bytes at the first look, and `then` at every later one."""
    looks = iter([free])
    monkeypatch.setattr(room, "free", lambda: next(looks, then))


def test_the_disk_is_looked_at_again_while_a_form_arrives(
    phone: Client, settings: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    free_after(monkeypatch, settings.MIN_FREE_BYTES * 2, settings.MIN_FREE_BYTES - 1)
    monkeypatch.setattr(room, "LOOK_EVERY", 300_000)
    page = choose(phone, ("long.pdf", b"%PDF-1.4\n" + bytes(2_000_000)))
    assert "no room" in page.content.decode()
    assert kept() == []
    assert not list(vault.staging().iterdir())
    assert room.reserved() == 0


def test_a_form_reserves_its_length_and_gives_it_back(
    phone: Client, settings: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    seen: list[int] = []
    stage = vault.Incoming.write

    def look(self: vault.Incoming, data: bytes) -> None:
        seen.append(room.reserved())
        stage(self, data)

    monkeypatch.setattr(vault.Incoming, "write", look)
    choose(phone, ("long.pdf", b"%PDF-1.4\n" + bytes(2_000_000)))
    assert seen[0] > 2_000_000
    assert room.reserved() == 0


def test_a_form_that_does_not_fit_beside_what_is_reserved_is_refused(
    phone: Client, settings: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(room, "free", lambda: settings.MIN_FREE_BYTES + 3_000_000)
    Reservation.objects.create(bytes=2_000_000, until=timezone.now() + room.LASTS)
    page = choose(phone, ("long.pdf", b"%PDF-1.4\n" + bytes(1_500_000)))
    assert "no room" in page.content.decode()
    Reservation.objects.update(until=timezone.now())
    assert choose(phone, ("long.pdf", b"%PDF-1.4\n" + bytes(1_500_000))).status_code == 302


def test_a_form_that_breaks_any_rule_of_forms_gives_its_place_back(phone: Client, settings: Any) -> None:
    settings.DATA_UPLOAD_MAX_NUMBER_FIELDS = 2
    phone.post(EVIDENCE, form("", **{f"more{number}": "1" for number in range(9)}))
    assert not places.uploads._held
    assert room.reserved() == 0
