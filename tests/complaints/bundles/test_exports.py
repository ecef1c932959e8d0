"""Handing over: a bundle is ready whole or not at all, whatever ends its worker or fills its disk."""

import errno
import hashlib
from datetime import timedelta
from typing import Any

import pytest
from django.utils import timezone

from complaints.bundles import exports
from complaints.bundles.making import make as export_bundle
from complaints.bundles.options import Options
from complaints.cases import consents
from complaints.models import Case, Export, StaffMember, Team
from complaints.refusal import Refused
from evidence import ledger
from evidence.models import EvidenceItem, ItemKey
from evidence.receiving import leftovers
from evidence.storage import vault
from evidence.storage.places import Folder
from tests.support import cast, services
from tests.support.bundles import made_again, opened, seal_all
from tests.support.office import routed, told

State = Export.State


@pytest.fixture
def case(borrower: cast.Filed) -> Case:
    seal_all(borrower.case)
    return borrower.case


def asked(case: Case, audience: str = "borrower", by: StaffMember | None = None, **chosen: Any) -> Export:
    return exports.ask(case, Options.usual(audience, **chosen).kept(), by=by, language="en")


def made(export: Export) -> Export:
    exports.make(export.pk)
    export.refresh_from_db()
    return export


def content(export: Export) -> bytes:
    served = exports.served(export)
    assert served.read
    return b"".join(served.read(0, served.size))


def test_a_made_bundle_is_ready_recorded_and_the_size_it_says(case: Case) -> None:
    export = made(asked(case))
    assert (export.state, export.problem) == (State.READY, "")
    assert export.size == len(content(export))
    assert told(case)[-1] == "bundle.exported"
    assert ledger.content_of(ledger.history(case.thread)[-1])["data"]["manifest"] == export.manifest
    assert (export.bytes_done, export.percent) == (export.bytes_total, 100)


def test_a_case_of_many_exhibits_leaves_by_no_more_questions_than_one_of_few(
    case: Case, django_assert_max_num_queries: Any
) -> None:
    """Each download, and each part of one, looks first whether all is still there."""

    def questions(of: Case) -> int:
        seal_all(of)
        export = made(asked(of))
        with django_assert_max_num_queries(20) as seen:
            exports.served(export)
        return len(seen)

    many = cast.file_a_complaint(files=[(f"{n}.png", cast.a_screenshot(str(n))) for n in range(9)]).case
    assert questions(many) == questions(case)


def test_a_bundle_cannot_be_fetched_before_it_is_ready(case: Case) -> None:
    export = asked(case)
    with pytest.raises(Refused):
        exports.fetch(export, by=ledger.BORROWER)
    with pytest.raises(Refused):
        exports.served(export)
    assert "bundle.downloaded" not in told(case)


def test_the_same_export_again_is_the_same_to_the_byte(case: Case, south: Team) -> None:
    export = made(asked(case, "regulator", language="zh", hidden=("同事",)))
    first = content(export)
    routed(case, south)
    seal_all(cast.file_a_complaint().case)
    assert made_again(export) == first
    assert content(made(asked(case, "regulator", language="zh", hidden=("同事",)))) != first


def test_what_was_found_at_fault_stays_left_out_when_it_is_made_again(case: Case) -> None:
    item = EvidenceItem.objects.get()
    vault.delete(item.pk)
    export = made(asked(case, goes_on=True))
    assert export.left_out == {"E-1": "missing"}
    first = content(export)
    assert opened(first).json("proofs/export.json")["left_out"] == {"E-1": "missing"}
    assert made_again(export) == first


def test_a_fault_is_said_to_who_asked(case: Case) -> None:
    vault.delete(EvidenceItem.objects.get().pk)
    export = made(asked(case))
    assert export.state == State.FAILED
    assert "The stored file of E-1 is missing" in export.problem
    assert "bundle.exported" not in told(case)


