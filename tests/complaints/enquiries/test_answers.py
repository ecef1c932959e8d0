"""The other side answers by its link: what it sees, what it sends, and what is refused."""

import json
import uuid
from datetime import timedelta
from functools import partial
from typing import Any

import pytest
from django.core.cache import cache
from django.test import Client
from django.utils import timezone

from complaints import throttle
from complaints.cases import consents
from complaints.enquiries import answers, asking, links
from complaints.models import Case, Draft, Enquiry, EnquiryAnswer, Exhibit, StaffMember, Team
from complaints.refusal import Refused
from evidence import ledger
from evidence.checking import sealing
from tests.support import cast, conversation, office, other_side
from tests.support.at_once import at_once
from tests.support.other_side import Respondent

pytestmark = pytest.mark.django_db
LOG = ("calls.csv", b"time,number\n2026-11-20 23:41,057188880001\n")


@pytest.fixture
def case(borrower: cast.Filed, south: Team, investigator: StaffMember) -> Case:
    return office.routed(borrower.case, south, investigator)


@pytest.fixture
def enquiry(case: Case, investigator: StaffMember) -> Enquiry:
    return other_side.sent(case, investigator)


@pytest.fixture
def respondent(enquiry: Enquiry) -> Respondent:
    somebody = Respondent(enquiry)
    somebody.enters()
    return somebody


# The link


def test_the_code_opens_the_enquiry_and_that_is_recorded_once(case: Case, enquiry: Enquiry) -> None:
    respondent = Respondent(enquiry)
    for _time in range(2):
        shown = respondent.enters().content.decode()
        assert enquiry.reference in shown
        assert "Recordings of the calls" in shown
    assert office.told(case).count("enquiry.opened") == 1
    assert office.last_of(case, "enquiry.opened")["by"] == {"role": "respondent"}


def test_they_see_the_enquiry_and_nothing_of_the_complaint(case: Case, respondent: Respondent) -> None:
    for address in ("/answer/enquiry/", respondent.begins()):
        shown = respondent.client.get(address).content.decode()
        for secret in ("李小梅", "13800138000", case.reference, "半夜", "screenshot.png", "我的同事", "E-1"):
            assert secret not in shown
    assert "is not named" in respondent.client.get("/answer/enquiry/").content.decode()
    assert "use" in respondent.client.get("/answer/enquiry/").content.decode()


def test_with_a_yes_they_see_the_name_and_four_digits(case: Case, investigator: StaffMember) -> None:
    consents.give(case, "agency")
    shown = Respondent(other_side.sent(case, investigator)).enters().content.decode()
    assert "李小梅" in shown
    assert "8000" in shown
    assert "13800138000" not in shown


def test_with_the_yes_taken_back_they_do_not_see_the_name_any_more(case: Case, investigator: StaffMember) -> None:
    consents.give(case, "agency")
    respondent = Respondent(other_side.sent(case, investigator))
    assert "李小梅" in respondent.enters().content.decode()
    consents.withdraw(case, "agency")
    for address in ("/answer/enquiry/", respondent.begins()):
        assert "李小梅" not in respondent.client.get(address).content.decode()


@pytest.mark.parametrize(
    "address", ["/follow/case/", "/follow/receipt/", "/follow/exhibits/1/original/", "/follow/reach/"]
)
def test_the_code_opens_nothing_of_the_borrower(respondent: Respondent, address: str) -> None:
    assert respondent.client.get(address).headers["Location"] == "/follow/"


def test_a_borrower_s_code_opens_no_enquiry_and_an_enquiry_s_no_case(
    borrower: cast.Filed, enquiry: Enquiry
) -> None:
    client = Client()
    assert client.post("/answer/", {"code": borrower.code}).status_code == 200
    assert client.get("/answer/enquiry/").status_code == 302
    client.post("/follow/", {"code": links.code(enquiry)})
    assert client.get("/follow/case/").status_code == 302


def test_guessed_codes_are_throttled_and_the_right_one_opens_all_the_same(enquiry: Enquiry) -> None:
    respondent = Respondent(enquiry)
    for _guess in range(throttle.WRONG_CODES.by_network):
        assert "No enquiry has this code" in respondent.enters("0000 0000 0000 0000 0000").content.decode()
    assert "Too many codes" in respondent.enters("0000 0000 0000 0000 0000").content.decode()
    assert enquiry.reference in respondent.enters().content.decode()
    cache.clear()


