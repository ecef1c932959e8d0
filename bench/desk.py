"""The desk with 100,000 cases, on SQLite and on PostgreSQL.

Queue pages are compared with the same pages at 1,000 cases, search with a scan of every text. The case page has
fixed limits.
"""

import os
import random
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from datetime import timedelta
from json import dumps, loads
from typing import Any
from uuid import uuid4

from .table import Row, at_most, ratio_at_most, timed

FEW, MANY = 1_000, 100_000
MEMBERS = 60  # in each of ten teams, so that each has about fifty open cases
WORDS = {
    "a word of half the cases": "催收",
    "a word of one in fifty": "同事",
    "a word of one in five thousand": "警察",
    "a word of none": "彗星",
    "a number": "+86 571-8888 0042",
    "an organisation": "华信咨询",
    "a rare organisation": "Ninth Moon Credit",
}


def rows() -> Iterator[Row]:
    """Each database has its own process, because settings read DATABASE_URL only once."""
    from tests.support.services import postgres

    yield from measured("SQLite", os.environ.get("DATABASE_URL", ""))
    with postgres() as url:
        yield from measured("PostgreSQL", url)


def measured(database: str, url: str) -> Iterator[Row]:
    environment = {**os.environ, "DESK_DATABASE": database}
    if url:
        environment |= {"DATABASE_URL": url, "DATA_DIR": tempfile.mkdtemp(dir=os.environ["DATA_DIR"])}
    command = [sys.executable, "-m", "bench.desk"]
    with subprocess.Popen(command, env=environment, stdout=subprocess.PIPE, text=True) as process:
        for line in process.stdout or ():
            yield Row(**loads(line))
    if process.returncode:
        raise RuntimeError(f"the desk's bench on {database} ended with {process.returncode}")


def measured_here(database: str) -> Iterator[Row]:
    """The measurements on this process's database."""
    maker = Maker()
    took = maker.fill(FEW)
    small = {name: quickest(page) for name, page in maker.pages().items()}
    took += maker.fill(MANY)
    yield at_most(f"{database}: making {MANY:,} cases, CPU", took, "s", 120)
    for name, page in maker.pages().items():
        yield ratio_at_most(
            f"{database}: {name}", quickest(page) * 1000, small[name] * 1000, "ms", f"at {FEW:,}", 1.2
        )
    yield from searches(database, maker)
    yield from case_page(database, maker)


def searches(database: str, maker: "Maker") -> Iterator[Row]:
    """A search for a page of fifty cases, against a scan of every text. Both must find the same cases."""
    from complaints.cases import queues, search
    from complaints.models import Case

    visible = Case.objects.visible_to(maker.supervisor)
    for name, words in WORDS.items():
        asked = queues.QueueQuery(words=words)

        def found(asked: queues.QueueQuery = asked) -> list[int]:
            return queues.beyond(asked.cases(maker.supervisor), asked.order, None, 50)

        def read(words: str = words) -> list[int]:
            return sorted(search.scan(visible, words).values_list("pk", flat=True), reverse=True)[:50]

        if found() != read():
            raise RuntimeError(f"{words}: search and scan differ on {database}")
        took, scanned = quickest(found), quickest(read, 3)
        yield ratio_at_most(f"{database}: search, {name}", took * 1000, scanned * 1000, "ms", "the scan", 0.05)


def case_page(database: str, maker: "Maker") -> Iterator[Row]:
    from django.db import connection
    from django.test.utils import CaptureQueriesContext

    key = maker.investigator.cases.filter(closed_at=None).values_list("pk", flat=True)[0]
    address = f"{LIST}{key}/?_changelist_filters=queue%3Dopen"
    show = maker.page_loader(maker.investigator, address)
    show()
    with CaptureQueriesContext(connection) as statements:
        show()
    yield at_most(f"{database}: case page, statements", len(statements), "", 25)
    cpu = min(timed(show, time.process_time) for _ in range(9))
    yield at_most(f"{database}: case page, CPU", cpu * 1000, "ms", 150)


def quickest(work: Callable[[], object], times: int = 9) -> float:
    """Seconds of the quickest run, with the database's share. Other load on the machine can only make runs
    slower."""
    return min(timed(work) for _ in range(times))


LIST = "/admin/complaints/case/"


