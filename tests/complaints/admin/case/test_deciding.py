"""Deciding at the desk: the page of findings, the second person, redress, measures, referrals; nothing is lost."""

import re
from datetime import timedelta
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone

from complaints.decisions import findings, undertakings
from complaints.models import Case, Complaint, Finding, Proposal, Referral, StaffMember, Team, Undertaking
from complaints.reference import conduct
from complaints.rights import retaliations, reviews
from tests.support import cast, conversation, office, other_side
from tests.support.pages import text

State = Case.State


@pytest.fixture
def case(borrower: cast.Filed, south: Team, investigator: StaffMember) -> Case:
    return office.step(office.routed(borrower.case, south, investigator), "begin", investigator)


@pytest.fixture
def urgent(case: Case) -> Case:
    Case.objects.update(severity=3)
    return office.now(case)


def at(case: Case, step: str = "") -> str:
    return f"/admin/complaints/case/{case.pk}/{step}"


def filled(**fields: str) -> dict[str, str]:
    """The page of findings, filled in for both allegations."""
    whole = {
        f"{code}-{name}": said
        for code in ("C04", "C05")
        for name, said in (("outcome", "substantiated"), ("reasons", f"E-1 on {code}."))
    }
    return {**whole, "C04-norms": "cn-debtor-alone", "C05-norms": "cn-hours", **fields}


def undertaking(sort: str = "redress", **fields: str) -> dict[str, str]:
    due = timezone.localdate() + timedelta(days=9)
    words = {"kind": "other", "what": "A letter.", "owner": "Customer Relations", "due_on": due.isoformat()}
    return {f"{sort}-{name}": said for name, said in {**words, **fields}.items()}


def test_the_page_has_a_finding_for_each_allegation_and_works_without_scripts(
    case: Case, investigator: StaffMember
) -> None:
    page = cast.signed_in(investigator).get(at(case, "decide/")).content.decode()
    for code in ("C04", "C05"):
        assert f'name="{code}-outcome"' in page
        assert f'name="{code}-relied_on"' in page
    assert "Collection is addressed to the debtor alone" in page
    assert "<script" not in page.split("<form", 1)[1].split("</form>")[0]


def test_before_the_investigation_the_page_says_why_nothing_can_be_recorded(
    borrower: cast.Filed, south: Team, investigator: StaffMember
) -> None:
    told = text(cast.signed_in(investigator).get(at(office.routed(borrower.case, south, investigator), "decide/")))
    assert "cannot be recorded now: the case is “With a team”" in told
    assert "was not saved" not in told
    assert "Record the findings" not in told


def test_both_are_recorded_at_once(case: Case, investigator: StaffMember) -> None:
    exhibit = case.exhibits.get()
    aside = {"C05-set_aside": str(exhibit.pk), "C05-why_set_aside": "Cut."}
    sent = filled(**{"C04-relied_on": str(exhibit.pk), **aside})
    done = cast.signed_in(investigator).post(at(case, "decide/"), sent, follow=True)
    assert "The findings are recorded." in text(done)
    assert "Collection is addressed to the debtor alone" in text(done)
    assert (office.now(case).state, Finding.objects.count()) == (State.DECIDED, 2)
    assert "Dear" not in text(done)
    assert "李小梅：您好！" in done.content.decode()  # the reply begins as drafted


@pytest.mark.parametrize(
    ("spoilt", "status", "said"),
    [
        ({"C05-reasons": ""}, 422, "Something is missing below"),
        ({"C05-outcome": "guilty"}, 422, "Something is missing below"),
        ({"C05-norms": ""}, 422, "Something is missing below"),
        ({"C05-outcome": "insufficient"}, 409, "names what is missing"),
        ({"added0-allegation": "C12"}, 422, "Something is missing below"),
    ],
)
def test_a_refusal_gives_back_everything_that_was_written(
    spoilt: dict[str, str], status: int, said: str, case: Case, investigator: StaffMember
) -> None:
    answer = cast.signed_in(investigator).post(at(case, "decide/"), filled(**spoilt))
    assert answer.status_code == status
    assert said in text(answer)
    assert "E-1 on C04." in answer.content.decode()
    assert not Finding.objects.exists()


def test_what_was_found_besides_is_recorded_with_its_reason(case: Case, investigator: StaffMember) -> None:
    added = {"allegation": "C12", "added_because": "E-1, third message."}
    added |= {"outcome": "out_of_scope", "reasons": "No."}
    sent = filled(**{f"added1-{name}": said for name, said in added.items()})
    assert cast.signed_in(investigator).post(at(case, "decide/"), sent).status_code == 302
    assert Finding.objects.get(allegation="C12").content["added_because"] == "E-1, third message."


