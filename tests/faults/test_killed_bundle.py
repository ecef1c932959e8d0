"""kill -9 of the worker between any two steps of making a bundle: nothing half made is offered, and it is made."""

from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from complaints.bundles import exports
from complaints.bundles.options import Options
from complaints.models import Export
from complaints.refusal import Refused
from evidence.models import ItemKey
from tests.conftest import test_database_url as database_url
from tests.support import cast, services
from tests.support.bundles import made_again, opened, seal_all
from tests.support.office import told
from tests.support.pages import follows

AT_THE_PLAN = (
    "after",
    "evidence.storage.item_keys",
    "keep",
)  # its key is written, its bytes are not in their place
STEPS = [
    ("before", "complaints.bundles.exports", "_make"),
    ("before", "complaints.bundles.papers", "read"),
    ("before", "evidence.checking.sealing", "reread"),
    ("after", "complaints.bundles.making", "_check_whole"),
    ("after", "complaints.bundles.report.report", "made"),
    ("after", "complaints.bundles.proofs", "export"),
    ("before", "evidence.storage.item_keys", "keep"),
    ("before", "evidence.storage.places", "sync_folder"),
    ("after", "evidence.storage.places", "sync_folder"),
    ("before", "evidence.ledger", "append"),
    ("after", "evidence.ledger", "append"),
    ("after", "complaints.bundles.exports", "_make"),
]


def test_a_bundle_whose_worker_was_killed_at_its_plan_is_made(
    redis: services.Redis, transactional_db: None
) -> None:
    a_killed_worker_is_followed(redis, *AT_THE_PLAN)


@pytest.mark.faults
@pytest.mark.parametrize(("when", "module", "function"), STEPS)
def test_a_bundle_whose_worker_was_killed_is_made_by_the_next(
    redis: services.Redis, transactional_db: None, when: str, module: str, function: str
) -> None:
    a_killed_worker_is_followed(redis, when, module, function)


def a_killed_worker_is_followed(redis: services.Redis, when: str, module: str, function: str) -> None:
    filed = cast.file_a_complaint()
    case = filed.case
    seal_all(case)
    with redis.client() as client:
        client.flushall()
    keys = ItemKey.objects.count()
    export = exports.ask(case, Options.usual("borrower").kept(), language="en")  # its message waits in Redis
    services.dies_at(when, module, function, queue="bundles", database_url=database_url())
    done = (when, function) == ("after", "_make")
    export.refresh_from_db()
    assert export.state == (Export.State.READY if done else Export.State.MAKING)
    assert told(case).count("bundle.exported") == done
    if not done:
        nothing_is_offered(filed, export)

    Export.objects.filter(state=Export.State.MAKING).update(
        seen_at=timezone.now() - Export.SILENT - timedelta(seconds=1)
    )
    exports.make_waiting()
    exports.make_waiting()

    export.refresh_from_db()
    assert (export.state, export.attempts, export.problem) == (Export.State.READY, 1 if done else 2, "")
    assert told(case).count("bundle.exported") == 1
    assert ItemKey.objects.count() == keys + 1
    served = exports.served(export)
    assert served.read
    content = b"".join(served.read(0, served.size))
    assert len(content) == export.size
    assert opened(content).reference == case.reference
    assert made_again(export) == content


def nothing_is_offered(filed: cast.Filed, export: Export) -> None:
    """To the borrower it is being made; no byte of it leaves."""
    client = follows(filed.code)
    page = client.get(reverse("follow_bundle_made", args=[export.pk])).content.decode()
    assert "<progress" in page
    assert reverse("follow_bundle_fetch", args=[export.pk]) not in page
    assert client.post(reverse("follow_bundle_fetch", args=[export.pk])).status_code == 409
    with pytest.raises(Refused):
        exports.served(export)
