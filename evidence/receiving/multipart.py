"""Files of a plain form go straight into staging, encrypted, as those of resumable uploads do."""

import uuid
from collections.abc import Callable, Iterator
from typing import TYPE_CHECKING, Any, TypeVar

from django.conf import settings
from django.core.files.uploadedfile import UploadedFile
from django.core.files.uploadhandler import FileUploadHandler, SkipFile

from evidence.storage import vault

from . import formats, resumable, uploads

if TYPE_CHECKING:
    FormFile = UploadedFile[bytes]
else:
    FormFile = UploadedFile
View = TypeVar("View", bound=Callable[..., Any])


class StagedFile(FormFile):
    """A file of a form in staging, until the request ends; `refused` says why there is none."""

    def __init__(self, name: str, staged: vault.Incoming, refused: formats.FileRefused | None) -> None:
        super().__init__(None, name, size=staged.tally.size)
        self.staged, self.refused = staged, refused

    def chunks(self, chunk_size: int | None = None) -> Iterator[bytes]:
        """For code that knows nothing of staging."""
        self.staged.finish()
        return self.staged.frames.read()

    def close(self) -> None:
        self.staged.close()


def takes_files(view: View) -> View:
    """Files of forms are staged for this view; at all other addresses nobody can fill the disk with them."""
    view.takes_files = True  # type: ignore[attr-defined]
    return view


class StagingUploadHandler(FileUploadHandler):
    """Reads on to the end when a file cannot be taken: the others and the answers of the form still are.

    It is used before anybody has looked who sends the form, so one form has no more than a draft may have.
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
        self._refused: formats.FileRefused | None = None
        self._open = vault.Incoming(uuid.uuid4(), limit=settings.MAX_FILE_BYTES)
        self._try(resumable.check_room)

    def receive_data_chunk(self, raw_data: bytes, start: int) -> None:
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
        except formats.FileRefused as refused:
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
