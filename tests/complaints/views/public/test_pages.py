import re
from pathlib import Path

import pytest
from django.conf import settings
from django.contrib.staticfiles import finders
from django.core.signals import got_request_exception
from django.test import Client
from django.urls import reverse
from django.utils import translation

from complaints.drafts.drafts import STEPS
from complaints.views.public import pages as views
from complaints.views.public.guides import TITLES
from evidence.ledger import checkpoints, signing
from evidence.models import LedgerEntry
from tests.support import cast
from tests.support.pages import Inline, answered, begun, follows, somebody, text

pytestmark = pytest.mark.django_db

LANGUAGES = [("en-GB", "en"), ("zh-CN", "zh-hans")]


def every_page(language: str) -> dict[str, str]:
    """Name -> HTML of each page of the borrower's side, as somebody of this language meets it."""
    nobody, writer, follower = somebody(language), answered(language), begun(language)
    public = ("home", "new", "safety", "start", "guide_numbers", "follow", "ledger", "witnesses")
    shown = {name: text(nobody.get(reverse(name))) for name in public}
    shown |= {topic: text(nobody.get(reverse("guide", args=[topic]))) for topic in TITLES}
    shown["numbers"] = text(nobody.post(reverse("safety"), {"danger": "yes", "self_harm": "yes"}))
    shown["call"] = text(nobody.post(reverse("callback"), {"channel": "wechat", "reach": "x"}, follow=True))
    shown["draft"] = text(writer.get(reverse("new")))
    shown |= {step: text(writer.get(reverse("step", args=[step]))) for step in STEPS}
    shown["act"] = text(writer.get(reverse("act", args=["a1"])))
    shown["errors"] = text(follower.post(reverse("step", args=["story"]), {}))
    shown["gone"] = text(nobody.post(reverse("step", args=["story"]), {"story": "x"}))
    shown["filed"] = text(writer.post(reverse("check"), follow=True))
    shown["case"] = text(writer.post(reverse("filed"), {"saved": "1"}, follow=True))
    shown["missing"] = text(nobody.get("/no/such/page/"))
    strict = Client(enforce_csrf_checks=True, headers={"accept-language": language})
    shown["csrf"] = text(strict.post(reverse("new"), {"begin": "1"}))
    return shown


@pytest.mark.parametrize(("asked", "given"), LANGUAGES)
def test_every_page_speaks_the_readers_language_and_has_nothing_inline(asked: str, given: str) -> None:
    for name, page in every_page(asked).items():
        assert f'<html lang="{given}">' in page, name
        assert Inline(page).found == [], name
        assert ("离开" if given == "zh-hans" else "Leave") in page, name


def test_no_chinese_page_is_left_in_english() -> None:
    english = ("Continue", "Your ", "You ", "draft", "complaint", "saved", "Back")
    for name, page in every_page("zh-CN").items():
        words = page.split("</head>")[1].replace("name=", "").split(">")
        shown = " ".join(word.split("<")[0] for word in words)
        assert not [word for word in english if word in shown], (name, shown)


def test_the_browsers_language_can_be_overruled() -> None:
    client = somebody("en")
    client.post(reverse("set_language"), {"language": "zh-hans", "next": "/"})
    assert "催收越界了？" in text(client.get("/"))


def test_the_first_page_has_the_numbers_to_call_before_everything_else() -> None:
    page = text(somebody("zh-CN").get("/"))
    assert page.index('href="tel:110"') < page.index("<h1>")
    assert page.index('href="tel:12356"') < page.index("<h1>")


def test_every_page_has_the_way_out() -> None:
    for name, page in every_page("en").items():
        assert f'href="{reverse("leave")}"' in page, name
        assert f'data-exit="{settings.EXIT_URL}"' in page, name


def test_titles_do_not_tell_what_the_pages_are_for() -> None:
    for name, page in every_page("en").items():
        title = page.split("<title>")[1].split("</title>")[0].lower()
        assert not [word for word in ("debt", "collect", "complain", "abuse") if word in title], name


def test_pages_ask_nothing_of_anybody_else() -> None:
    answer = somebody().get("/")
    assert answer.headers["Referrer-Policy"] == "same-origin"
    assert "unsafe" not in answer.headers["Content-Security-Policy"]
    for page in every_page("en").values():
        assert 'src="http' not in page
        assert '<link rel="stylesheet" href="http' not in page


