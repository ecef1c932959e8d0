"""What is wrong with the whole portal is seen by who answers for it, on every page of the desk."""

from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from django.core.cache import cache
from django.urls import reverse
from django.utils import timezone
from django.utils.html import escape

from complaints.bundles import exports
from complaints.bundles.options import Options
from complaints.models import Case, Export, StaffMember, Team
from complaints.oversight import alarms, waiting
from complaints.rights import retaliations
from evidence.checking import sealing
from evidence.ledger import checkpoints
from evidence.models import AuthorityState, EvidenceItem, WitnessState
from evidence.timestamps import authorities, builtin, timestamping
from evidence.timestamps.authorities import Authority
from tests.evidence.checking.test_sealing import spoil
from tests.evidence.ledger.test_checkpoints import restore_a_backup
from tests.evidence.ledger.test_entries import append, event
from tests.support import cast, office
from tests.support.witness_server import Witness


@pytest.fixture(autouse=True)
def nothing_kept_from_before() -> Iterator[None]:
    cache.clear()
    yield
    cache.clear()


def test_a_sound_portal_is_silent(borrower: cast.Filed) -> None:
    assert alarms.sounding() == []


def test_the_age_of_the_oldest_check_is_told(borrower: cast.Filed) -> None:
    assert alarms.oldest_check() == "Not every stored file has been re-hashed yet"
    cache.clear()
    EvidenceItem.objects.update(checked_at=timezone.now() - timedelta(hours=3))
    assert alarms.oldest_check() == "Every stored file was re-hashed within 3\xa0hours"


def test_whoever_answers_for_the_portal_sees_it_at_the_desk(
    borrower: cast.Filed, supervisor: StaffMember, investigator: StaffMember
) -> None:
    words = "Not every stored file has been re-hashed yet"
    page = reverse("admin:complaints_case_changelist")
    assert words in cast.signed_in(supervisor).get(page).content.decode()
    assert words not in cast.signed_in(investigator).get(page).content.decode()


def test_harmed_evidence_is_told(borrower: cast.Filed) -> None:
    item = borrower.case.exhibits.get().item
    spoil(item)
    sealing.seal(item)
    assert alarms.sounding() == ["1 stored file is missing, altered or unreadable."]


def test_a_seal_that_does_not_come_is_told_with_its_age(borrower: cast.Filed) -> None:
    EvidenceItem.objects.update(received_at=timezone.now() - timedelta(hours=3))
    assert alarms.sounding() == ["Evidence has been waiting for its timestamp for 3\xa0hours."]


def test_a_bundle_that_could_not_be_made_is_told_until_one_is(borrower: cast.Filed) -> None:
    def asked() -> None:
        exports.ask(borrower.case, Options.usual("borrower").kept(), language="en")
        cache.clear()

    asked()
    Export.objects.update(attempts=exports.ATTEMPTS)
    exports.make_waiting()
    assert alarms.sounding() == ["The bundle of 1 case could not be made."]
    asked()
    exports.make_waiting()
    assert alarms.sounding() == []


def test_cases_that_no_rule_takes_are_told(borrower: cast.Filed) -> None:
    Case.objects.update(filed_at=timezone.now() - timedelta(hours=1))
    assert alarms.sounding() == ["1 case is taken by no routing rule."]


def test_a_restored_backup_is_told_until_somebody_decides(
    transactional_db: None, tmp_path: Path, settings: Any
) -> None:
    settings.DATA_DIR = tmp_path
    append(event(), event())
    checkpoints.current()
    restore_a_backup(entries=1)
    assert "the ledger has 1 entries, but 2 were signed before" in alarms.sounding()[0]


def test_those_who_answer_for_the_portal_see_them_and_investigators_do_not(
    borrower: cast.Filed, supervisor: StaffMember, investigator: StaffMember
) -> None:
    EvidenceItem.objects.update(fault="missing")
    said = "1 stored file is missing, altered or unreadable."
    assert said in cast.signed_in(supervisor).get("/admin/complaints/case/").content.decode()
    assert said not in cast.signed_in(investigator).get("/admin/complaints/case/").content.decode()


