"""The pages of calls, messages and visits."""

import re

import pytest
from django.test import Client
from django.urls import reverse

from complaints.drafts import contacts
from complaints.models import Draft
from tests.support.pages import answered, begun, somebody, step, text

pytestmark = pytest.mark.django_db

CALL = {"when": "2026年11月20日 晚上11点41", "about": "on", "channel": "call", "said": "明天去你单位"}


def act(key: str = "a1") -> str:
    return reverse("act", args=[key])


def with_a_call(language: str = "en") -> Client:
    client = begun(language)
    assert client.post(act(), CALL).headers["Location"] == step("contacts")
    return client


def chosen(page: str) -> list[str]:
    """The values of the radio buttons that are chosen."""
    return re.findall(r'type="radio"[^>]* value="([^"]*)"[^>]* checked', page)


def listed() -> list[contacts.Act]:
    return contacts.listed(Draft.objects.get())


def test_nothing_has_to_be_on_the_list() -> None:
    client = begun()
    assert "You can also skip this" in text(client.get(step("contacts")))
    assert client.post(step("contacts"), {}).headers["Location"] == step("evidence")
    assert 'Calls, messages, visits</a> <span class="tag green">done' in text(client.get(reverse("new")))


def test_what_was_added_is_listed_in_words_with_ways_to_change_and_remove_it() -> None:
    page = text(with_a_call().get(step("contacts")))
    assert "Friday 20 November 2026, about 23:41 · Phone call" in page
    assert "明天去你单位" in page
    assert f'href="{act()}"' in page
    assert 'name="remove" value="a1"' in page


def test_an_act_is_opened_as_it_was_kept_and_changed() -> None:
    client = with_a_call()
    page = text(client.get(act()))
    assert 'value="2026-11-20 23:41"' in page
    assert chosen(page) == ["call", "", "", "", "", ""]
    client.post(act(), {**CALL, "channel": "visit"})
    assert [one["channel"] for one in listed()] == ["visit"]


def test_each_new_page_is_a_new_act_and_a_doubled_click_is_one() -> None:
    client = begun()
    fresh = [text(client.get(step("contacts"))).split("/new/contacts/")[1].split("/")[0] for _visit in range(2)]
    assert fresh[0] != fresh[1]
    for key in (fresh[0], fresh[0], fresh[1]):
        client.post(act(key), CALL)
    assert len(listed()) == 2


def test_four_questions_come_first_and_the_rest_opens_when_something_is_in_it() -> None:
    client = begun()
    page = text(client.get(act()))
    first, rest = re.sub("<details>.*?</details>", "", page, count=1, flags=re.DOTALL).split("<details>")
    assert [name for name in ("when", "channel", "reached", "said") if f'name="{name}"' not in first] == []
    assert 'name="number"' in rest
    client.post(act(), {"number": "0571"})
    assert "<details open>" in text(client.get(act()))


def test_the_next_one_begins_with_what_is_mostly_the_same_and_says_so() -> None:
    client = begun()
    last = {**CALL, "number": "0571", "claimed": "法务", "reached": "colleague", "disclosed": "yes"}
    following = client.post(act(), {**last, "go": "another"}).headers["Location"]
    page = text(client.get(following))
    assert chosen(page)[:3] == ["call", "colleague", ""]
    assert page.count("As in the last one.") == 4
    assert 'value="0571"' in page
    assert "明天去你单位" not in page
    client.post(following, {"when": "2026-11-21", "channel": "sms", "reached": "", "number": "0571"})
    added = next(one for one in listed() if one["key"] != "a1")
    assert (added["channel"], added["number"], "reached" in added) == ("sms", "0571", False)


@pytest.mark.parametrize("go", ["on", "another"])
def test_nothing_but_what_was_taken_over_is_not_a_second_one(go: str) -> None:
    client = begun()
    same = {"channel": "call", "reached": "colleague"}
    following = client.post(act(), {**same, "said": "x", "go": "another"}).headers["Location"]
    assert "There is nothing here yet" in text(client.post(following, {**same, "go": go}))
    assert len(listed()) == 1