@pytest.mark.parametrize("typed", ["", "1234", "<script>", "\x00" * 20, "你" * 20])
def test_what_is_no_code_is_said(enquiry: Enquiry, typed: str) -> None:
    assert Client().post("/answer/", {"code": typed}).status_code == 200
    assert Enquiry.objects.get().opened_at is None


def test_an_ended_link_opens_no_more_and_what_was_typed_is_given_back(
    enquiry: Enquiry, respondent: Respondent, investigator: StaffMember
) -> None:
    address = respondent.begins()
    asking.revoke(enquiry, by=investigator)
    late = respondent.client.post(address, {"text": "Half an answer.", "whole": "1"})
    assert late.status_code == 404
    assert "Half an answer." in late.content.decode()
    assert "No enquiry has this code" in respondent.enters().content.decode()


@pytest.mark.parametrize("change", ["expired", "renewed"])
def test_an_expired_or_renewed_link_ends_what_is_open(
    enquiry: Enquiry, respondent: Respondent, investigator: StaffMember, change: str
) -> None:
    if change == "expired":
        other_side.in_time(enquiry, expires_at=timezone.now() - timedelta(seconds=1))
    else:
        asking.renew(enquiry, by=investigator)
    assert respondent.client.get("/answer/enquiry/").status_code == 302


def test_leaving_closes_it_on_this_device(respondent: Respondent) -> None:
    left = respondent.client.post("/answer/leave/")
    assert left.headers["Clear-Site-Data"] == '"cache"'
    assert respondent.client.get("/answer/enquiry/").status_code == 302


# Answering


def test_an_answer_with_files_becomes_sealed_exhibits_of_the_respondent(
    case: Case, respondent: Respondent
) -> None:
    address = respondent.begins()
    respondent.writes(address, LOG, text="Here is the log.")
    (kept,) = Draft.objects.get(slot__startswith="enquiry-").exhibits.all()
    given = {
        "state_1": "partly",
        "reason_1": "Older ones are deleted.",
        "state_2": "refused",
        "reason_2": "Privacy.",
    }
    shown = respondent.writes(
        address, go="send", text="Here is the log.", **given, **{f"description_{kept.pk}": "All calls"}
    )
    assert "received and sealed" in shown.content.decode()
    exhibit = Exhibit.objects.get(case=case, number=2)
    assert (exhibit.source, exhibit.description, exhibit.answer) == (
        "respondent",
        "All calls",
        EnquiryAnswer.objects.get(),
    )
    assert sealing.seal(exhibit.item)
    states = {one.number: (one.state, one.reason) for one in Enquiry.objects.get().asked.all()}
    assert states == {1: ("partly", "Older ones are deleted."), 2: ("refused", "Privacy.")}
    entry = office.last_of(case, "enquiry.answered")
    assert entry["by"] == {"role": "respondent"}
    assert [one["number"] for one in entry["data"]["exhibits"]] == [2]
    received = office.last_of(case, "evidence.received")
    assert received["by"] == {"role": "respondent"}


def test_the_receipt_is_signed_and_names_no_case(case: Case, respondent: Respondent) -> None:
    other_side.answered(respondent.enquiry, "Here.", [LOG])
    answer = EnquiryAnswer.objects.get()
    given = respondent.client.get(f"/answer/receipts/{answer.pk}/").content
    receipt = json.loads(given)
    assert receipt["answer"] == answer.sha256
    assert [file["name"] for file in receipt["files"]] == ["calls.csv"]
    entry = next(one for one in ledger.history(case.thread) if one.kind == "enquiry.answered")
    assert receipt["ledger"]["leaf"] == bytes(entry.leaf_hash).hex()
    for secret in (case.reference, str(case.uid), "E-2"):
        assert secret.encode() not in given
    assert receipt["signature"]["ed25519"]


def test_a_receipt_of_another_enquiry_is_not_there(
    case: Case, respondent: Respondent, investigator: StaffMember
) -> None:
    other = other_side.answered(other_side.sent(case, investigator), "Ours.")
    assert respondent.client.get(f"/answer/receipts/{other.pk}/").status_code == 404


