"""Since when somebody outside owes the office an answer: kept with the case, so that a queue can ask."""

from complaints.models import Asked, Case


def update(case: Case) -> None:
    """Keep since when the borrower has owed an answer to a question, or the other side to an enquiry, whichever is
    older; the caller holds the case."""
    questions = case.messages.open_questions().order_by("written_at").values_list("written_at", flat=True)
    enquiries = Asked.objects.waiting().filter(enquiry__case=case).values_list("enquiry__sent_at", flat=True)
    oldest = questions.first(), enquiries.order_by("enquiry__sent_at").first()
    since = min(filter(None, oldest), default=None)
    if since != case.waiting_since:
        case.waiting_since = since
        case.save(update_fields=["waiting_since"])
