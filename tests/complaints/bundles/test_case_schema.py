"""case.json is what its published schema says, in every kind of bundle; the schema goes with each of them."""

import json
from typing import Any

import pytest

from complaints.bundles import making
from complaints.bundles.making import HERE
from complaints.bundles.options import WITH_NOTES, Options
from complaints.cases.readers import WITHHELD
from complaints.models import Case, StaffMember, Team
from evidence import holdfast_verify as verifier
from tests.support import cast, json_schema, whole_case
from tests.support.attacks import CASE
from tests.support.bundles import Opened, exported, opened, seal_all

pytestmark = pytest.mark.sqlite_only  # about bundles, whichever database they come from

SCHEMA = json.loads((HERE / "case.schema.json").read_text())


@pytest.fixture
def case(south: Team, investigator: StaffMember, supervisor: StaffMember) -> Case:
    return whole_case.worked_on(south, investigator, supervisor)


def made(case: Case, audience: str, **chosen: Any) -> Opened:
    options = Options.usual(audience, **chosen)
    return opened(b"".join(making.stream(case, options=options)[1]))


def test_every_kind_of_bundle_is_what_the_schema_says(case: Case) -> None:
    kinds: list[tuple[str, dict[str, Any]]] = [(audience, {}) for audience in WITHHELD]
    kinds += [(audience, {"notes": True, "masked": True, "hidden": ("小王",)}) for audience in WITH_NOTES]
    for audience, chosen in kinds:
        bag = made(case, audience, **chosen)
        assert json_schema.faults(SCHEMA, bag.json(CASE)) == [], audience
        assert json.loads(bag.files["case.schema.json"]) == SCHEMA


def test_both_verifiers_know_this_version_of_the_schema() -> None:
    """Add the SHA-256 of a new version to SCHEMAS in holdfast_verify.py and closed.js, and leave the others."""
    assert verifier.sha256((HERE / "case.schema.json").read_bytes()).hex() in verifier.SCHEMAS


def test_the_whole_case_has_something_of_everything_the_schema_names(case: Case) -> None:
    told = made(case, "office", notes=True).json(CASE)
    assert told.keys() == SCHEMA["properties"].keys() - {"contacts_table"}
    assert [name for name, one in told.items() if one in ([], None)] == ["reporter_changes"]


def test_a_case_with_nothing_but_a_statement_is_one_too(db: None) -> None:
    bare = opened(exported(cast.file_a_complaint(files=[]).case)).json(CASE)
    assert json_schema.faults(SCHEMA, bare) == []


def test_a_case_with_several_contacts_in_a_row_is_one_too(db: None) -> None:
    series = {"key": "a", "when": "2026-11-20", "precision": "day", "times": "12", "until": "2026-11-21"}
    told = opened(exported(cast.file_a_complaint(files=[], contacts={"acts": [series]}).case)).json(CASE)
    assert json_schema.faults(SCHEMA, told) == []


@pytest.mark.parametrize(
    ("path", "value"),
    [
        (["audience"], "the lender"),
        (["ledger_size"], "7"),
        (["statement", "v"], 2),
        (["statement", "extra"], ""),
        (["exhibits", 0, "sha256"], "E-1"),
        (["exhibits", 0, "exhibit"], "1"),
        (["consents"], None),
        (["reporter", "name"], 7),
    ],
)
def test_the_schema_finds_a_wrong_value(borrower: cast.Filed, path: list[Any], value: Any) -> None:
    seal_all(borrower.case)
    told = opened(exported(borrower.case)).json(CASE)
    place = told
    for name in path[:-1]:
        place = place[name]
    place[path[-1]] = value
    assert json_schema.faults(SCHEMA, told)


def test_the_schema_knows_what_the_verifier_knows() -> None:
    assert set(SCHEMA["properties"]) == verifier.CASE_FIELDS | verifier.LATER_CASE_FIELDS
    assert set(SCHEMA["required"]) == verifier.CASE_FIELDS
    assert set(SCHEMA["$defs"]["exhibit"]["properties"]) == verifier.EXHIBIT_FIELDS | verifier.LATER_EXHIBIT_FIELDS
