"""Celery's doors into the office."""

from celery import shared_task

from . import filing, gathering, grants, routing
from .models import Case


@shared_task
def route_case(case_id: int) -> None:
    routing.route(Case.objects.get(pk=case_id))


@shared_task
def sweep() -> None:
    """Route what no message reached, oldest first; put grants made past the desk on the record; finish uploads."""
    for case in Case.objects.awaiting_routing().order_by("filed_at"):
        routing.route(case)
    grants.record_all()
    gathering.finish_uploads()


@shared_task
def forget_expired_drafts() -> None:
    filing.forget_expired()
