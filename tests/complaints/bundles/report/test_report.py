"""report.pdf: Chinese and English can be found in it, nothing in the data can break it."""

import json
import re
from datetime import UTC, datetime
from typing import Any

import pypdfium2
import pytest
from hypothesis import given
from hypothesis import strategies as st

from complaints.bundles import papers
from complaints.bundles.report import report, words
from complaints.cases import readers, wording
from complaints.filing import filing
from complaints.models import Case
from complaints.typesetting import glyphs
from evidence.holdfast_verify import STATES
from evidence.ledger import checkpoints
from evidence.viewing import previews
from portal.demo import sound
from tests.support import cast, viewing
from tests.support.bundles import seal_all


def papers_of(case: Case, audience: str = "borrower") -> papers.Papers:
    return papers.read(case, audience=audience, checkpoint=checkpoints.current())


def text_of(pdf: bytes) -> str:
    document = pypdfium2.PdfDocument(pdf)
    try:
        return "\n".join(page.get_textpage().get_text_bounded() for page in document)
    finally:
        document.close()


def printed(case: Case, audience: str = "borrower") -> str:
    """The report's text without spaces and line ends, which are typography."""
    return re.sub(r"\s+", "", text_of(report.made(papers_of(case, audience))))


def telling(story: str) -> Case:
    return cast.file_a_complaint(conduct={"conduct": ["C05"]}, story={"story": story}, files=[]).case


def test_chinese_and_english_can_be_found(borrower: cast.Filed) -> None:
    seal_all(borrower.case)
    text = printed(borrower.case)
    for wanted in (
        "案卷报告",
        "Casefile",
        "他们半夜给我打电话，还打给我的同事。",
        "李小梅",
        "ExampleCollectionLtd",
    ):
        assert wanted in text
    assert borrower.case.reference in text
    assert borrower.case.complaint.sha256 in text


def test_the_demo_authority_is_marked_in_both_languages(borrower: cast.Filed) -> None:
    seal_all(borrower.case)
    text = printed(borrower.case)
    assert "本机时钟，对运营者不具证明力" in text
    assert "localclock,provesnothingagainsttheoperator" in text


def test_contacts_court_amounts_and_declared_facts_are_printed_in_both_languages(db: None) -> None:
    court = {"court": "paper", "court_on": "2026-12-21", "court_note": "某某区法院"}
    draft, code = cast.a_draft(court=court, files=[("call.amr", sound.amr(sound.call(1, seed=1)))])
    draft.exhibits.update(declared={"captured": "2026-11-20", "condition": "forwarded"}, is_authority=True)
    text = printed(filing.file(draft, code))
    for wanted in (
        "2026-12-21",
        "某某区法院",
        "2026-11-2023:41",
        "说要去我孩子的学校",
        "05718888",
        "·3200元",
        "·3,200yuan",
    ):
        assert wanted in text, wanted
    for wanted in (
        "催收记录",
        "Contacts,astold",
        "别人转发给我的",
        "Itwasforwardedtome",
        "授权文件",
        "我自己留着",
    ):
        assert wanted in text, wanted


def test_each_of_several_contacts_in_a_row_is_counted(db: None) -> None:
    day = {
        "key": "a",
        "when": "2026-11-20 09:00",
        "precision": "exact",
        "times": "12",
        "times_about": "yes",
        "until": "2026-11-21 01:15",
    }
    case = cast.file_a_complaint(
        files=[], contacts={"acts": [{**day, "channel": "call"}, {"key": "b", "said": "x"}]}
    ).case
    text = printed(case)
    for wanted in ("13·2026-11-20–2026-11-21", "2026-11-2009:00–2026-11-2101:15", "大约12次/about12times"):
        assert wanted in text, wanted


def test_answers_of_the_borrower_are_read_in_the_third_person(db: None) -> None:
    act = {"key": "a", "when": "2026-11-20", "precision": "day", "reached": "self", "direction": "out"}
    text = printed(cast.file_a_complaint(files=[], contacts={"acts": [act]}).case)
    assert "投诉人本人/thepersonwhofiled" in text and "投诉人主动联系" in text
    assert "/Me" not in text and "Icontactedthem" not in text


def test_an_hour_that_the_clocks_have_twice_is_the_same_on_every_page(db: None, settings: Any) -> None:
    settings.TIME_ZONE = "America/New_York"
    act = {"key": "a1", "when": "2024-11-03 01:30", "precision": "exact"}
    case = cast.file_a_complaint(contacts={"acts": [act]}, files=[]).case
    assert json.loads(bytes(case.complaint.document))["contacts"][0]["when"] == "2024-11-03 01:30"
    assert wording.row(case.contacts.get())["when"] == "3 November 2024 01:30"
    assert "2024-11-0301:30" in printed(case)


