"""Nobody keeps the bundles of others waiting: neither by hostile files, nor by asking again and again."""

from collections.abc import Iterator
from contextlib import contextmanager

import pytest
from django.db import transaction
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from complaints import tasks
from complaints.bundles import exports
from complaints.bundles.options import Options
from complaints.cases import record
from complaints.drafts import files as draft_files
from complaints.filing import filing
from complaints.models import Case, Export, StaffMember, event_kinds
from complaints.refusal import Refused
from evidence import ledger
from evidence.models import EvidenceItem, Inspection
from tests.conftest import test_database_url as database_url
from tests.support import cast, media, services
from tests.support.bundles import seal_all
from tests.support.pages import follows, text

State = Export.State


def ask(case: Case, *, by: StaffMember | None = None, language: str = "en", audience: str = "borrower") -> Export:
    return exports.ask(case, Options.usual(audience).kept(), by=by, language=language)


def test_who_asks_sixty_times_has_one_bundle_made(borrower: cast.Filed) -> None:
    phone = follows(borrower.code)
    pages = {phone.post(reverse("follow_bundle"))["Location"] for _ in range(60)}
    assert (len(pages), Export.objects.count()) == (1, 1)


def test_another_language_audience_or_asker_is_another_bundle(
    borrower: cast.Filed, investigator: StaffMember
) -> None:
    case = borrower.case
    ask(case)
    ask(case, language="zh-hans")
    ask(case, by=investigator, audience="office")
    ask(case, by=investigator, audience="legal_aid")
    assert Export.objects.count() == 4


def test_one_that_is_being_made_lacks_what_happened_since_so_it_is_made_anew(borrower: cast.Filed) -> None:
    first = ask(borrower.case)
    Export.objects.update(state=State.MAKING, seen_at=timezone.now())
    assert ask(borrower.case) == first
    with transaction.atomic():
        record.note(borrower.case, event_kinds.BUNDLE_DOWNLOADED, by=ledger.BORROWER, manifest="0" * 64)
    second = ask(borrower.case)
    assert second != first
    assert ask(borrower.case) == second


