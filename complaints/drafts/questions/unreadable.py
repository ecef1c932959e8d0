"""The exception for a typed day or time that cannot be saved."""

from collections.abc import Sequence
from datetime import date, time

Reading = tuple[date, time | None]


class Unreadable(ValueError):
    """The text is no day or time that can be saved. `code` is the reason, a key of `fields.UNREADABLE`. `day` is
    the day that does not match its weekday; `readings` are those from which the borrower must choose."""

    def __init__(self, code: str, day: date | None = None, readings: Sequence[Reading] = ()) -> None:
        super().__init__(code)
        self.code, self.day, self.readings = code, day, readings
