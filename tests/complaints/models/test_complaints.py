"""What the database itself refuses of documents that the ledger knows by digest."""

import pytest
from django.apps import apps
from django.db import IntegrityError, transaction

from complaints.assignment import declarations, reassignment
from complaints.bundles import grants
from complaints.bundles.options import Options
from complaints.cases import severity
from complaints.models import Role, StaffMember, Team
from complaints.models.complaints import Committed
from complaints.reference.conduct import Severity
from complaints.rights import contact_details
from tests.support import cast, whole_case

NO_DIGESTS = ("", "0" * 63, "g" * 64, "A" * 64, " " + "0" * 63)


@pytest.fixture
def something_of_everything(south: Team, investigator: StaffMember, supervisor: StaffMember) -> None:
    """A row of each model that keeps a document."""
    case = whole_case.worked_on(south, investigator, supervisor)
    second = cast.staff("second", Role.SUPERVISOR)
    severity.change(case, Severity.HIGH, by=second, reason="They have left.")
    reassignment.reassign(case, by=supervisor, reason="She is away.", to=cast.staff("other", Role.SUPERVISOR))
    declarations.declare(investigator, by=investigator, kind="organisation", name="Somebody quite different")
    contact_details.change(case, phone="13900139000")
    terms = grants.Terms(recipient="王律师", days=1, downloads=1)
    grants.give(case, Options.usual("legal_aid").kept(), terms, language="en")


def test_every_model_that_keeps_a_document_refuses_what_is_no_digest(something_of_everything: None) -> None:
    models = [model for model in apps.get_models() if issubclass(model, Committed)]
    assert len(models) >= 16
    for model in models:
        row = model._default_manager.filter(pk=model._default_manager.first().pk)  # type: ignore[union-attr]
        for digest in NO_DIGESTS:
            with (
                pytest.raises(IntegrityError, match=f"{model._meta.model_name}_sha256_is_64_hex"),
                transaction.atomic(),
            ):
                row.update(sha256=digest)
        assert row.update(sha256="0" * 64) == 1
