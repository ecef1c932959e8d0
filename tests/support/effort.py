"""How much is tried with made-up input."""

import pytest


def examples(most: int) -> pytest.MarkDecorator:
    """Gives a test its number of `examples`: a tenth of the most, and all of them in `make faults`."""
    return pytest.mark.parametrize("examples", [most // 10, pytest.param(most, marks=pytest.mark.thorough)])
