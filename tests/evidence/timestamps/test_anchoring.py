"""Checkpoints get an outside date: each authority's stamp, renewed before its certificate ends."""

from datetime import timedelta
from typing import Any

import pytest
from asn1crypto import tsp
from django.db.models import F
from django.utils import timezone

from evidence.ledger import checkpoints
from evidence.models import CheckpointToken
from evidence.timestamps import anchoring
from tests.evidence.ledger.test_entries import append, event


@pytest.fixture
def stamped(db: None) -> CheckpointToken:
    append(event())
    checkpoints.current()
    anchoring.anchor()
    return CheckpointToken.objects.get()


def age(token: CheckpointToken, by: timedelta) -> None:
    CheckpointToken.objects.filter(pk=token.pk).update(gen_time=timezone.now() - by)


def test_the_newest_checkpoint_is_stamped_over_its_whole_signed_note(stamped: CheckpointToken) -> None:
    signed = tsp.TimeStampResp.load(stamped.response)["time_stamp_token"]["content"]
    info = signed["encap_content_info"]["content"].parsed
    assert info["message_imprint"]["hashed_message"].native == anchoring.imprint(stamped.checkpoint)


def test_an_unchanged_ledger_is_not_stamped_again(stamped: CheckpointToken) -> None:
    age(stamped, timedelta(days=300))
    anchoring.anchor()
    assert CheckpointToken.objects.count() == 1


@pytest.mark.parametrize(("since", "stamps"), [(timedelta(minutes=59), 1), (timedelta(minutes=61), 2)])
def test_a_growing_ledger_is_stamped_every_hour(stamped: CheckpointToken, since: timedelta, stamps: int) -> None:
    age(stamped, since)
    append(event())
    checkpoints.current()
    anchoring.anchor()
    assert CheckpointToken.objects.count() == stamps


@pytest.mark.parametrize(("left", "stamps"), [(timedelta(days=31), 1), (timedelta(days=29), 2)])
def test_the_same_checkpoint_is_stamped_anew_before_the_certificate_ends(
    stamped: CheckpointToken, left: timedelta, stamps: int
) -> None:
    age(stamped, timedelta(days=2))
    CheckpointToken.objects.update(certificate_ends=timezone.now() + left)
    anchoring.anchor()
    assert CheckpointToken.objects.count() == stamps


def test_an_empty_ledger_is_not_stamped(db: None) -> None:
    anchoring.anchor()
    assert not CheckpointToken.objects.exists()


def grow(entries: int) -> int:
    """So many entries more, and a stamp over the checkpoint of them; the ledger's size then."""
    append(*(event(n=n) for n in range(entries)))
    checkpoint = checkpoints.current()
    CheckpointToken.objects.update(gen_time=F("gen_time") - timedelta(hours=2))
    anchoring.anchor()
    return checkpoint.size


def test_of_each_authority_the_earliest_stamp_over_an_entry_and_the_newest_count(db: None, settings: Any) -> None:
    sizes = [grow(2), grow(1), grow(3), grow(1)]
    assert [token.checkpoint_id for token in anchoring.stamps_covering([2], sizes[-1])] == [sizes[1], sizes[3]]
    assert [token.checkpoint_id for token in anchoring.stamps_covering([2], sizes[2])] == [sizes[1], sizes[2]]
    assert [token.checkpoint_id for token in anchoring.stamps_covering([6], sizes[-1])] == [sizes[3]]
    assert anchoring.stamps_covering([7], 100) == []
    settings.TIMESTAMP_AUTHORITIES = [{"name": "another", "url": "builtin:"}]
    grow(1)
    told = [(token.checkpoint_id, token.authority) for token in anchoring.stamps_covering([0], 8)]
    assert told == [(sizes[0], "builtin"), (sizes[3], "builtin"), (8, "another")]


def test_stamps_that_came_after_a_moment_can_be_left_aside(stamped: CheckpointToken) -> None:
    before = stamped.kept_at - timedelta(seconds=1)
    assert anchoring.stamps_covering([0], 1, kept_by=before) == []
    assert anchoring.stamps_covering([0], 1, kept_by=stamped.kept_at) == [stamped]
