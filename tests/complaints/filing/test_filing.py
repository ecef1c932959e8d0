"""From draft to complaint."""

import json
import threading
from collections.abc import Callable
from contextlib import suppress
from datetime import timedelta
from typing import Any

import pytest
from django.db import connection
from django.utils import timezone
from django.utils.timezone import localdate

from complaints import codes, tasks
from complaints.drafts import drafts, files
from complaints.drafts.unwelcome import TooManyFiles
from complaints.filing import filing
from complaints.models import Case, Draft, Exhibit
from evidence import ledger
from evidence.models import EvidenceItem, LedgerEntry
from evidence.storage import vault
from tests.support import cast


def test_filing_freezes_the_answers_and_records_each_file(borrower: cast.Filed) -> None:
    case = borrower.case
    statement = json.loads(bytes(case.complaint.document))
    assert statement["story"] == cast.ANSWERS["story"]["story"] == case.complaint.story
    assert statement["exhibits"][0]["sha256"] == case.exhibits.get().item.sha256
    kinds = [entry.kind for entry in ledger.history(case.thread)]
    assert kinds == ["complaint.filed", "evidence.received"]


def test_a_case_starts_as_grave_as_its_gravest_conduct_and_is_due_in_15_days(borrower: cast.Filed) -> None:
    assert borrower.case.get_severity_display() == "High"
    assert localdate(borrower.case.decide_by) - localdate(borrower.case.filed_at) == timedelta(days=15)


def test_the_ledger_holds_nothing_that_names_a_person(borrower: cast.Filed) -> None:
    written = b"".join(bytes(entry.body) for entry in LedgerEntry.objects.all()).decode()
    given = cast.ANSWERS
    personal = [given["reach"]["name"], given["reach"]["phone"], given["reach"]["email"]]
    personal += [given["story"]["story"], given["parties"]["lender"], "screenshot.png"]
    assert not [word for word in personal if word in written]


def test_a_doubled_click_files_once_and_shows_the_same_access_code(db: None) -> None:
    draft, code = cast.a_draft()
    assert filing.file(draft, code) == filing.file(draft, code)
    assert Case.objects.count() == 1
    assert Case.objects.get(code_digest=codes.digest(filing.access_code(code)))


def test_two_clicks_at_the_same_moment_file_once(transactional_db: None) -> None:
    draft, code = cast.a_draft()
    results: list[int] = []

    def click() -> None:
        try:
            results.append(filing.file(draft, code).pk)
        finally:
            connection.close()

    clicks = [threading.Thread(target=click) for _ in range(4)]
    for thread in clicks:
        thread.start()
    for thread in clicks:
        thread.join()
    assert len(results) == 4
    assert len(set(results)) == Case.objects.count() == 1
    assert LedgerEntry.objects.filter(kind="complaint.filed").count() == 1


def test_the_database_alone_cannot_tell_an_access_code(borrower: cast.Filed) -> None:
    with connection.cursor() as cursor:
        cursor.execute("SELECT * FROM complaints_case")
        case = str(cursor.fetchall())
        cursor.execute("SELECT * FROM complaints_draft")
        draft = str(cursor.fetchall())
    assert borrower.code not in case + draft
    assert borrower.code.replace(" ", "") not in case + draft


@pytest.mark.parametrize("step", drafts.REQUIRED)
def test_an_unanswered_step_is_named_and_nothing_is_filed(db: None, step: str) -> None:
    draft, code = cast.a_draft()
    draft.answers.pop(step)
    draft.save()
    with pytest.raises(drafts.Incomplete) as unanswered:
        filing.file(draft, code)
    assert unanswered.value.step == step
    assert not Case.objects.exists()


def test_a_complaint_without_files_or_contact_can_be_filed(db: None) -> None:
    draft, code = cast.a_draft(files=[], reach={"name": "", "phone": "", "email": ""})
    assert filing.file(draft, code).exhibits.count() == 0


