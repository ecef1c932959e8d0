"""The transaction in which the row of a stored file is saved."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager

from django.db import transaction


@contextmanager
def saving_row(undo: Callable[[], object]) -> Iterator[None]:
    """Save a file's row in this block. `undo` deletes the file's bytes again if the row surely was not saved.

    Where the answer to COMMIT is lost, the row may be saved all the same, so the bytes stay: if it was not, the
    sweep deletes them.
    """
    committing = False
    try:
        with transaction.atomic():
            yield
            committing = True
    except BaseException:
        if not committing:
            undo()
        raise
