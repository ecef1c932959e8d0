"""Who answers for the portal is told by mail when something is wrong with all of it, once and then every day."""

import os
import subprocess
import sys
from datetime import timedelta
from typing import Any

import pytest
from django.conf import settings
from django.core import mail
from django.test import Client
from django.utils import timezone

from complaints.oversight import alarms
from complaints.views.public import pages
from evidence import pulses, troubles
from evidence.models import AuthorityState, Pulse, Trouble, WitnessState
from portal import watch
from tests.portal.test_health import complaints_of_check
from tests.support import services
from tests.support.witness_server import Witness

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def an_administrator(settings: Any) -> None:
    settings.ADMINS = [("Ops", "ops@example.org")]


def test_a_trouble_is_mailed_once_and_again_a_day_later() -> None:
    troubles.report("storage", "storage-missing")
    watch.look()
    watch.look()
    (message,) = mail.outbox
    assert message.to == ["ops@example.org"]
    assert "The storage does not hold" in message.body
    Trouble.objects.update(mailed_at=timezone.now() - timedelta(hours=25))
    watch.look()
    assert len(mail.outbox) == 2


def test_nothing_is_mailed_while_all_is_right() -> None:
    watch.look()
    assert mail.outbox == []


def test_a_mail_that_cannot_be_sent_is_tried_again(settings: Any) -> None:
    troubles.report("storage", "storage-missing")
    settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
    settings.EMAIL_HOST, settings.EMAIL_PORT = "127.0.0.1", 1
    watch.look()
    settings.EMAIL_BACKEND = "django.core.mail.backends.locmem.EmailBackend"
    watch.look()
    assert len(mail.outbox) == 1


def test_what_several_processes_find_at_the_same_time_is_mailed_once(monkeypatch: pytest.MonkeyPatch) -> None:
    troubles.report("storage", "storage-missing")
    first = mail_of_the_other(monkeypatch)
    watch.look()
    assert [len(first), len(mail.outbox)] == [0, 1]


def mail_of_the_other(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """While one process sends its mail, another one looks too. Gives what the other one sends."""
    sent: list[str] = []

    def meanwhile(subject: str, text: str) -> None:
        monkeypatch.setattr(watch, "mail_admins", lambda subject, text: sent.append(text))
        watch.look()
        mail.mail_admins(subject, text)

    monkeypatch.setattr(watch, "mail_admins", meanwhile)
    return sent


@pytest.mark.parametrize(("served", "mails"), [(True, 0), (False, 1)])
def test_while_no_worker_looks_a_web_process_does(served: bool, mails: int) -> None:
    for queue in settings.QUEUES if served else ["evidence"]:
        pulses.note(queue)
    Pulse.objects.filter(queue="evidence").update(at=timezone.now() - timedelta(hours=1))
    watch.look_if_no_worker_does()
    assert [one.to for one in mail.outbox] == [["ops@example.org"]] * mails
    assert all("No worker serves one of the queues" in one.body for one in mail.outbox)


def test_a_queue_that_was_served_while_the_clock_ran_ahead_is_silent(db: None) -> None:
    for queue in settings.QUEUES:
        pulses.note(queue)
    Pulse.objects.update(at=timezone.now() + timedelta(days=3))
    assert pulses.silent() == settings.QUEUES


def test_of_redis_and_of_a_full_disk_the_desk_and_the_administrators_learn(
    redis: services.Redis, settings: Any
) -> None:
    settings.MIN_FREE_BYTES = 10**18
    redis.stop()
    for _look in range(3):
        watch.look()
    redis.start()
    for code in ("disk-low", "broker-away"):
        assert str(troubles.SENTENCES[code]) in alarms.sounding()
        assert any(str(troubles.SENTENCES[code]) in one.body for one in mail.outbox)
    assert "portal.W007" in complaints_of_check()
    settings.MIN_FREE_BYTES = 0
    watch.look()
    assert not Trouble.objects.exists()


def test_the_web_server_starts_the_watch_where_somebody_gets_its_mail() -> None:
    threads = "import portal.wsgi, threading; print([one.name for one in threading.enumerate()])"
    for admins, watches in (("ops@example.org", True), ("", False)):
        started = subprocess.run(
            [sys.executable, "-c", threads],
            env={**os.environ, "ADMINS": admins},
            cwd=services.ROOT,
            capture_output=True,
            text=True,
            check=True,
        )
        assert ("'watch'" in started.stdout) == watches


@pytest.mark.parametrize(("admins", "url"), [([], "smtp://127.0.0.1"), ([("Ops", "ops@example.org")], "")])
def test_check_deploy_says_when_nobody_gets_a_mail(settings: Any, admins: list[tuple[str, str]], url: str) -> None:
    settings.ADMINS, settings.EMAIL_URL = admins, url
    assert "portal.W002" in complaints_of_check()


def test_of_a_page_that_ended_in_an_error_the_desk_and_the_administrators_learn(
    client: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    client.raise_request_exception = False
    monkeypatch.setattr(pages, "digests", lambda: 1 / 0)
    assert client.get("/ledger/").status_code == 500
    sentence = str(troubles.SENTENCES["page-broken"])
    assert alarms.sounding() == [sentence]
    watch.look()
    assert sentence in mail.outbox[0].body
    Trouble.objects.update(since=timezone.now() - timedelta(hours=2))
    watch.look()
    assert not Trouble.objects.exists()


def test_of_an_authority_that_stays_away_the_administrators_learn(settings: Any, client: Client) -> None:
    settings.TIMESTAMP_AUTHORITIES = [{"name": "TSA", "url": "http://127.0.0.1:1/", "root": ""}]
    AuthorityState.objects.create(name="TSA", failures=9, failing_since=timezone.now() - timedelta(hours=1))
    watch.look()
    assert "A timestamp authority does not answer" in mail.outbox[0].body
    assert client.get("/readyz").json()["timestamps"] == "away"


@pytest.mark.parametrize(
    ("reason", "minutes", "mail_says", "part", "check"),
    [
        ("away", 1, "", "ok", ""),
        ("key", 60, "A witness does not cosign", "away", "portal.W006"),
        ("ahead", 0, "A witness has seen another ledger", "contradict", "portal.E009"),
        ("conflict", 60, "A witness has seen another ledger", "contradict", "portal.E009"),
    ],
)
def test_of_a_witness_that_does_not_cosign_the_administrators_learn(
    settings: Any, client: Client, reason: str, minutes: int, mail_says: str, part: str, check: str
) -> None:
    witness = Witness()
    settings.WITNESSES = [witness.setting]
    since = timezone.now() - timedelta(minutes=minutes)
    WitnessState.objects.create(vkey=witness.vkey, failures=9, failing_since=since, reason=reason)
    watch.look()
    assert [one.body.partition("\n")[0][: len(mail_says)] for one in mail.outbox] == (
        [mail_says] if mail_says else []
    )
    assert client.get("/readyz").json()["witnesses"] == part
    assert {"portal.W006", "portal.E009"} & set(complaints_of_check()) == ({check} if check else set())
    WitnessState.objects.update(failures=0, failing_since=None, reason="")
    watch.look()
    assert not Trouble.objects.exists()
