"""The office's notes and its reasons for more time in bundles: for whom they are, and for nobody else."""

import re
from pathlib import Path
from typing import Any

import pytest
from django.urls import reverse

from complaints.bundles import making
from complaints.bundles.options import WITH_NOTES, Options
from complaints.cases.readers import WITHHELD
from complaints.models import Case, Export, StaffMember, Team
from evidence import holdfast_verify as verifier
from tests.support import cast, handed, whole_case
from tests.support.browser import a_browser
from tests.support.bundles import Opened, opened
from tests.support.pages import follows, text
from tests.support.verify_pages import a_folder_with_the_page, opened_verifier, orm_beside_playwright, written

from .test_grants import GIVE, TO

NOTE, INSIDE = "data/documents/note-1.json", ("extension-1", "decision-1")
LISTED = re.compile(r"internal notes of the office\s*</li>")


@pytest.fixture
def case(south: Team, investigator: StaffMember, supervisor: StaffMember) -> Case:
    return whole_case.worked_on(south, investigator, supervisor)


def made(case: Case, audience: str, **chosen: Any) -> Opened:
    return opened(b"".join(making.stream(case, options=Options.usual(audience, **chosen))[1]))


def broken(bag: Opened, folder: Path) -> list[str]:
    report = verifier.verify(str(bag.zip(folder / "bundle.zip")))
    return [check.name for check in report.checks if not check.ok]


def test_without_a_choice_notes_are_withheld_from_everybody(case: Case, tmp_path: Path) -> None:
    for audience in WITHHELD:
        bag = made(case, audience)
        assert "note-1" in bag.json("proofs/export.json")["withheld"], audience
        assert not [name for name, content in bag.files.items() if "先听录音".encode() in content]
        assert broken(bag, tmp_path) == []


@pytest.mark.parametrize("audience", WITH_NOTES)
def test_chosen_they_come_along_and_the_verifier_holds_them_against_the_ledger(
    audience: str, case: Case, tmp_path: Path
) -> None:
    bag = made(case, audience, notes=True)
    assert "note-1" not in bag.json("proofs/export.json")["withheld"]
    assert bag.json(NOTE)["text"] == bag.json("data/case.json")["notes"][0]["text"] == whole_case.NOTE
    assert broken(bag, tmp_path) == []
    bag.files[NOTE] = bag.files[NOTE].replace("先听".encode(), "不听".encode())
    bag.re_sign()
    assert broken(bag, tmp_path)[0] == "documents"


def test_nobody_else_can_be_given_notes(case: Case) -> None:
    for audience in WITHHELD.keys() - set(WITH_NOTES):
        with pytest.raises(ValueError, match="no notes go to"):
            Options.usual(audience, notes=True)


def test_that_notes_went_along_is_on_the_ledger_and_makes_the_same_bytes_again(case: Case) -> None:
    options = Options.usual("legal_aid", notes=True)
    assert options.recorded()["notes"] is True
    assert "notes" not in Options.usual("legal_aid").recorded()
    assert Options.of(options.kept()) == options
    before = {name: one for name, one in options.kept().items() if name != "notes"}  # a row from earlier
    assert Options.of(before).notes is False


def test_the_desk_chooses_sees_and_gets_them(case: Case, investigator: StaffMember) -> None:
    desk, page = cast.signed_in(investigator), reverse("admin:case_bundle", args=[case.pk])
    for audience in WITH_NOTES:
        assert 'name="notes"' in text(desk.get(page, {"audience": audience}))
        assert not LISTED.search(text(desk.get(page, {"audience": audience})))
    assert 'name="notes"' not in text(desk.get(page, {"audience": "court"}))
    told = {
        "audience": "legal_aid",
        "language": "both",
        "exhibits": ["1"],
        "hidden": "",
        "notes": "on",
        "go": "look",
    }
    assert LISTED.search(text(desk.post(page, told)))
    bag = opened(handed.read(handed.at_the_desk(desk, case, notes="on")))
    assert NOTE in bag.files


def test_a_borrower_never_gives_them_even_by_asking(borrower: cast.Filed) -> None:
    phone = follows(borrower.code)
    assert 'name="notes"' not in text(phone.get(reverse("follow_give"), {"audience": "legal_aid"}))
    assert phone.post(reverse("follow_give"), {**GIVE, **TO, "notes": "on"}).status_code == 200
    assert Export.objects.get().options["notes"] is False


def test_why_more_time_was_wanted_stays_in_the_office_and_that_it_was_given_is_told(
    case: Case, tmp_path: Path
) -> None:
    for audience in WITHHELD:
        bag = made(case, audience)
        ours = audience == "office"
        assert {f"data/documents/{name}.json" in bag.files for name in INSIDE} == {ours}
        assert bool(bag.json("data/case.json")["extensions"]) == ours
        assert broken(bag, tmp_path) == []
    told = made(case, "office").json("data/case.json")
    assert (told["extensions"][0]["reasons"], told["decisions"][0]["reasons"]) == (
        whole_case.MORE_TIME,
        whole_case.GRANTED,
    )


@pytest.mark.long
@pytest.mark.browser
@pytest.mark.sqlite_only
@pytest.mark.parametrize("notes", [True, False])
def test_the_browsers_verifier_says_the_same(notes: bool, case: Case, tmp_path: Path) -> None:
    path = made(case, "office", notes=notes).zip(tmp_path / "bundle.zip")
    receipt = written(tmp_path / "receipt.json", bytes(case.receipt))
    report = verifier.verify(str(path), [str(receipt)])
    assert report.exit == 0
    with orm_beside_playwright(), a_browser() as browser:
        page = opened_verifier(browser, a_folder_with_the_page(tmp_path), locale="en-GB")
        assert page.checks(path, held=(receipt,)) == "verified"
        told = [row for row in page.rows if row[0] != "package"]
    assert told == [check[:3] for check in report.checks if check.name != "package"]