def test_a_second_person_confirms_at_the_desk(
    urgent: Case, investigator: StaffMember, supervisor: StaffMember
) -> None:
    mine, second = cast.signed_in(investigator), cast.signed_in(supervisor)
    done = mine.post(at(urgent, "decide/"), filled(), follow=True)
    assert "They are final once someone else confirms them." in text(done)
    assert "Somebody else than the one who proposed it" in text(done)
    assert "/second/" not in done.content.decode()
    page = second.get(at(urgent)).content.decode()
    assert "/second/" in page
    named = re.findall(r'<input[^>]*name="second-proposal"[^>]*>', page)
    assert [Proposal.objects.get().sha256 in one for one in named] == [True]  # once, or the last one counts
    sent = {"second-proposal": Proposal.objects.get().sha256, "second-says": "confirm"}
    assert mine.post(at(urgent, "second/"), sent).status_code == 409
    assert "The decision is confirmed." in text(second.post(at(urgent, "second/"), sent, follow=True))
    assert office.now(urgent).state == State.DECIDED


def test_who_decides_and_who_confirms_see_which_exhibits_were_not_opened(
    urgent: Case, investigator: StaffMember, supervisor: StaffMember
) -> None:
    mine, second = cast.signed_in(investigator), cast.signed_in(supervisor)
    told = mine.get(at(urgent, "decide/")).content.decode()
    assert "You have not opened:" in told
    assert "Nobody in the office has opened:" in told
    mine.post(at(urgent, "decide/"), filled())
    told = second.get(at(urgent)).content.decode()
    assert "The person who proposed it has not opened:" in told
    second.post(at(urgent, "exhibits/1/original/"), {"reason": "decision"})
    told = second.get(at(urgent)).content.decode()
    assert "You have not opened:" not in told
    assert "Nobody in the office has opened:" not in told
    assert "The person who proposed it has not opened:" in told


def test_what_is_sent_back_is_the_beginning_of_the_next(
    urgent: Case, investigator: StaffMember, supervisor: StaffMember
) -> None:
    mine, second = cast.signed_in(investigator), cast.signed_in(supervisor)
    mine.post(at(urgent, "decide/"), filled())
    sent = {"second-proposal": Proposal.objects.get().sha256, "second-says": "send_back"}
    answer = second.post(at(urgent, "second/"), sent)
    assert (answer.status_code, "Write why you send it back." in text(answer)) == (409, True)
    second.post(at(urgent, "second/"), {**sent, "second-reasons": "Nobody heard E-1."})
    page = mine.get(at(urgent, "decide/")).content.decode()
    assert "Nobody heard E-1." in page
    assert "E-1 on C04." in page
    assert 'value="cn-hours" id="id_C05-norms_0" checked' in page


def unfolded(page: str) -> list[str]:
    """The ids of the rules that the findings on C05 offer at once."""
    return re.findall(r'name="C05-norms" value="([^"]+)"', page)


def test_the_rules_of_the_case_s_country_are_offered_and_others_on_request(
    case: Case, investigator: StaffMember
) -> None:
    desk = cast.signed_in(investigator)
    page = desk.get(at(case, "decide/")).content.decode()
    assert "cn-hours" in unfolded(page)
    assert all(rule.startswith("cn-") for rule in unfolded(page))
    foreign = re.findall(r"<details>\s*<summary>Show them</summary>.*?</details>", page, re.DOTALL)
    assert "us-times" in "".join(foreign)
    assert page.count("us-times") == "".join(foreign).count("us-times")
    Complaint.objects.filter(case=case).update(region="US-CA")
    assert "us-times" in unfolded(desk.get(at(case, "decide/")).content.decode())


def test_a_rule_of_another_country_can_be_named_and_is_shown_again(
    urgent: Case, investigator: StaffMember, supervisor: StaffMember
) -> None:
    mine, second = cast.signed_in(investigator), cast.signed_in(supervisor)
    refused = mine.post(at(urgent, "decide/"), filled(**{"C05-elsewhere": "us-times", "C05-reasons": ""}))
    assert 'value="us-times" id="id_C05-elsewhere_0" checked' in refused.content.decode()
    assert mine.post(at(urgent, "decide/"), filled(**{"C05-elsewhere": "us-times"})).status_code == 302
    proposal = Proposal.objects.get()
    assert [norm["norm"] for norm in proposal.findings[1]["norms"]] == ["cn-hours", "us-times"]
    back = {"second-proposal": proposal.sha256, "second-says": "send_back", "second-reasons": "Why a US rule?"}
    second.post(at(urgent, "second/"), back)
    page = mine.get(at(urgent, "decide/")).content.decode()
    assert 'value="us-times" id="id_C05-elsewhere_0" checked' in page
    assert "<details open><summary>Show them" in page


