"""What production begins with, and what of it can be changed."""

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest
from django.core.management import load_command_class

from evidence.timestamps import builtin
from portal import environment, values
from tests.support.services import ROOT

PRODUCTION = {
    "SECRET_KEY": "s" * 44,
    "ACCESS_CODE_KEY": "c" * 44,
    "LEDGER_SIGNING_KEY": "A" * 43 + "=",
    "ALLOWED_HOSTS": "portal.example",
    "HOLDFAST_DEMO": "0",
    "VAULT_MASTER_KEYS": "AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA=",
    "LEDGER_ORIGIN": "example.org/ledger",
    "DATABASE_URL": "sqlite:////nowhere/at/all",
    "REDIS_URL": "redis://127.0.0.1",
    "STORAGE_URL": "file:///nowhere",
}


def said(tmp_path: Path, show: str, **more: str) -> str:
    """What a process with production's settings prints."""
    code = f"import os; from portal import settings as s; print({show})"
    done = ran(tmp_path, "-c", code, **more)
    assert done.returncode == 0, done.stderr
    return done.stdout.strip()


def ran(tmp_path: Path, *command: str, **more: str) -> subprocess.CompletedProcess[str]:
    """A Python process with production's settings and `more`; an empty value takes one away."""
    root = tmp_path / "root.pem"
    root.write_bytes(builtin.root_pem())
    given = {
        **{name: value for name, value in os.environ.items() if name not in ("QUIET_HOURS",)},
        **PRODUCTION,
        "DATA_DIR": str(tmp_path / "data"),
        "TIMESTAMP_AUTHORITIES": f'[{{"name": "a", "url": "https://a.example", "root": "{root}"}}]',
        **more,
    }
    environment = {name: value for name, value in given.items() if value}
    return subprocess.run(
        [sys.executable, *command], cwd=ROOT, env=environment, capture_output=True, text=True, check=False
    )


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


NOTHING_SET = dict.fromkeys([*PRODUCTION, "TIMESTAMP_AUTHORITIES"], "")
WRONG = {
    "MAX_FILE_BYTES": "500M",
    "TIME_ZONE": "Asia/Bejing",
    "DATABASE_URL": "mysql://holdfast:pass-word@db/holdfast",
    "QUIET_HOURS": "late",
    "BEHIND_PROXY": "nginx",
    "CSRF_TRUSTED_ORIGINS": "portal.example",
    "TIMESTAMP_AUTHORITIES": "[{name: a}]",
    "WITNESSES": '["witness.example"]',
    "STORAGE_URL": "s3://bucket",
    "AWS_ACCESS_KEY_ID": "key",
    "EMAIL_URL": "mail.example",
    "COMPENSATION_BY_ONE": "5000",
    "LEDGER_SIGNING_KEY": "c" * 44,
    "LEDGER_ORIGIN": "example.org/our ledger",
    "SITE_NAME": "Hold\nfast",
    "SITE_COLOUR": "teal",
    "REDIS_URL": "localhost:6379",
    "VAULT_MASTER_KEYS": "short",
    "SECRET_KEY": "short",
}
COMMAND_HOUSES = {"appoint": "complaints", "check_ledger": "evidence", "catalogue": "portal"}
COMMANDS = {
    "manage.py": ("manage.py", "check"),
    "web": ("-m", "granian", "portal.wsgi:application", "--interface", "wsgi", "--port", "0"),
    "worker": ("-m", "celery", "-A", "portal", "worker"),
    "beat": ("-m", "celery", "-A", "portal", "beat"),
    "up": ("-m", "portal.up"),
}


@pytest.mark.long
@pytest.mark.parametrize("command", COMMANDS.values(), ids=COMMANDS)
def test_all_that_is_missing_is_said_at_once_without_a_traceback(tmp_path: Path, command: tuple[str, ...]) -> None:
    done = ran(tmp_path, *command, **NOTHING_SET)
    words = done.stdout + done.stderr
    assert done.returncode
    assert "Traceback" not in words
    for name in {*NOTHING_SET} - {"HOLDFAST_DEMO"}:
        assert words.count(f"{name} is not set.") == 1, words


@pytest.mark.parametrize(
    ("setting", "given", "demo"),
    [
        ("DATA_DIR", "/dev/null/data", ""),
        ("DATA_DIR", "/dev/null/data", "1"),
        ("STORAGE_URL", "file:///dev/null/files", ""),
    ],
)
def test_a_folder_that_cannot_be_written_is_named(tmp_path: Path, setting: str, given: str, demo: str) -> None:
    unset = dict.fromkeys(("SECRET_KEY", "VAULT_MASTER_KEYS"), "") if demo else {}
    done = ran(tmp_path, "manage.py", "check", **unset, **{setting: given, "HOLDFAST_DEMO": demo})
    assert done.returncode and "Traceback" not in done.stderr
    assert [line for line in done.stderr.splitlines() if line.startswith(f"{setting} is ")], done.stderr


def test_all_that_is_wrong_is_said_at_once_and_no_secret_is_repeated(tmp_path: Path) -> None:
    done = ran(tmp_path, "manage.py", "check", **WRONG)
    lines = done.stderr.splitlines()[1:]
    named = [line.split()[0] for line in lines]
    assert sorted(named) == sorted({*WRONG, "AWS_SECRET_ACCESS_KEY"} - {"AWS_ACCESS_KEY_ID", "STORAGE_URL"})
    assert "pass-word" not in done.stderr
    assert "MAX_FILE_BYTES is '500M'; it must be a whole number from 1 on, without a unit." in lines


