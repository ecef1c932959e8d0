"""Transcripts: every version stays, with its author's role, sealed like any derivative."""

import hashlib
from uuid import UUID

import pytest

from evidence import ledger
from evidence.models import Derivative, EvidenceItem, LedgerEntry
from evidence.storage import vault
from evidence.viewing import transcripts
from evidence.viewing.transcripts import Line, TranscriptRefused
from tests.support import cast, media

SAID = "0:05 你好，这里是某某公司。\n[1:02:03] If you do not pay today\nwe will come."
STAFF = {"role": "investigator", "id": "some-uid"}


@pytest.fixture
def item(db: None) -> EvidenceItem:
    found: EvidenceItem = (
        cast.file_a_complaint(files=[("call.amr", media.TAKEN["amr"][0]())]).case.exhibits.get().item
    )
    return found


def test_what_is_typed_is_kept_and_on_the_ledger(item: EvidenceItem) -> None:
    written = transcripts.write(item, SAID, by=ledger.BORROWER)
    assert transcripts.text(written) == SAID
    assert written.sha256 == hashlib.sha256(SAID.encode()).hexdigest()
    entry = ledger.content_of(LedgerEntry.objects.get(kind="evidence.derived"))
    assert (entry["by"], entry["data"]["kind"], entry["data"]["number"]) == ({"role": "borrower"}, "transcript", 1)
    assert (entry["data"]["sha256"], entry["data"]["from"]) == (written.sha256, item.sha256)
    assert "某某" not in str(entry)


def test_a_new_version_leaves_the_old_one_as_it_was(item: EvidenceItem) -> None:
    first = transcripts.write(item, SAID, by=ledger.BORROWER)
    second = transcripts.write(item, SAID + "\nmore", by=STAFF)
    assert [(one.number, one.by["role"]) for one in transcripts.versions(item)] == [
        (2, "investigator"),
        (1, "borrower"),
    ]
    assert transcripts.text(first) == SAID and transcripts.text(second).endswith("more")


def test_time_marks_are_read() -> None:
    assert transcripts.lines(SAID) == [
        Line("你好，这里是某某公司。", 5),
        Line("If you do not pay today", 3723),
        Line("we will come."),
    ]
    assert transcripts.lines("12:61 no\n:30 no\n99:59 yes\n1:00") == [
        Line("12:61 no"),
        Line(":30 no"),
        Line("yes", 5999),
        Line("", 60),
    ]


@pytest.mark.parametrize(("text", "code"), [(" \n\0 ", "empty"), ("x" * 200_001, "too_long")])
def test_an_empty_and_a_too_long_transcript_are_refused(text: str, code: str, item: EvidenceItem) -> None:
    with pytest.raises(TranscriptRefused) as refused:
        transcripts.write(item, text, by=STAFF)
    assert refused.value.code == code
    assert not Derivative.objects.exists()


@pytest.mark.django_db
def test_a_picture_gets_no_transcript() -> None:
    with pytest.raises(TranscriptRefused):
        transcripts.write(cast.file_a_complaint().case.exhibits.get().item, SAID, by=STAFF)


def test_what_cannot_be_recorded_leaves_no_bytes(item: EvidenceItem, monkeypatch: pytest.MonkeyPatch) -> None:
    kept: list[UUID] = []

    def fail(_item: EvidenceItem, key: UUID, *_rest: object) -> None:
        kept.append(key)
        raise RuntimeError

    monkeypatch.setattr(transcripts, "_record", fail)
    with pytest.raises(RuntimeError):
        transcripts.write(item, SAID, by=STAFF)
    assert not vault.exists(kept[0])
