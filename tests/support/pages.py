"""What every page must fulfil, and how a borrower goes through the pages."""

from html.parser import HTMLParser

from django.http import HttpResponse
from django.test import Client
from django.urls import reverse

from . import cast

PARTIES: dict[str, object] = {"lender": "蓝田消费金融", "agency": "某某咨询"}
STORY: dict[str, object] = {"story": "他们打给我的同事。"}
ANSWERS: dict[str, dict[str, object]] = {  # step -> what is posted, for the steps with one form
    "who": {"relation": "debtor", "whole": "1"},
    "parties": PARTIES,
    "conduct": {"conduct": ["C04"]},
    "court": {"court": "none"},
    "story": STORY,
    "contacts": {},
    "wishes": {"wishes": ["stop"]},
    "reach": {"name": "李小梅"},
    "names": {"lender": "no"},
}


class Inline(HTMLParser):
    """Collects what a strict CSP would block."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.found: list[str] = []
        self.feed(page)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = dict(attrs)
        if tag == "style" or (tag == "script" and "src" not in given):
            self.found.append(f"<{tag}>")
        self.found += [f"{tag} {name}" for name in given if name == "style" or name.startswith("on")]
        self.found += [f"{tag} {name}" for name, value in attrs if (value or "").startswith("javascript:")]


def step(name: str) -> str:
    return reverse("step", args=[name])


def code_of(client: Client) -> str:
    """The draft code that this browser holds."""
    code: str = client.cookies["draft"].value.rsplit(":", 2)[0]
    return code


def text(response: object) -> str:
    assert isinstance(response, HttpResponse)
    return response.content.decode()


def on_one_line(page: str) -> str:
    """The page with one blank for each run of white space: a reader does not see where a template's lines end."""
    return " ".join(page.split())


def somebody(language: str = "en") -> Client:
    """A browser that prefers this language and holds nothing yet."""
    return Client(headers={"accept-language": language})


def begun(language: str = "en") -> Client:
    """A browser with an empty draft."""
    client = somebody(language)
    client.post(reverse("new"), {"begin": "1"})
    return client


def answered(language: str = "en") -> Client:
    """A browser with a draft that is ready to be filed, with one file."""
    client = begun(language)
    for step, given in ANSWERS.items():
        client.post(reverse("step", args=[step]), given)
    keep(client, ("screenshot.png", cast.a_screenshot()))
    return client


def keep(client: Client, *files: tuple[str, bytes], **more: str) -> HttpResponse:
    """Send files with the form of the evidence page."""
    from django.core.files.uploadedfile import SimpleUploadedFile

    uploads = [SimpleUploadedFile(name, content) for name, content in files]
    response = client.post(reverse("evidence"), {"files": uploads, "go": "stay", **more, "whole": "1"})
    assert isinstance(response, HttpResponse)
    return response


def follows(code: str, language: str = "en") -> Client:
    """A browser that has entered an access code."""
    client = somebody(language)
    client.post(reverse("follow"), {"code": code})
    return client