def test_a_withdrawal_that_only_a_supervisor_ends_is_told(borrower: cast.Filed) -> None:
    Case.objects.update(withdraw_at=timezone.now() - timedelta(minutes=5))
    assert alarms.sounding() == []
    cache.clear()
    Case.objects.update(withdraw_at=timezone.now() - timedelta(minutes=11))
    assert alarms.sounding() == ["1 withdrawal waits for a supervisor's decision."]


def test_retaliation_is_told_until_somebody_begins(borrower: cast.Filed, investigator: StaffMember) -> None:
    routed = office.routed(borrower.case, investigator.teams.get(), investigator)
    retaliations.report(routed, text="They came to my door.")
    assert alarms.sounding() == ["1 borrower tells of retaliation, and nobody has begun."]
    cache.clear()
    office.step(borrower.case, "begin", investigator)
    assert alarms.sounding() == []


@pytest.mark.parametrize(
    ("reason", "sentence"),
    [
        ("key", "The witness witness.example/w1 has not cosigned since 4 March 2026, 13:06: it does not know the"),
        (
            "conflict",
            "The witness witness.example/w1 has seen another ledger than this one since 4 March 2026, 13:06",
        ),
    ],
)
def test_a_witness_that_does_not_cosign_is_named_with_its_reason(
    db: None, settings: Any, reason: str, sentence: str
) -> None:
    witness = Witness()
    settings.WITNESSES = [witness.setting]
    WitnessState.objects.create(vkey=witness.vkey, failing_since="2026-03-04T05:06:00Z", reason=reason)
    (alarm,) = alarms.sounding()
    assert alarm.startswith(sentence)
    settings.WITNESSES = []
    cache.clear()
    assert alarms.sounding() == []


def test_an_authority_that_does_not_answer_is_named_with_its_time(
    db: None, settings: Any, administrator: StaffMember
) -> None:
    settings.TIMESTAMP_AUTHORITIES = [
        {"name": "TSA 法", "url": "http://127.0.0.1:1/", "root": ""},
        {"name": "builtin", "url": "builtin:"},
    ]
    gone = Authority(name="TSA 法", url="http://127.0.0.1:1/", root=builtin.root_pem())
    with pytest.raises(timestamping.NotStamped):
        timestamping.stamp(gone, bytes(32))
    assert alarms.sounding() == []  # a moment is no alarm
    AuthorityState.objects.update(failing_since="2026-03-04T05:06:00Z", rests_until=None)
    with pytest.raises(timestamping.NotStamped):
        timestamping.stamp(gone, bytes(32))
    cache.clear()
    sentence = "The timestamp authority TSA 法 has not answered validly since 4 March 2026, 13:06."
    assert alarms.sounding() == [sentence]
    assert sentence in cast.signed_in(administrator).get(reverse("admin:index"), follow=True).content.decode()
    authorities.record_answer(gone)
    cache.clear()
    assert alarms.sounding() == []


def test_an_alarm_leads_to_its_list_for_those_who_may_open_it(
    borrower: cast.Filed, south: Team, supervisor: StaffMember, administrator: StaffMember
) -> None:
    case = office.routed(borrower.case, south)
    (alarm,) = alarms.sounding(supervisor)
    page = cast.signed_in(supervisor).get(alarm.leads)
    assert case.reference in page.content.decode()
    assert f'<a href="{alarm.leads}">{escape(alarm)}</a>' in page.content.decode()
    assert alarms.sounding(administrator) == [alarm]
    assert alarms.sounding(administrator)[0].leads == ""


def test_each_alarm_leads_to_a_page(supervisor: StaffMember) -> None:
    queries = {query for _sentence, page, query, _count in waiting.OF_CASES if page == waiting.CASES}
    queries |= {query for _sentence, query, _count in alarms.FAULTY}
    assert len(queries) >= 8
    client = cast.signed_in(supervisor)
    for query in queries:
        page = client.get(f"/admin/complaints/case/{query}").content.decode()
        assert "Here is the plain queue." not in page, query
