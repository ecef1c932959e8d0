"""A portal's clock that ran ahead: no witness signs, at an earlier time, for what the ledger dates later."""

from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from django.utils import timezone

from evidence.ledger import checkpoints, signing
from evidence.models import Cosignature
from evidence.witnesses import asking, configured
from tests.evidence.ledger.test_entries import append, event
from tests.evidence.timestamps.test_moved_clocks import a_clock_that_is
from tests.support.witness_server import Witness, running

pytestmark = pytest.mark.django_db


def test_what_the_ledger_dates_to_come_is_not_cosigned_before(tmp_path: Path, settings: Any) -> None:
    settings.DATA_DIR = tmp_path
    with running(Witness()) as witness:
        witness.trust(signing.vkey())
        settings.WITNESSES = [witness.setting]
        append(replace(event(n=1), at=timezone.now() + timedelta(hours=2)))
        checkpoints.current()
        asking.ask_all()
        assert not witness.asked
        witness.seconds = 3 * 3600
        with a_clock_that_is(hours=3):
            asking.ask_all()
        assert Cosignature.objects.count() == 1


def test_a_witness_that_failed_while_the_clock_ran_ahead_is_asked_again(tmp_path: Path, settings: Any) -> None:
    settings.DATA_DIR = tmp_path
    with running(Witness()) as witness:
        witness.trust(signing.vkey())
        settings.WITNESSES = [witness.setting]
        append(event(n=1))
        checkpoints.current()
        one = configured.configured()[0]
        with a_clock_that_is(days=3):
            configured.begin(one)
            configured.record_failure(one, "away")
        asking.ask_all()
        assert Cosignature.objects.count() == 1


def test_a_line_of_an_earlier_look_at_the_same_checkpoint_is_kept(tmp_path: Path, settings: Any) -> None:
    """A witness that looked before it was asked does not sign again."""
    settings.DATA_DIR = tmp_path
    with running(Witness()) as witness:
        witness.trust(signing.vkey())
        settings.WITNESSES = [witness.setting]
        append(event(n=1))
        checkpoints.current()
        with a_clock_that_is(hours=3):
            asking.ask_all()
        assert Cosignature.objects.count() == 1