class Maker:
    """Fills the database with the cases of ten teams: three in five are closed; a fifth are assigned to nobody."""

    def __init__(self) -> None:
        from complaints.models import Role, Team

        self.random = random.Random(7)  # noqa: S311
        self.made = 0
        self.teams = [Team.objects.create(name=f"Team {number}") for number in range(10)]
        self.people = [self._staff(f"person{number}", Role.INVESTIGATOR) for number in range(10 * MEMBERS)]
        for number, person in enumerate(self.people):
            person.teams.set([self.teams[number % 10]])
        self.investigator = self.people[0]
        self.supervisor = self._staff("chief", Role.SUPERVISOR)

    @staticmethod
    def _staff(name: str, role: str) -> Any:
        from complaints.models import StaffMember

        return StaffMember.objects.create(username=name, role=role, is_staff=True, languages=["zh-hans"])

    def pages(self) -> dict[str, Callable[[], None]]:
        """Loaders of every queue and of the page of deadlines, for an investigator and for a supervisor."""
        from complaints.cases import queues

        found = {}
        for whose, who in (("", self.investigator), ("supervisor's ", self.supervisor)):
            for queue in queues.offered(who):
                found[f"{whose}queue {queue.name}"] = self.page_loader(who, f"{LIST}?queue={queue.name}")
            found[f"{whose}deadlines"] = self.page_loader(who, "/admin/complaints/clock/")
        return found

    @staticmethod
    def page_loader(who: Any, address: str) -> Callable[[], None]:
        from tests.support.cast import signed_in

        client = signed_in(who, headers={"host": "localhost"})

        def show() -> None:
            response = client.get(address)
            if response.status_code != 200:
                raise RuntimeError(f"{address}: {response.status_code}")

        return show

    def fill(self, up_to: int) -> float:
        """Make cases until there are `up_to`. Returns the CPU seconds of this process."""
        from django.db import connection, transaction

        began = time.process_time()
        while self.made < up_to:
            with transaction.atomic():
                self._batch(min(2_000, up_to - self.made))
        with connection.cursor() as cursor:
            cursor.execute("VACUUM ANALYZE" if connection.vendor == "postgresql" else "PRAGMA optimize")
        return time.process_time() - began

    def _batch(self, size: int) -> None:
        from complaints.cases import search
        from complaints.models import Case, Clock, Complaint, Enquiry, Reporter, Searchable

        numbers = range(self.made + 1, self.made + size + 1)
        cases = Case.objects.bulk_create(self._case(number) for number in numbers)
        complaints = [self._complaint(case, number) for case, number in zip(cases, numbers, strict=True)]
        Complaint.objects.bulk_create(complaints)
        Reporter.objects.bulk_create(Reporter(case=case, document=b"{}", sha256="0" * 64) for case in cases)
        Searchable.objects.bulk_create(search.row(one.case, one, [], []) for one in complaints)
        sent = 0.5 if self.made < FEW else 0.05  # share of cases with an enquiry
        Clock.objects.bulk_create(self._clock(case) for case in cases)
        Enquiry.objects.bulk_create(self._enquiry(case) for case in cases if self.random.random() < sent)
        self.made += size

    def _case(self, number: int) -> Any:
        from django.utils import timezone

        from complaints.models import Case

        few = (
            number <= FEW
        )  # all of one team and of every kind, so that pages have as many rows as with many cases
        filed_at = timezone.now() - (timedelta(hours=number) / 2 if few else timedelta(hours=MANY - number) / 12)
        closed = number % 5 < 3
        team = 0 if few else self.random.randrange(10)
        member = 0 if few and number % 2 else self.random.randrange(MEMBERS)
        states = [state for state in Case.State if state not in (Case.State.FILED, Case.State.CLOSED)]
        rare = [
            not closed and self.random.random() < (0.5 if few else 0.1)
            for _name in ("waiting", "withdrawing", "again", "news")
        ]
        return Case(
            code_digest=f"{number:064x}",
            language="zh-hans" if number % 10 else "en",
            state=Case.State.CLOSED if closed else self.random.choice(states),
            severity=self.random.choice((1, 1, 1, 2, 2, 3)),
            team=self.teams[team],
            assignee=None if self.random.random() < 0.2 else self.people[team + 10 * member],
            filed_at=filed_at,
            decide_by=filed_at + timedelta(days=15),
            closed_at=filed_at + timedelta(days=9) if closed else None,
            waiting_since=filed_at if rare[0] else None,
            withdraw_at=filed_at + timedelta(days=3) if rare[1] else None,
            round=2 if rare[2] else 1,
            news_at=filed_at if rare[3] else None,
            receipt=b"{}",
        )

    @staticmethod
    def _clock(case: Any) -> Any:
        """The clock “decide”: overdue, warned of or met, depending on the case's dates."""
        from django.utils import timezone

        from complaints.models import Clock

        days_left = (case.decide_by - timezone.now()).days
        return Clock(
            case=case,
            name="decide",
            started_at=case.filed_at,
            due_at=case.decide_by,
            met_at=case.closed_at,
            warned_at=case.decide_by if days_left < 3 else None,
            overdue_at=case.decide_by if days_left < 0 else None,
        )

    def _enquiry(self, case: Any) -> Any:
        """An enquiry that was sent. Half of them have unread news."""
        from complaints.models import Enquiry

        return Enquiry(
            uid=uuid4(),
            case=case,
            recipient="lender",
            organisation="Ninth Moon Credit",
            language="en",
            way="post",
            portal="https://portal.example/answer/",
            sent_by=self.investigator,
            sent_at=case.filed_at,
            due_at=case.decide_by,
            code_digest=f"{self.random.getrandbits(256):064x}",
            expires_at=case.decide_by,
            news_at=case.decide_by if self.random.random() < 0.5 else None,
            document=b"{}",
            sha256="0" * 64,
        )

    def _complaint(self, case: Any, number: int) -> Any:
        from complaints.models import Complaint

        story = "".join(self.random.choices(CHARACTERS, k=90))
        story += "催收" * (number % 2) + "同事" * (number % 50 == 0) + "警察" * (number % 5000 == 0)
        return Complaint(
            case=case,
            lender="Ninth Moon Credit" if number % 9973 == 0 else f"某某消费金融{number % 97}",
            agency="华信咨询" if number % 8 == 0 else f"催告公司{number % 89}",
            numbers=[f"0571 8888 {number % 10000:04d}"],
            conduct=["C05"],
            story=story,
            document=dumps({"contacts": []}).encode(),
            sha256="0" * 64,
        )


CHARACTERS = [chr(0x4E00 + number) for number in range(1500) if chr(0x4E00 + number) not in "催收同事警察彗星"]


def main() -> None:
    from dataclasses import asdict

    from .__main__ import prepare

    prepare()
    from django.conf import settings

    settings.STORAGES["staticfiles"]["BACKEND"] = "django.contrib.staticfiles.storage.StaticFilesStorage"
    for row in measured_here(os.environ["DESK_DATABASE"]):
        print(dumps(asdict(row)), flush=True)


if __name__ == "__main__":
    main()
