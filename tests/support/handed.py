"""Asks for a bundle, makes it and downloads it, in one call."""

from typing import Any

from django.test import Client
from django.urls import reverse

from complaints.bundles import exports
from complaints.models import Case, Export


def newest(case: Case) -> Export:
    found: Export = case.exports.order_by("-asked_at")[0]
    return found


def own(client: Client, case: Case) -> Any:
    """The response with the bytes of the borrower's own bundle."""
    client.post(reverse("follow_bundle"))
    exports.make_waiting()
    return client.post(reverse("follow_bundle_fetch", args=[newest(case).pk]), follow=True)


def at_the_desk(client: Client, case: Case, audience: str = "legal_aid", **chosen: Any) -> Any:
    """The response with the bytes of a bundle that somebody of the office asked for."""
    exhibits = [str(number) for number in case.exhibits.values_list("number", flat=True)]
    told = {"audience": audience, "language": "both", "exhibits": exhibits, "hidden": "", **chosen, "go": "make"}
    answer = client.post(reverse("admin:case_bundle", args=[case.pk]), told)
    if answer.status_code != 302:
        return answer
    exports.make_waiting()
    return client.post(reverse("admin:case_bundle_fetch", args=[case.pk, newest(case).pk]), follow=True)


def read(answer: Any) -> bytes:
    return b"".join(answer.streaming_content)
