"""/healthz and /readyz, and the switch of language."""

from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from celery import current_app
from django.conf import settings
from django.contrib.staticfiles.storage import ManifestStaticFilesStorage
from django.core import checks
from django.db import OperationalError, connection
from django.db.migrations.recorder import MigrationRecorder
from django.test import Client
from django.utils import timezone

from complaints.models import Case
from complaints.oversight import alarms
from evidence import tasks as evidence_tasks
from evidence.ledger import checkpoints
from evidence.models import EvidenceItem, ItemKey, Pulse, Trouble
from evidence.storage import sentinel
from portal import readiness, tasks, watch
from tests.evidence.ledger.test_checkpoints import restore_a_backup
from tests.evidence.ledger.test_entries import append, event
from tests.support import cast, services


def test_the_process_is_alive_whatever_else_is_down(client: Client) -> None:
    answer = client.get("/healthz")
    assert (answer.status_code, answer.content) == (200, b"ok\n")
    assert "no-store" in answer["Cache-Control"]


def parts(client: Client, status: int = 200) -> dict[str, Any]:
    answer = client.get("/readyz")
    assert answer.status_code == status
    found: dict[str, Any] = answer.json()
    return found


@pytest.fixture
def served() -> None:
    """A worker serves each queue."""
    for queue in settings.QUEUES:
        tasks.pulse(queue)


@pytest.mark.django_db
def test_it_is_ready_when_everything_works(client: Client, redis: services.Redis, served: None) -> None:
    found = parts(client)
    workers = found.pop("workers")
    assert workers == dict.fromkeys(settings.QUEUES, "ok")
    assert {name: found.pop(name) for name in ("oldest_unsealed_seconds", "oldest_unrouted_seconds")} == {
        "oldest_unsealed_seconds": 0,
        "oldest_unrouted_seconds": 0,
    }
    assert set(found.values()) == {"ok"}


@pytest.mark.django_db
def test_without_a_broker_complaints_are_filed_all_the_same(client: Client, redis: services.Redis) -> None:
    redis.stop()
    found = parts(client)
    assert (found["filing"], found["broker"]) == ("ok", "down")
    redis.start()


@pytest.mark.django_db
def test_a_frozen_broker_is_named_and_not_waited_for(client: Client, redis: services.Redis) -> None:
    with redis.frozen():
        assert parts(client)["broker"] == "down"


@pytest.mark.django_db
def test_a_database_that_is_away_is_named(client: Client) -> None:
    def away(*_args: object) -> None:
        raise OperationalError("connection refused")

    with connection.execute_wrapper(away):
        found = parts(client, 503)
    assert (found["filing"], found["database"], found["disk"]) == ("down: database", "down", "unknown")


def test_a_ledger_that_cannot_be_signed_is_not_ready(
    client: Client, transactional_db: None, tmp_path: Path, settings: Any
) -> None:
    settings.DATA_DIR = tmp_path
    append(event(), event())
    checkpoints.current()
    restore_a_backup(entries=1)
    assert parts(client, 503)["filing"] == "down: signing"
    assert "portal.E008" in complaints_of_check()
    watch.look()
    assert Trouble.objects.filter(code="signing-stopped").exists()


