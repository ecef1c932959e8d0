"""A clock that ran ahead, or was set back, never makes the papers of an honest portal contradict themselves."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from types import SimpleNamespace

import pytest
from django.utils import timezone

from complaints.filing import receipts
from evidence import holdfast_verify as verifier
from evidence.checking import sealing
from evidence.ledger import checkpoints
from evidence.models import CheckpointToken, Seal
from evidence.timestamps import anchoring, authorities, builtin
from tests.evidence.ledger.test_entries import append, event
from tests.support import cast
from tests.support.bundles import exported, seal_all

pytestmark = [pytest.mark.sqlite_only, pytest.mark.django_db]
NOW = timezone.now


@contextmanager
def a_clock_that_is(**ahead: float) -> Iterator[None]:
    """The machine's clock is ahead by so many days, or behind."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(timezone, "now", lambda: NOW() + timedelta(**ahead))
        yield


@contextmanager
def it_is_later(**by: float) -> Iterator[None]:
    """Time has passed, for the authority too."""
    with a_clock_that_is(**by), pytest.MonkeyPatch.context() as patch:
        clock = SimpleNamespace(now=(NOW() + timedelta(**by)).astimezone)
        patch.setattr(builtin, "datetime", clock)
        yield


def stamps() -> int:
    checkpoints.current()
    anchoring.anchor()
    return CheckpointToken.objects.count()


def first_broken(filed: cast.Filed, folder: Path, *kept: bytes) -> str:
    """What the verifier refuses in the present bundle, compared with papers that were kept; "" for nothing."""
    (bundle := folder / "bundle.zip").write_bytes(exported(filed.case))
    papers = [folder / f"receipt-{number}.json" for number, _ in enumerate(kept)]
    for path, content in zip(papers, kept, strict=True):
        path.write_bytes(content)
    broken = verifier.verify(str(bundle), [str(path) for path in papers]).first_broken
    return f"{broken.name}: {broken.says}" if broken else ""


def test_a_portal_whose_clock_ran_ahead_waits_with_its_timestamps(tmp_path: Path) -> None:
    with a_clock_that_is(days=3):
        filed = cast.file_a_complaint()
        receipt = bytes(filed.case.receipt)
    for item in (exhibit.item for exhibit in filed.case.exhibits.all()):
        assert not Seal.objects.filter(item=item).exists()
    assert stamps() == 0
    assert first_broken(filed, tmp_path, receipt) == ""
    with it_is_later(days=3, hours=1):
        seal_all(filed.case)
        assert stamps() == 1
        assert first_broken(filed, tmp_path, receipt) == ""


def test_an_item_of_a_time_to_come_is_not_sealed() -> None:
    with a_clock_that_is(days=3):
        filed = cast.file_a_complaint()
    with pytest.raises(AssertionError):  # of seal_all: it waits
        seal_all(filed.case)
    assert not Seal.objects.exists()


def test_what_is_filed_with_a_clock_that_was_set_back_is_not_older_than_the_newest_timestamp(
    tmp_path: Path,
) -> None:
    append(event())
    assert stamps() == 1
    with a_clock_that_is(days=-2):
        filed = cast.file_a_complaint()
    newest = CheckpointToken.objects.get().gen_time
    assert filed.case.filed_at == newest
    seal_all(filed.case)
    CheckpointToken.objects.update(gen_time=newest - timedelta(hours=2))  # so that the next one is due
    assert stamps() == 2
    assert first_broken(filed, tmp_path, bytes(filed.case.receipt)) == ""


def test_a_timestamp_that_took_hours_is_not_kept() -> None:
    append(event())
    checkpoints.current()
    append(replace(event("case:b"), at=NOW() - timedelta(hours=2)))
    anchoring.anchor()
    assert not CheckpointToken.objects.exists()


def test_papers_after_a_clock_was_set_back_are_not_older_than_the_receipts_before(tmp_path: Path) -> None:
    filed = cast.file_a_complaint()
    seal_all(filed.case)
    with a_clock_that_is(days=2):
        checkpoints.current()
        append(event())
        ahead = receipts.extended(filed.case)
    append(event())
    assert first_broken(filed, tmp_path, ahead) == ""
    later = tmp_path / "later.json"
    later.write_bytes(receipts.extended(filed.case))
    (kept := tmp_path / "ahead.json").write_bytes(ahead)
    assert verifier.verify(str(kept), [str(later)]).first_broken is None


def test_an_authority_that_failed_while_the_clock_ran_ahead_is_asked_again() -> None:
    filed = cast.file_a_complaint()
    with a_clock_that_is(days=3):
        authorities.record_failure(authorities.configured()[0])
    seal_all(filed.case)


def test_what_is_filed_while_the_authority_is_away_for_an_hour_is_sealed_within_an_hour_after(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    filed = cast.file_a_complaint()
    item = filed.case.exhibits.get().item
    usual = authorities.configured()[0]
    gone = replace(usual, url="http://127.0.0.1:9/")
    monkeypatch.setattr(authorities, "configured", lambda: [gone])
    for minute in range(0, 60, 2):
        with it_is_later(minutes=minute):
            assert sealing.seal(item) is None
    with it_is_later(hours=1):
        assert [one.name for one in authorities.away()] == [usual.name]
    monkeypatch.setattr(authorities, "configured", lambda: [usual])
    with it_is_later(hours=2):
        seal_all(filed.case)
        assert authorities.away() == []
