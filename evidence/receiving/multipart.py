"""Django's upload handler for plain forms: it writes files straight into staging, encrypted.

Nothing is staged before the sender is known to be allowed: the form's token is checked when its first file begins,
so it has to come before the files, and the view says whether the sender may add files there.
"""

import uuid
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, TypeVar

from django.conf import settings
from django.core.files.uploadedfile import UploadedFile
from django.core.files.uploadhandler import FileUploadHandler, SkipFile
from django.http import HttpRequest, HttpResponse, multipartparser
from django.middleware.csrf import CsrfViewMiddleware, RejectRequest
from django.utils.datastructures import MultiValueDict

from evidence import names
from evidence.connections import give_back
from evidence.storage import vault

from . import places, refusals, uploads
from .room import Announced

if TYPE_CHECKING:
    FormFile = UploadedFile[bytes]
else:
    FormFile = UploadedFile
# In bytes. Django's 1024 are too few for a long Chinese name, and make the whole form unreadable.
multipartparser.MAX_TOTAL_HEADER_SIZE = 8192  # type: ignore[attr-defined]
MOST_STAGED, MOST_NAMED = 100, 1000  # files of one form
ESCAPES = {"%22": '"', "%0D": "\r", "%0A": "\n"}  # what browsers write in a name (HTML, multipart/form-data)
View = TypeVar("View", bound=Callable[..., Any])


@dataclass(frozen=True)
class Allowance:
    """What a sender may add: so many bytes. `owner` and `network` share the places of senders."""

    bytes: int
    owner: str
    network: str


class StagedFile(FormFile):
    """A form's file in staging, which lasts until the request ends. `refused` is set if it was not accepted; then
    none of its bytes are there, though `size` says how many came.

    `given` is its name as the sender gave it, `unnamed` the number of files after it that the form has too many.
    """

    def __init__(
        self, given: str, size: int, staged: vault.Incoming | None, refused: refusals.FileRefused | None
    ) -> None:
        super().__init__(None, "file", size=size)
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


def takes_files(allowed: Callable[..., Allowance | None]) -> Callable[[View], View]:
    """Decorate a view that accepts files. All other views skip them, so that nobody can fill the disk there.

    `allowed` gets the request and the arguments of the view, and returns what the sender may add. None: nothing,
    and then the view refuses the form itself.
    """

    def declared(view: View) -> View:
        view.takes_files = allowed  # type: ignore[attr-defined]
        return view

    return declared


class StagingUploadHandler(FileUploadHandler):
    """When it cannot accept a file it reads on, so that the form's answers and other files are still received."""

    chunk_size = 256 * 1024

    def __init__(self, request: Any = None) -> None:
        super().__init__(request)
        self._parser: Any = None
        self._open: vault.Incoming | None = None
        self._files: list[StagedFile] = []
        self._refused: refusals.FileRefused | None = None
        self._announced: Announced | None = None
        self._left = 0  # bytes that may still be staged
        self._seen = 0  # bytes of this file that arrived, staged or not
        self._until_the_end = ExitStack()

    def handle_raw_input(
        self, input_data: Any, META: Any, content_length: int, boundary: Any, encoding: str | None = None
    ) -> Any:
        """Parse the form with `FormParser`, which asks here in its turn, and whose fields this handler can see."""
        if self._parser:
            return None
        self._length = content_length
        self._parser = FormParser(META, input_data, [self], encoding)
        try:
            return self._parser.parse()
        finally:
            self._drop()
            self._until_the_end.close()

    def new_file(self, *args: Any, **kwargs: Any) -> None:
        super().new_file(*args, **kwargs)
        found: Any = self.request and self.request.resolver_match
        allowed = getattr(found and found.func, "takes_files", None)
        if allowed is None:
            raise SkipFile
        if len(self._files) == MOST_NAMED:
            self._files[-1].unnamed += 1
            raise SkipFile
        self._refused, self._seen = None, 0
        if len(self._files) >= MOST_STAGED:
            self._refused = refusals.FileRefused("many")
            return
        self._try(lambda: self._begin(lambda: allowed(self.request, *found.args, **found.kwargs)))

    def _begin(self, allowed: Callable[[], Allowance | None]) -> None:
        if self._announced is None:
            self._admit(allowed)
        self._open = vault.Incoming(uuid.uuid4(), limit=settings.MAX_FILE_BYTES)

    def _admit(self, allowed: Callable[[], Allowance | None]) -> None:
        """Before the first file: check the sender, take a place and reserve the room."""
        allowance = allowed() if token_is_right(self.request, self._parser._post) else None
        if allowance is None:
            raise refusals.FileRefused("away")
        self._left = min(settings.MAX_DRAFT_BYTES, allowance.bytes)
        place = places.uploads.take(allowance.owner, allowance.network)
        if not self._until_the_end.enter_context(place):
            raise refusals.FileRefused("away")
        self._announced = Announced(max(0, min(self._length, self._left)))
        self._until_the_end.callback(self._announced.end)

    def receive_data_chunk(self, raw_data: bytes, start: int) -> None:
        give_back()  # the next chunk may be long in coming
        staged = self._open
        self._seen += len(raw_data)
        if staged:
            self._try(lambda: self._write(staged, raw_data))

    def _write(self, staged: vault.Incoming, data: bytes) -> None:
        if self._left < len(data):
            raise vault.TooLarge
        staged.write(data)
        self._left -= len(data)
        if self._announced:
            self._announced.arrived(len(data))

    def _try(self, step: Callable[[], None]) -> None:
        """Take the step. If the file is refused by it, its bytes are deleted at once."""
        try:
            with uploads.storage_errors_as_refusals():
                step()
        except refusals.FileRefused as refused:
            self._refused = refused
            self._drop()

    def file_complete(self, file_size: int) -> StagedFile:
        staged, self._open = self._open, None
        self._files.append(StagedFile(self.file_name or "", self._seen, staged, self._refused))
        return self._files[-1]

    def upload_interrupted(self) -> None:
        self._drop()

    def _drop(self) -> None:
        if self._open:
            self._left += self._open.tally.size
            self._open.close()
            self._open = None


def token_is_right(request: HttpRequest | None, fields: Any) -> bool:
    """Whether Django's form token is among the fields that came before the first file, or in a header.

    Django itself looks for it only when the whole form has arrived.
    """
    if getattr(request, "_dont_enforce_csrf_checks", False):
        return True
    reading: Any = request
    reading._post, reading._files = fields, MultiValueDict()  # else Django would begin to read the form again
    try:
        check: Any = CsrfViewMiddleware(lambda _request: HttpResponse())
        check._check_token(request)  # of Django 5.2; a test posts right and wrong tokens
    except RejectRequest:
        return False
    finally:
        del reading._post, reading._files
    return True
