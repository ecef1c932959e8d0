"""Drafts that were begun with the old six steps go on with the new ones."""

from importlib import import_module
from typing import Any

import pytest
from django.apps import apps
from django.test import Client

from complaints import filing
from complaints.models import Draft
from complaints.views.drafts import hold
from tests import cast
from tests.pages import step, text

migration = import_module("complaints.migrations.0002_steps")

PARTIES = {"lender": "蓝田", "lender_unknown": False, "platform": "", "platform_unknown": True}
OLD: dict[str, dict[str, Any]] = {
    "parties": {**PARTIES, "agency": "某某咨询", "agency_unknown": False},
    "story": {"conduct": ["C04", "C05"], "story": "他们半夜打来。"},
    "evidence": {},
    "wishes": {"wishes": ["stop"], "other": "安静"},
    "contact": {"name": "李小梅", "phone": "13800138000", "email": "", "contact_note": "中午"},
}


def an_old_draft(**answers: Any) -> tuple[Draft, str]:
    draft, code = filing.begin("en")
    draft.answers = {**OLD, **answers}
    draft.save()
    migration.convert_drafts(apps, None)
    return Draft.objects.get(pk=draft.pk), code


def holding(code: str) -> Client:
    from django.http import HttpResponse

    client = Client()
    client.cookies.load(hold(HttpResponse(), code).cookies["draft"].OutputString())
    return client


@pytest.mark.django_db
def test_an_old_draft_is_filed_with_everything_it_had() -> None:
    draft, code = an_old_draft()
    case = filing.file(draft, code)
    assert (case.complaint.conduct, case.complaint.story) == (["C04", "C05"], "他们半夜打来。")
    assert (case.reporter.name, case.reporter.contact_note) == ("李小梅", "中午")
    assert (case.reporter.notify, case.reporter.may_see_name) == ([], [])


@pytest.mark.django_db
@pytest.mark.parametrize("name", filing.STEPS)
def test_every_page_of_an_old_draft_opens(name: str) -> None:
    _draft, code = an_old_draft()
    assert holding(code).get(step(name)).status_code == 200


@pytest.mark.django_db
def test_what_was_half_written_stays_and_is_asked_for() -> None:
    draft, code = an_old_draft(story={"story": "Half of it", "unfinished": True})
    assert draft.answers["story"] == {"story": "Half of it"}
    assert filing.missing_step(draft) == "conduct"
    draft, code = an_old_draft(story={"conduct": ["C01"], "unfinished": True})
    assert draft.answers["conduct"] == {"conduct": ["C01"]}
    assert filing.missing_step(draft) == "story"
    assert "Check your answers" in text(holding(code).get(step("check")))


def test_new_answers_are_left_alone_and_converting_twice_changes_nothing() -> None:
    assert migration.converted(cast.ANSWERS) == cast.ANSWERS
    once = migration.converted(OLD)
    assert migration.converted(once) == once
    assert migration.converted({}) == {}


@pytest.mark.django_db
def test_what_is_filed_already_is_not_touched() -> None:
    draft, code = cast.a_draft(files=[])
    filing.file(draft, code)
    Draft.objects.update(answers=OLD)
    migration.convert_drafts(apps, None)
    assert Draft.objects.get().answers == OLD
