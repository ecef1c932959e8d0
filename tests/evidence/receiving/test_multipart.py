"""Files of a plain form: encrypted from their first byte on, refused one by one, never left lying."""

from pathlib import Path
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from complaints.drafts import drafts
from complaints.models import Draft, Exhibit
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
