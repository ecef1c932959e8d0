"""Files of a plain form: encrypted from their first byte on, refused one by one, never left lying."""

from pathlib import Path
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from complaints.drafts import drafts
from complaints.models import Draft, Exhibit
from evidence.receiving import multipart
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
    assert "too large" in answer.content.decode()
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
    assert "has been sent meanwhile" in answer.content.decode()
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
    assert "too large" in choose(phone, ("long.pdf", long)).content.decode()
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
    assert answer.status_code == 400 and "at most 20 answers" in answer.content.decode()
