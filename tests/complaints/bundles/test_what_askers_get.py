"""A bundle holds what its asker may see, cut with what its audience may see, at every moment of a case."""

import json
from datetime import timedelta
from pathlib import Path

import pytest
from django.utils import timezone

from complaints.bundles import exports, making
from complaints.bundles.forms import ChoicesForm
from complaints.bundles.options import Options
from complaints.cases import readers
from complaints.cases.readers import WITHHELD
from complaints.conversation import messaging
from complaints.decisions import findings, undertakings
from complaints.decisions.undertakings import PlannedUndertaking as Planned
from complaints.filing import receipt_pdf
from complaints.models import Case, Export, StaffMember, Team
from complaints.refusal import Refused
from complaints.rights import reviews, withdrawals
from evidence import holdfast_verify as verifier
from tests.support import cast, office, whole_case
from tests.support.bundles import Opened, exported, opened, seal_all
from tests.support.pages import follows, text

from ..filing.test_receipt_pdf import text_of

PROMISED, STAFF = "写一封道歉信。", "催收员陈某停岗培训。"
OUTSIDE = [audience for audience in WITHHELD if audience != "office"]


@pytest.fixture
def case(borrower: cast.Filed, south: Team, investigator: StaffMember) -> Case:
    """Under investigation, with redress promised and a measure ordered before any decision."""
    seal_all(borrower.case)
    case = office.step(office.routed(borrower.case, south, investigator), "begin", investigator)
    due = timezone.localdate() + timedelta(days=10)
    for wanted in (("redress", "apology", PROMISED), ("measure", "training", STAFF)):
        undertakings.order(case, by=investigator, wanted=Planned(*wanted, "客户权益部", due))
    return office.now(case)


@pytest.fixture
def decided(case: Case, investigator: StaffMember) -> Case:
    return office.now(findings.decide(case, by=investigator, written=office.on_all(case)))


def whole(case: Case, folder: Path, audience: str) -> Opened:
    """The bundle, which the verifier accepts."""
    bag = opened(exported(case, audience))
    report = verifier.verify(str(bag.zip(folder / "bundle.zip")))
    assert [check.says for check in report.checks if not check.ok] == []
    return bag


@pytest.mark.django_db
def test_at_every_moment_a_lent_bundle_has_what_both_its_readers_may_see() -> None:
    """For every audience, after each entry of a case in which nearly everything happened."""
    entries = readers.entries_of(whole_case.by_an_office_of_its_own().thread)
    for count in range(1, len(entries) + 1):
        until = entries[:count]
        names = {*verifier.documents_of(until)}
        seen = {reader: names - {*readers.hidden(until, reader)} for reader in WITHHELD}
        for audience in WITHHELD:
            assert names - {*readers.hidden(until, audience, "borrower")} == seen[audience] & seen["borrower"]
        for reader in OUTSIDE:
            kinds, left_out = {readers.kind_of(name) for name in seen[reader]}, {*WITHHELD[reader], "note"}
            assert kinds.isdisjoint(left_out)
            assert kinds >= {readers.kind_of(name) for name in names} - {*left_out, "redress", "reporter"}
    told = {readers.kind_of(name) for name in names}
    assert told >= {"measure", "redress", "proposal", "note", "extension", "decision", "finding"}


def test_undecided_redress_is_on_no_page_and_in_no_bundle_but_the_offices(
    case: Case, borrower: cast.Filed, tmp_path: Path
) -> None:
    assert PROMISED not in text(follows(borrower.code).get("/follow/case/"))
    for audience in WITHHELD:
        bag = whole(case, tmp_path, audience)
        told = [name for name, content in bag.files.items() if PROMISED in content.decode(errors="ignore")]
        assert bool(told) is (audience == "office"), (audience, told)
        assert ("redress-1" in bag.json("proofs/export.json")["withheld"]) is (audience != "office")


def test_decided_redress_is_on_the_page_and_in_every_bundle(
    decided: Case, borrower: cast.Filed, tmp_path: Path
) -> None:
    assert PROMISED in text(follows(borrower.code).get("/follow/case/"))
    for audience in WITHHELD:
        case_json = whole(decided, tmp_path, audience).json("data/case.json")
        assert PROMISED in json.dumps(case_json, ensure_ascii=False)


def test_what_became_of_decided_redress_is_told_while_other_redress_waits(
    decided: Case, borrower: cast.Filed, investigator: StaffMember, supervisor: StaffMember, tmp_path: Path
) -> None:
    messaging.reply(decided, by=investigator, text="We looked into it.")
    reviews.ask(office.now(decided), reasons="The calls go on.")
    case = office.step(office.now(decided), "begin", supervisor)
    due = timezone.localdate() + timedelta(days=10)
    another = Planned("redress", "apology", "再写一封。", "客户权益部", due)
    promise = office.now(case).undertakings.redress().get()
    undertakings.order(case, by=supervisor, wanted=another)
    today = timezone.localdate()
    undertakings.end(promise, by=supervisor, outcome="done", ended_on=today, proof="挂号信回执。")
    assert PROMISED in text(follows(borrower.code).get("/follow/case/"))
    bag = whole(office.now(case), tmp_path, "borrower")
    told = [one.get("proof") or one["what"] for one in bag.json("data/case.json")["redress"]]
    assert told == [PROMISED, "挂号信回执。"]
    assert "redress-2" in bag.json("proofs/export.json")["withheld"]


