"""Static files: the headers they are sent with, and those that another version of the portal has collected."""

from pathlib import Path

from django.conf import settings
from django.core.exceptions import SuspiciousFileOperation
from django.http import FileResponse, Http404, HttpRequest
from django.utils._os import safe_join
from django.utils.cache import patch_cache_control
from django.views.decorators.http import require_safe

CSP = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; font-src 'self'; media-src 'self'; "
    "connect-src 'self'; form-action 'self'; frame-ancestors 'none'; base-uri 'none'"
)
HASH = 12  # hex digits in `holdfast.0123456789ab.css`


def add_headers(headers: dict[str, str], _path: str, _url: str) -> None:
    """Add the policy of pages to a static file, so that a picture that is opened by itself runs no script."""
    headers["Content-Security-Policy"] = CSP


@require_safe
def of_another_version(request: HttpRequest, path: str) -> FileResponse:
    """A static file that this process does not know, because another version collected it after this one started.

    During an upgrade pages of the new version ask the old one for it, or the other way round. If the file itself
    is not there, the one without the hash in its name is sent: nearly right is better than a page without style.
    """
    for name in (path, _without_hash(path)):
        found = _collected(name)
        if found:
            response = FileResponse(found.open("rb"))
            add_headers(response.headers, "", "")  # type: ignore[arg-type]
            patch_cache_control(response, no_cache=True)
            return response
    raise Http404


def _collected(name: str) -> Path | None:
    try:
        path = Path(safe_join(settings.STATIC_ROOT, name))
    except (ValueError, SuspiciousFileOperation):  # a path that leads out
        return None
    return path if path.is_file() and not path.name.startswith(".") else None


def _without_hash(path: str) -> str:
    folder, slash, name = path.rpartition("/")
    parts = name.split(".")
    if len(parts) > 2 and len(parts[-2]) == HASH:
        del parts[-2]
    return f"{folder}{slash}{'.'.join(parts)}"
