"""Reads the XML parts of a ZIP element by element. What it unpacks is bounded."""

import zipfile
from collections.abc import Callable
from xml.parsers import expat

from . import written
from .wire import NoPreview

MOST_UNPACKED = 32 << 20  # bytes of one part
Start = Callable[[str, dict[str, str]], None]
End = Callable[[str, str], None]  # gets the name and the text inside


class Enough(Exception):
    """The rest of the part is not needed."""


def walk(packed: zipfile.ZipFile, part: str, start: Start, end: End) -> bool:
    """Call `start` and `end` for each element of a part, by its local name. Returns whether it was all read.

    Office writes no document type: one that is there could only attack the reader.
    """
    parser, texts = expat.ParserCreate(namespace_separator=" "), [""]

    def refuse(*_arguments: object) -> None:
        raise NoPreview("kind")

    def begin(name: str, attributes: dict[str, str]) -> None:
        texts[0] = ""
        start(_local(name), {_local(key): value for key, value in attributes.items()})

    def finish(name: str) -> None:
        end(_local(name), texts[0])
        texts[0] = ""

    def gather(text: str) -> None:
        texts[0] += text if len(texts[0]) < written.MOST_LETTERS else ""

    parser.StartDoctypeDeclHandler = refuse
    parser.StartElementHandler, parser.EndElementHandler, parser.CharacterDataHandler = begin, finish, gather
    parser.buffer_text = True
    left = MOST_UNPACKED
    with packed.open(part) as unpacked:
        try:
            while block := unpacked.read(min(left, 64 << 10)):
                parser.Parse(block, False)
                left -= len(block)
        except Enough:
            return False
    return left > 0


def _local(name: str) -> str:
    return name.rpartition(" ")[2]