def test_a_folder_that_cannot_be_written_is_said(tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    done = ran(tmp_path, "manage.py", "check", DATA_DIR=str(tmp_path / "file" / "data"))
    assert "a folder in which this user cannot write" in done.stderr


def test_a_name_that_looks_like_a_setting_is_named() -> None:
    given = {"ALOWED_HOSTS": "", "HOLDFAST_COUNTRY": "", "TIMEZONE": "", "PATH": "", "HOLDFAST_X": "", "TZ": ""}
    assert environment.misspelt(given) == [
        "ALOWED_HOSTS is not a setting. Perhaps ALLOWED_HOSTS is meant.",
        "HOLDFAST_COUNTRY is not a setting. Perhaps COUNTRY is meant.",
        "HOLDFAST_X is not a setting (README, Settings).",
        "TIMEZONE is not a setting. Perhaps TIME_ZONE is meant.",
    ]


def test_check_warns_of_misspelt_names_and_of_a_proxy_that_is_not_named(tmp_path: Path) -> None:
    done = ran(tmp_path, "manage.py", "check", "--deploy", BEHIND_PROXI="1")
    assert "BEHIND_PROXI is not a setting. Perhaps BEHIND_PROXY is meant." in done.stderr
    assert "portal.W005" in done.stderr
    assert "portal.W005" not in ran(tmp_path, "manage.py", "check", "--deploy", BEHIND_PROXY="1").stderr


@pytest.mark.parametrize(
    ("text", "what"),
    [
        ("{", "is not JSON"),
        ("[]", "must be a JSON list"),
        ('["a"]', "must be a JSON list"),
        ('[{"name": "a"}]', "must be a JSON list"),
        ('[{"name": "a", "url": "https://a.example", "rot": "x"}]', "must be a JSON list"),
        ('[{"name": "a", "url": "https://a.example", "root": "/none.pem"}]', "'/none.pem', which cannot be read"),
        ('[{"name": "a", "url": "https://a.example", "root": "/etc/hostname"}]', "not a certificate in PEM"),
        ('[{"name": "a", "url": "a.example", "root": "/none.pem"}]', "must begin with https://"),
        ('[{"name": "a", "url": "builtin:"}, {"name": "a", "url": "builtin:"}]', "two authorities alike"),
    ],
)
def test_what_is_wrong_with_the_authorities_is_said(text: str, what: str) -> None:
    with pytest.raises(values.Wrong, match=what):
        values.authorities(text)


@pytest.mark.parametrize(
    "text",
    [
        *(
            "{",
            "{}",
            '["a"]',
            '[{"vkey": "a"}]',
            '[{"vkey": "a", "url": 1}]',
            '[{"vkey": "a", "url": "a.example"}]',
        ),
        *('[{"vkey": "a", "url": "file:///etc/passwd"}]', '[{"vkey": "a", "url": "https://a", "more": "b"}]'),
    ],
)
def test_what_is_wrong_with_the_witnesses_is_said(text: str) -> None:
    with pytest.raises(values.Wrong, match="JSON"):
        values.witnesses(text)


def test_no_witness_has_to_be_named() -> None:
    assert values.witnesses("") == values.witnesses("[]") == []
    one = {"vkey": "a", "url": "https://a.example"}
    assert values.witnesses(json.dumps([one])) == [one]


def test_the_built_in_authority_is_refused_outside_the_demo(tmp_path: Path) -> None:
    done = ran(tmp_path, "manage.py", "check", TIMESTAMP_AUTHORITIES='[{"name": "a", "url": "builtin:"}]')
    assert done.stderr.splitlines()[1:] == [f"TIMESTAMP_AUTHORITIES {values.PROVES_NOTHING}"]


def test_what_one_person_may_promise_is_in_the_money_of_the_country(tmp_path: Path) -> None:
    assert said(tmp_path, "s.COMPENSATION_BY_ONE", COUNTRY="GB") == "{'GBP': Decimal('500')}"


@pytest.mark.parametrize("command", ["appoint", "check_ledger", "catalogue"])
def test_the_help_of_our_commands_shows_their_own_options_alone(command: str) -> None:
    shown = load_command_class(COMMAND_HOUSES[command], command).create_parser("manage.py", command).format_help()
    assert "--pythonpath" not in shown
    assert "--traceback" not in shown


@pytest.mark.parametrize(
    "name", ["", "a b", "a+b", "a\n", "a\tb", "\x1b[1m", "a\u3000b", "\ufeffa", "a\u200bb", "\udcff"]
)
def test_a_ledger_whose_receipts_nobody_could_verify_gets_no_such_name(name: str) -> None:
    with pytest.raises(values.Wrong, match="without spaces, plus or control characters"):
        values.ledger_name(name)


@pytest.mark.parametrize("name", ["holdfast.demo/ledger", "留证.cn/账本"])
def test_a_ledger_may_have_a_name_in_any_script(name: str) -> None:
    assert values.ledger_name(name) == name


def test_a_decision_names_people_in_one_of_two_ways() -> None:
    assert [values.signature(one) for one in ("name", "number")] == ["name", "number"]
    with pytest.raises(values.Wrong, match="must be name or number"):
        values.signature("both")


@pytest.mark.parametrize("name", ["", " ", "two\nlines", "\x1b[1m"])
def test_an_authority_has_a_name_that_papers_can_repeat(name: str) -> None:
    with pytest.raises(values.Wrong, match="must be one line without control characters"):
        values.authorities(json.dumps([{"name": name, "url": "builtin:"}]))