def seen_on(page: Any, name: str = "seen") -> str:
    """The mark that the page carries along."""
    found = re.findall(rf'name="{name}" value="(\d+)"', page.content.decode())
    assert len(found) == 1, found
    return str(found[0])


def test_what_came_while_the_findings_were_written_is_told_and_nothing_typed_is_lost(
    case: Case, investigator: StaffMember
) -> None:
    desk = cast.signed_in(investigator)
    seen = seen_on(desk.get(at(case, "decide/")))
    conversation.sent(case, "addendum", "They called my mother too.")
    told = desk.post(at(case, "decide/"), filled(seen=seen))
    assert told.status_code == 409
    assert "Something new came while you were writing." in text(told)
    assert "The borrower added to the statement" in text(told)
    assert "They called my mother too." in text(told)
    assert "E-1 on C04." in told.content.decode()
    assert not Finding.objects.exists()
    assert desk.post(at(case, "decide/"), filled(seen=seen_on(told))).status_code == 302


def test_a_page_that_is_given_back_for_another_reason_does_not_hide_what_came(
    case: Case, investigator: StaffMember
) -> None:
    desk = cast.signed_in(investigator)
    seen = seen_on(desk.get(at(case, "decide/")))
    conversation.sent(case, "addendum", "They called my mother too.")
    for spoilt in ({"C05-reasons": ""}, {"C05-norms": "", "C05-other_rule": ""}):
        assert seen_on(desk.post(at(case, "decide/"), filled(seen=seen, **spoilt))) == seen
    assert desk.post(at(case, "decide/"), filled(seen=seen)).status_code == 409


@pytest.mark.parametrize("seen", ["", "x", "-1", "9" * 40])
def test_a_page_that_does_not_say_what_it_showed_has_shown_nothing_that_came(
    seen: str, case: Case, investigator: StaffMember
) -> None:
    conversation.sent(case, "addendum", "They called my mother too.")
    answer = cast.signed_in(investigator).post(at(case, "decide/"), filled(seen=seen))
    assert (answer.status_code, Finding.objects.count()) == (409, 0)


def test_who_confirms_is_told_what_came_and_keeps_what_they_chose(
    urgent: Case, investigator: StaffMember, supervisor: StaffMember
) -> None:
    cast.signed_in(investigator).post(at(urgent, "decide/"), filled())
    desk, proposal = cast.signed_in(supervisor), Proposal.objects.get().sha256
    seen = seen_on(desk.get(at(urgent)), "second-seen")
    conversation.sent(urgent, "evidence", files=[("second.png", cast.a_screenshot("second"))])
    sent = {"second-proposal": proposal, "second-says": "confirm", "second-seen": seen}
    told = desk.post(at(urgent, "second/"), sent)
    assert (told.status_code, office.now(urgent).state) == (422, State.PROPOSED)
    assert "Something new came since this page was shown." in text(told)
    assert re.search(r'value="confirm"[^>]* checked', told.content.decode())
    again = {**sent, "second-seen": seen_on(told, "second-seen")}
    assert desk.post(at(urgent, "second/"), again).status_code == 302
    assert office.now(urgent).state == State.DECIDED


def test_a_proposal_says_what_came_since(urgent: Case, investigator: StaffMember, supervisor: StaffMember) -> None:
    cast.signed_in(investigator).post(at(urgent, "decide/"), filled())
    desk, words = cast.signed_in(supervisor), "The person who proposed it has not seen this"
    assert words not in text(desk.get(at(urgent)))
    conversation.sent(urgent, "addendum", "They called my mother too.")
    assert words in text(desk.get(at(urgent)))


def test_what_was_filed_and_what_came_stand_beside_the_form(case: Case, investigator: StaffMember) -> None:
    other_side.answered(
        other_side.sent(case, investigator), "Here is the log.", [("log.png", cast.a_screenshot("log"))]
    )
    conversation.sent(case, "message", "They called my mother too.")
    retaliations.report(case, text="They came to my door.")
    desk = cast.signed_in(investigator)
    page = desk.get(at(case, "decide/"))
    beside = page.content.decode().partition("<aside")[2]
    for shown in (
        "他们半夜给我打电话",
        "0571 8888 0001",
        "Here is the log.",
        "They called my mother too.",
        "my door",
        "E-2",
    ):
        assert shown in beside
    assert "Open E-1 on the page of the case" not in beside  # there is no copy of it yet


def test_a_review_is_decided_beside_the_objection_and_the_first_findings(
    borrower: cast.Filed, south: Team, investigator: StaffMember, supervisor: StaffMember
) -> None:
    case = office.answered_by(investigator, office.routed(borrower.case, south, investigator))
    reviews.ask(case, reasons="The calls at night were not heard.")
    office.step(office.now(case), "begin", supervisor)
    beside = text(cast.signed_in(supervisor).get(at(case, "decide/"))).partition("What was filed and what came")[2]
    assert "Why the borrower asks for a review" in beside
    assert "The calls at night were not heard." in beside
    first = Finding.objects.filter(round=1)
    assert first
    assert all(
        f"Found before: {conduct.named(one.allegation)}" in beside and one.reasons in beside for one in first
    )


