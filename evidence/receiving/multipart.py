"""Django's upload handler for plain forms: it writes files straight into staging, encrypted."""

import uuid
from collections.abc import Callable, Iterator
from typing import TYPE_CHECKING, Any, TypeVar

from django.conf import settings
from django.core.files.uploadedfile import UploadedFile
from django.core.files.uploadhandler import FileUploadHandler, SkipFile
from django.http import multipartparser

from evidence import names
from evidence.connections import give_back
from evidence.storage import vault

from . import refusals, resumable, uploads

if TYPE_CHECKING:
    FormFile = UploadedFile[bytes]
else:
    FormFile = UploadedFile
# In bytes. Django's 1024 are too few for a long Chinese name, and make the whole form unreadable.
multipartparser.MAX_TOTAL_HEADER_SIZE = 8192  # type: ignore[attr-defined]
MOST_STAGED, MOST_NAMED = 100, 1000  # files of one form
ESCAPES = {"%22": '"', "%0D": "\r", "%0A": "\n"}  # what browsers write in a name (HTML, multipart/form-data)
View = TypeVar("View", bound=Callable[..., Any])


class StagedFile(FormFile):
    """A form's file in staging, which lasts until the request ends. `refused` is set if it was not accepted.

    `given` is its name as the sender gave it, `unnamed` the number of files after it that the form has too many.
    """

    def __init__(self, given: str, staged: vault.Incoming | None, refused: refusals.FileRefused | None) -> None:
        super().__init__(None, "file", size=staged.tally.size if staged else 0)
        self.given, self.staged, self.refused, self.unnamed = given, staged, refused, 0

    def chunks(self, chunk_size: int | None = None) -> Iterator[bytes]:
        """The decrypted bytes, for Django's own code."""
        if self.staged is None:
            return iter(())
        self.staged.finish()
        return self.staged.frames.read()

    def close(self) -> None:
        if self.staged:
            self.staged.close()


class FormParser(multipartparser.MultiPartParser):
    """Django's parser, but file names stay as they were given: as they do when a file comes in pieces."""

    def sanitize_file_name(self, file_name: str) -> str | None:
        for escape, sign in ESCAPES.items():
            file_name = file_name.replace(escape, sign)
        return names.storable(file_name) or "/"  # a name without a last part is given one when the file is kept


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
        self._is_parsing = False
        self._files: list[StagedFile] = []

    def handle_raw_input(
        self, input_data: Any, META: Any, content_length: int, boundary: Any, encoding: str | None = None
    ) -> Any:
        """Parse the form with `FormParser`, which asks here in its turn."""
        if self._is_parsing:
            return None
        self._is_parsing = True
        return FormParser(META, input_data, [self], encoding).parse()

    def new_file(self, *args: Any, **kwargs: Any) -> None:
        super().new_file(*args, **kwargs)
        found = self.request and self.request.resolver_match
        if not getattr(found and found.func, "takes_files", False):
            raise SkipFile
        if len(self._files) == MOST_NAMED:
            self._files[-1].unnamed += 1
            raise SkipFile
        self._refused: refusals.FileRefused | None = None
        if len(self._files) >= MOST_STAGED:
            self._refused = refusals.FileRefused("many")
            return
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
        self._files.append(StagedFile(self.file_name or "", staged, self._refused))
        return self._files[-1]

    def upload_complete(self) -> None:
        self._close()

    def upload_interrupted(self) -> None:
        self._close()

    def _close(self) -> None:
        if self._open:
            self._open.close()
