"""Serving stored bytes: whole or a range, as what they are, in nobody's way."""

from typing import Any

import pytest
from django.http import Http404, StreamingHttpResponse
from django.test import RequestFactory
from hypothesis import given
from hypothesis import strategies as st

from complaints.exhibits import serving
from complaints.exhibits.serving import Served
from evidence import ledger
from evidence.models import EvidenceItem
from evidence.storage import vault
from evidence.viewing import transcripts
from tests.support import cast, media

SHA = "0" * 64


@pytest.fixture
def item(db: None) -> EvidenceItem:
    content = cast.a_screenshot() + bytes(range(256)) * 5000  # more than one block and more than one frame
    found: EvidenceItem = cast.file_a_complaint(files=[("a.png", content)]).case.exhibits.get().item
    return found


def asked(item: EvidenceItem, method: str = "get", **headers: str) -> Any:
    request = getattr(RequestFactory(), method)(
        "/", headers={name.replace("_", "-"): value for name, value in headers.items()}
    )
    return serving.respond(request, serving.original(item))


def body(response: Any) -> bytes:
    return b"".join(response) if isinstance(response, StreamingHttpResponse) else response.content


def stored(item: EvidenceItem) -> bytes:
    return b"".join(vault.read(item.pk))


def test_an_original_is_an_attachment_of_its_own_type_that_nothing_runs(item: EvidenceItem) -> None:
    response = asked(item)
    assert (response.status_code, body(response)) == (200, stored(item))
    assert dict(response.headers) == {
        "Accept-Ranges": "bytes",
        "Cache-Control": "private, no-store",
        "Content-Disposition": 'attachment; filename="a.png"',
        "Content-Length": str(item.size),
        "Content-Security-Policy": "sandbox; default-src 'none'",
        "Content-Type": "image/png",
        "Cross-Origin-Resource-Policy": "same-origin",
        "ETag": f'"{item.sha256}"',
        "X-Content-Type-Options": "nosniff",
    }


@pytest.mark.django_db
def test_a_transcript_is_shown_as_text() -> None:
    item = cast.file_a_complaint(files=[("a.amr", media.TAKEN["amr"][0]())]).case.exhibits.get().item
    written = transcripts.write(item, "<script>你好", by=ledger.BORROWER)
    response = serving.respond(RequestFactory().get("/"), serving.derivative(written))
    assert response["Content-Type"] == "text/plain; charset=utf-8"
    assert response["Content-Disposition"].startswith("inline")
    assert body(response) == "<script>你好".encode()


@pytest.mark.parametrize(
    ("wanted", "start", "end"),
    [
        ("bytes=0-0", 0, 1),
        ("bytes=0-99", 0, 100),
        ("bytes=1048570-1048590", 1048570, 1048591),
        ("bytes=5-", 5, None),
        ("bytes=0-", 0, None),
        ("bytes=-7", -7, None),
        ("bytes=-99999999", 0, None),
        ("bytes=100-99999999999", 100, None),
        ("bytes= 3 - 9", 3, 10),
    ],
)
def test_a_range_comes_as_asked(item: EvidenceItem, wanted: str, start: int, end: int | None) -> None:
    whole, response = stored(item), asked(item, Range=wanted)
    part = whole[start:end]
    first = len(whole) - len(part) if end is None else start
    assert response.status_code == 206
    assert response["Content-Range"] == f"bytes {first}-{first + len(part) - 1}/{len(whole)}"
    assert body(response) == part
    assert response["Content-Length"] == str(len(part))


@pytest.mark.parametrize("wanted", ["bytes=99999999-", "bytes=-0"])
def test_a_range_outside_is_416(item: EvidenceItem, wanted: str) -> None:
    response = asked(item, Range=wanted)
    assert (response.status_code, body(response)) == (416, b"")
    assert response["Content-Range"] == f"bytes */{item.size}"


@pytest.mark.parametrize(
    "wanted", ["bytes=0-1,5-9", "bytes=9-5", "bytes=-", "bytes=a-b", "lines=1-2", "bytes=²-5", ""]
)
def test_what_is_no_single_range_gets_everything(item: EvidenceItem, wanted: str) -> None:
    assert (asked(item, Range=wanted).status_code, len(body(asked(item, Range=wanted)))) == (200, item.size)


def test_a_range_of_other_bytes_than_these_is_not_mixed_with_these(item: EvidenceItem) -> None:
    assert asked(item, Range="bytes=0-9", If_Range=f'"{item.sha256}"').status_code == 206
    for other in ('"another"', f'W/"{item.sha256}"', "Wed, 21 Oct 2026 07:28:00 GMT"):
        assert asked(item, Range="bytes=0-9", If_Range=other).status_code == 200


def test_missing_bytes_are_known_before_the_first_one(item: EvidenceItem) -> None:
    vault.delete(item.pk)
    with pytest.raises(Http404):
        asked(item)


@given(st.text(max_size=40) | st.from_regex(r"bytes=\d{0,20}-\d{0,20}", fullmatch=True), st.integers(1, 10**12))
def test_a_range_never_reaches_beyond_the_file(wanted: str, size: int) -> None:
    request = RequestFactory().get("/")
    request.META["HTTP_RANGE"] = wanted
    found = serving.part(request, Served(None, size, SHA, "", "", True))  # type: ignore[arg-type]
    assert found is None or 0 <= found[0] < found[1] <= size
