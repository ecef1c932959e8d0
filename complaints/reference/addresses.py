"""Cleans typed e-mail addresses and telephone numbers before they are saved or compared."""

import re

from . import folding, numbers

ENDS = " .,;:!?'\"。、“”‘’「」『』《》〈〉【】<>[]{}`*|/\\-"  # never at the ends of an address
_LABEL = re.compile(
    r"^(?:(?:my|your|the|e-?mail|mail|address|phone|tel(?:ephone)?|mobile|cell|number|is)\.?(?:\s*[:=]\s*|\s+)|mailto:"
    r"|(?:我的|您的|电子|邮箱|邮件|信箱|电邮|地址|电话|手机|号码|号|是|为)[\s:=]*(?=[^\s@]))",
    re.IGNORECASE,
)
_REMARK = re.compile(r"(?<=\w)\s*[(<\[{【「][^@()<>]*[)>\]}】」]$")  # mei@example.org (at work)
_BRACKETS = re.compile(r"[(<]([^()<>]*)[)>]")
_APART = re.compile(r"[^\s@]+ ?@ ?[^\s@]+(?: ?\. ?[^\s@.]+)*")
_CHINESE_STOP = re.compile(r"。(?=[a-z0-9])", re.IGNORECASE)  # as Chinese keyboards type a dot
_WITH_A_NAME = re.compile(r"[^<>@]*<([^<>]*@[^<>]*)>")  # Mei <mei@example.org>


def is_email(typed: str) -> bool:
    """Whether the text is meant as an e-mail address, not as a number."""
    return "@" in folding.clean(typed)


def email(typed: str) -> str:
    """The e-mail address in ordinary width, without spaces, labels, and punctuation around it."""
    text = _REMARK.sub("", _CHINESE_STOP.sub(".", folding.dashed(typed)))
    found = _WITH_A_NAME.fullmatch(text.strip(" .,;。"))
    bare = _bare(found[1] if found else text)
    return "".join(bare.split()) if _APART.fullmatch(bare) else bare


def phone(typed: str) -> str:
    """The telephone number in ordinary width, with all dashes as -, without labels and punctuation around it. A
    text that is not a number is returned unchanged."""
    bare = _bare(folding.dashed(typed))
    return bare if numbers.is_number(bare, 1) else typed


def dialled(written: str) -> str:
    """A number as a link dials it (RFC 3966): 010-6655 1234 转 802 is 01066551234;ext=802."""
    number, *extension = re.split(r"转|ext\.?|分机|#", folding.clean(written), flags=re.IGNORECASE)
    digits = ("+" if "+" in number else "") + folding.digits(number)
    return ";ext=".join([digits, *map(folding.digits, extension[:1])])


def same(typed: str) -> str:
    """The form in which addresses are compared: equal for all spellings of one address."""
    return email(typed).casefold() if is_email(typed) else numbers.canonical(phone(typed))


def _bare(text: str) -> str:
    before = ""
    while before != text:
        before, text = text, _LABEL.sub("", text.strip(ENDS))
        if found := _BRACKETS.fullmatch(text):
            text = found[1]
    return text