def full(*_: Any, **__: Any) -> None:
    raise OSError(errno.ENOSPC, "No space left on device")


@pytest.mark.parametrize("step", ["evidence.storage.frames.Sealer.feed", "os.fsync", "os.link"])
def test_a_disk_that_fills_up_in_the_midst_is_said_and_leaves_nothing(
    case: Case, step: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    keys, staged = ItemKey.objects.count(), {*vault.staging().iterdir()}
    export = asked(case)
    with monkeypatch.context() as patch:
        patch.setattr(step, full)
        made(export)
    assert export.state == State.FAILED
    assert "Our storage is full" in export.problem
    assert not vault.exists(export.pk)
    assert {*vault.staging().iterdir()} == staged
    assert ItemKey.objects.count() == keys
    assert "bundle.exported" not in told(case)
    assert made(asked(case)).is_ready  # there is room again


def test_what_was_made_leaves_while_the_disk_is_full(case: Case, monkeypatch: pytest.MonkeyPatch) -> None:
    """Nothing is written on its way out, so it cannot be cut short there."""
    export = made(asked(case))
    for step in ("evidence.storage.frames.Sealer.feed", "os.fsync", "os.link", "tempfile.mkstemp"):
        monkeypatch.setattr(step, full)
    assert len(content(export)) == export.size


def test_a_worker_that_dies_is_followed_by_another(case: Case, monkeypatch: pytest.MonkeyPatch) -> None:
    export = asked(case)
    with monkeypatch.context() as patch:
        patch.setattr(exports, "written", lambda *_: (_ for _ in ()).throw(SystemExit))
        with pytest.raises(SystemExit):
            exports.make(export.pk)
    exports.make_waiting()  # it may still be alive
    assert Export.objects.get().state == State.MAKING
    pass_for_dead()
    exports.make_waiting()
    export.refresh_from_db()
    assert (export.state, export.attempts) == (State.READY, 2)
    assert told(case).count("bundle.exported") == 1


def test_a_bundle_that_ends_every_worker_is_given_up_and_leaves_nothing(case: Case) -> None:
    export = asked(case)
    vault.store(export.pk, [b"what the last worker left"], limit=100)
    Export.objects.update(
        attempts=exports.ATTEMPTS, state=State.MAKING, seen_at=timezone.now() - timedelta(hours=1)
    )
    assert made(export).state == State.FAILED
    assert "could not be made" in export.problem
    assert not vault.exists(export.pk)


def pass_for_dead() -> None:
    Export.objects.update(seen_at=timezone.now() - Export.SILENT - timedelta(seconds=1))


@pytest.mark.parametrize("step", ["make_bundle", "written"])
def test_a_slow_worker_that_was_taken_over_changes_nothing(
    case: Case, monkeypatch: pytest.MonkeyPatch, step: str
) -> None:
    export, real = asked(case), getattr(exports, step)

    def overtaken(*told: Any, **more: Any) -> Any:
        found = real(*told, **more)
        monkeypatch.setattr(exports, step, real)
        pass_for_dead()
        exports.make(export.pk)
        return found

    monkeypatch.setattr(exports, step, overtaken)
    made(export)
    assert (export.state, export.attempts) == (State.READY, 2)
    assert told(case).count("bundle.exported") == 1
    left = opened(content(export))
    assert hashlib.sha256(left.files["tagmanifest-sha256.txt"]).hexdigest() == export.manifest


def test_the_fault_of_a_slow_worker_that_was_taken_over_takes_nothing_away(
    case: Case, monkeypatch: pytest.MonkeyPatch
) -> None:
    export, make = asked(case), export_bundle

    def overtaken(*told: Any, **more: Any) -> Any:
        monkeypatch.setattr(exports, "make_bundle", make)
        pass_for_dead()
        exports.make(export.pk)
        raise vault.Unreachable("Its storage is gone.")

    monkeypatch.setattr(exports, "make_bundle", overtaken)
    assert made(export).state == State.READY
    assert content(export)


@pytest.mark.parametrize("fault", ["missing", "replaced", "quarantined"])
def test_what_changed_after_it_was_made_never_leaves(
    case: Case, fault: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    export, item = made(asked(case)), EvidenceItem.objects.get()
    if fault == "quarantined":
        monkeypatch.setattr(EvidenceItem, "is_quarantined", True)
    else:
        vault.delete(item.pk)
    if fault == "replaced":
        vault.store(item.pk, [b"x" * item.size], limit=item.size)
    with pytest.raises(Refused):
        exports.fetch(export, by=ledger.BORROWER)
    assert "bundle.downloaded" not in told(case)


@pytest.mark.parametrize("audience", ["legal_aid", "police"])
def test_a_consent_taken_back_stops_what_was_made_under_it(case: Case, audience: str) -> None:
    consents.give(case, audience)
    export = made(asked(case, audience))
    assert "data/documents/reporter.json" in opened(content(export)).files
    consents.withdraw(case, audience)
    with pytest.raises(Refused, match="no longer agrees"):
        exports.fetch(export, by=ledger.BORROWER)
    assert "data/documents/reporter.json" not in opened(content(made(asked(case, audience)))).files


def test_its_file_goes_when_its_time_is_over_and_not_before(case: Case) -> None:
    export = made(asked(case))
    ItemKey.objects.update(made_at=timezone.now() - timedelta(days=3))
    leftovers.clear_away()
    exports.forget_old()
    assert content(export)
    Export.objects.update(expires_at=timezone.now())
    exports.forget_old()
    export.refresh_from_db()
    assert export.state == State.GONE
    assert not vault.exists(export.pk)
    with pytest.raises(Refused, match="no longer available"):
        exports.fetch(export, by=ledger.BORROWER)


def test_a_file_that_could_not_be_removed_while_the_storage_was_away_goes_with_the_next_sweep(
    case: Case, monkeypatch: pytest.MonkeyPatch
) -> None:
    export = made(asked(case))
    with monkeypatch.context() as patch, pytest.raises(vault.Unreachable):
        patch.setattr(Folder, "delete", away)
        exports.forget(export)
    export.refresh_from_db()
    assert (export.state, vault.exists(export.pk)) == (State.GONE, True)
    exports.forget_old()
    assert not vault.exists(export.pk)
    assert not Export.objects.over().exists()


def away(*_: Any) -> None:
    raise vault.Unreachable("away")


def test_two_people_let_a_bundle_leave_where_that_is_configured(
    case: Case, south: Team, investigator: StaffMember, supervisor: StaffMember, settings: Any
) -> None:
    settings.TWO_PERSON_EXPORTS = True
    routed(case, south)
    export = asked(case, "legal_aid", by=investigator)
    assert made(export).state == State.UNAPPROVED
    with pytest.raises(Refused, match="Somebody else"):
        exports.approve(export, by=investigator)
    exports.approve(export, by=supervisor)
    assert made(export).state == State.READY
    with pytest.raises(Refused, match="waits for nobody"):
        exports.approve(export, by=supervisor)
    assert told(case)[-2:] == ["bundle.approved", "bundle.exported"]
    assert made(asked(case, "office", by=investigator)).state == State.READY
    assert made(asked(case)).state == State.READY


@pytest.mark.django_db(transaction=True)
def test_a_real_worker_makes_it_and_a_killed_one_is_replaced(
    redis: services.Redis, worker: services.Worker
) -> None:
    worker.stop()
    case = cast.file_a_complaint().case
    export = asked(case)
    Export.objects.update(state=State.MAKING, attempts=1, seen_at=timezone.now() - timedelta(hours=1))
    worker.start("bundles")
    from complaints import tasks

    tasks.make_bundles.delay()
    services.wait_until(lambda: Export.objects.get().is_ready, "the worker makes the bundle", 60)
    export.refresh_from_db()
    assert opened(content(export)).reference == case.reference
