"""Static files have the pages' policy, and those of another version are served during an upgrade."""

from pathlib import Path
from typing import Any

import pytest
from django.test import Client
from whitenoise import WhiteNoise  # type: ignore[import-untyped]

from portal.static_files import CSP, add_headers
from tests.support.services import ROOT


@pytest.fixture
def collected(settings: Any, tmp_path: Path, client: Client) -> Path:
    """A folder of static files into which a newer version has collected after this process started."""
    settings.STATIC_ROOT = tmp_path
    client.get("/healthz")  # it starts
    (tmp_path / "holdfast.css").write_text("new")
    (tmp_path / "holdfast.0123456789ab.css").write_text("new")
    (tmp_path / ".collected").write_text("a fingerprint")
    return tmp_path


def test_every_static_file_is_sent_with_the_policy_of_the_pages(settings: Any) -> None:
    server = WhiteNoise(None, add_headers_function=settings.WHITENOISE_ADD_HEADERS_FUNCTION)
    server.add_files(str(ROOT / "static"), prefix="static/")
    headers = dict(server.files["/static/mark.svg"].get_response("HEAD", {}).headers)
    assert headers["Content-Security-Policy"] == CSP
    assert settings.WHITENOISE_ADD_HEADERS_FUNCTION is add_headers


def test_a_file_that_a_newer_version_collected_is_served(client: Client, collected: Path) -> None:
    answer = client.get("/static/holdfast.0123456789ab.css")
    assert (answer.status_code, b"".join(answer)) == (200, b"new")
    assert answer["Content-Type"].startswith("text/css")
    assert (answer["Content-Security-Policy"], answer["Cache-Control"]) == (CSP, "no-cache")


def test_of_a_file_that_is_not_there_the_present_one_is_served(client: Client, collected: Path) -> None:
    answer = client.get("/static/holdfast.ffffffffffff.css")
    assert (answer.status_code, b"".join(answer)) == (200, b"new")


@pytest.mark.parametrize(
    "path", ["none.0123456789ab.css", "../keys/secret_key", "%2e%2e/secret", ".collected", ""]
)
def test_nothing_else_is_served(client: Client, collected: Path, path: str) -> None:
    (collected.parent / "secret").write_text("secret")
    assert client.get(f"/static/{path}").status_code == 404
