"""The steps of a draft: where they lead, what they save, and that nothing typed is ever lost."""

from collections.abc import Callable
from contextlib import AbstractContextManager
from itertools import pairwise
from urllib.parse import urlencode

import pytest
from django.conf import settings
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from complaints.drafts import drafts, saving
from complaints.models import Case, Draft
from tests.support.pages import ANSWERS, PARTIES, STORY, answered, begun, somebody, step, text

pytestmark = pytest.mark.django_db


def test_each_step_leads_to_the_next() -> None:
    client, posted = begun(), {**ANSWERS, "evidence": {"whole": "1"}}
    for name, after in pairwise(drafts.STEPS):
        assert client.post(step(name), posted[name]).headers["Location"] == step(after)


def test_a_change_from_the_last_page_leads_back_to_it() -> None:
    answer = answered().post(step("parties") + "?then=check", PARTIES)
    assert answer.headers["Location"] == step("check")


@pytest.mark.parametrize("name", drafts.STEPS)
def test_each_page_says_where_one_is_and_that_nothing_is_filed(name: str) -> None:
    page = text(answered().get(step(name)))
    assert "not filed yet" in page
    assert f"step {drafts.STEPS.index(name) + 1} of 11" in page
    assert "Back" in page
    assert "Stop here" in page or "stop here" in page


@pytest.mark.parametrize("name", drafts.STEPS)
def test_no_page_of_a_draft_is_kept_by_the_browser(name: str) -> None:
    assert "no-store" in answered().get(step(name)).headers["Cache-Control"]


def test_an_unknown_step_is_no_page() -> None:
    assert begun().get(step("money")).status_code == 404


def test_errors_are_linked_to_their_fields_and_nothing_typed_is_lost() -> None:
    page = text(begun().post(step("parties"), {"lender": "蓝田", "platform": "某某分期"}))
    assert 'href="#id_agency"' in page
    assert 'value="蓝田"' in page
    assert 'value="某某分期"' in page


def test_what_was_typed_is_saved_even_when_something_is_left_out() -> None:
    client = begun()
    client.post(step("parties"), {"lender": "Half of it"})
    assert "Half of it" in text(client.get(step("parties")))
    assert "unfinished" in text(client.get(reverse("new")))


@pytest.mark.parametrize(("go", "where"), [("back", "court"), ("stop", None)])
def test_going_back_and_stopping_save_and_demand_nothing(go: str, where: str | None) -> None:
    client = begun()
    answer = client.post(step("story"), {"story": "Half of it", "go": go})
    assert answer.headers["Location"] == (step(where) if where else reverse("new"))
    assert Draft.objects.get().answers["story"]["story"] == "Half of it"


def test_changing_the_language_keeps_what_is_typed() -> None:
    client = begun("en")
    answer = client.post(step("story"), {"story": "Half of it", "language": "zh-hans"}, follow=True)
    assert "发生了什么？" in text(answer)
    assert "Half of it" in text(answer)


def test_a_text_that_cannot_be_kept_stops_the_back_button_too() -> None:
    page = text(begun().post(step("story"), {"story": "a\0b", "go": "back"}))
    assert "invisible characters" in page


def test_two_tabs_do_not_undo_each_other() -> None:
    client = begun()
    client.post(step("wishes"), {"wishes": ["stop"]})
    client.post(step("parties"), PARTIES)
    assert Draft.objects.get().answers["wishes"]["wishes"] == ["stop"]


def test_too_much_text_at_once_is_a_clear_page() -> None:
    answer = begun().post(step("story"), {"story": "x" * (settings.DATA_UPLOAD_MAX_MEMORY_SIZE + 1)})
    assert answer.status_code == 400
    assert "That was too much text" in text(answer)


@pytest.mark.parametrize("name", drafts.STEPS)
def test_each_page_asks_the_database_little(
    name: str, django_assert_max_num_queries: Callable[[int], AbstractContextManager[object]]
) -> None:
    client = answered()
    with django_assert_max_num_queries(10):
        client.get(step(name))


# Two tabs, two phones


def seen_on(client: Client, name: str) -> str:
    """The mark that the step's page carries along."""
    page = text(client.get(step(name)))
    return page.split('name="seen" value="')[1].split('"')[0]


def test_two_tabs_of_one_page_lose_neither_text() -> None:
    client = begun()
    old_tab = seen_on(client, "story")
    client.post(step("story"), {"story": "Written first", "seen": old_tab})
    answer = client.post(step("story"), {"story": "Written in the other tab", "seen": old_tab})
    page = text(answer)
    assert "changed in another tab or on another phone" in page
    assert "Written first" in page
    assert "Written in the other tab" in page
    assert Draft.objects.get().answers["story"] == {"story": "Written first"}
    again = page.split('name="seen" value="')[1].split('"')[0]
    assert client.post(step("story"), {"story": "Both in one", "seen": again}).status_code == 302
    assert Draft.objects.get().answers["story"] == {"story": "Both in one"}


