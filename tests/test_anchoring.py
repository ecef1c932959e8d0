"""Checkpoints get an outside date: each authority's stamp, renewed before its certificate ends."""

from datetime import UTC, datetime, timedelta

import pytest
from asn1crypto import tsp

from evidence import anchoring, checkpoints
from evidence.models import CheckpointToken
from tests.test_ledger import append, event


@pytest.fixture
def stamped(db: None) -> CheckpointToken:
    append(event())
    checkpoints.current()
    anchoring.anchor()
    return CheckpointToken.objects.get()


def age(token: CheckpointToken, by: timedelta) -> None:
    CheckpointToken.objects.filter(pk=token.pk).update(gen_time=datetime.now(UTC) - by)


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
    CheckpointToken.objects.update(certificate_ends=datetime.now(UTC) + left)
    anchoring.anchor()
    assert CheckpointToken.objects.count() == stamps


def test_an_empty_ledger_is_not_stamped(db: None) -> None:
    anchoring.anchor()
    assert not CheckpointToken.objects.exists()
