"""Why a day or a time that was typed cannot be kept."""

from collections.abc import Sequence
from datetime import date, time

Reading = tuple[date, time | None]


class Unreadable(ValueError):
    """The text is no day or time that can be kept. `code` names why; `day` is the day that does not fit its
    weekday, `readings` are those between which the borrower has to choose."""

    def __init__(self, code: str, day: date | None = None, readings: Sequence[Reading] = ()) -> None:
        super().__init__(code)
        self.code, self.day, self.readings = code, day, readings