def test_a_doubled_submit_sends_once(case: Case, respondent: Respondent) -> None:
    address = respondent.begins()
    for _click in range(2):
        respondent.writes(address, LOG, go="send", text="Once.")
    assert EnquiryAnswer.objects.count() == 1
    assert case.exhibits.count() == 2
    assert office.told(case).count("enquiry.answered") == 1


@pytest.mark.parametrize("go", ["stay", "send", "stop"])
def test_what_was_understood_of_a_files_day_is_said_back(go: str, respondent: Respondent) -> None:
    address = respondent.begins()
    respondent.writes(address, LOG, go="stay")
    exhibit = Exhibit.objects.get(draft__isnull=False)
    page = respondent.writes(address, go=go, text="All.", **{f"captured_{exhibit.pk}": "20 Nov 2024, 8 pm"})
    assert "We understood: Wednesday 20 November 2024, 20:00." in page.content.decode()


def test_other_words_on_a_page_that_was_sent_already_are_given_back(respondent: Respondent) -> None:
    address = respondent.begins()
    respondent.client.post(address, {"text": "All we have.", "whole": "1", "go": "send"})
    late = respondent.client.post(address, {"text": "And one thing more.", "whole": "1", "go": "send"})
    assert late.status_code == 409
    assert "And one thing more." in late.content.decode()
    assert respondent.client.get(address).headers["Location"] == "/answer/enquiry/"


def test_the_same_answer_is_begun_once_and_another_after_it(respondent: Respondent) -> None:
    first = respondent.begins()
    assert respondent.begins() == first
    respondent.writes(first, go="send", text="One.")
    assert respondent.begins() != first


def test_nothing_is_no_answer_and_a_refusal_needs_its_reason(respondent: Respondent) -> None:
    address = respondent.begins()
    assert "There is nothing to send yet" in respondent.writes(address, go="send").content.decode()
    refused = respondent.writes(address, go="send", state_1="refused")
    assert refused.status_code == 422
    assert "Say why" in refused.content.decode()
    assert not EnquiryAnswer.objects.exists()


@pytest.mark.parametrize(
    "bad", [{"state_1": "nonsense"}, {"reason_1": "x" * 3000}, {"text": "x" * 30_000}, {"text": "bell\x07"}]
)
def test_bad_fields_are_said_and_send_nothing(respondent: Respondent, bad: dict[str, str]) -> None:
    answer = respondent.writes(respondent.begins(), go="send", **{"text": "Here.", **bad})
    assert answer.status_code == 422
    assert not EnquiryAnswer.objects.exists()


@pytest.mark.parametrize(
    ("name", "content"),
    [("a.mp3", b"<html><script>alert(1)</script>"), ("run.exe", b"MZ" + b"\0" * 400), ("empty.pdf", b"")],
)
def test_a_hostile_file_is_refused_with_a_sentence_and_takes_nothing_along(
    respondent: Respondent, name: str, content: bytes
) -> None:
    address = respondent.begins()
    answer = respondent.writes(address, (name, content), LOG, text="Two files.")
    assert answer.status_code == 422
    assert name in answer.content.decode()
    draft = Draft.objects.get(slot__startswith="enquiry-")
    assert [exhibit.item.name for exhibit in draft.exhibits.all()] == ["calls.csv"]


def test_files_come_in_pieces_too_and_only_to_the_open_enquiry(
    respondent: Respondent, case: Case, investigator: StaffMember
) -> None:
    key = respondent.begins().split("/")[2]
    tus = {"Tus-Resumable": "1.0.0", "Upload-Length": str(len(LOG[1])), "Upload-Metadata": "filename Y2FsbHMuY3N2"}
    piece: Any = {"data": LOG[1], "content_type": "application/offset+octet-stream"}
    assert respondent.client.post(f"/uploads/?to={key}", headers=tus, **piece).status_code == 201
    assert Draft.objects.get(pk=key).exhibits.count() == 1
    for stranger in (Client(), _who_answers(other_side.sent(case, investigator)).client):
        assert stranger.post(f"/uploads/?to={key}", headers=tus, **piece).status_code == 404


def _who_answers(enquiry: Enquiry) -> Respondent:
    somebody = Respondent(enquiry)
    somebody.enters()
    return somebody