def test_an_old_statement_is_printed_without_what_was_not_asked_then(borrower: cast.Filed) -> None:
    told = papers_of(borrower.case)
    statement = told.document("statement")
    for name in ("contacts", "court", "numbers", "relation", "amounts", "originals", "zone"):
        del statement[name]
    assert report._court(statement) == []
    assert [row["zh"] for row in report._others(statement)][:3] == ["出借方", "平台", "催收机构"]


def test_evidence_that_waits_for_its_timestamp_is_said_to(borrower: cast.Filed) -> None:
    assert "等待时间戳" in printed(borrower.case)


def test_what_a_copy_lacks_of_its_original_is_said_in_both_languages(db: None) -> None:
    case = cast.file_a_complaint(files=[("letter.pdf", viewing.pdf(23))]).case
    previews.derive(case.exhibits.get().item)
    text = printed(case)
    assert "此处显示第1至20页，共23页；原件保有全部内容。" in text
    assert "Pages1to20of23areshownhere;theoriginalhasall." in text


def test_a_withheld_reporter_is_not_named(borrower: cast.Filed) -> None:
    text = printed(borrower.case, "regulator")
    assert "李小梅" not in text
    assert "13800138000" not in text
    assert "本证据包不含投诉人身份" in text


@pytest.mark.parametrize(
    ("given_text", "shown"),
    [
        ("😀", "〈U+1F600〉"),
        ("𪚥", "〈U+2A6A5〉"),
        ("\x07", "〈U+0007〉"),
        ("\ue000", "〈U+E000〉"),
        ("مرحبا", "〈U+0645〉"),
        ("\u202e", "〈U+202E〉"),
        ('#strong[x] $x$ @a <b> *c* `d` \\ // /* "', '#strong[x]$x$@a<b>*c*`d`\\///*"'),
        ("= 标题\n- 点\n+ 数", "=标题-点+数"),
    ],
    ids=["emoji", "rare character", "control", "private use", "Arabic", "direction", "markup", "line markup"],
)
def test_any_character_survives(db: None, given_text: str, shown: str) -> None:
    assert shown in printed(telling(f"前{given_text}后"))


@given(st.text(max_size=200))
def test_whatever_is_written_becomes_what_the_font_has(story: str) -> None:
    legible = glyphs.legible(story, column=9.5)
    assert all(letter in "\n\u200b" or ord(letter) in glyphs.covered() for letter in legible)


def test_a_long_story_runs_over_many_pages(db: None) -> None:
    story = "很长的故事，一段一段地讲。\n" * 3000 + "x" * 20000 + "最后一句。"
    pdf = report.made(papers_of(telling(story)))
    document = pypdfium2.PdfDocument(pdf)
    assert len(document) > 30
    document.close()
    assert "最后一句。" in re.sub(r"\s+", "", text_of(pdf))


def test_what_was_said_in_one_contact_may_be_longer_than_a_page(db: None) -> None:
    said = {**cast.ANSWERS["contacts"]["acts"][0], "said": "每次都说要告诉我单位。" * 400 + "这是最后一句"}
    text = printed(cast.file_a_complaint(files=[], contacts={"acts": [said]}).case)
    assert text.count("要告诉我单位") >= 380  # the others are where a page ends
    assert "这是最后一句" in text


def test_pages_are_numbered_as_the_pdf_counts_them(borrower: cast.Filed) -> None:
    document = pypdfium2.PdfDocument(report.made(papers_of(borrower.case)))
    for number, page in enumerate(document, 1):
        assert f"{number} / {len(document)}" in page.get_textpage().get_text_bounded()
    document.close()


def test_the_outline_leads_to_each_section_and_exhibit(borrower: cast.Filed) -> None:
    document = pypdfium2.PdfDocument(report.made(papers_of(borrower.case)))
    titles = [item.get_title() for item in document.get_toc()]
    document.close()
    assert [title for title in titles if "E-1" in title]
    assert len(titles) > 8


def test_the_report_is_pdf_a_and_pdf_ua_and_says_its_title(borrower: cast.Filed) -> None:
    pdf = report.made(papers_of(borrower.case))
    assert b"<pdfaid:part>2</pdfaid:part>" in pdf.replace(b" ", b"")
    assert b"<pdfuaid:part>1</pdfuaid:part>" in pdf.replace(b" ", b"")
    document = pypdfium2.PdfDocument(pdf)
    assert borrower.case.reference in document.get_metadata_value("Title")
    document.close()


def test_the_same_papers_make_the_same_bytes(borrower: cast.Filed) -> None:
    told = papers_of(borrower.case)
    assert report.made(told) == report.made(told)


def test_every_kind_of_entry_has_words() -> None:
    assert set(STATES) <= set(words.EVENTS)
    assert set(readers.WITHHELD) == set(words.AUDIENCES)


def test_times_are_local_and_say_their_zone() -> None:
    assert words.when_of(datetime(2026, 11, 23, 4, 2, tzinfo=UTC)) == "2026-11-23 12:02:00 UTC+08:00"