def test_decided_redress_may_not_be_withheld(decided: Case, tmp_path: Path) -> None:
    bag = whole(decided, tmp_path, "borrower")
    del bag.files["data/documents/redress-1.json"]
    bag.re_sign(withheld=[*bag.json("proofs/export.json")["withheld"], "redress-1"])
    report = verifier.verify(str(bag.zip(tmp_path / "changed.zip")))
    assert "withholds a document that it may not" in next(check.says for check in report.checks if not check.ok)


@pytest.mark.django_db
def test_at_every_moment_a_receipt_lists_what_the_borrower_may_see_and_nothing_else() -> None:
    """After each entry of a case in which nearly everything happened, for every kind of document."""
    entries = readers.entries_of(whole_case.by_an_office_of_its_own().thread)
    kept_back = set()
    for count in range(1, len(entries) + 1):
        until = entries[:count]
        documents = verifier.documents_of(until)
        unseen = {documents[name] for name in readers.hidden(until, "borrower")}
        listed = {paper["sha256"] for paper in verifier.papers_of(readers.entries_for(until, "borrower"))}
        filed = {documents["statement"], documents["reporter"]}
        assert listed == {*documents.values()} - unseen - filed
        kept_back |= {readers.kind_of(name) for name in readers.hidden(until, "borrower")}
    assert kept_back == {"measure", "redress", "proposal", "note", "extension", "decision"}


def test_a_receipt_with_what_the_borrower_may_see_is_verified_and_printed(
    case: Case, borrower: cast.Filed, investigator: StaffMember, tmp_path: Path
) -> None:
    def listed() -> list[str]:
        receipt = follows(borrower.code).get("/follow/receipt/extended/").content
        (tmp_path / "receipt.json").write_bytes(receipt)
        report = verifier.verify(str(tmp_path / "receipt.json"))
        assert [check.says for check in report.checks if not check.ok] == []
        assert "Measure" not in text_of(receipt_pdf.printed(receipt))
        return [paper["kind"] for paper in json.loads(receipt)["papers"]]

    assert listed() == []
    findings.decide(case, by=investigator, written=office.on_all(case))
    assert {*listed()} == {"finding.made", "redress.promised"}


def test_the_calendar_has_the_dates_of_the_page_and_no_word_of_a_document(
    case: Case, borrower: cast.Filed, investigator: StaffMember, supervisor: StaffMember
) -> None:
    """Whatever the state: under investigation, decided, answered, to be looked at again, withdrawn."""
    client = follows(borrower.code)

    def dates() -> list[str]:
        page = client.get("/follow/case/")
        lines = client.get("/follow/dates.ics").content.decode().replace("\r\n ", "").split("\r\n")
        said = {line.partition(":")[2] for line in lines if line.startswith("SUMMARY:")}
        assert said == {str(date.reminder).replace(",", "\\,") for date in page.context["dates"]}
        assert said <= {"See whether there is news", "Last day to ask again", "Last time to change your mind"}
        return sorted(said)

    assert dates() == ["See whether there is news"]
    decided = office.now(findings.decide(case, by=investigator, written=office.on_all(case)))
    assert dates() == ["See whether there is news"]
    messaging.reply(decided, by=investigator, text="We looked into it.")
    assert dates() == ["Last day to ask again"]
    reviews.ask(office.now(decided), reasons="The calls go on.")
    assert dates() == ["See whether there is news"]
    withdrawals.ask(office.now(case), pressed="no")
    assert dates() == ["Last time to change your mind", "See whether there is news"]


@pytest.mark.parametrize("by_borrower", [True, False])
def test_a_regulators_bundle_has_measures_only_if_the_office_asked(case: Case, by_borrower: bool) -> None:
    options = Options.usual("regulator", by_borrower=by_borrower)
    bag = opened(b"".join(making.stream(case, options=options)[1]))
    assert ("measure-1" in bag.json("proofs/export.json")["withheld"]) is by_borrower


def test_a_lent_bundle_that_was_made_with_more_does_not_leave(case: Case, investigator: StaffMember) -> None:
    export = exports.ask(case, Options.usual("regulator").kept(), by=investigator, language="en")
    exports.make_waiting()
    made = Export.objects.get(pk=export.pk)
    exports.served(made)
    made.asked_by = None
    with pytest.raises(Refused):
        exports.served(made)


@pytest.mark.parametrize("at_the_desk", [True, False])
def test_the_preview_of_a_lent_bundle_is_cut_as_the_bundle_is(borrower: cast.Filed, at_the_desk: bool) -> None:
    choices = ChoicesForm(None, case=borrower.case, audience="regulator", at_the_desk=at_the_desk)
    assert not choices.errors
    assert ("borrower" in choices.options().readers) is not at_the_desk
