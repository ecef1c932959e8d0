"""E-mail addresses and telephone numbers as people type them, cleaned before they are kept or compared."""

import re

from . import folding, numbers

ENDS = " .,;:!?'\"。、“”‘’「」『』《》〈〉【】<>[]{}`*|/\\-"  # that nobody types as part of an address
_LABEL = re.compile(
    r"^(?:(?:my|your|the|e-?mail|mail|address|phone|tel(?:ephone)?|mobile|cell|number|is)\.?(?:\s*[:=]\s*|\s+)|mailto:"
    r"|(?:我的|您的|电子|邮箱|邮件|信箱|电邮|地址|电话|手机|号码|号|是|为)[\s:=]*(?=[^\s@]))",
    re.IGNORECASE,
)
_BRACKETS = re.compile(r"[(<]([^()<>]*)[)>]")
_WITH_A_NAME = re.compile(r"[^<>@]*<([^<>]*@[^<>]*)>")  # Mei <mei@example.org>


def is_email(typed: str) -> bool:
    """Whether it is meant as an e-mail address, not as a number."""
    return "@" in folding.clean(typed)


def email(typed: str) -> str:
    """An e-mail address in ordinary width, without blanks, labels, or punctuation around it."""
    text = folding.dashed(typed)
    found = _WITH_A_NAME.fullmatch(text.strip(" .,;。"))
    bare = _bare(found[1] if found else text)
    return "".join(bare.split()) if re.fullmatch(r"[^\s@]+ ?@ ?[^\s@]+", bare) else bare


def phone(typed: str) -> str:
    """A telephone number in ordinary width, with one sign for all dashes, without labels or punctuation around it;
    what is no number, as it was typed."""
    bare = _bare(folding.dashed(typed))
    return bare if numbers.is_number(bare, 1) else typed


def same(typed: str) -> str:
    """What all spellings of one address have in common."""
    return email(typed).casefold() if is_email(typed) else numbers.canonical(phone(typed))


def _bare(text: str) -> str:
    before = ""
    while before != text:
        before, text = text, _LABEL.sub("", text.strip(ENDS))
        if found := _BRACKETS.fullmatch(text):
            text = found[1]
    return text
