"""What answers become at filing: the statement, and apart from it who filed."""

import json
from datetime import date
from typing import Any

import pytest

from complaints.drafts import drafts
from complaints.filing import filing
from complaints.models import Case, Draft
from complaints.reference.conduct import Severity
from tests.support import cast

pytestmark = pytest.mark.django_db

COURT = {"court": "paper", "court_on": "2026-12-21", "court_note": "某某区人民法院"}


def filed(**answers: Any) -> Case:
    return cast.file_a_complaint(files=[], **answers).case


def statement(case: Case) -> dict[str, Any]:
    told: dict[str, Any] = json.loads(bytes(case.complaint.document))
    return told


def reporter(case: Case) -> dict[str, Any]:
    told: dict[str, Any] = json.loads(bytes(case.reporter.document))
    return told


def test_the_statement_has_everything_that_was_told() -> None:
    told = statement(filed(court=COURT))
    assert told["relation"] == "debtor"
    assert told["numbers"] == ["0571 8888 0001", "106900000042"]
    assert told["court"] == {"court": "paper", "on": "2026-12-21", "note": "某某区人民法院"}
    assert told["amounts"] == [{"wish": "refund", "amount": "3200.00", "currency": "CNY"}]
    assert told["originals"] == [{"kind": "phone", "kept": "我自己留着，在家里"}]
    assert told["zone"] == "Asia/Shanghai"


def test_the_statement_never_says_who_filed() -> None:
    case = filed(
        who={"relation": "acting", "acting_for": "我的母亲王某"},
        reach={"safe_times": "after noon", "contact_note": "my sister answers"},
    )
    told = bytes(case.complaint.document).decode()
    known = ["李小梅", "13800138000", "mei@example.org", "我的母亲王某", "after noon", "my sister answers"]
    assert not [word for word in known if word in told]
    assert not [word for word in known if word not in bytes(case.reporter.document).decode()]


def test_the_reporter_has_what_was_agreed_to() -> None:
    case = filed(
        names={"lender": "yes"}, reach={"channels": ["sms"], "notify": ["sms"], "safe_words": "reference"}
    )
    told = reporter(case)
    assert told["may_see_name"] == case.reporter.may_see_name == ["lender"]
    assert told["notify"] == case.reporter.notify == ["sms"]
    assert told["channels"] == case.reporter.channels == ["sms"]
    assert told["safe_words"] == case.reporter.safe_words == "reference"


@pytest.mark.parametrize("names", [{"lender": "no"}, {"lender": ""}])
def test_without_a_yes_the_lender_may_not_see_the_name(names: dict[str, str]) -> None:
    assert filed(names=names).reporter.may_see_name == []


def test_nothing_is_sent_to_an_address_that_was_not_given() -> None:
    case = filed(reach={"email": "", "notify": ["email", "sms"]})
    assert case.reporter.notify == ["sms"]


@pytest.mark.parametrize(
    ("conduct", "court", "severity"),
    [
        (["C05"], {"court": "none", "court_on": ""}, Severity.NORMAL),
        (["C05"], {"court": "unsure", "court_on": ""}, Severity.NORMAL),
        (["C05"], {"court": "unsure", "court_on": "2026-12-21"}, Severity.HIGH),
        (["C05"], COURT, Severity.HIGH),
        (["C05"], {"court": "paper", "court_on": ""}, Severity.HIGH),
        (["C01"], COURT, Severity.URGENT),
        ([], COURT, Severity.HIGH),
    ],
)
def test_a_court_makes_a_case_high_at_least(conduct: list[str], court: dict[str, str], severity: Severity) -> None:
    case = filed(conduct={"conduct": conduct}, court=court)
    assert case.severity == severity
    assert case.complaint.court_on == (date(2026, 12, 21) if court["court_on"] else None)


def test_what_is_declared_of_a_file_is_part_of_the_statement() -> None:
    draft, code = cast.a_draft(files=[("a.png", cast.a_screenshot("a")), ("b.png", cast.a_screenshot("b"))])
    first, second = draft.exhibits.order_by("pk")
    draft.exhibits.filter(pk=first.pk).update(declared={"captured": "2026-11-20 23:41"})
    draft.exhibits.filter(pk=second.pk).update(is_authority=True)
    told = statement(filing.file(draft, code))["exhibits"]
    assert told[0]["declared"] == {"captured": "2026-11-20 23:41"}
    assert [one["authority"] for one in told] == [False, True]


def test_only_three_steps_are_needed() -> None:
    draft, code = cast.a_draft(files=[])
    draft.answers = {step: draft.answers[step] for step in drafts.REQUIRED}
    draft.save()
    case = filing.file(Draft.objects.get(pk=draft.pk), code)
    assert (case.complaint.relation, case.reporter.notify, case.contacts.count()) == ("", [], 0)
    assert statement(case)["court"] == {"court": "", "on": "", "note": ""}
