"""A progress bar for commands. It draws on a terminal only, not when the output goes to a file."""

import time
from types import TracebackType
from typing import Self

from django.core.management.base import OutputWrapper

WIDTH = 30
EVERY = 0.2  # seconds between two drawings


class Bar:
    """Usage: `with Bar(self.stderr, total, "entries") as bar: bar.advance(1)`."""

    def __init__(self, out: OutputWrapper, total: int, what: str) -> None:
        self.out, self.total, self.what = out, total, what
        self.done = 0
        self.drawn = 0.0

    def advance(self, count: int) -> None:
        self.done += count
        if self.out.isatty() and time.monotonic() - self.drawn > EVERY:
            self.drawn = time.monotonic()
            self._draw()

    def _draw(self) -> None:
        share = self.done / (self.total or 1)
        filled = "#" * int(WIDTH * share)
        self.out.write(f"\r[{filled:<{WIDTH}}] {self.done}/{self.total} {self.what}", ending="")
        self.out.flush()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if self.out.isatty():
            self._draw()
            self.out.write("")
