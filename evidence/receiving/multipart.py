"""Django's upload handler for plain forms: it writes files straight into staging, encrypted."""

import uuid
from collections.abc import Callable, Iterator
from typing import TYPE_CHECKING, Any, TypeVar

from django.conf import settings
from django.core.files.uploadedfile import UploadedFile
from django.core.files.uploadhandler import FileUploadHandler, SkipFile

from evidence.connections import give_back
from evidence.storage import vault

from . import refusals, resumable, uploads

if TYPE_CHECKING:
    FormFile = UploadedFile[bytes]
else:
    FormFile = UploadedFile
View = TypeVar("View", bound=Callable[..., Any])


class StagedFile(FormFile):
    """A form's file in staging, which lasts until the request ends. `refused` is set if it was not accepted."""

    def __init__(self, name: str, staged: vault.Incoming, refused: refusals.FileRefused | None) -> None:
        super().__init__(None, name, size=staged.tally.size)
        self.staged, self.refused = staged, refused

    def chunks(self, chunk_size: int | None = None) -> Iterator[bytes]:
        """The decrypted bytes, for Django's own code."""
        self.staged.finish()
        return self.staged.frames.read()

    def close(self) -> None:
        self.staged.close()


def takes_files(view: View) -> View:
    """Decorator: this view accepts files. All other views skip them, so that nobody can fill the disk there."""
    view.takes_files = True  # type: ignore[attr-defined]
    return view


class StagingUploadHandler(FileUploadHandler):
    """When it cannot accept a file it reads on, so that the form's answers and its other files are still received.

    It runs before the view checks who sends the form, so MAX_DRAFT_BYTES limits each form.
    """

    chunk_size = 256 * 1024

    def __init__(self, request: Any = None) -> None:
        super().__init__(request)
        self._open: vault.Incoming | None = None
        self._left = settings.MAX_DRAFT_BYTES

    def new_file(self, *args: Any, **kwargs: Any) -> None:
        super().new_file(*args, **kwargs)
        found = self.request and self.request.resolver_match
        if not getattr(found and found.func, "takes_files", False):
            raise SkipFile
        self._refused: refusals.FileRefused | None = None
        self._open = vault.Incoming(uuid.uuid4(), limit=settings.MAX_FILE_BYTES)
        self._try(resumable.check_room)

    def receive_data_chunk(self, raw_data: bytes, start: int) -> None:
        give_back()  # the next chunk may be long in coming
        staged = self._open
        self._left -= len(raw_data)
        if staged and not self._refused:
            self._try(lambda: self._write(staged, raw_data))

    def _write(self, staged: vault.Incoming, data: bytes) -> None:
        if self._left < 0:
            raise vault.TooLarge
        staged.write(data)

    def _try(self, step: Any) -> None:
        try:
            with uploads.storage_errors_as_refusals():
                step()
        except refusals.FileRefused as refused:
            self._refused = refused

    def file_complete(self, file_size: int) -> StagedFile | None:
        staged, self._open = self._open, None
        return StagedFile(self.file_name or "", staged, self._refused) if staged else None

    def upload_complete(self) -> None:
        self._close()

    def upload_interrupted(self) -> None:
        self._close()

    def _close(self) -> None:
        if self._open:
            self._open.close()
