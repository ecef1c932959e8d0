"""What production begins with, and what of it can be changed."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

from tests.support.services import ROOT

SECRETS = dict.fromkeys(("SECRET_KEY", "ACCESS_CODE_KEY", "LEDGER_SIGNING_KEY"), "s" * 44)
PRODUCTION = {
    **SECRETS,
    "HOLDFAST_DEMO": "0",
    "VAULT_MASTER_KEYS": "AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA=",
    "LEDGER_ORIGIN": "example.org/ledger",
    "DATABASE_URL": "sqlite:////nowhere/at/all",
    "REDIS_URL": "redis://127.0.0.1",
    "STORAGE_URL": "file:///nowhere",
}


def said(tmp_path: Path, show: str, **more: str) -> str:
    """What a process with production's settings prints."""
    root = tmp_path / "root.pem"
    root.write_text("")
    authority = f'[{{"name": "a", "url": "https://a.example", "root": "{root}", "policy": ""}}]'
    environment = {
        **{name: value for name, value in os.environ.items() if name not in ("QUIET_HOURS",)},
        **PRODUCTION,
        "DATA_DIR": str(tmp_path / "data"),
        "TIMESTAMP_AUTHORITIES": authority,
        **more,
    }
    code = f"import os; from portal import settings as s; print({show})"
    ran = subprocess.run(
        [sys.executable, "-c", code], cwd=ROOT, env=environment, capture_output=True, text=True, check=False
    )
    assert ran.returncode == 0, ran.stderr
    return ran.stdout.strip()


HSTS = "s.SECURE_HSTS_SECONDS, s.SECURE_HSTS_INCLUDE_SUBDOMAINS, s.SECURE_HSTS_PRELOAD"


def test_strict_transport_binds_this_host_for_a_year_and_no_other(tmp_path: Path) -> None:
    assert said(tmp_path, HSTS) == "31536000 False False"


@pytest.mark.parametrize(
    ("setting", "value", "kept"),
    [
        ("HSTS_SECONDS", "0", "0 False False"),
        ("HSTS_SUBDOMAINS", "1", "31536000 True False"),
        ("HSTS_PRELOAD", "1", "31536000 False True"),
    ],
)
def test_strict_transport_can_be_lowered_for_a_trial_and_widened(
    tmp_path: Path, setting: str, value: str, kept: str
) -> None:
    assert said(tmp_path, HSTS, **{setting: value}) == kept


def test_what_a_process_writes_is_for_its_own_user(tmp_path: Path) -> None:
    assert said(tmp_path, "oct(os.umask(0))") == "0o77"


def test_message_ids_end_in_the_senders_domain(tmp_path: Path) -> None:
    show = (
        "[__import__('django').setup(), __import__('email.utils').utils.make_msgid(domain=str("
        "__import__('django.core.mail.utils').core.mail.utils.DNS_NAME))][1]"
    )
    more = {"EMAIL_FROM": "notice@office.example", "DJANGO_SETTINGS_MODULE": "portal.settings"}
    assert said(tmp_path, show, **more).endswith("@office.example>")
