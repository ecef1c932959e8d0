"""The verifier's page on the portal, and verify.html, the same as one file."""

import base64
import hashlib
import re
from pathlib import Path

import pytest
from django.urls import reverse

from evidence import verify_page
from evidence.verify_page import _script
from tests.support import cast
from tests.support.bundles import exported, opened
from tests.support.pages import Inline, somebody, text
from tests.support.services import ROOT

LANGUAGES = [("en-GB", "Nothing is uploaded"), ("zh-CN", "不上传任何内容")]

pytestmark = pytest.mark.django_db  # the page offers the keys on the ledger


def whole() -> str:
    return verify_page.html().decode()


def between(start: str, end: str) -> str:
    return whole().split(start)[1].split(end)[0]


def test_the_same_sources_make_the_same_file() -> None:
    first = verify_page.html()
    verify_page.html.cache_clear()
    assert verify_page.html() == first
    assert verify_page.digest() == hashlib.sha256(first).hexdigest()


def test_it_refers_to_nothing_outside_itself() -> None:
    assert not re.findall(
        r"""(?:src|href|action)\s*=|@import|url\(|\bfetch\(|XMLHttp|sendBeacon|WebSocket""", whole()
    )
    assert not re.findall(r"^(?:import|export)\b|import\(", whole(), re.MULTILINE)
    assert not re.findall(r"""https?://""", whole())


def test_its_policy_allows_its_own_script_and_style_and_nothing_else() -> None:
    policy = between('Content-Security-Policy" content="', '">')
    for kind, source in (
        ("script", between('id="code">', "</script>")),
        ("style", between("<style>", "</style>")),
    ):
        told = base64.b64encode(hashlib.sha256(source.encode()).digest()).decode()
        assert f"{kind}-src 'sha256-{told}';" in policy
    assert policy.startswith("default-src 'none';")
    assert "unsafe" not in policy
    assert "connect-src" not in policy


def test_it_has_the_colours_of_the_portal() -> None:
    assert (ROOT / "static" / "colours.css").read_text() in whole()


def test_every_module_is_in_it() -> None:
    for module in (ROOT / "static" / "verify").glob("*.js"):
        assert module.read_text().splitlines()[0] in whole(), module


def test_modules_that_cannot_stand_in_one_script_are_refused(tmp_path: Path) -> None:
    (tmp_path / "page.js").write_text('import { one } from "./worker.js";\nconst two = one;\n')
    for source in (
        "export const one = 1;\nconst two = 2;\n",
        "export const one = '</script>';\n",
        "export default 1;\n",
    ):
        (tmp_path / "worker.js").write_text(source)
        with pytest.raises(ValueError, match="modules"):
            _script(tmp_path)


@pytest.mark.django_db
def test_every_bundle_brings_it_and_names_its_digest(borrower: cast.Filed) -> None:
    files = opened(exported(borrower.case)).files
    assert files["verify.html"] == verify_page.html()
    assert f"{verify_page.digest()}  verify.html" in files["VERIFY.txt"].decode()


@pytest.mark.django_db
@pytest.mark.parametrize("name", ["verify", "ledger"])
def test_the_portal_publishes_the_digests_of_both_verifiers(name: str) -> None:
    page = text(somebody().get(reverse(name)))
    assert verify_page.digest() in page
    assert hashlib.sha256((ROOT / "evidence" / "holdfast_verify.py").read_bytes()).hexdigest() in page


@pytest.mark.parametrize(("name", "file"), [("verify_page", "verify.html"), ("verifier", "holdfast_verify.py")])
def test_both_verifiers_can_be_taken_home(name: str, file: str) -> None:
    answer = somebody().get(reverse(name))
    assert answer.headers["Content-Disposition"] == f'attachment; filename="{file}"'
    assert hashlib.sha256(answer.content).hexdigest() in text(somebody().get(reverse("verify")))


@pytest.mark.parametrize(("asked", "said"), LANGUAGES)
def test_the_page_speaks_the_readers_language_and_has_no_leave_to_send_anything(asked: str, said: str) -> None:
    answer = somebody(asked).get(reverse("verify"))
    assert said in text(answer)
    assert Inline(text(answer)).found == []
    policy = answer.headers["Content-Security-Policy"]
    assert "default-src 'none'" in policy
    assert "connect-src" not in policy
    assert "unsafe" not in policy


def test_no_sentence_of_the_page_has_the_name_of_another() -> None:
    words = (ROOT / "static" / "verify" / "words.js").read_text(encoding="utf-8")
    names = re.findall(r"^  (\w+): \[", words, re.MULTILINE)
    assert len(names) > 200
    assert sorted({name for name in names if names.count(name) > 1}) == []
