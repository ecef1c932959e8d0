"""How many examples the tests with made-up input try."""

import pytest


def examples(most: int) -> pytest.MarkDecorator:
    """Give a test its number of `examples`: a tenth of `most`, or all in `make faults`."""
    return pytest.mark.parametrize("examples", [most // 10, pytest.param(most, marks=pytest.mark.thorough)])
