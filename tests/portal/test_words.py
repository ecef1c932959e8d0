"""What the interface does not say, and why (docs/words.md)."""

import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from django.conf import settings

from portal import catalogue

ENGLISH = {
    r"\bgo(es)? on\b(?! that)": "Continue",
    r"\bwhoever\b": "anyone who",
    r"\b(was|were|been|are) told\b": "is notified, or: we tell you",
    r"\bto be had\b": "you can get",
    r"\bstands? (on|in) your\b": "is on",
    r"\bholds until\b": "works until",
    r"\banother look\b": "a review",
    r"\bone a line\b": "one per line",
    r"\bneed(s)? (do|give) n(o|ot)": "do not need to",
    r"\bthe office (was|has been) told\b": "has been notified",
    r"\bhelp line\b": "helpline",
    r"\breceived whole\b": "received in full",
}
CHINESE = {
    "案卷包": "证据包",
    "办案部门": "处理投诉的部门: the other one sounds like the police",
    "选填": "可不填",
    "团队": "小组",
    "没法帮您找回": "a code may be replaced: say when",
    "仅自洽": "文件本身没有问题，还差一步",
    "(?<!存证)账本": "存证账本: a borrower reads “my debts”",
}
# Pages for staff and for those outside who watch the ledger have words of their own.
DESK = ("complaints/admin/", "templates/admin/", "portal/desk/", "complaints/oversight/", "evidence/")


def said(texts: dict[str, str], forbidden: dict[str, str]) -> list[str]:
    """The forbidden words in these texts, each with where it is and what to say instead."""
    return [
        f"{place}: “{found[0]}”, better: {better}"
        for place, text in texts.items()
        for pattern, better in forbidden.items()
        if (found := re.search(pattern, text, re.IGNORECASE))
    ]


def english() -> dict[str, str]:
    """The borrower's strings and guides, each by its own beginning."""
    root = f"{settings.BASE_DIR}/"
    strings = {
        msgid: msgid
        for (msgid, _context), message in catalogue.messages(catalogue.collect()).items()
        if not all(str(file).removeprefix(root).startswith(DESK) for file, _line in message.locations)
    }
    return {**strings, **dict(pages("en"))}


def chinese() -> dict[str, str]:
    known = catalogue.messages(catalogue.read_translations()).items()
    strings = {
        msgid: message.string if isinstance(message.string, str) else "".join(message.string or ())
        for (msgid, _context), message in known
    }
    return {**strings, **dict(pages("zh_hans"))}


def pages(language: str) -> Iterator[tuple[str, str]]:
    """The pages that are written in each language by itself."""
    for path in sorted(Path(settings.BASE_DIR, "templates").rglob("*")):
        if path.is_file() and language in (path.parent.name, path.stem):
            yield str(path.relative_to(settings.BASE_DIR)), path.read_text(encoding="utf-8")


def test_the_english_of_the_borrower_s_pages_is_plain() -> None:
    assert said(english(), ENGLISH) == []


def test_the_chinese_has_one_word_for_one_thing() -> None:
    assert said(chinese(), CHINESE) == []


SPLIT = r"[\u3400-\u9fff，。；：、？”]\n\s*[\u3400-\u9fff“]"


def test_no_line_ends_inside_a_chinese_sentence() -> None:
    """The browser would show a blank there."""
    html = {place: text for place, text in pages("zh_hans") if place.endswith(".html")}
    assert {place: found for place, text in html.items() if (found := re.findall(SPLIT, text))} == {}


@pytest.mark.parametrize(
    ("text", "forbidden"),
    [
        ("Go on with a draft code", ENGLISH),
        ("The office was told.", ENGLISH),
        ("账本", CHINESE),
        ("案卷包", CHINESE),
    ],
)
def test_a_word_that_is_put_back_is_found(text: str, forbidden: dict[str, str]) -> None:
    assert said({"page": text}, forbidden)


def test_the_ledger_by_its_whole_name_is_right() -> None:
    assert said({"page": "存证账本"}, CHINESE) == []


def test_the_buttons_that_are_on_many_pages_have_their_own_chinese() -> None:
    known = catalogue.messages(catalogue.read_translations())
    buttons = {"Continue": "继续", "Yes": "是", "No": "否", "Delete it": "删除", "Save": "保存"}
    assert {name: known[name, None].string for name in buttons} == buttons