@pytest.mark.django_db
def test_static_files_that_were_not_collected_are_not_ready(
    client: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(readiness, "staticfiles_storage", ManifestStaticFilesStorage())
    assert parts(client, 503)["filing"] == "down: static"
    assert "portal.E003" in complaints_of_check()


@pytest.mark.django_db
def test_missing_translations_are_named(client: Client, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setattr(readiness, "po_path", lambda: tmp_path / "django.po")
    found = parts(client)
    assert (found["filing"], found["translations"]) == ("ok", "missing")
    assert "portal.E004" in complaints_of_check()


def test_missing_tables_are_not_ready(
    client: Client, transactional_db: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(readiness._Tables, "are_up_to_date", False)
    migration = MigrationRecorder.Migration.objects.filter(app="evidence").latest("name")
    migration.delete()
    assert parts(client, 503)["filing"] == "down: tables"
    assert "portal.E005" in complaints_of_check()
    MigrationRecorder.Migration(app=migration.app, name=migration.name).save()


@pytest.mark.django_db
def test_a_storage_that_is_not_ours_is_named(client: Client, borrower: cast.Filed, settings: Any) -> None:
    sentinel.prove()
    settings.STORAGE_URL += "-not-mounted"
    evidence_tasks.sweep()
    found = parts(client)
    assert (found["filing"], found["storage"]) == ("ok", "storage-missing")
    assert "portal.E006" in complaints_of_check()


def test_check_deploy_makes_no_sentinel(borrower: cast.Filed) -> None:
    assert "portal.E006" not in complaints_of_check()
    assert not ItemKey.objects.filter(pk=sentinel.FILE).exists()


@pytest.mark.django_db
def test_a_disk_that_is_nearly_full_is_named(client: Client, settings: Any) -> None:
    settings.MIN_FREE_BYTES = 10**18
    found = parts(client)
    assert (found["filing"], found["disk"]) == ("ok", "low")


@pytest.mark.django_db
def test_what_waits_for_long_is_named_with_its_age(client: Client, borrower: cast.Filed) -> None:
    EvidenceItem.objects.update(received_at=timezone.now() - timedelta(hours=3))
    Case.objects.update(filed_at=timezone.now() - timedelta(hours=2))
    found = parts(client)
    assert (found["filing"], found["sealing"], found["routing"]) == ("ok", "late", "late")
    assert found["oldest_unsealed_seconds"] // 3600 == 3
    assert found["oldest_unrouted_seconds"] // 3600 == 2


@pytest.mark.django_db
def test_a_queue_that_no_worker_serves_is_named(client: Client, served: None) -> None:
    Pulse.objects.filter(queue="previews").update(at=timezone.now() - timedelta(hours=1))
    Pulse.objects.filter(queue="cases").delete()
    assert parts(client)["workers"] == {
        **dict.fromkeys(settings.QUEUES, "ok"),
        "cases": "never seen",
        "previews": "silent",
    }
    assert alarms.sounding() == [
        "No worker has served the queue previews for some time: what waits there is not done."
    ]
    assert "portal.W001" in complaints_of_check()


def test_a_real_worker_shows_which_queues_it_serves(worker: services.Worker) -> None:
    for entry in settings.CELERY_BEAT_SCHEDULE.values():
        if entry["task"] == "portal.tasks.pulse":
            current_app.send_task(entry["task"], args=entry["args"], **entry["options"])
    services.wait_until(lambda: Pulse.objects.count() == 2, "the worker notes the time for its two queues")
    assert set(Pulse.objects.values_list("queue", flat=True)) == {"cases", "evidence"}


@pytest.mark.django_db
def test_nothing_of_a_person_is_on_it(client: Client, borrower: cast.Filed) -> None:
    said = client.get("/readyz").content.decode()
    for secret in (borrower.case.reference, borrower.code, str(borrower.case.exhibits.get().item_id)):
        assert secret not in said


def complaints_of_check() -> set[str]:
    return {str(message.id) for message in checks.run_checks(include_deployment_checks=True)}


@pytest.mark.django_db
def test_the_language_is_switched_by_a_plain_form_and_remembered(client: Client) -> None:
    answer = client.post("/i18n/setlang/", {"language": "zh-hans", "next": "/healthz"})
    assert answer["Location"] == "/healthz"
    assert client.get("/healthz")["Content-Language"] == "zh-hans"
    client.post("/i18n/setlang/", {"language": "en", "next": "/healthz"})
    assert client.get("/healthz")["Content-Language"] == "en"


def test_the_language_switch_leads_to_no_other_site(client: Client) -> None:
    answer = client.post("/i18n/setlang/", {"language": "en", "next": "https://elsewhere.example/"})
    assert answer["Location"] == "/"
