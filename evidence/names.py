"""File names as borrowers gave them. They are shown and exported, but never used as a path."""

import re

MAX_LENGTH = 255  # characters
# Marks that reverse the direction of writing (they show "gpj.exe" as "exe.jpg"), invisible signs, line breaks.
UNSAFE = re.compile(r"[\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069\x00-\x1f\x7f-\x9f\u2028\u2029\ufeff]")
SURROGATES = re.compile(r"[\ud800-\udfff]")


def storable(name: str) -> str:
    """The name to store: as given, without folders, NUL and lone surrogates, at most 255 characters."""
    last = re.split(r"[/\\]", name.replace("\x00", ""))[-1]
    return SURROGATES.sub("�", last)[:MAX_LENGTH]


def displayable(name: str) -> str:
    """The name to show: direction marks and control characters become �."""
    return UNSAFE.sub("�", name)
