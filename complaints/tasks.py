"""Celery's doors into the office."""

import logging

from celery import shared_task

from . import filing, gathering, grants, routing, rulebook
from .models import Case

log = logging.getLogger(__name__)


@shared_task
def route_case(case_id: int) -> None:
    routing.route(Case.objects.get(pk=case_id))


@shared_task
def sweep() -> None:
    """Route what no message reached, oldest first; record what was changed past the desk; finish uploads."""
    for case in Case.objects.awaiting_routing().order_by("filed_at"):
        try:
            routing.route(case)
        except Exception:  # one case that cannot be routed holds up no other
            log.exception("case %s cannot be routed", case.pk)
    grants.record_all()
    rulebook.record_all()
    gathering.finish_uploads()


@shared_task
def forget_expired_drafts() -> None:
    filing.forget_expired()
