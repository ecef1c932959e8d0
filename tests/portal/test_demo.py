"""The demo: an office and six cases that look like real ones, made again and again without doubling."""

import io
from pathlib import Path

import av
import pypdfium2
import pytest
from django.contrib.auth import authenticate
from django.core.management import CommandError, call_command
from django.http import HttpRequest
from PIL import Image

from complaints.cases import lifecycle
from complaints.drafts import drafts
from complaints.drafts.questions import FORMS
from complaints.models import Case, Message, RoutingRule, StaffMember
from complaints.rights import reviews
from evidence.models import EvidenceItem
from portal.demo import LOGINS, office, paper, sound
from portal.demo.office import STORIES
from tests.support import cast

EVERY_STATE = ["closed", "replied", "decided", "investigating", "routed", "filed"]


@pytest.fixture(autouse=True)
def a_vault_of_its_own(settings: object, tmp_path: Path) -> None:
    settings.STORAGE_URL = f"file://{tmp_path}/vault"  # type: ignore[attr-defined]


def run_demo() -> str:
    out = io.StringIO()
    call_command("demo", stdout=out)
    return out.getvalue()


def states() -> list[str]:
    return list(Case.objects.order_by("pk").values_list("state", flat=True))


def heard(recording: bytes) -> float:
    """Seconds that a decoder gets out of it."""
    with av.open(io.BytesIO(recording), "r") as file:
        return sum(frame.samples for frame in file.decode(audio=0)) / file.streams.audio[0].rate


@pytest.mark.parametrize("encode", [sound.amr, sound.m4a, sound.mp3])
def test_a_recording_is_heard_to_its_end_and_is_the_same_each_time(encode: object) -> None:
    assert callable(encode)
    recording = encode(sound.call(3, seed=1))
    assert heard(recording) == pytest.approx(3, abs=0.15)
    assert recording == encode(sound.call(3, seed=1))
    assert recording != encode(sound.call(3, seed=2))


def test_a_call_is_loud_enough_to_hear_and_has_pauses() -> None:
    samples = memoryview(sound.call(6, seed=1)).cast("h")[sound.RATE :]
    assert 3000 < max(samples) < 32767
    assert sum(1 for sample in samples if sample == 0) > 0.1 * len(samples)


def test_a_screenshot_shows_its_messages_the_owners_on_the_right() -> None:
    page = Image.open(io.BytesIO(paper.screenshot("1069", "08:31", [("08:12", "您好"), ("08:20", ">不要")])))
    assert page.size == (paper.WIDTH, paper.HEIGHT)
    colours = {colour for _, colour in page.getcolors(1 << 16) or []}
    assert {(255, 255, 255), (0xCF, 0xE8, 0xD5)} <= colours


def test_a_letter_is_a_page_of_chinese_and_the_same_each_time() -> None:
    words = {"sender": "某某", "address": "某处", "title": "催告函", "to": "您：", "date": "2026 年"}
    letter = paper.letter(parts=["请您尽快处理。"], **words)
    assert letter == paper.letter(parts=["请您尽快处理。"], **words)
    with pypdfium2.PdfDocument(letter) as document:
        assert len(document) == 1
        assert "请您尽快处理。" in document[0].get_textpage().get_text_bounded()


@pytest.mark.django_db
def test_the_demo_has_a_case_in_every_state_sealed_and_with_a_way_to_follow_it() -> None:
    printed = run_demo().splitlines()
    assert states() == EVERY_STATE
    assert not EvidenceItem.objects.awaiting_seal().exists()
    assert {item.media_type for item in EvidenceItem.objects.all()} >= {
        "audio/amr",
        "audio/mp4",
        "image/png",
        "application/pdf",
        "text/csv",
    }
    assert [line.split()[0] for line in printed] == [case.reference for case in Case.objects.order_by("pk")]


@pytest.mark.django_db
def test_one_case_of_the_demo_waits_for_an_answer() -> None:
    run_demo()
    (question,) = Message.objects.open_questions()
    assert question.case.state == Case.State.INVESTIGATING


@pytest.mark.django_db
def test_everybody_of_the_demo_can_sign_in() -> None:
    office.open_office()
    for username, password, role in LOGINS:
        member = authenticate(HttpRequest(), username=username, password=password)
        assert isinstance(member, StaffMember)
        assert (member.role, member.is_staff, member.is_superuser) == (role, True, False)


@pytest.mark.django_db
def test_a_second_run_changes_nothing() -> None:
    run_demo()
    assert run_demo() == ""
    assert (Case.objects.count(), StaffMember.objects.count(), RoutingRule.objects.count()) == (6, 7, 5)


@pytest.mark.django_db
def test_a_run_that_was_interrupted_goes_on_where_it_stopped(monkeypatch: pytest.MonkeyPatch) -> None:
    with monkeypatch.context() as broken:
        broken.setattr(lifecycle, "advance", _fails_at_replying())
        with pytest.raises(KeyboardInterrupt):
            run_demo()
    assert states() == ["decided"]
    run_demo()
    assert states() == EVERY_STATE


def _fails_at_replying() -> object:
    real = lifecycle.advance

    def advance(case: Case, action: str, **more: object) -> Case:
        if action == "reply":
            raise KeyboardInterrupt
        return real(case, action, **more)  # type: ignore[arg-type]

    return advance


@pytest.mark.django_db
def test_nothing_is_added_to_a_portal_with_cases_of_its_own() -> None:
    cast.file_a_complaint()
    run_demo()
    assert Case.objects.count() == 1


@pytest.mark.django_db
def test_what_people_did_with_a_demo_case_is_left_alone() -> None:
    run_demo()
    routed = Case.objects.get(state="routed")
    assert routed.assignee
    lifecycle.advance(routed, "begin", by={"role": "investigator", "id": ""}, staff=routed.assignee)
    run_demo()
    assert states().count("investigating") == 2


@pytest.mark.django_db
def test_english_goes_to_the_team_that_speaks_it() -> None:
    run_demo()
    assert set(Case.objects.filter(language="en").values_list("team__name", flat=True)) == {office.SOUTH}


def test_the_demo_needs_its_switch(settings: object) -> None:
    settings.DEMO = False  # type: ignore[attr-defined]
    with pytest.raises(CommandError, match="HOLDFAST_DEMO=1"):
        run_demo()


@pytest.mark.django_db
def test_every_story_can_be_filed_as_the_form_would_have_it() -> None:
    for story in STORIES:
        assert len(story.text) > 50
        assert story.wishes
        answers = office._answers(story)
        assert set(answers) == set(drafts.STEPS) - {"check"}
        for step, form in FORMS.items():
            typed = form(answers[step])
            assert typed.is_valid() or (step, story.conduct) == ("conduct", ()), (step, typed.errors)


@pytest.mark.django_db
def test_a_review_of_what_team_south_decided_has_somebody_who_may_take_it() -> None:
    run_demo()
    decided = Case.objects.filter(team__name=office.SOUTH, state__in=["replied", "closed"])
    assert decided
    for case in decided:
        first = case.assignee
        reviews.ask(case, reasons="Please look at it again.")
        case.refresh_from_db()
        assert first != case.assignee
        assert case.assignee is not None