def test_nothing_is_taken_over_from_an_act_that_is_gone() -> None:
    assert "As in the last one" not in text(begun().get(act() + "?from=zz"))


def test_that_the_debt_was_mentioned_is_not_kept_of_the_borrower() -> None:
    begun().post(act(), {"reached": "self", "disclosed": "yes"})
    assert [one.get("disclosed") for one in listed()] == [None]


def test_several_in_a_row_are_one_entry_that_says_how_many() -> None:
    client = begun()
    client.post(act(), {"when": "2026-11-20 9:00", "times": "12", "until": "21:30", "channel": "call"})
    assert "Friday 20 November 2026, 09:00 to 21:30 · Phone call · 12 times" in text(client.get(step("contacts")))
    assert "<details open><summary>Several in a row?" in text(client.get(act()))


def test_an_act_is_removed_and_once_is_enough() -> None:
    client = with_a_call()
    for _click in range(2):
        assert client.post(step("contacts"), {"remove": "a1"}).headers["Location"] == step("contacts")
    assert listed() == []


def test_an_empty_one_is_not_added_and_says_so() -> None:
    client = begun()
    assert "There is nothing here yet" in text(client.post(act(), {"about": "on"}))
    assert listed() == []


def test_what_cannot_be_read_comes_back_with_the_rest() -> None:
    page = text(begun().post(act(), {**CALL, "when": "2569-11-20", "number": "0571"}))
    assert "another calendar" in page
    assert 'value="2569-11-20"' in page
    assert 'value="0571"' in page
    assert "明天去你单位" in page


def test_a_full_list_says_where_the_rest_can_go(monkeypatch: pytest.MonkeyPatch) -> None:
    client = with_a_call()
    monkeypatch.setattr(contacts, "MOST", 1)
    page = text(client.post(act("b2"), {"said": "one more"}))
    assert "upload a call list" in page
    assert "one more" in page
    assert "Add another" not in text(client.get(step("contacts")))


def test_two_tabs_of_one_act_lose_neither_text() -> None:
    client = with_a_call()
    seen = text(client.get(act())).split('name="seen" value="')[1].split('"')[0]
    client.post(act(), {"said": "first", "seen": seen})
    page = text(client.post(act(), {"said": "second", "seen": seen}))
    assert "changed in another tab" in page
    assert "first" in page
    assert "second" in page
    assert [one["said"] for one in listed()] == ["first"]
    again = page.split('name="seen" value="')[1].split('"')[0]
    client.post(act(), {"said": "both", "seen": again})
    assert [one["said"] for one in listed()] == ["both"]


def test_another_language_keeps_what_was_typed() -> None:
    client = begun()
    page = text(client.post(act(), {**CALL, "language": "zh-hans"}, follow=True))
    assert "用什么方式？" in page
    assert "明天去你单位" in page


def test_changing_the_language_of_an_empty_page_adds_nothing() -> None:
    client = begun()
    assert "用什么方式？" in text(client.post(act(), {"language": "zh-hans"}, follow=True))
    assert listed() == []


def test_a_change_from_the_last_page_leads_back_to_it() -> None:
    client = with_a_call()
    assert client.post(step("contacts") + "?then=check", {}).headers["Location"] == step("check")


def test_one_borrowers_list_is_out_of_reach_of_another() -> None:
    first = with_a_call()
    second = begun()
    assert "明天去你单位" not in text(second.get(act()))
    second.post(step("contacts"), {"remove": "a1"})
    second.post(act(), {"said": "taken over"})
    assert "明天去你单位" in text(first.get(act()))
    assert somebody().get(act()).status_code == 404


@pytest.mark.parametrize("key", ["a" * 17, "a" * 5000])
def test_an_endless_key_is_no_page(key: str) -> None:
    assert begun().post(act(key), CALL).status_code == 404


def test_each_page_says_that_nothing_is_filed() -> None:
    client = answered()
    for address in (step("contacts"), act(), act("new1")):
        assert "not filed yet" in text(client.get(address))
