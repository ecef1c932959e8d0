"""The verifier in the browser, and both verifiers as files to download."""

from pathlib import Path

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.cache import patch_vary_headers
from django.utils.translation import gettext as _

from complaints.reference.bilingual import in_chinese
from evidence import holdfast_verify, verify_page
from evidence.ledger import keys
from evidence.timestamps import authorities

VERIFIER = Path(holdfast_verify.__file__)
CSP = (  # stricter than elsewhere: the page reads private files, so it may connect to nothing
    "default-src 'none'; script-src 'self'; worker-src 'self'; style-src 'self'; img-src 'self'; "
    "form-action 'self'; frame-ancestors 'none'; base-uri 'none'"
)


def verify(request: HttpRequest) -> HttpResponse:
    """Check a receipt, a bundle or a file without sending it anywhere."""
    context = {
        "title": _("Check a receipt"),
        "language": "zh" if in_chinese() else "en",
        "key": " ".join(keys.as_text().split()),
        "roots": "".join(one.root.decode() for one in authorities.configured()),
        **digests(),
    }
    response = render(request, "verify.html", context)
    response["Content-Security-Policy"] = CSP
    patch_vary_headers(response, ["User-Agent"])  # inside an app it says first that files cannot be saved there
    return response


def digests() -> dict[str, str]:
    """The SHA-256 of both verifiers, by their names in templates."""
    verifier = holdfast_verify.sha256(VERIFIER.read_bytes()).hex()
    return {"verifier_sha256": verifier, "verify_page_sha256": verify_page.digest()}


def verifier(request: HttpRequest) -> HttpResponse:
    """holdfast_verify.py, the verifier for Python."""
    return kept("holdfast_verify.py", VERIFIER.read_bytes(), "text/x-python; charset=utf-8")


def page(request: HttpRequest) -> HttpResponse:
    """verify.html, the verifier for a browser, which also works offline."""
    return kept("verify.html", verify_page.html(), "text/html; charset=utf-8")


def kept(name: str, content: bytes, content_type: str) -> HttpResponse:
    """A file to download and keep."""
    given = {"Content-Disposition": f'attachment; filename="{name}"', "Cache-Control": "no-cache"}
    return HttpResponse(content, content_type=content_type, headers=given)
