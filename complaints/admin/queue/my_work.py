"""The reader's own work, shown above their queue."""

from dataclasses import dataclass

from complaints.models import Case, Enquiry, StaffMember, Task

MOST = 20  # rows of each kind


@dataclass(frozen=True)
class MyWork:
    """The reader's open tasks, and enquiries with news in their cases."""

    tasks: list[Task]
    news: list[Enquiry]


def of(user: StaffMember) -> MyWork:
    news = Enquiry.objects.with_news().filter(case__in=Case.objects.visible_to(user).filter(assignee=user))
    return MyWork(
        tasks=list(Task.objects.waiting_for(user)[:MOST]),
        news=list(news.select_related("case").order_by("news_at")[:MOST]),
    )
