"""Puts what somebody typed back into a page: into the fields of the form that it was typed into.

It works on the page's HTML, so that it serves every form: those of Django's admin, and those that a page draws
itself. No view has to know how to show its form again.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from html.parser import HTMLParser
from urllib.parse import urlsplit

from django.http import HttpResponse, HttpResponseBase, QueryDict
from django.utils.html import escape

PRESSED = ("submit", "button", "image", "reset")
SECRET = ("password", "file")  # types of fields that browsers never get a value for
TICKED = ("checkbox", "radio")
# Fields in which nobody types: marks of the page, names of buttons.
UNTYPED = (
    "csrfmiddlewaretoken",
    "seen",
    "shown",
    "draft",
    "once",
    "begun",
    "whole",
    "go",
    "next",
    "language",
    "in_language",
    "typed",
)


@dataclass
class Tag:
    """A start tag, and where its text stands in the page."""

    name: str
    attrs: dict[str, str | None]
    start: int
    end: int
    details: "list[Tag]" = field(default_factory=list)  # the <details> around it
    closed_at: int = 0  # where the text of a <textarea> ends
    options: "list[Tag]" = field(default_factory=list)  # of a <select>
    form: "Tag | None" = None

    def get(self, name: str) -> str:
        return self.attrs.get(name) or ""

    def __str__(self) -> str:
        pairs = (
            f" {name}" if value is None else f' {name}="{escape(value)}"' for name, value in self.attrs.items()
        )
        return f"<{self.name}{''.join(pairs)}>"


class Page(HTMLParser):
    """The forms of a page and their fields."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.forms: list[Tag] = []
        self.fields: list[Tag] = []
        self._details: list[Tag] = []
        self._form: Tag | None = None
        self._select: Tag | None = None
        self.labels: dict[str, str] = {}  # id of a field -> its label
        self._label = ""
        self._lines = [0]
        for line in html.split("\n"):
            self._lines.append(self._lines[-1] + len(line) + 1)
        self.feed(html)
        self.close()
        by_id = {form.get("id"): form for form in self.forms}
        for one in self.fields:
            one.form = by_id.get(one.get("form"), one.form) if one.get("form") else one.form

    def _here(self) -> int:
        line, column = self.getpos()
        return self._lines[line - 1] + column

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        start = self._here()
        found = Tag(tag, dict(attrs), start, start + len(self.get_starttag_text() or ""), [*self._details])
        found.form = self._form
        if tag == "label":
            self._label = found.get("for")
        elif tag == "form":
            self._form = found
            self.forms.append(found)
        elif tag == "details":
            self._details.append(found)
        elif tag in ("input", "select", "textarea", "button"):
            self.fields.append(found)
            self._select = found if tag == "select" else self._select
        elif tag == "option" and self._select:
            self._select.options.append(found)

    def handle_endtag(self, tag: str) -> None:
        if tag == "label":
            self._label = ""
        elif tag == "form":
            self._form = None
        elif tag == "select":
            self._select = None
        elif tag == "details" and self._details:
            self._details.pop()
        elif tag == "textarea" and self.fields:
            self.fields[-1].closed_at = self._here()

    def handle_data(self, data: str) -> None:
        if self._label:
            self.labels[self._label] = self.labels.get(self._label, "") + data

    def of(self, form: Tag) -> Iterator[Tag]:
        return (one for one in self.fields if one.form is form and one.get("name"))


@dataclass(frozen=True)
class Refilled:
    """The page with what was typed. `found` is False if it has no such form."""

    html: str
    found: bool
    left: list[str]  # texts that no field of the form takes


def refill(
    html: str, typed: QueryDict, *, action: str, page: str, notice: str = "", marks: bool = True
) -> Refilled:
    """Fill the form that posts to `action`, and open what is folded around it.

    `page` is the path of the page itself, to which a form without an action posts. `notice` is HTML that is put at
    the beginning of the form. The page's own hidden marks are replaced by those that were sent, unless `marks` is
    False. If several forms post there, it is one with the same hidden fields, such as the
    key of a row.
    """
    read = Page(html)
    same = (one for one in _candidates(read, action, page) if _is_about_the_same(read, one, typed))
    form = max(same, key=lambda one: sum(each.get("name") in typed for each in read.of(one)), default=None)
    if form is None:
        return Refilled(html, found=False, left=_texts(typed, ()))
    changes = {form.start: (form.end, html[form.start : form.end] + notice)}
    queues = {name: list(typed.getlist(name)) for name in typed}
    opened = {id(one): one for one in form.details}
    for one in read.of(form):
        if not marks and one.get("type") == "hidden":
            continue
        text = _filled(html, one, queues, typed)
        if text is not None:
            changes[one.start] = (max(one.end, one.closed_at, *(each.end for each in one.options)), text)
            opened |= {id(around): around for around in one.details} if typed.get(one.get("name")) else {}
    for around in opened.values():
        around.attrs["open"] = None
        changes[around.start] = (around.end, str(around))
    there = {one.get("name") for one in read.fields}
    return Refilled(_changed(html, changes), found=True, left=_texts(typed, there))


