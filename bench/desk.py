"""The desk with 100,000 cases, on SQLite and on PostgreSQL: a queue page against the same at 1,000 cases, search
against reading every text, the case page against its own limits."""

import os
import random
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from datetime import timedelta
from json import dumps, loads
from typing import Any

from bench.table import Row, at_most, ratio_at_most, timed

FEW, MANY = 1_000, 100_000
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
    """Each database in a process of its own: the address is read once, at the start."""
    from tests.services import postgres

    yield from measured("SQLite", os.environ.get("DATABASE_URL", ""))
    with postgres() as url:
        yield from measured("PostgreSQL", url)


def measured(database: str, url: str) -> Iterator[Row]:
    environment = {**os.environ, "DESK_DATABASE": database}
    if url:
        environment["DATABASE_URL"] = url
    command = [sys.executable, "-m", "bench.desk"]
    with subprocess.Popen(command, env=environment, stdout=subprocess.PIPE, text=True) as process:
        for line in process.stdout or ():
            yield Row(**loads(line))
    if process.returncode:
        raise RuntimeError(f"the desk's bench on {database} ended with {process.returncode}")


def here(database: str) -> Iterator[Row]:
    """What is measured in this process, on its own database."""
    maker = Maker()
    took = maker.fill(FEW)
    small = {name: least(page) for name, page in maker.pages().items()}
    took += maker.fill(MANY)
    yield at_most(f"{database}: making {MANY:,} cases, CPU", took, "s", 120)
    for name, page in maker.pages().items():
        yield ratio_at_most(
            f"{database}: {name}", least(page) * 1000, small[name] * 1000, "ms", f"at {FEW:,}", 1.2
        )
    yield from searches(database, maker)
    yield from case_page(database, maker)


def searches(database: str, maker: "Maker") -> Iterator[Row]:
    """The page of fifty that a search shows, against reading every text for it; both must name the same."""
    from complaints import queues, search
    from complaints.models import Case

    visible = Case.objects.visible_to(maker.supervisor)
    for name, words in WORDS.items():
        asked = queues.Asked(words=words)

        def found(asked: queues.Asked = asked) -> list[int]:
            return queues.page(maker.supervisor, asked, 50)

        def read(words: str = words) -> list[int]:
            return sorted(search.scan(visible, words).values_list("pk", flat=True), reverse=True)[:50]

        if found() != read():
            raise RuntimeError(f"{words}: search and scan differ on {database}")
        took, scanned = least(found), least(read, 3)
        yield ratio_at_most(f"{database}: search, {name}", took * 1000, scanned * 1000, "ms", "the scan", 0.05)


def case_page(database: str, maker: "Maker") -> Iterator[Row]:
    from django.db import connection
    from django.test.utils import CaptureQueriesContext

    key = maker.investigator.cases.filter(closed_at=None).values_list("pk", flat=True)[0]
    address = f"{LIST}{key}/?_changelist_filters=queue%3Dopen"
    show = maker.shows(maker.investigator, address)
    show()
    with CaptureQueriesContext(connection) as statements:
        show()
    yield at_most(f"{database}: case page, statements", len(statements), "", 25)
    cpu = min(timed(show, time.process_time) for _ in range(9))
    yield at_most(f"{database}: case page, CPU", cpu * 1000, "ms", 150)


def least(work: Callable[[], object], times: int = 9) -> float:
    """Seconds of the quickest run: what else the machine does can only add to it. The database's are included."""
    return min(timed(work) for _ in range(times))


LIST = "/admin/complaints/case/"


class Maker:
    """Fills the database as ten teams would: three in five cases closed, the rest open, a fifth of nobody."""

    def __init__(self) -> None:
        from complaints.models import Role, Team

        self.random = random.Random(7)  # noqa: S311
        self.made = 0
        self.teams = [Team.objects.create(name=f"Team {number}") for number in range(10)]
        self.people = [self._staff(f"person{number}", Role.INVESTIGATOR) for number in range(50)]
        for number, person in enumerate(self.people):
            person.teams.set([self.teams[number % 10]])
        self.investigator = self.people[0]
        self.supervisor = self._staff("chief", Role.SUPERVISOR)

    @staticmethod
    def _staff(name: str, role: str) -> Any:
        from complaints.models import StaffMember

        return StaffMember.objects.create(username=name, role=role, is_staff=True, languages=["zh-hans"])

    def pages(self) -> dict[str, Callable[[], None]]:
        """What is opened: by an investigator and by a supervisor, who sees all."""
        wanted = {"mine": self.investigator, "unassigned": self.investigator, "due": self.investigator}
        found = {f"queue {name}": self.shows(who, f"{LIST}?queue={name}") for name, who in wanted.items()}
        for name in ("open", "urgent", "due", "waiting", "closed"):
            found[f"supervisor's queue {name}"] = self.shows(self.supervisor, f"{LIST}?queue={name}")
        return found

    @staticmethod
    def shows(who: Any, address: str) -> Callable[[], None]:
        from tests.cast import signed_in

        client = signed_in(who, headers={"host": "localhost"})

        def show() -> None:
            response = client.get(address)
            if response.status_code != 200:
                raise RuntimeError(f"{address}: {response.status_code}")

        return show

    def fill(self, up_to: int) -> float:
        """CPU seconds of this process until there are so many cases."""
        from django.db import connection, transaction

        began = time.process_time()
        while self.made < up_to:
            with transaction.atomic():
                self._batch(min(2_000, up_to - self.made))
        with connection.cursor() as cursor:
            cursor.execute("VACUUM ANALYZE" if connection.vendor == "postgresql" else "PRAGMA optimize")
        return time.process_time() - began

    def _batch(self, size: int) -> None:
        from complaints import search
        from complaints.models import Case, Complaint, Reporter, Searchable

        numbers = range(self.made + 1, self.made + size + 1)
        cases = Case.objects.bulk_create(self._case(number) for number in numbers)
        complaints = [self._complaint(case, number) for case, number in zip(cases, numbers, strict=True)]
        Complaint.objects.bulk_create(complaints)
        Reporter.objects.bulk_create(Reporter(case=case, document=b"{}", sha256="0" * 64) for case in cases)
        Searchable.objects.bulk_create(search.row(one.case, one, [], []) for one in complaints)
        self.made += size

    def _case(self, number: int) -> Any:
        from django.utils import timezone

        from complaints.models import Case

        filed_at = timezone.now() - timedelta(hours=MANY - number) / 12
        closed = number % 5 < 3
        team = self.random.randrange(10)
        states = (Case.State.ROUTED, Case.State.INVESTIGATING, Case.State.DECIDED, Case.State.REPLIED)
        return Case(
            code_digest=f"{number:064x}",
            language="zh-hans" if number % 10 else "en",
            state=Case.State.CLOSED if closed else self.random.choice(states),
            severity=self.random.choice((1, 1, 1, 2, 2, 3)),
            team=self.teams[team],
            assignee=None if self.random.random() < 0.2 else self.people[team + 10 * self.random.randrange(5)],
            filed_at=filed_at,
            decide_by=filed_at + timedelta(days=15),
            closed_at=filed_at + timedelta(days=9) if closed else None,
            waiting_since=filed_at if not closed and self.random.random() < 0.1 else None,
            receipt=b"{}",
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

    from bench.__main__ import prepare

    prepare()
    from django.conf import settings

    settings.STORAGES["staticfiles"]["BACKEND"] = "django.contrib.staticfiles.storage.StaticFilesStorage"
    for row in here(os.environ["DESK_DATABASE"]):
        print(dumps(asdict(row)), flush=True)


if __name__ == "__main__":
    main()