def test_of_one_case_only_so_many_are_made_at_a_time(
    borrower: cast.Filed, client: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(exports, "MOST_UNDER_WAY", 1)
    ask(borrower.case, language="zh-hans")
    with pytest.raises(Refused, match="Several bundles"):
        ask(borrower.case)
    answer = follows(borrower.code).post(reverse("follow_bundle"))
    assert (answer.status_code, "Several bundles" in text(answer)) == (409, True)


def test_cases_take_turns(borrower: cast.Filed, second_borrower: cast.Filed) -> None:
    first = [ask(borrower.case, language=language) for language in ("en", "zh-hans")]
    other = ask(second_borrower.case)
    for message in (first[0], first[1], other):
        tasks.make_bundle(str(message.pk))
    served = Export.objects.order_by("seen_at").values_list("pk", flat=True)
    assert list(served) == [first[0].pk, other.pk, first[1].pk]


def test_who_asks_from_one_network_for_many_cases_has_one_turn_between_them(
    borrower: cast.Filed, second_borrower: cast.Filed, client: Client
) -> None:
    for _case in range(4):
        follows(cast.file_a_complaint(files=[]).code).post(reverse("follow_bundle"), REMOTE_ADDR="192.0.2.1")
    exports.make_next()
    follows(borrower.code).post(reverse("follow_bundle"), REMOTE_ADDR="198.51.100.1")
    exports.make_next()
    assert borrower.case.exports.get().is_ready
    assert Export.objects.waiting().count() == 3


def test_a_member_of_staff_who_asks_for_many_cases_has_one_turn_between_them(
    borrower: cast.Filed, investigator: StaffMember
) -> None:
    for _case in range(3):
        ask(cast.file_a_complaint(files=[]).case, by=investigator, audience="office")
    exports.make_next()
    own = ask(borrower.case)
    exports.make_next()
    assert Export.objects.get(pk=own.pk).is_ready


def test_from_where_a_bundle_was_asked_for_is_forgotten_an_hour_later(borrower: cast.Filed) -> None:
    follows(borrower.code).post(reverse("follow_bundle"))
    exports.make_waiting()
    exports.forget_old()
    assert Export.objects.exclude(sender="").exists()
    Export.objects.update(asked_at=timezone.now() - exports.SENDER_KEPT)
    exports.forget_old()
    assert not Export.objects.exclude(sender="").exists()


PREVIEWS = "previews,scans"


def hostile(number: int) -> bytes:
    """Minutes of speech in a small file, which take seconds to decode; no two are the same."""
    spoken: bytes = media.TAKEN["amr"][0]()
    return spoken[:6] + spoken[6:] * (300 + number)


def file_hostile(files: int, *, cases: int = 1) -> None:
    """File so many hostile files from one network, spread over so many complaints."""
    for case in range(cases):
        draft, code = cast.a_draft(files=[])
        draft_files.count_for(draft, "one network")
        for number in range(case, files, cases):
            draft_files.add_exhibit(draft, f"{number}.amr", [hostile(number)])
        filing.file(draft, code)


@contextmanager
def workers(redis: services.Redis, *queues: str) -> Iterator[None]:
    """One worker for each of these, as `up` starts them."""
    started = [services.Worker(database_url()) for _one in queues]
    for worker, served in zip(started, queues, strict=True):
        worker.start(served)
    try:
        yield
    finally:
        for worker in started:
            worker.kill()


@pytest.mark.django_db(transaction=True)
def test_a_bundle_is_made_though_nothing_opens_the_files_of_another(redis: services.Redis) -> None:
    """The worker that opens files is not started: it may take as long as it likes."""
    other = cast.file_a_complaint(language="en", files=[("letter.png", cast.a_screenshot())])
    seal_all(other.case)
    with redis.client() as client, workers(redis, "bundles"):
        client.flushall()
        file_hostile(4)
        waiting = EvidenceItem.objects.awaiting_inspection().count()
        export = ask(other.case)
        services.wait_until(
            lambda: Export.objects.get(pk=export.pk).is_ready, "the other one's bundle is made", 60
        )
    assert EvidenceItem.objects.awaiting_inspection().count() == waiting >= 4


@pytest.mark.faults
@pytest.mark.django_db(transaction=True)
def test_with_fifty_hostile_files_of_one_the_bundle_of_another_is_there_in_ten_seconds(
    redis: services.Redis,
) -> None:
    other = cast.file_a_complaint(language="en", files=[("letter.png", cast.a_screenshot())])
    seal_all(other.case)
    with redis.client() as client, workers(redis, PREVIEWS, "bundles"):
        client.flushall()
        file_hostile(50)
        services.wait_until(Inspection.objects.exists, "the previews are under way")
        export = ask(other.case)
        services.wait_until(
            lambda: Export.objects.get(pk=export.pk).is_ready, "the other one's bundle is made", 10
        )


def another_sees_a_film_meanwhile(redis: services.Redis, files: int, cases: int) -> None:
    """A film, because of one sender it would come last. The worker starts when all are filed, so that its order
    does not depend on how fast it is."""
    with redis.client() as client:
        client.flushall()
    file_hostile(files, cases=cases)
    other = cast.file_a_complaint(language="en", files=[("film.mp4", media.TAKEN["mp4"][0]())])
    film = EvidenceItem.objects.get(exhibit__case=other.case)
    with workers(redis, PREVIEWS):
        services.wait_until(film.derivatives.exists, "the film is there", 120)
    before = Inspection.objects.filter(pk__lt=film.inspection.pk).exclude(item__exhibit__case=other.case)
    assert before.count() <= 2


@pytest.mark.django_db(transaction=True)
def test_the_film_of_another_is_there_while_hostile_files_of_many_cases_wait(redis: services.Redis) -> None:
    another_sees_a_film_meanwhile(redis, files=8, cases=8)


@pytest.mark.faults
@pytest.mark.django_db(transaction=True)
def test_with_fifty_hostile_files_in_25_cases_of_one_the_film_of_another_does_not_wait_for_them(
    redis: services.Redis,
) -> None:
    another_sees_a_film_meanwhile(redis, files=50, cases=25)
