"""What the reader of the desk has to do themselves, for the top of their own queue."""

from dataclasses import dataclass

from complaints.models import Case, Enquiry, StaffMember, Task

MOST = 20  # of a kind


@dataclass(frozen=True)
class MyWork:
    """Open tasks, and enquiries of the reader's cases that have something new."""

    tasks: list[Task]
    news: list[Enquiry]


def of(user: StaffMember) -> MyWork:
    news = Enquiry.objects.with_news().filter(case__in=Case.objects.visible_to(user).filter(assignee=user))
    return MyWork(
        tasks=list(Task.objects.waiting_for(user)[:MOST]),
        news=list(news.select_related("case").order_by("news_at")[:MOST]),
    )
