"""What every page of the desk has at its left."""

from typing import Any

import pytest
from django.contrib import admin
from django.core.cache import cache as kept_counts
from django.test import RequestFactory

from complaints.models import StaffMember
from tests.support import cast


@pytest.fixture
def context(borrower: cast.Filed, supervisor: StaffMember, django_assert_num_queries: Any) -> dict[str, Any]:
    request = RequestFactory().get("/admin/")
    request.user = supervisor
    with django_assert_num_queries(0):
        return admin.site.each_context(request)


def test_the_database_is_asked_for_the_counts_when_they_are_shown(
    context: dict[str, Any], django_assert_num_queries: Any
) -> None:
    kept_counts.clear()
    with django_assert_num_queries(2):  # the saved queues, and all numbers at once
        counts = {str(queue["label"]): queue["count"] for queue in context["queues"]}
    assert (counts["All open"], counts["Closed"]) == ("1", "0")


def test_one_statement_counts_for_the_queues_and_the_appointments(
    context: dict[str, Any], django_assert_num_queries: Any
) -> None:
    assert context["queues"]
    with django_assert_num_queries(1):  # the calls that wait
        assert [room["label"] for room in context["rooms"] if room["count"] == 0]
