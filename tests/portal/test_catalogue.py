import io
import os
import shutil
from pathlib import Path
from typing import Any

import pytest
from babel.messages.catalog import Catalog
from django.apps import apps
from django.conf import settings
from django.core.management import CommandError, call_command
from django.utils import translation

from portal import catalogue

TRANSLATED = 'msgid "Write at least one sentence."\nmsgstr "请至少写一句话。"'


def test_the_chinese_catalogue_is_complete() -> None:
    call_command("catalogue", "--check", stdout=io.StringIO())


def a_catalogue(**strings: str) -> Catalog:
    made = Catalog(locale="zh_Hans")
    for msgid, string in strings.items():
        made.add(msgid, string)
    return made


def test_a_missing_string_is_found() -> None:
    assert catalogue.faults(a_catalogue(Back=""), a_catalogue()) == ["missing: 'Back'"]


def test_an_obsolete_string_is_found() -> None:
    assert catalogue.faults(a_catalogue(), a_catalogue(Back="返回")) == ["no longer used: 'Back'"]


def test_an_untranslated_string_is_found() -> None:
    assert catalogue.faults(a_catalogue(Back=""), a_catalogue(Back="")) == ["untranslated: 'Back'"]


def test_a_fuzzy_string_is_found() -> None:
    fuzzy = Catalog(locale="zh_Hans")
    fuzzy.add("Back", "返回", flags=["fuzzy"])
    assert catalogue.faults(a_catalogue(Back=""), fuzzy) == ["fuzzy: 'Back'"]


def test_a_placeholder_lost_in_translation_is_found() -> None:
    found, lost = Catalog(locale="zh_Hans"), Catalog(locale="zh_Hans")
    found.add("By %(day)s", "", flags=["python-format"])
    lost.add("By %(day)s", "之前", flags=["python-format"])
    assert catalogue.faults(found, lost) == ["other placeholders: 'By %(day)s'"]


def test_strings_are_collected_from_python_and_from_templates() -> None:
    found = catalogue.messages(catalogue.collect())
    assert ("Write at least one sentence.", None) in found
    assert ("Debt collectors gone too far?", None) in found
    assert ("Leave", "quick exit") in found
    assert ("in %(days)d day", None) in found


def test_collecting_again_keeps_translations_and_leaves_new_ones_empty(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(settings, "LOCALE_PATHS", [tmp_path])
    with pytest.raises(CommandError, match="untranslated: 'Write at least one sentence"):
        call_command("catalogue")
    po = catalogue.po_path()
    po.write_text(po.read_text().replace('msgid "Write at least one sentence."\nmsgstr ""', TRANSLATED))
    with pytest.raises(CommandError) as unfinished:
        call_command("catalogue")
    assert "Write at least one sentence" not in str(unfinished.value)
    assert TRANSLATED in po.read_text()
    assert po.with_suffix(".mo").exists()


def test_the_interface_speaks_chinese() -> None:
    with translation.override("zh-hans"):
        assert translation.gettext("Start a complaint") == "开始投诉"


@pytest.fixture
def a_clone(tmp_path: Path, settings: Any) -> Path:
    """A folder with the translations, as they are in the repository. Returns where the compiled file belongs."""
    source = catalogue.po_path()
    settings.LOCALE_PATHS = [tmp_path]
    catalogue.po_path().parent.mkdir(parents=True)
    shutil.copy(source, catalogue.po_path())
    return catalogue.po_path().with_suffix(".mo")


def start() -> None:
    """What every web server, worker and command does first."""
    apps.get_app_config("portal").ready()


def test_translations_that_are_not_compiled_or_are_older_than_their_source_are_compiled_at_each_start(
    a_clone: Path,
) -> None:
    start()
    whole = a_clone.read_bytes()
    assert "查询码".encode() in whole
    a_clone.write_bytes(b"")
    start()
    assert a_clone.read_bytes() == b""  # newer than its source: left alone
    os.utime(a_clone, (1, 1))
    start()
    assert a_clone.read_bytes() == whole
    assert sorted(path.name for path in a_clone.parent.iterdir()) == ["django.mo", "django.po"]


def test_where_translations_cannot_be_compiled_the_log_says_the_command(
    a_clone: Path, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    a_clone.mkdir()  # in its place: as little to be replaced as a file of somebody else
    os.utime(a_clone, (1, 1))
    start()
    assert catalogue.COMMAND in caplog.text
