"""Celery's doors into the office."""

from celery import shared_task

from . import filing, routing
from .models import Case


@shared_task
def route_case(case_id: int) -> None:
    routing.route(Case.objects.get(pk=case_id))


@shared_task
def sweep() -> None:
    """Route what no message reached, oldest first."""
    for case in Case.objects.awaiting_routing().order_by("filed_at"):
        routing.route(case)


@shared_task
def forget_expired_drafts() -> None:
    filing.forget_expired()
