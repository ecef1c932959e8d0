"""Codes that somebody types into an answer or the name of a file. No answer keeps them: anybody who reads it could
open the case.

Access codes, draft codes, passphrases and the portal's own one-time codes are recognised by their digests; those
of banks and authenticators, which are in no database, by the words beside them, and only in messages.
"""

import re
from collections.abc import Iterable, Iterator
from itertools import islice

from django.core.exceptions import ValidationError
from django.utils import timezone
from django.utils.translation import gettext as _

from complaints import codes
from complaints.models import Case, Draft, Enquiry, Grant, Recovery
from complaints.reference import folding

OPENED_BY = (Case, Draft, Enquiry)  # each by one code of full length
AT_ONCE = 2000  # digests that are looked up together
TAKEN_OUT = "…"
IN_A_NAME = "[code]"  # in place of a code in the name of a file
_DIGITS = r"\d(?:[ \-]?\d){3,7}(?!\d|[ \-]\d|年)"
_CALLED = (
    "验证码|校验码|动态码|动态口令|动态密码|短信密码|一次性密码|一次性口令|授权码"
    "|verification code|one[ -]?time (?:pass)?(?:code|word)|security code|authenticator(?: app)?(?: code)?"
    "|passcode|otp|totp|2fa(?: code)?"
)
ONE_TIME = re.compile(  # in a folded view
    rf"(?:{_CALLED})(?:[^\w\n]|_|是|为|就|is|are|code){{0,12}}(?P<after>{_DIGITS})"
    rf"|(?<!\d)(?P<before>{_DIGITS})(?:[^\w\n]|_|是|为|您?的|is|your|the|an?|my){{0,24}}(?:{_CALLED})"
)


def check(text: str, *, is_message: bool = False) -> None:
    """Raises ValidationError if the text has a code."""
    if without(text) != text:
        raise ValidationError(
            _(
                "This text had a code that opens a complaint, a draft or a bundle. Only its owner needs it, so "
                "we removed it: please check the text and continue."
            ),
            code="secret",
        )
    if is_message and without_one_time(text) != text:
        raise ValidationError(
            _(
                "This text had a one-time code, like those from banks and authenticator apps. Nobody should "
                "share one, so we removed it: please check the text and continue."
            ),
            code="secret",
        )


def taken_out(text: str, *, is_message: bool = False) -> str:
    """The text without codes, so that it can be sent again."""
    return without_one_time(without(text)) if is_message else without(text)


def without(text: str, shown: str = TAKEN_OUT) -> str:
    """The text without the codes that open something now; the same text where it has none."""
    return _replaced(text, _spans(text), shown)


def without_one_time(text: str) -> str:
    """The text without one-time codes of banks, authenticators and the like."""
    folded = folding.Folded(text)
    found = ONE_TIME.finditer(folding.in_figures(folded.view))
    spans = [folded.within(one.span("after" if one["after"] else "before")) for one in found]
    return _replaced(text, spans, TAKEN_OUT)


def in_file_name(name: str) -> str:
    """The name of a file without the codes that open something now."""
    return without(name, IN_A_NAME)


def _replaced(text: str, spans: list[tuple[int, int]], shown: str) -> str:
    for start, end in sorted(spans, reverse=True):
        text = text[:start] + shown + text[end:]
    return text


def _spans(text: str) -> list[tuple[int, int]]:
    whole = [(span, codes.digest(code)) for span, code in codes.all_in(text)]
    few = list(codes.all_in(text, codes.SHORT))
    short = [(span, codes.phrase_digest(code)) for span, code in few]
    once = [(span, codes.digest(code)) for span, code in few]
    known = set(_known(digest for _span, digest in whole)) | set(_known_phrases(digest for _span, digest in short))
    known |= set(_known_once(digest for _span, digest in once))
    return _apart([span for span, digest in [*whole, *short, *once] if digest in known])


def _apart(spans: list[tuple[int, int]]) -> list[tuple[int, int]]:
    """The same places, those that overlap as one."""
    found: list[tuple[int, int]] = []
    for start, end in sorted(spans):
        if found and start < found[-1][1]:
            found[-1] = found[-1][0], max(end, found[-1][1])
        else:
            found.append((start, end))
    return found


def _known(digests: Iterable[str]) -> Iterator[str]:
    for some in _batches(digests):
        for model in OPENED_BY:
            yield from model._default_manager.filter(code_digest__in=some).values_list("code_digest", flat=True)


def _known_phrases(digests: Iterable[str]) -> Iterator[str]:
    for some in _batches(digests):
        yield from Grant.objects.filter(word_digest__in=some).values_list("word_digest", flat=True)


def _known_once(digests: Iterable[str]) -> Iterator[str]:
    valid = Recovery.objects.filter(expires_at__gt=timezone.now())
    for some in _batches(digests if valid.exists() else ()):
        yield from valid.filter(code_digest__in=some).values_list("code_digest", flat=True)


def _batches(digests: Iterable[str]) -> Iterator[list[str]]:
    left = iter(dict.fromkeys(digests))
    while some := list(islice(left, AT_ONCE)):
        yield some