def test_redress_is_promised_and_settled_with_its_proof(case: Case, investigator: StaffMember) -> None:
    desk = cast.signed_in(investigator)
    sent = undertaking(kind="compensation", amount="150.00", currency="CNY")
    promised = text(desk.post(at(case, "undertake/"), sent, follow=True))
    assert "Recorded, with its day" in promised.partition("Redress for the borrower")[2].partition("Amount")[0]
    one = Undertaking.objects.get()
    assert (one.sort, one.money) == ("redress", "150 yuan")
    end = {"outcome": "done", "ended_on": timezone.localdate().isoformat(), "proof": "Payment 4711."}
    sent = {"undertaking": str(one.pk), **{f"end{one.pk}-{name}": said for name, said in end.items()}}
    page = text(desk.post(at(case, "end/"), sent, follow=True))
    assert "Settled, with its proof." in page
    assert "Payment 4711." in page
    again = desk.post(at(case, "end/"), sent)
    assert (again.status_code, "Payment 4711." in text(again)) == (409, True)


def test_a_measure_is_ordered(case: Case, investigator: StaffMember) -> None:
    desk = cast.signed_in(investigator)
    desk.post(at(case, "undertake/"), undertaking("measure", kind="warning"))
    one = Undertaking.objects.get()
    assert (one.sort, one.borrower_may_know) == ("measure", False)


def test_a_refused_promise_gives_back_what_was_written(case: Case, investigator: StaffMember) -> None:
    desk = cast.signed_in(investigator)
    answer = desk.post(at(case, "undertake/"), undertaking(kind="refund", what="All of it."))
    assert answer.status_code == 409
    assert "Money needs its amount" in text(answer)
    assert "All of it." in text(answer)
    answer = desk.post(at(case, "undertake/"), undertaking(owner="", what="All of it."))
    assert (answer.status_code, "All of it." in text(answer)) == (422, True)


@pytest.mark.parametrize("key", ["", "x", "999999", "9" * 40])
def test_settling_what_is_not_of_this_case_finds_nothing(key: str, case: Case, investigator: StaffMember) -> None:
    assert cast.signed_in(investigator).post(at(case, "end/"), {"undertaking": key}).status_code == 404


def test_a_referral_is_recorded(case: Case, investigator: StaffMember) -> None:
    desk = cast.signed_in(investigator)
    words = {"to": "police", "authority": "West Lake station", "reasons": "A threat.", "number": "A-77"}
    sent = {f"referral-{name}": said for name, said in words.items()}
    sent["referral-referred_on"] = timezone.localdate().isoformat()
    assert "The referral is recorded." in text(desk.post(at(case, "refer/"), sent, follow=True))
    refused = desk.post(at(case, "refer/"), {**sent, "referral-with_identity": "on"})
    assert refused.status_code == 409
    assert "A threat." in text(refused)
    assert Referral.objects.count() == 1


@pytest.mark.parametrize("step", ["decide/", "second/", "undertake/", "end/", "refer/"])
def test_nobody_outside_the_team_takes_a_step_of_the_decision(
    step: str,
    case: Case,
    investigator_north: StaffMember,
    auditor: StaffMember,
    administrator: StaffMember,
) -> None:
    sent: dict[str, Any] = {**filled(), **undertaking()}
    assert cast.signed_in(investigator_north).post(at(case, step), sent).status_code == 404
    assert cast.signed_in(auditor).post(at(case, step), sent).status_code == 403
    assert cast.signed_in(administrator).post(at(case, step), sent).status_code in (403, 404)
    assert cast.signed_in(auditor).get(at(case, "decide/")).status_code == 403
    assert Client().post(at(case, step), sent).status_code == 302
    assert not (Finding.objects.exists() or Undertaking.objects.exists() or Referral.objects.exists())


def test_an_auditor_reads_all_of_it_and_is_offered_nothing(
    urgent: Case, investigator: StaffMember, auditor: StaffMember
) -> None:
    findings.decide(urgent, by=investigator, written=office.on_all(urgent))
    due = timezone.localdate()
    one = undertakings.PlannedUndertaking(
        sort="measure", kind="training", what="The night team.", owner="HR", due_on=due
    )
    undertakings.order(office.confirmed(office.now(urgent)), by=investigator, wanted=one)
    page = cast.signed_in(auditor).get(at(urgent)).content.decode()
    assert "The night team." in page
    for offer in ("/second/", "/undertake/", "/end/", "/refer/", "/decide/"):
        assert offer not in page
