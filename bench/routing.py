"""What routing a case costs with 200 investigators, and 500 rules of which only the last matches."""

import os
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator

from django.db import connection, transaction
from django.test.utils import CaptureQueriesContext

from complaints.assignment import routing
from complaints.models import Case, Role, RoutingRule, StaffMember, Team
from tests.support import cast, services

from .table import Row, at_most

RULES, PEOPLE, CARRIED, ROUTED = 500, 200, 20, 30
ELSEWHERE = """
from bench.__main__ import prepare
prepare()
from bench import routing
print(*routing.measured())
"""  # for PostgreSQL: the same in its own process


def rows() -> Iterator[Row]:
    yield from _rows("SQLite", *measured())
    with services.postgres() as url, tempfile.TemporaryDirectory(prefix="holdfast-bench-") as folder:
        environment = {**os.environ, "DATABASE_URL": url, "DATA_DIR": folder}
        line = [sys.executable, "-c", ELSEWHERE]
        answer = subprocess.run(line, env=environment, check=True, stdout=subprocess.PIPE, text=True)
    spent, small, big = map(float, answer.stdout.split())
    yield from _rows("PostgreSQL", spent, int(small), int(big))


def _rows(database: str, spent: float, small: int, big: int) -> Iterator[Row]:
    yield at_most(f"routing, {RULES} rules, {PEOPLE} people, {database}: CPU", spent, "ms", 20)
    yield at_most(f"routing, {database}: statements more than in a small office", big - small, "more", 0)


def measured() -> tuple[float, int, int]:
    """CPU milliseconds per case in the big office, and statements per case in a small and in the big office."""
    with transaction.atomic():
        team = Team.objects.create(name="bench")
        _a_rule(1, team)
        _hire(0, team)
        small = _statements(_filed())
        RoutingRule.objects.all().delete()
        for number in range(RULES - 1):
            _a_rule(number, team, conduct=["C01", "C02"], lender=f"lender {number}", region=["CN-ZJ", "US-CA"])
        _a_rule(RULES, team)
        _carry([_hire(number, team) for number in range(1, PEOPLE)], team)
        big = _statements(_filed())
        cases = [_filed() for _ in range(ROUTED)]
        spent = statistics.median(_route(case) for case in cases)
        transaction.set_rollback(True)
    return spent * 1000, small, big


def _a_rule(order: int, team: Team, **conditions: object) -> None:
    RoutingRule.objects.create(order=order, name=f"rule {order}", team=team, **conditions)


def _hire(number: int, team: Team) -> StaffMember:
    member = StaffMember(username=f"bench{number}", is_staff=True, role=Role.INVESTIGATOR, languages=["zh-hans"])
    member.save()
    member.teams.add(team)
    return member


def _filed() -> Case:
    return cast.file_a_complaint(files=[], conduct={"conduct": ["C01"]}).case


def _carry(people: list[StaffMember], team: Team) -> None:
    """Give each investigator CARRIED open cases, all copies of one."""
    one = _filed()
    Case.objects.bulk_create(
        Case(
            code_digest=f"{member.pk}-{number}",
            language=one.language,
            severity=one.severity,
            state=Case.State.ROUTED,
            team=team,
            assignee=member,
            filed_at=one.filed_at,
            decide_by=one.decide_by,
            receipt=b"",
        )
        for member in people
        for number in range(CARRIED)
    )


def _statements(case: Case) -> int:
    with CaptureQueriesContext(connection) as seen:
        routing.route(case)
    return len(seen)


def _route(case: Case) -> float:
    began = time.process_time()
    made = routing.route(case)
    spent = time.process_time() - began
    if made is None or made.investigator is None or len(made.candidates) != PEOPLE:
        raise RuntimeError("the case was not routed as it should be")
    return spent
