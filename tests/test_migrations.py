"""Cases from before go on."""

from importlib import import_module
from pathlib import Path

import pytest
from django.apps import apps

from complaints import migrations, reviews
from complaints.models import Case, StaffMember, Team
from tests import cast, office

pytestmark = pytest.mark.django_db


def migration(ending: str) -> object:
    """The module, whatever its number."""
    (path,) = Path(migrations.__path__[0]).glob(f"*_{ending}.py")
    return import_module(f"complaints.migrations.{path.stem}")


def test_a_case_that_was_answered_before_replies_were_dated_can_be_reviewed(
    borrower: cast.Filed, second_borrower: cast.Filed, south: Team, investigator: StaffMember
) -> None:
    case = office.closed_by(investigator, office.routed(borrower.case, south, investigator))
    Case.objects.update(replied_at=None)
    migration("rights").date_replies(apps, None)  # type: ignore[attr-defined]
    assert office.now(case).replied_at == case.messages.get().written_at
    assert office.now(second_borrower.case).replied_at is None
    assert reviews.ask(office.now(case), reasons="Please look again.")
