"""File names as borrowers gave them: kept for display and the index, never used as a path."""

import re

MAX_LENGTH = 255  # characters
# Marks that turn the direction of writing ("gpj.exe" shown as "exe.jpg"), and what cannot be seen or breaks lines.
UNSAFE = re.compile(r"[\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069\x00-\x1f\x7f-\x9f\u2028\u2029\ufeff]")
SURROGATES = re.compile(r"[\ud800-\udfff]")


def kept(name: str) -> str:
    """The name to store: as given, without folders, NUL and half characters, at most 255 characters."""
    last = re.split(r"[/\\]", name.replace("\x00", ""))[-1]
    return SURROGATES.sub("�", last)[:MAX_LENGTH]


def shown(name: str) -> str:
    """The name to show: direction marks and controls replaced by a visible sign."""
    return UNSAFE.sub("�", name)
