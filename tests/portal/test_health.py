"""/healthz and /readyz, and the switch of language."""

import pytest
from django.test import Client

from tests.support import services


def test_the_process_is_alive_whatever_else_is_down(client: Client) -> None:
    answer = client.get("/healthz")
    assert (answer.status_code, answer.content) == (200, b"ok\n")
    assert "no-store" in answer["Cache-Control"]


@pytest.mark.django_db
def test_it_is_ready_when_the_database_and_the_broker_answer(client: Client, redis: services.Redis) -> None:
    answer = client.get("/readyz")
    assert (answer.status_code, answer.json()) == (200, {"database": "ok", "broker": "ok"})


@pytest.mark.django_db
def test_a_stopped_broker_is_named(client: Client, redis: services.Redis) -> None:
    redis.stop()
    answer = client.get("/readyz")
    assert (answer.status_code, answer.json()) == (503, {"database": "ok", "broker": "down"})
    redis.start()


@pytest.mark.django_db
def test_a_frozen_broker_is_named_and_not_waited_for(client: Client, redis: services.Redis) -> None:
    with redis.frozen():
        assert client.get("/readyz").json()["broker"] == "down"


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
