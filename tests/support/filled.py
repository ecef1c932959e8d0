"""Fills in the forms of a page as somebody at a browser does, and finds what was typed on another page."""

import re
from dataclasses import dataclass, field
from html import unescape
from html.parser import HTMLParser
from typing import Any

TYPED_INTO = ("text", "email", "search", "url", "tel", "")  # types of inputs; no type means text


@dataclass
class Form:
    action: str  # where it is sent, with the query string
    id: str
    data: dict[str, list[str]] = field(default_factory=dict)
    words: list[str] = field(default_factory=list)  # what was typed into it

    @property
    def path(self) -> str:
        return self.action.partition("?")[0]


class Forms(HTMLParser):
    """The forms of a page that are sent by POST. Each text field of them has got a word of its own."""

    def __init__(self, page: str, address: str, word: str = "Wort") -> None:
        super().__init__()
        self.address, self.word = address, word
        self.all: list[Form] = []
        self.buttons: list[dict[str, str]] = []
        self._form: Form | None = None
        self._area: str | None = None
        self.feed(page)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        has = {name: value or "" for name, value in attrs}
        name, kind = has.get("name", ""), has.get("type", "")
        if tag == "form":
            action = has.get("action", "").partition("#")[0] or self.address
            self._form = Form(action, has.get("id", ""))
            self.all += [self._form] if has.get("method", "").lower() == "post" else []
        elif tag == "button":
            self.buttons.append(has)
        elif self._form and name and tag == "textarea":
            self._type(name)
        elif self._form and name and tag == "input":
            if kind in TYPED_INTO and "readonly" not in has:
                self._type(name)
            elif kind == "hidden" or (kind in ("checkbox", "radio") and "checked" in has):
                self._form.data.setdefault(name, []).append(has.get("value", "on"))

    def handle_endtag(self, tag: str) -> None:
        self._form = None if tag == "form" else self._form

    def _type(self, name: str) -> None:
        assert self._form
        word = f"{self.word}{len(self._form.words)}x{len(self.all)}"
        self._form.words.append(word)
        self._form.data.setdefault(name, []).append(word)

    def with_text(self) -> list[Form]:
        return [form for form in self.all if form.words]


def texts(response: Any) -> list[str]:
    """What stands in the fields of a page, and in what it gives back to be copied."""
    page = response.content.decode()
    areas = re.findall(r"<(?:textarea|pre)[^>]*>\n?(.*?)</(?:textarea|pre)>", page, re.S)
    values = [value for tag in re.findall(r"<input[^>]*>", page) for value in re.findall(r'value="([^"]*)"', tag)]
    return [unescape(text) for text in [*areas, *values]]
