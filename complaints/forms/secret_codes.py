"""Access codes, draft codes and passphrases that somebody types into an answer. They are recognised by their
digests, so that no answer keeps them: anybody who reads it could open the case."""

from collections.abc import Iterable, Iterator
from itertools import islice

from complaints import codes
from complaints.models import Case, Draft, Enquiry, Grant

OPENED_BY = (Case, Draft, Enquiry)  # each by one code of full length
AT_ONCE = 500  # digests that are looked up together
TAKEN_OUT = "…"


def without(text: str) -> str:
    """The text without the codes that open something now; the same text where it has none."""
    taken = _spans(text)
    for start, end in sorted(taken, reverse=True):
        text = text[:start] + TAKEN_OUT + text[end:]
    return text


def _spans(text: str) -> list[tuple[int, int]]:
    whole = [(span, codes.digest(code)) for span, code in codes.all_in(text)]
    short = [(span, codes.phrase_digest(code)) for span, code in codes.all_in(text, codes.SHORT)]
    known = set(_known(digest for _span, digest in whole)) | set(_known_phrases(digest for _span, digest in short))
    return [span for span, digest in [*whole, *short] if digest in known]


def _known(digests: Iterable[str]) -> Iterator[str]:
    for some in _batches(digests):
        for model in OPENED_BY:
            yield from model._default_manager.filter(code_digest__in=some).values_list("code_digest", flat=True)


def _known_phrases(digests: Iterable[str]) -> Iterator[str]:
    for some in _batches(digests):
        yield from Grant.objects.filter(word_digest__in=some).values_list("word_digest", flat=True)


def _batches(digests: Iterable[str]) -> Iterator[list[str]]:
    left = iter(dict.fromkeys(digests))
    while some := list(islice(left, AT_ONCE)):
        yield some