def test_a_doubled_click_is_no_second_tab() -> None:
    client = begun()
    seen = seen_on(client, "story")
    for _click in range(2):
        assert client.post(step("story"), {**STORY, "seen": seen}).status_code == 302


def test_another_tab_shows_choices_in_words() -> None:
    client = begun()
    seen = seen_on(client, "conduct")
    client.post(step("conduct"), {"conduct": ["C05"], "seen": seen})
    page = text(client.post(step("conduct"), {"conduct": ["C01"], "seen": seen}))
    assert "<p>Contacted me between 10 at night and 8 in the morning</p>" in page


# Saved while somebody writes


def save(client: Client, name: str, **typed: str) -> tuple[int, str, str]:
    """Status, sentence and the new mark."""
    answer = client.post(reverse("autosave", args=[name]), typed)
    return answer.status_code, text(answer), answer.headers.get("ETag", "").strip('"')


def test_what_is_written_is_saved_and_said_with_the_time() -> None:
    client = begun()
    status, sentence, mark = save(client, "story", story="They called", seen=seen_on(client, "story"))
    assert (status, sentence) == (200, f"Saved at {timezone.localtime():%H:%M}")
    assert Draft.objects.get().answers["story"] == {"story": "They called"}
    assert save(client, "story", story="They called at night", seen=mark)[0] == 200
    assert client.post(step("story"), {"story": "They called at night", "seen": mark}).status_code == 302


def test_an_empty_page_is_saved_as_unfinished() -> None:
    client = begun()
    assert save(client, "story", story="")[0] == 200
    assert Draft.objects.get().answers["story"] == {"unfinished": True}


def test_what_cannot_be_kept_is_not_saved_and_says_why() -> None:
    status, sentence, _mark = save(begun(), "story", story="a\0b")
    assert status == 422
    assert "invisible characters" in sentence
    assert not Draft.objects.get().answers


def test_an_old_tab_saves_nothing_over_a_newer_one() -> None:
    client = begun()
    old_tab = seen_on(client, "story")
    save(client, "story", story="newer", seen=old_tab)
    status, sentence, _mark = save(client, "story", story="older", seen=old_tab)
    assert status == 409
    assert "to compare" in sentence
    assert Draft.objects.get().answers["story"] == {"story": "newer"}


def test_a_save_whose_answer_was_lost_is_not_taken_for_another_tabs() -> None:
    client = begun()
    seen = seen_on(client, "story")
    save(client, "story", story="arrived, but not its answer", seen=seen)
    lost = urlencode({"story": "arrived, but not its answer", "seen": seen})
    assert save(client, "story", story="and more", seen=seen, unanswered=lost)[0] == 200
    lost = urlencode({"story": "never arrived", "seen": seen})
    assert save(client, "story", story="older", seen=seen, unanswered=lost)[0] == 409
    assert Draft.objects.get().answers["story"] == {"story": "and more"}


def test_the_button_is_not_refused_after_a_save_whose_answer_was_lost() -> None:
    client = begun()
    seen = seen_on(client, "story")
    save(client, "story", story="arrived", seen=seen)
    sent = {"story": "and more", "seen": seen, "unanswered": urlencode({"story": "arrived"})}
    assert client.post(step("story"), sent).status_code == 302


def test_saving_by_itself_needs_a_draft_a_post_and_a_step() -> None:
    assert save(somebody(), "story", story="x")[0] == 404
    assert begun().get(reverse("autosave", args=["story"])).status_code == 405
    assert save(begun(), "money", story="x")[0] == 404


def test_the_sentence_is_in_the_readers_language() -> None:
    client = begun("zh-CN")
    assert save(client, "story", story="他们半夜打来")[1].endswith("已保存")


def test_one_borrower_saves_nothing_into_the_draft_of_another() -> None:
    first, second = begun(), begun()
    save(first, "story", story="mine")
    save(second, "story", story="hers")
    assert sorted(draft.answers["story"]["story"] for draft in Draft.objects.all()) == ["hers", "mine"]


# When the draft is not there any more


TYPED = {
    "who": ("acting_for", "my mother"),
    "parties": ("lender", "Example Finance"),
    "court": ("court_note", "a court far away"),
    "story": ("story", "Three pages of it"),
    "wishes": ("other", "peace"),
    "reach": ("contact_note", "not at work"),
    "evidence": ("description_12", "what the picture shows"),
    "act": ("said", "word for word"),
}


def address(name: str) -> str:
    return reverse("act", args=["a1"]) if name == "act" else step(name)


