"""The simplest WSGI application that sends a file: the floor for `bench.serving`."""

import os
from collections.abc import Callable, Iterator
from typing import Any

BLOCK = 256 * 1024


def application(environ: dict[str, Any], start_response: Callable[..., Any]) -> Iterator[bytes]:
    path = os.environ["PLAIN_FILE"]
    head = [("Content-Type", "application/octet-stream"), ("Content-Length", str(os.stat(path).st_size))]  # noqa: PTH116
    start_response("200 OK", head)
    return _blocks(path)


def _blocks(path: str) -> Iterator[bytes]:
    with open(path, "rb") as file:  # noqa: PTH123
        while block := file.read(BLOCK):
            yield block
