"""Search for cases by reference, numbers, organisations, and words of the statement in any script.

Texts and queries are folded (`complaints.reference.folding`), so that blanks, dashes, dots, width, case and
accents make no difference. A search finds words anywhere in a text, also two Chinese characters: the index has the
pairs and single characters of each text, and the texts it gives are read to be sure. So the result is the same as
reading all texts. SQLite has the pairs in an FTS5 table, PostgreSQL in a GIN index. Only this file and the
migrations know the difference.
"""

import hashlib
import re
import unicodedata
from collections.abc import Iterable, Iterator
from itertools import pairwise
from pathlib import Path
from typing import Any

from django.db import connection
from django.db.models import BooleanField, ExpressionWrapper, F, Q, Value
from django.db.models.expressions import RawSQL
from django.db.models.functions import StrIndex
from django.db.models.lookups import GreaterThan

from complaints.models import Case, CaseQuerySet, Contact, Message, Searchable
from complaints.reference import folding, numbers

from . import links

LEAST_SPELLED = 5  # digits of a number in Chinese numerals
NUMBER = re.compile(r"[+(]?[\d(][\W_]*(?:\d[\W_]*){2,}")  # three digits or more, and signs between them
FOUR_DIGITS = re.compile("(?=([0-9]{4}))")
SEARCHED = ("lender", "platform", "agency", "story")  # columns of the complaint
SAMPLE, PAGE = 500, 50  # texts read to estimate how frequent a word is; cases on a page
DEARER = 3  # looking up a text by the index costs this many times as much as reading the next one
LONGEST = 200  # characters of a query; the rest is ignored


def words(query: str) -> list[str]:
    """The folded words of the query, which must all be found; numbers as the digits that all spellings share."""
    text = folding.clean(query[:LONGEST])
    parts = [text] if _is_number(text) else text.split()
    return [found for part in parts if (found := _word(part))]


def _word(part: str) -> str:
    return numbers.national(part) if _is_number(part) else folding.folded(part)


def _is_number(text: str) -> bool:
    return bool(NUMBER.fullmatch(text)) or numbers.is_number(text, LEAST_SPELLED)


def matching(cases: CaseQuerySet, query: str) -> CaseQuerySet:
    """The cases with every word of the query. The annotation `found` is their key, to sort by."""
    wanted = words(query)
    if not wanted:
        return cases.none()
    if key := Case.key_in(query):
        named: CaseQuerySet = cases.filter(pk=key).annotate(found=F("pk"))
        return named
    containing: CaseQuerySet = cases.filter(*(_contains("searchable__text", word) for word in wanted))
    looked_up: CaseQuerySet = _looked_up(containing, wanted)
    return looked_up


def _contains(column: str, word: str) -> GreaterThan:
    return GreaterThan(StrIndex(column, Value(word)), 0)


def _looked_up(cases: Any, wanted: list[str]) -> Any:
    asked = sorted({gram for word in wanted for gram in _asked(word)})
    if connection.vendor == "postgresql":
        # A frequent word is found fastest by reading the newest texts; the index would list all of them first.
        if not _is_frequent(wanted):
            where = ["string_to_array(complaints_searchable.grams, ' ') @> %s"]
            cases = cases.extra(where=where, params=[asked])  # noqa: S610
        return cases.annotate(found=F("pk"))
    # In the order of the table, so that a frequent word is not slower than a rare one.
    where = ["complaints_grams.rowid = complaints_case.id", "complaints_grams MATCH %s"]
    found = cases.extra(tables=["complaints_grams"], where=where, params=[" AND ".join(asked)])  # noqa: S610
    return found.annotate(found=RawSQL("complaints_grams.rowid", []))


def _is_frequent(wanted: list[str]) -> bool:
    """Whether reading texts is faster than the index, estimated from the newest texts. A wrong estimate only costs
    time."""
    contained = Q(*(_contains("text", word) for word in wanted))
    rows = Searchable.objects.order_by("-pk").values_list("pk", ExpressionWrapper(contained, BooleanField()))
    newest: list[tuple[int, bool]] = list(rows[:SAMPLE])
    share, last = sum(found for _key, found in newest) / SAMPLE, newest[0][0] if newest else 0
    return bool(DEARER * share * share * last > PAGE)


def grams(text: str) -> set[str]:
    """The characters of a plain text, their pairs, and each four digits in a row, as words for the index."""
    codes = ["" if one.isspace() else f"{ord(one):x}" for one in text]
    pairs = {f"{one}x{next_one}" for one, next_one in pairwise(codes) if one and next_one}
    return pairs.union(filter(None, codes), (f"n{four}" for four in FOUR_DIGITS.findall(text)))


def _asked(word: str) -> set[str]:
    """The index words by which a word is looked up. Numbers are looked up by their end, since many begin alike."""
    if re.fullmatch("[0-9]{4,}", word):
        return {f"n{four}" for four in FOUR_DIGITS.findall(word)[-2:]}
    return grams(word)


def write(case: Case) -> None:
    """Update the case's row in the index. Call it in the transaction that changes the case."""
    messages = Message.objects.filter(case=case, written_by=None).values_list("text", flat=True)
    _keep([row(case, case.complaint, case.contacts.all(), messages)])


def rebuild(batch: int = 500) -> Iterator[int]:
    """Index all cases anew, with their links to each other. Yields how many are done after each batch."""
    done, last = 0, 0
    while cases := list(
        Case.objects.filter(pk__gt=last)
        .select_related("complaint", "reporter")
        .prefetch_related("contacts", "messages")
        .order_by("pk")[:batch]
    ):
        _keep([row(case, case.complaint, case.contacts.all(), _theirs(case)) for case in cases])
        for case in cases:
            links.write(case)
        done, last = done + len(cases), cases[-1].pk
        yield done


def rules() -> str:
    """A digest (SHA-256 in hex) of what decides the texts of the index: how they are folded, and which they are.
    When it changes, `rebuild` is needed."""
    sources = [Path(source).read_bytes() for source in (folding.__file__, folding.VARIANTS, __file__)]
    return hashlib.sha256(b"\0".join([unicodedata.unidata_version.encode(), *sources])).hexdigest()


def _theirs(case: Case) -> list[str]:
    return [message.text for message in case.messages.all() if message.written_by_id is None]


def row(case: Any, complaint: Any, contacts: Iterable[Contact], messages: Iterable[str]) -> Searchable:
    """The case's row in the index. Also accepts models of a migration."""
    texts = [getattr(complaint, name) for name in SEARCHED] + list(complaint.numbers) + list(messages)
    texts += [part for one in contacts for part in (one.number, one.claimed, one.said)]
    text = "\n".join(map(folding.searched, [str(Case.reference.fget(case)), *texts]))  # type: ignore[attr-defined]
    return Searchable(case_id=case.pk, text=text, grams=" ".join(sorted(grams(text))))


def _keep(rows: list[Searchable]) -> None:
    Searchable.objects.bulk_create(
        rows, update_conflicts=True, unique_fields=["case"], update_fields=["text", "grams"]
    )


def scan(cases: CaseQuerySet, query: str) -> CaseQuerySet:
    """The same cases as `matching`, found by reading every text; tests compare both."""
    containing = Q()
    for word in words(query):
        containing &= Q(searchable__text__contains=word)
    return cases.filter(containing)