def into(
    response: HttpResponseBase, typed: QueryDict, *, action: str, page: str, notice: str = "", marks: bool = True
) -> Refilled | None:
    """Refill a response that is a page. None, and no change, if it is something else or has no such form."""
    if not isinstance(response, HttpResponse) or not response.get("Content-Type", "").startswith("text/html"):
        return None
    if hasattr(response, "render") and not getattr(response, "is_rendered", True):
        response.render()
    filled = refill(response.content.decode(), typed, action=action, page=page, notice=notice, marks=marks)
    if not filled.found:
        return None
    response.content = filled.html.encode()
    return filled


def wrong_fields(response: HttpResponse) -> list[tuple[str, str]]:
    """Id and label of each field of a page that is marked as wrong."""
    if not response.get("Content-Type", "").startswith("text/html") or not getattr(response, "is_rendered", True):
        return []
    read = Page(response.content.decode())
    wrong = (one.get("id") for one in read.fields if one.get("aria-invalid") == "true")
    labels = {identity: " ".join(read.labels.get(identity, "").split()) for identity in wrong}
    return [(identity, label) for identity, label in labels.items() if label]


def texts(typed: QueryDict) -> list[str]:
    """All that somebody typed, for a page that does not have the form."""
    return _texts(typed, ())


def _candidates(read: Page, action: str, page: str) -> list[Tag]:
    return [
        form
        for form in read.forms
        if form.get("method").lower() == "post" and (urlsplit(form.get("action")).path or page) == action
    ]


def _is_about_the_same(read: Page, form: Tag, typed: QueryDict) -> bool:
    """Whether the form's hidden fields have the values that were sent. Marks of the page may differ."""
    hidden = (one for one in read.of(form) if one.get("type") == "hidden")
    named = ((one.get("name"), one.get("value")) for one in hidden)
    return all(typed.get(name, value) == value for name, value in named if _meaning(name) not in UNTYPED)


def _meaning(name: str) -> str:
    """The name of a field without its form's prefix."""
    return name.rpartition("-")[2]


def _filled(html: str, one: Tag, queues: dict[str, list[str]], typed: QueryDict) -> str | None:
    """The field's HTML with its value; None if it stays as it is."""
    name, kind = one.get("name"), one.get("type").lower()
    if one.name == "button" or kind in (*PRESSED, *SECRET) or name == "csrfmiddlewaretoken":
        return None
    if one.name == "input" and kind in TICKED:
        return _ticked(one, typed)
    if not queues.get(name):
        return None
    if one.name == "select":
        return _chosen(html, one, typed)
    value = queues[name].pop(0)
    if one.name == "textarea":
        return f"{one}\n{escape(value)}"
    one.attrs["value"] = value
    return str(one)


def _ticked(one: Tag, typed: QueryDict) -> str | None:
    name = one.get("name")
    if one.get("type").lower() == "radio" and name not in typed:
        return None
    one.attrs.pop("checked", None)
    if (one.get("value") or "on") in typed.getlist(name):
        one.attrs["checked"] = None
    return str(one)


def _chosen(html: str, one: Tag, typed: QueryDict) -> str | None:
    chosen = set(typed.getlist(one.get("name")))
    if not chosen & {option.get("value") for option in one.options}:
        return None
    changes = {}
    for option in one.options:
        option.attrs.pop("selected", None)
        if option.get("value") in chosen:
            option.attrs["selected"] = None
        changes[option.start] = (option.end, str(option))
    last = max(option.end for option in one.options)
    return _changed(html[:last], changes)[one.start :]


def _changed(html: str, changes: dict[int, tuple[int, str]]) -> str:
    """The text with each part from a start to its end replaced."""
    parts, at = [], 0
    for start, (end, text) in sorted(changes.items()):
        parts += [html[at:start], text]
        at = end
    return "".join([*parts, html[at:]])


def _texts(typed: QueryDict, there: Iterable[str]) -> list[str]:
    known = {*there, *UNTYPED}
    names = (name for name in typed if _meaning(name) not in known and name not in known and name[:1] != "_")
    found = (text for name in names for text in typed.getlist(name))
    return [text for text in found if text.strip() and not text.strip().isdigit()]
