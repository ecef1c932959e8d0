"""A bundle holds what its asker may see, cut with what its audience may see."""

import pytest

from complaints.bundles import exports
from complaints.bundles.forms import ChoicesForm
from complaints.bundles.options import WITHHELD, Options
from complaints.models import Export
from complaints.refusal import Refused
from tests.support import cast
from tests.support.bundles import seal_all


@pytest.mark.parametrize("audience", [*WITHHELD])
def test_what_a_borrower_lends_leaves_out_what_the_borrower_may_not_see(
    borrower: cast.Filed, audience: str
) -> None:
    export = exports.ask(borrower.case, Options.usual(audience).kept(), language="en")
    withheld = {*Options.of(export.options).withheld}
    assert withheld == {*WITHHELD["borrower"], *WITHHELD[audience], "note"}


def test_a_lent_bundle_that_was_made_with_more_does_not_leave(borrower: cast.Filed) -> None:
    seal_all(borrower.case)
    export = exports.ask(borrower.case, Options.usual("regulator").kept(), language="en")
    exports.make_waiting()
    made = Export.objects.get(pk=export.pk)
    exports.served(made)
    made.options = {name: one for name, one in made.options.items() if name != "by_borrower"}
    with pytest.raises(Refused):
        exports.served(made)


@pytest.mark.parametrize("at_the_desk", [True, False])
def test_the_preview_of_a_lent_bundle_is_cut_as_the_bundle_is(borrower: cast.Filed, at_the_desk: bool) -> None:
    choices = ChoicesForm(None, case=borrower.case, audience="regulator", at_the_desk=at_the_desk)
    assert not choices.errors
    assert ("measure" in choices.options().withheld) is not at_the_desk