def test_what_is_begun_is_neither_the_borrower_s_nor_another_respondent_s(
    borrower: cast.Filed, respondent: Respondent, case: Case, investigator: StaffMember
) -> None:
    address = respondent.begins()
    respondent.writes(address, text="Not yet for anybody.")
    follower = Client()
    follower.post("/follow/", {"code": borrower.code})
    assert "not sent yet" not in follower.get("/follow/case/").content.decode()
    key = address.split("/")[2]
    assert follower.get(f"/follow/add/{key}/").status_code == 404
    assert _who_answers(other_side.sent(case, investigator)).client.get(address).status_code == 404
    own = conversation.an_addition(case, "message", "Mine.")
    assert respondent.client.get(f"/answer/{own.pk}/").status_code == 404


def test_another_tab_writes_over_nothing(respondent: Respondent) -> None:
    address = respondent.begins()
    respondent.writes(address, text="From one tab.")
    late = respondent.client.post(address, {"text": "From another.", "whole": "1", "seen": "0" * 16})
    assert late.status_code == 422
    assert "From one tab." in late.content.decode()
    assert Draft.objects.get(slot__startswith="enquiry-").answers["text"] == "From one tab."


def test_a_broken_connection_is_said(respondent: Respondent) -> None:
    assert "broke" in respondent.client.post(respondent.begins(), {"text": "Half."}).content.decode()


def test_very_many_shownare_enough(enquiry: Enquiry, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(answers, "MOST_ANSWERS", 1)
    other_side.answered(enquiry, "One.")
    respondent = _who_answers(enquiry)
    assert respondent.client.post("/answer/begin/").status_code == 409


# What came another way


def test_what_came_by_post_is_entered_and_sealed_as_theirs(
    case: Case, enquiry: Enquiry, investigator: StaffMember
) -> None:
    came = timezone.localdate() - timedelta(days=1)
    answer = other_side.answered(enquiry, "Their letter.", [LOG], by=investigator, on=came)
    assert (answer.way, answer.came_on, answer.entered_by) == ("post", came, investigator)
    assert Exhibit.objects.get(number=2).is_of_the_respondent
    assert office.last_of(case, "enquiry.answered")["by"] == {"role": "investigator", "id": str(investigator.uid)}


def test_an_answer_did_not_come_in_the_future_or_before_the_enquiry(
    enquiry: Enquiry, investigator: StaffMember
) -> None:
    for days in (1, -400):
        with pytest.raises(Refused, match="date it was received"):
            other_side.answered(enquiry, "x", by=investigator, on=timezone.localdate() + timedelta(days=days))


def test_who_may_not_act_enters_nothing(
    enquiry: Enquiry, investigator_north: StaffMember, auditor: StaffMember
) -> None:
    for member in (investigator_north, auditor):
        with pytest.raises(Refused):
            other_side.answered(enquiry, "x", by=member)
    assert not EnquiryAnswer.objects.exists()


def test_the_office_s_entry_is_not_the_respondent_s_draft(enquiry: Enquiry, respondent: Respondent) -> None:
    key = uuid.uuid4()
    answers.begin_at_the_desk(enquiry, key)
    assert respondent.client.get(f"/answer/{key}/").status_code == 404


# The borrower


def test_the_borrower_reads_that_and_when_and_nothing_more(
    borrower: cast.Filed, enquiry: Enquiry, case: Case
) -> None:
    other_side.answered(enquiry, "We know this debtor well.", [LOG])
    follower = Client()
    follower.post("/follow/", {"code": borrower.code})
    shown = follower.get("/follow/case/", headers={"accept-language": "en"}).content.decode()
    assert "We asked The collection agency for recordings and records, answer due" in shown
    assert "The collection agency answered" in shown
    number = case.exhibits.latest("number").number
    page = follower.get(f"/follow/exhibits/{number}/", headers={"accept-language": "en"}).content.decode()
    assert "The file as the other side sent it" in page
    assert "We know this debtor well." not in shown
    assert "Please send what you have." not in shown


@pytest.mark.django_db(transaction=True)
def test_a_doubled_click_begins_one_answer_and_sends_its_file_once(
    case: Case, respondent: Respondent, enquiry: Enquiry
) -> None:
    address, other = at_once(respondent.begins, respondent.begins)
    assert address == other
    shown = at_once(*[partial(respondent.writes, address, LOG, text="Here it is.", go="send")] * 2)
    assert {answer.status_code for answer in shown} == {200}
    answer = enquiry.answers.get()
    assert (answer.exhibits.count(), answer.text) == (1, "Here it is.")