def test_a_failure_in_the_middle_leaves_the_draft_as_it_was(
    transactional_db: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    draft, code = cast.a_draft()
    with monkeypatch.context() as patch:
        patch.setattr("complaints.filing.receipts.issue", lambda *_: 1 / 0)
        with pytest.raises(ZeroDivisionError):
            filing.file(draft, code)
    draft.refresh_from_db()
    assert draft.filed_at is None
    assert not LedgerEntry.objects.exists()
    assert filing.file(draft, code).exhibits.count() == 1


def test_two_tabs_saving_different_steps_both_keep_theirs(db: None) -> None:
    draft, code = drafts.begin("en")
    other_tab = drafts.find(code)
    drafts.save(draft, "story", {"story": "one"})
    drafts.save(other_tab, "wishes", {"wishes": ["stop"], "other": ""})
    assert set(drafts.find(code).answers) == {"story", "wishes"}


def test_a_draft_is_found_by_its_code_alone(db: None) -> None:
    draft, code = drafts.begin("en")
    assert drafts.find(code) == draft
    with pytest.raises(Draft.DoesNotExist):
        drafts.find(codes.fresh())


def test_an_expired_draft_says_so_and_is_forgotten_with_its_files(transactional_db: None) -> None:
    draft, code = cast.a_draft()
    item = draft.exhibits.get().item
    Draft.objects.update(expires_at=timezone.now())
    with pytest.raises(drafts.Expired):
        drafts.find(code)
    tasks.forget_expired_drafts()
    assert not Draft.objects.exists()
    assert not EvidenceItem.objects.exists()
    with pytest.raises(vault.Missing):
        list(vault.read(item.pk))


def test_forgetting_a_filed_draft_leaves_the_case_and_its_evidence(borrower: cast.Filed) -> None:
    Draft.objects.update(filed_at=timezone.now() - drafts.KEPT_AFTER_FILING - timedelta(minutes=1))
    tasks.forget_expired_drafts()
    case = Case.objects.get(pk=borrower.case.pk)
    assert case.draft is None
    assert b"".join(vault.read(case.exhibits.get().item_id)) == cast.a_screenshot()


def test_a_removed_file_is_gone_with_its_bytes_and_only_from_its_own_draft(transactional_db: None) -> None:
    draft, _ = cast.a_draft()
    stranger, _ = cast.a_draft()
    exhibit = draft.exhibits.get()
    files.remove_exhibit(stranger, exhibit.pk)
    assert Exhibit.objects.count() == 2
    files.remove_exhibit(draft, exhibit.pk)
    assert not draft.exhibits.exists()
    with pytest.raises(vault.Missing):
        list(vault.read(exhibit.item_id))


def test_a_draft_holds_only_so_many_files(db: None, settings: Any) -> None:
    settings.MAX_DRAFT_FILES = 1
    draft, _ = cast.a_draft()
    with pytest.raises(TooManyFiles, match="1 files"):
        files.add_exhibit(draft, "more.png", [cast.a_screenshot("more")])


def test_deleting_the_draft_while_it_is_filed_takes_nothing_from_the_case(transactional_db: None) -> None:
    for _ in range(6):
        draft, code = cast.a_draft(files=[(f"{n}.png", cast.a_screenshot(str(n))) for n in range(3)])
        stale = Draft.objects.get(pk=draft.pk)
        clicks = [threading.Thread(target=_click, args=(filing.file, draft, code))]
        clicks += [threading.Thread(target=_click, args=(drafts.forget, stale))]
        clicks += [threading.Thread(target=_click, args=(files.remove_all, stale))]
        for thread in clicks:
            thread.start()
        for thread in clicks:
            thread.join()
    for case in Case.objects.all():  # with the files that were still there when it was filed, and all of those
        filed = ledger.content_of(ledger.history(case.thread)[0])["data"]["exhibits"]
        assert [one["number"] for one in filed] == [exhibit.number for exhibit in case.exhibits.all()]
        assert all(vault.exists(exhibit.item_id) for exhibit in case.exhibits.all())


def _click(step: Callable[..., object], *what: object) -> None:
    try:
        with suppress(Draft.DoesNotExist):
            step(*what)
    finally:
        connection.close()


def test_a_draft_that_was_filed_a_moment_ago_is_not_deleted_by_an_old_tab(db: None) -> None:
    draft, code = cast.a_draft()
    old_tab = Draft.objects.get(pk=draft.pk)
    case = filing.file(draft, code)
    drafts.forget(old_tab)
    files.remove_exhibit(old_tab, case.exhibits.get().pk)
    assert Draft.objects.filter(pk=draft.pk).exists()
    assert case.exhibits.count() == 1