@pytest.mark.parametrize("name", TYPED)
def test_after_the_draft_is_gone_what_was_typed_comes_back(name: str) -> None:
    field, typed = TYPED[name]
    answer = somebody().post(address(name), {field: typed, "whole": "1"})
    assert answer.status_code == 404
    assert "What you just typed was not saved" in text(answer)
    assert typed in text(answer)


@pytest.mark.parametrize("name", TYPED)
def test_after_filing_what_an_old_page_sends_comes_back_and_changes_nothing(name: str) -> None:
    client = answered()
    client.post(reverse("check"))
    before = Draft.objects.get().answers
    field, typed = TYPED[name]
    answer = client.post(address(name), {field: typed, "whole": "1"})
    assert answer.status_code == 409
    assert "This has already been filed" in text(answer)
    assert typed in text(answer)
    assert Draft.objects.get().answers == before
    assert Case.objects.count() == 1


def test_after_filing_the_page_that_saves_by_itself_says_so() -> None:
    client = answered()
    client.post(reverse("check"))
    assert save(client, "story", story="late")[0] == 409


def test_the_line_that_begins_a_text_is_given_back_too() -> None:
    assert "<textarea" in text(somebody().post(step("story"), {"story": "\nindented"}))
    assert ">\n\nindented</textarea>" in text(somebody().post(step("story"), {"story": "\nindented"}))


@pytest.mark.parametrize("name", TYPED)
def test_without_cookies_nothing_is_saved_and_what_was_typed_comes_back(name: str) -> None:
    strict = Client(enforce_csrf_checks=True)
    field, typed = TYPED[name]
    answer = strict.post(address(name), {field: typed, "whole": "1"})
    assert answer.status_code == 403
    assert "allow cookies" in text(answer)
    assert typed in text(answer)


def test_a_page_of_the_old_steps_still_leads_somewhere() -> None:
    client = begun()
    assert "How can we reach you?" in text(client.get(step("contact")))
    assert client.post(step("contact"), {"name": "李小梅"}).headers["Location"] == step("names")
    assert Draft.objects.get().answers["reach"]["name"] == "李小梅"


@pytest.mark.parametrize(
    "hostile", ["'; DROP TABLE complaints_draft; --", "../../etc/passwd", "<script>", "story/save/x"]
)
def test_an_invented_step_is_no_page(hostile: str) -> None:
    assert begun().get(f"/complaints/new/{hostile}/").status_code == 404


def test_what_a_page_carries_is_no_secret_of_the_answers() -> None:
    client = begun()
    client.post(step("story"), STORY)
    assert seen_on(client, "story") == saving.mark(STORY)
    assert str(STORY["story"]) not in seen_on(client, "story")


# File now, add the rest later


@pytest.mark.parametrize("name", ["who", "parties", "conduct", "court"])
def test_before_the_story_nothing_offers_to_file(name: str) -> None:
    assert 'value="check"' not in text(begun().get(step(name)))


@pytest.mark.parametrize("name", ["story", "contacts", "evidence", "wishes", "reach", "names"])
def test_from_the_story_on_each_page_saves_and_leads_to_filing(name: str) -> None:
    client = answered()
    page = text(client.get(step(name)))
    assert '<button class="button second" name="go" value="check">File now, add the rest later' in page
    posted: dict[str, object] = ANSWERS.get(name, {"whole": "1"})
    assert client.post(step(name), {**posted, "go": "check"}).headers["Location"] == step("check")


def test_what_is_missing_is_said_beside_the_button_that_files() -> None:
    client = begun()
    client.post(step("conduct"), ANSWERS["conduct"])
    page = text(client.get(step("wishes"))).split('id="lacking"')[1].split("</p>")[0]
    assert f'href="{step("parties")}?then=check"' in page
    assert f'href="{step("story")}?then=check"' in page
    assert step("conduct") not in page


def test_three_answers_are_enough_to_file() -> None:
    client = begun()
    client.post(step("parties"), {"agency_unknown": "on"})
    client.post(step("conduct"), ANSWERS["conduct"])
    client.post(step("story"), {**STORY, "go": "check"})
    assert client.post(step("check"), {"go": "file"}).headers["Location"] == reverse("filed")
    assert Case.objects.exists()


def test_a_draft_goes_on_where_its_page_saved_itself() -> None:
    client = begun()
    save(client, "story", story="Half of it")
    client.post(step("parties"), PARTIES)
    save(client, "story", story="Half of it, and more")
    page = text(client.get(reverse("new")))
    assert f'<a class="button" href="{step("story")}">' in page
    client.post(step("story"), STORY)
    assert f'<a class="button" href="{step("story")}">' not in text(client.get(reverse("new")))
