"""custody.csv: a table that people read, with the columns that programs read beside it."""

import csv
import hashlib
import io
from datetime import datetime

import pytest

from complaints.bundles import making
from complaints.bundles.options import Options
from complaints.models import Case, event_kinds
from evidence import holdfast_verify as verifier
from evidence.ledger import kinds
from tests.support import cast
from tests.support.bundles import Opened, opened, seal_all
from tests.support.custody_tables import OFFSETS, entries, tables

CUSTODY = "data/custody.csv"
LATER = {"severity.changed"}  # kinds that the digest below does not cover


@pytest.fixture
def case(borrower: cast.Filed) -> Case:
    seal_all(borrower.case)
    return borrower.case


def bundle(case: Case, language: str) -> Opened:
    return opened(b"".join(making.stream(case, options=Options.usual("borrower", language=language))[1]))


@pytest.mark.parametrize(
    ("language", "head", "filed"),
    [
        ("zh", "时间,事项,证据,经办", "提交投诉,,投诉人"),
        ("en", "Time,What,Exhibit,Who", "complaint filed,,borrower"),
        (
            "both",
            "时间 / Time,事项 / What,证据 / Exhibit,经办 / Who",
            "提交投诉 / complaint filed,,投诉人 / borrower",
        ),
    ],
)
def test_a_person_reads_when_what_which_and_who_in_the_language_of_the_bundle(
    case: Case, language: str, head: str, filed: str
) -> None:
    first, second, *_ = bundle(case, language).text(CUSTODY).split("\r\n")
    assert first == f"\ufeff{head},entry,at,event,exhibit,by,details"  # the mark is for Excel on Windows
    assert f" UTC+08:00,{filed}," in second


def test_times_are_the_office_s_and_the_columns_for_programs_are_as_before(case: Case) -> None:
    bag = bundle(case, "zh")
    rows = list(csv.reader(io.StringIO(bag.text(CUSTODY))))[1:]
    ledger = verifier.open_ledger(bag.json("proofs/ledger.json")).entries
    before = verifier.custody_table(ledger, verifier.exhibits_of(ledger)).decode()
    assert [row[4:] for row in rows] == list(csv.reader(io.StringIO(before)))[1:]
    for row in rows:
        here = datetime.strptime(row[0], "%Y-%m-%d %H:%M:%S UTC%z")
        assert here == datetime.fromisoformat(row[5]).replace(microsecond=0)
        assert row[0].endswith("+08:00")


def test_the_verifier_takes_the_table_of_every_form_and_no_changed_one() -> None:
    exhibits = verifier.exhibits_of(entries())
    taken = [verifier.is_custody_table(table, entries(), exhibits) for table, _ in tables()]
    assert taken == [good for _, good in tables()]


def test_no_cell_is_a_formula() -> None:
    table = verifier.custody_for_people(entries(), verifier.exhibits_of(entries()), "en", OFFSETS[0])
    cells = [cell for row in csv.reader(io.StringIO(table.decode())) for cell in row]
    assert "'=1+1" in cells
    assert [cell for cell in cells if cell.startswith(("=", "+", "-", "@", "＝"))] == []


def test_words_that_are_out_in_bundles_never_change() -> None:
    events = {kind: said for kind, said in verifier.CUSTODY_EVENTS.items() if kind not in LATER}
    words = repr([verifier.CUSTODY_FOR_PEOPLE, events, verifier.CUSTODY_ROLES])
    assert (
        hashlib.sha256(words.encode()).hexdigest()
        == "7d69726886b4232ffc9c47ba67f1dd143dbd846ecee7a65dcad8c4ba3092a228"
    )


def test_each_kind_of_entry_of_a_case_has_words() -> None:
    assert set(verifier.CUSTODY_EVENTS) == event_kinds.OF_A_CASE | kinds.OF_AN_ITEM
