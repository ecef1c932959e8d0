"""What `check` says before anybody relies on being told."""

import re
from typing import Any

import pytest
from django.core.management import call_command

from complaints import checks
from tests.support.services import ROOT


def test_a_gateway_that_is_not_there_is_named(settings: Any) -> None:
    settings.SMS_BACKEND = "complaints.notices.sms.Missing"
    (found,) = checks.the_gateway_is_there()
    assert "complaints.notices.sms.Missing" in str(found.msg)


@pytest.mark.parametrize("path", ["", "complaints.notices.sms.Console"])
def test_no_gateway_or_one_that_exists_passes_the_check(settings: Any, path: str) -> None:
    settings.SMS_BACKEND = path
    assert checks.the_gateway_is_there() == []


def test_a_deployment_without_a_mail_server_is_warned(settings: Any) -> None:
    settings.EMAIL_URL = ""
    (found,) = checks.borrowers_can_be_told()
    assert "EMAIL_URL is not set" in str(found.msg)
    settings.EMAIL_URL = "smtp://localhost"
    assert checks.borrowers_can_be_told() == []


@pytest.mark.parametrize(
    ("idle", "most", "faults"), [(60, 12, 0), (0, 12, 1), (241, 12, 1), (60, 0, 1), (60, 25, 1)]
)
def test_a_desk_that_never_closes_is_refused(settings: Any, idle: int, most: int, faults: int) -> None:
    settings.STAFF_IDLE_MINUTES, settings.STAFF_SESSION_HOURS = idle, most
    assert len(checks.the_desk_closes_by_itself()) == faults


@pytest.mark.django_db
def test_both_are_part_of_check(settings: Any, capsys: pytest.CaptureFixture[str]) -> None:
    settings.EMAIL_URL = ""
    call_command("check", "--deploy", "--fail-level", "CRITICAL")
    assert "EMAIL_URL is not set" in capsys.readouterr().err


def test_no_two_checks_have_the_same_id() -> None:
    text = "".join((ROOT / house / "checks.py").read_text() for house in ("complaints", "evidence"))
    given = re.findall(r'id="([a-z]+\.[EW]\d{3})"', text)
    assert len(given) == text.count("id=") >= 8
    assert sorted(given) == sorted(set(given))
