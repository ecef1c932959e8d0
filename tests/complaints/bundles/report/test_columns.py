"""Nothing that people wrote is printed outside its column, measured character by character."""

from typing import Any

import pytest

from complaints.bundles import papers
from complaints.bundles.options import Options
from complaints.bundles.report import report
from complaints.models import Case
from evidence.ledger import checkpoints
from tests.support import cast
from tests.support.printed import in_the_text, letters, outside, overprinted, places

pytestmark = pytest.mark.django_db
RUNS = {
    "an account": "wxid_" + "a1b2c3d4e5" * 4,
    "an address": "https://example.org/" + "very_long_path_" * 2,
    "sixty W": "W" * 60,
    "just wide enough to be missed": "W" * 14,
    "Cyrillic": "х" * 60,
    "Latin with accents": "é" * 60,
    "Greek": "ω" * 60,
    "exclamation marks": "还钱" + "！" * 58,
    "question marks": "？" * 60,
    "full stops": "。" * 60,
    "dots": "开始" + "…" * 56 + "完",
    "dashes": "—" * 60,
    "long vowels": "ー" * 60,
    "small kana": "ッ" * 60,
    "opening brackets": "（" * 60,
    "closing brackets": "）" * 60,
    "wide dashes": "⸺" * 30,
    "no-break spaces": "a\u00a0" * 30,
    "word joiners": "催\u2060" * 30,
    "emoji": "😀" * 30,
    "Thai": "ก" * 60,
    "Hangul": "가" * 60,
    "marks": "e\u0301" * 30,
    "digits": "1" * 60,
    "hyphens": "-" * 60,
    "an e-mail": "a" * 30 + "@" + "b" * 25 + ".cn",
}


HEADS = {  # of the table of contacts: what is before it, its columns after the first, what is behind it
    "zh": ("催收记录（投诉人所述）", ["时间", "方式", "对象", "内容"], "投诉人的诉求"),
    "en": ("Contacts,astold", ["When", "How", "Reached", "Said"], "Whattheborrowerasksfor"),
    "both": ("催收记录（投诉人所述）", ["时间", "方式", "对象", "内容"], "投诉人的诉求"),
}


def act(name: str) -> dict[str, str]:
    run = RUNS[name]
    return {"key": name, "when": "2026-11-20", "precision": "day", "number": run[:60], "said": run, "claimed": run}


@pytest.fixture
def case() -> Case:
    told: dict[str, Any] = {
        "contacts": {"acts": [act(name) for name in RUNS]},
        "story": {"story": "\n".join(RUNS.values())},
        "parties": {**cast.ANSWERS["parties"], "lender": RUNS["sixty W"], "platform": RUNS["dots"]},
        "files": [("…" * 20 + "W" * 25 + ".png", cast.a_screenshot())],
    }
    return cast.file_a_complaint(**told).case


@pytest.mark.parametrize("language", ["both", "zh", "en"])
def test_text_without_a_place_to_break_stays_in_its_column_of_the_report(language: str, case: Case) -> None:
    options = Options.usual("borrower", language=language)
    found = letters(report.made(papers.read(case, options=options, checkpoint=checkpoints.current())))
    assert outside(found) == []
    assert overprinted(found) == []
    before, heads, behind = HEADS[language]
    title = [*places(found, before)][-1]
    begins = [next(at for at in places(found, head) if at > title) for head in heads]
    start, columns = begins[0], [found[at] for at in begins]
    rows = [
        one for one in found[start : next(at for at in places(found, behind) if at > start)] if in_the_text(one)
    ]
    assert len(rows) > 1000
    over = [
        (one.letter, head.letter) for one in rows for head in columns if one.left < head.left - 4 < one.right - 1
    ]
    assert over == []