def test_the_first_view_is_small() -> None:
    paths = [
        str(finders.find(name)) for name in ("colours.css", "holdfast.css", "holdfast.js", "lowest.js", "mark.svg")
    ]
    sizes = [Path(path).stat().st_size for path in paths]
    assert sum(sizes) + len(somebody().get("/").content) < 60_000


# The ledger's public side


def test_the_checkpoint_is_the_signed_note_byte_for_byte(borrower: cast.Filed) -> None:
    answer = somebody().get(reverse("checkpoint"))
    assert answer.headers["Content-Type"] == "text/plain; charset=utf-8"
    latest = checkpoints.latest()
    assert latest
    assert text(answer) == latest.note
    assert latest.note.split("\n")[2] in text(somebody().get(reverse("ledger")))


def test_before_anything_is_filed_there_is_no_checkpoint() -> None:
    assert somebody().get(reverse("checkpoint")).status_code == 404
    assert "nothing has been filed" in text(somebody().get(reverse("ledger")))


def test_the_key_and_the_roots_are_published() -> None:
    assert text(somebody().get(reverse("ledger_key"))) == signing.vkey() + "\n"
    roots = text(somebody().get(reverse("ledger_roots")))
    assert roots.startswith("# builtin\n-----BEGIN CERTIFICATE-----")


def test_public_addresses_open_no_entry(borrower: cast.Filed) -> None:
    entries = [bytes(entry.body).decode() for entry in LedgerEntry.objects.all()]
    assert entries
    for name in ("ledger", "checkpoint", "ledger_key", "ledger_keys", "ledger_roots"):
        page = text(somebody().get(reverse(name)))
        assert borrower.case.reference not in page
        assert str(borrower.case.uid) not in page
        assert not [entry for entry in entries if entry in page]


# When something fails


def test_a_missing_page_says_so_in_the_readers_language() -> None:
    answer = somebody("zh-CN").get("/没有/")
    assert answer.status_code == 404
    assert "没有这个页面" in text(answer)


def test_a_form_without_its_mark_says_what_to_do() -> None:
    strict = Client(enforce_csrf_checks=True, headers={"accept-language": "zh-CN"})
    answer = strict.post(reverse("follow"), {"code": "x"})
    assert answer.status_code == 403
    assert "Cookie" in text(answer)
    assert "请再试一次" in text(answer)


@pytest.mark.parametrize(
    ("where", "says", "leads_to"),
    [
        ("/follow/add/", "Your access code opens the case again.", {"/follow/", "/follow/lost/"}),
        ("/follow/reach/", "Your access code opens the case again.", {"/follow/", "/follow/lost/"}),
        ("/answer/begin/", "The code of the enquiry opens it again.", {"/answer/"}),
        ("/complaints/new/story/", "Your draft code opens your draft again.", {"/complaints/new/", "/follow/"}),
    ],
)
def test_without_cookies_the_page_speaks_of_what_was_open(where: str, says: str, leads_to: set[str]) -> None:
    strict = Client(enforce_csrf_checks=True, headers={"accept-language": "en"})
    page = text(strict.post(where, {"text": "What I wrote"}))
    assert says in page
    assert ("draft" in page.split("<main")[1].split("</main>")[0]) is where.startswith("/complaints/")
    assert set(re.findall(r'class="button(?: second)?" href="([^"]+)"', page)) == leads_to


def test_a_fault_of_ours_is_called_ours(monkeypatch: pytest.MonkeyPatch) -> None:
    def break_down() -> None:
        raise RuntimeError("a fault")

    monkeypatch.setattr(checkpoints, "latest", break_down)
    client = somebody("zh-CN")
    client.raise_request_exception = False
    answer = client.get(reverse("ledger"))
    assert answer.status_code == 500
    assert "我们这边出了点问题" in text(answer)
    assert "a fault" not in text(answer)
    assert got_request_exception.receivers is not None


def test_bad_and_forbidden_requests_have_pages_too(rf: object) -> None:
    from django.test import RequestFactory

    request = RequestFactory().get("/")
    with translation.override("en"):
        assert "We could not read that" in text(views.bad_request(request))
        assert "You cannot open this page" in text(views.forbidden(request))


def test_a_case_that_is_open_is_offered_on_the_entry_page(borrower: cast.Filed) -> None:
    assert f"{borrower.case.reference} is open on this device" in text(
        follows(borrower.code).get(reverse("follow"))
    )
