"""The list of calls, messages and visits: in the draft, in the statement, as rows."""

import json
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from django.db import IntegrityError, transaction

from complaints.drafts import contacts, drafts, saving
from complaints.models import Contact, Draft
from tests.support import cast

pytestmark = pytest.mark.django_db

NIGHT, A_DAY = datetime(2026, 11, 20, 15, 41, tzinfo=UTC), timedelta(days=1)
CALL = {"when": "2026-11-20 23:41", "precision": "exact", "channel": "call", "said": "明天去你单位"}


@pytest.fixture
def draft() -> Draft:
    return drafts.begin("en")[0]


def kept(draft: Draft) -> list[dict[str, Any]]:
    return contacts.listed(Draft.objects.get(pk=draft.pk))


def test_an_act_is_added_changed_and_taken_away(draft: Draft) -> None:
    contacts.put(draft, "a", CALL)
    contacts.put(draft, "a", {**CALL, "channel": "sms"})
    assert kept(draft) == [{"key": "a", **CALL, "channel": "sms"}]
    contacts.remove(draft, "a")
    assert kept(draft) == []


def test_a_doubled_click_adds_it_once(draft: Draft) -> None:
    for _click in range(2):
        contacts.put(draft, "a", CALL)
    assert len(kept(draft)) == 1


def test_two_tabs_add_one_each(draft: Draft) -> None:
    other_tab = Draft.objects.get(pk=draft.pk)
    contacts.put(draft, "a", CALL)
    contacts.put(other_tab, "b", {"when": "2026-11-19", "precision": "day"})
    assert [act["key"] for act in kept(draft)] == ["b", "a"]


def test_an_old_tab_does_not_write_over_what_it_has_not_seen(draft: Draft) -> None:
    contacts.put(draft, "a", CALL)
    seen = saving.mark({"key": "a", **CALL})
    contacts.put(draft, "a", {**CALL, "said": "newer"}, seen=seen)
    with pytest.raises(saving.ChangedMeanwhile) as other:
        contacts.put(draft, "a", {**CALL, "said": "older"}, seen=seen)
    assert other.value.kept["said"] == "newer"
    contacts.put(draft, "a", {**CALL, "said": "newer"}, seen=seen)  # the same click again


def test_the_list_is_in_the_order_of_time_and_unknown_days_come_last(draft: Draft) -> None:
    for key, when in (("c", ""), ("b", "2026-11-20 08:00"), ("a", "2026-11-20"), ("d", "2026-11-19 23:59")):
        contacts.put(draft, key, {"when": when, "precision": "day"} if when else {"said": "?"})
    assert [act["key"] for act in kept(draft)] == ["d", "a", "b", "c"]


def test_a_full_list_takes_no_more_and_its_contacts_can_still_be_changed(
    draft: Draft, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(contacts, "MOST", 1)
    contacts.put(draft, "a", CALL)
    with pytest.raises(contacts.TooMany, match="room for 1"):
        contacts.put(draft, "b", CALL)
    contacts.put(draft, "a", {"channel": "visit"})


def test_the_statement_has_the_acts_and_no_keys(borrower: cast.Filed) -> None:
    told = json.loads(bytes(borrower.case.complaint.document))["contacts"]
    assert [act["contact"] for act in told] == [1, 2]
    assert told[0]["said"] == "说要去我孩子的学校"
    assert "key" not in told[0]


def test_the_rows_repeat_the_statement_with_the_time_in_the_offices_zone(borrower: cast.Filed) -> None:
    first, second = borrower.case.contacts.all()
    assert first.at == datetime(2026, 11, 20, 15, 41, tzinfo=UTC)  # 23:41 in Shanghai
    assert (first.precision, first.channel, first.answered, first.disclosed) == ("exact", "call", True, None)
    assert (second.precision, second.reached, second.disclosed) == ("day", "colleague", True)


def test_an_act_of_which_only_words_are_known_has_no_time(db: None) -> None:
    case = cast.file_a_complaint(files=[], contacts={"acts": [{"key": "a", "said": "They came."}]}).case
    row = case.contacts.get()
    assert (row.at, row.precision, row.said) == (None, "", "They came.")


def test_several_in_a_row_are_one_row_with_their_number_and_the_last_time(db: None) -> None:
    series = {**CALL, "key": "a", "times": "12", "until": "2026-11-21 01:15"}
    row = cast.file_a_complaint(files=[], contacts={"acts": [series]}).case.contacts.get()
    assert (row.times, row.until) == (12, datetime(2026, 11, 20, 17, 15, tzinfo=UTC))


@pytest.mark.parametrize(
    "wrong", [{"times": 0}, {"until": NIGHT}, {"at": NIGHT, "times": 2, "until": NIGHT - A_DAY}]
)
def test_no_row_ends_before_it_begins_or_happened_never(borrower: cast.Filed, wrong: dict[str, Any]) -> None:
    known = {"precision": "exact"} if "at" in wrong else {}
    with pytest.raises(IntegrityError), transaction.atomic():
        Contact.objects.create(case=borrower.case, order=9, **known, **wrong)


def test_a_case_filed_without_contacts_has_none(db: None) -> None:
    case = cast.file_a_complaint(files=[], contacts={"acts": []}).case
    assert not Contact.objects.filter(case=case).exists()
