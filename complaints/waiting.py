"""Since when somebody outside owes the office an answer: kept with the case, so that a queue can ask."""

from .models import Case


def note(case: Case) -> None:
    """Keep since when the oldest open question waits; the caller holds the case."""
    asked = case.messages.open_questions().order_by("written_at").values_list("written_at", flat=True)
    since = asked.first()
    if since != case.waiting_since:
        case.waiting_since = since
        case.save(update_fields=["waiting_since"])
