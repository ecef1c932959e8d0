"""Links that change one filter of a page of the desk."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass

from django.utils.functional import Promise

from complaints.cases.queues import capped


@dataclass(frozen=True)
class Choice:
    label: str | Promise
    query: str
    chosen: bool
    count: str = ""


def links(
    labels: Mapping[str, str | Promise], chosen: str, query: Callable[[str], str], counts: Mapping[str, int] | None
) -> list[Choice]:
    """One link for each value. `query` returns its address, `counts` has how many rows it would show, if known."""
    counted = {value: capped(number) for value, number in (counts or {}).items()}
    return [
        Choice(label, query(value), value == chosen, counted.get(value, "")) for value, label in labels.items()
    ]
