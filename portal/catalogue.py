"""The Chinese message catalogue: collects the interface's strings, merges the translations and compiles them.

It uses Babel, so that the gettext programs need not be installed.
"""

import io
import logging
import os
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from babel.messages.catalog import Catalog, Message
from babel.messages.extract import extract
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po, write_po
from django.conf import settings
from django.utils.translation.template import templatize

FOLDERS = ("complaints", "evidence", "portal", "templates")
KEYWORDS: dict[str, Any] = {
    "_": None,
    "gettext": None,
    "gettext_lazy": None,
    "gettext_noop": None,
    "ngettext": (1, 2),
    "ngettext_lazy": (1, 2),
    "pgettext": ((1, "c"), 2),
    "pgettext_lazy": ((1, "c"), 2),
    "npgettext": ((1, "c"), 2, 3),
}
LANGUAGE = "zh_Hans"
COMMAND = "python -m babel.messages.frontend compile --domain django --directory locale"
log = logging.getLogger(__name__)

Key = tuple[str, str | None]  # msgid (the singular) and context


def po_path() -> Path:
    folder: Path = settings.LOCALE_PATHS[0]
    return folder / LANGUAGE / "LC_MESSAGES" / "django.po"


def sources() -> Iterator[Path]:
    for folder in FOLDERS:
        for path in sorted((settings.BASE_DIR / folder).rglob("*")):
            if path.suffix in (".py", ".html", ".txt") and "migrations" not in path.parts:
                yield path


def readable(path: Path) -> io.BytesIO:
    """The source as Python code. In a template, only its gettext calls stay; its indentation is removed."""
    text = path.read_text(encoding="utf-8")
    if path.suffix != ".py":
        text = re.sub(r"^[ \t]+", "", templatize(text), flags=re.MULTILINE)
    return io.BytesIO(text.encode())


def collect() -> Catalog:
    """All strings that the sources mark for translation."""
    found = Catalog(locale=LANGUAGE, charset="utf-8")
    for path in sources():
        options = {"encoding": "utf-8"}
        for line, message, _comments, context in extract("python", readable(path), KEYWORDS, options=options):
            flags = ("python-format",) if "%(" in str(message) else ()
            found.add(message, locations=[(str(path), line)], context=context, flags=flags)
    return found


def read_translations() -> Catalog:
    """The catalogue of the repository; empty when there is none yet."""
    if not po_path().exists():
        return Catalog(locale=LANGUAGE)
    with po_path().open("rb") as file:
        return read_po(file, locale=LANGUAGE)


def key(message: Message) -> Key:
    return (message.id if isinstance(message.id, str) else message.id[0], message.context)


def messages(catalogue: Catalog) -> dict[Key, Message]:
    return {key(message): message for message in catalogue if message.id}


def faults(found: Catalog, translated: Catalog) -> list[str]:
    """The faults that `--check` reports, one line each."""
    used, known = messages(found), messages(translated)
    return [
        *(f"missing: {msgid!r}" for msgid, _context in used.keys() - known.keys()),
        *(f"no longer used: {msgid!r}" for msgid, _context in known.keys() - used.keys()),
        *(f"no longer used: {key(message)[0]!r}" for message in translated.obsolete.values()),
        *(fault for message in known.values() for fault in _faults_of(message)),
    ]


def _faults_of(message: Message) -> Iterator[str]:
    strings = [message.string] if isinstance(message.string, str) else list(message.string or ("",))
    if not all(strings):
        yield f"untranslated: {message.id!r}"
    elif message.fuzzy:
        yield f"fuzzy: {message.id!r}"
    elif any(placeholders(string) != placeholders(key(message)[0]) for string in strings):
        yield f"other placeholders: {message.id!r}"


def placeholders(text: str) -> set[str]:
    return set(re.findall(r"%\(\w+\)[sd]", text))


def merged() -> Catalog:
    """The sources' strings with their translations; new strings have none."""
    found, known = collect(), messages(read_translations())
    fresh = Catalog(locale=LANGUAGE, charset="utf-8", header_comment="# Holdfast in Simplified Chinese.")
    for msgid, message in sorted(messages(found).items(), key=lambda pair: (pair[0][0].lower(), pair[0][1] or "")):
        string = known[msgid].string if msgid in known else message.string
        fresh.add(message.id, _in_plural_form(message, string), flags=message.flags, context=message.context)
    return fresh


def _in_plural_form(message: Message, string: Any) -> Any:
    """The translation as text, or as a tuple for a message with a plural. Chinese has one plural form."""
    single = string if isinstance(string, str) else next(iter(string or ()), "")
    return (single or "",) if message.pluralizable else single


def write(catalogue: Catalog) -> None:
    """Write the .po file without dates, source lines and tool names, so that diffs show translations only."""
    po_path().parent.mkdir(parents=True, exist_ok=True)
    text = io.BytesIO()
    write_po(text, catalogue, width=110, no_location=True, omit_header=True, sort_output=False)
    header = (
        '# Holdfast in Simplified Chinese.\nmsgid ""\nmsgstr ""\n"Language: zh_Hans\\n"\n"MIME-Version: 1.0\\n"\n'
        '"Content-Type: text/plain; charset=utf-8\\n"\n"Content-Transfer-Encoding: 8bit\\n"\n'
        '"Plural-Forms: nplurals=1; plural=0;\\n"\n\n'
    )
    po_path().write_text(header + text.getvalue().decode(), encoding="utf-8")


def compile_mo() -> None:
    """Compile the translations. Other processes find the earlier file or the whole new one."""
    path = po_path().with_suffix(".mo")
    fresh = path.with_name(f".{path.name}.{os.getpid()}")
    try:
        with fresh.open("wb") as file:
            write_mo(file, read_translations())
        fresh.chmod(0o644)  # other users' web servers may read it
        fresh.replace(path)
    finally:
        fresh.unlink(missing_ok=True)


def keep_compiled() -> None:
    """Compile the translations if they are newer than the .mo file. Without it pages would silently be English.

    Where the folder cannot be written, the log says the command.
    """
    source, compiled = po_path(), po_path().with_suffix(".mo")
    if not source.exists() or (compiled.exists() and compiled.stat().st_mtime >= source.stat().st_mtime):
        return
    try:
        compile_mo()
    except OSError as problem:
        log.warning("the translations could not be compiled (%s). As somebody who can, run: %s", problem, COMMAND)
