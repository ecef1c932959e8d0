"""Records in the case since when an answer from outside is missing, so that a queue can select by it."""

from complaints.models import Asked, Case


def update(case: Case) -> None:
    """Set `waiting_since` to the time of the oldest open question or waiting enquiry, or None. The caller has
    locked the case."""
    questions = case.messages.open_questions().order_by("written_at").values_list("written_at", flat=True)
    enquiries = Asked.objects.waiting().filter(enquiry__case=case).values_list("enquiry__sent_at", flat=True)
    oldest = questions.first(), enquiries.order_by("enquiry__sent_at").first()
    since = min(filter(None, oldest), default=None)
    if since != case.waiting_since:
        case.waiting_since = since
        case.save(update_fields=["waiting_since"])
