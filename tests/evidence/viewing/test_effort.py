"""How much of the processor a file may use: by the length of a recording, the pixels of a picture, the pages."""

from collections.abc import Iterator
from contextlib import contextmanager

import pytest

from evidence.viewing import confinement
from evidence.viewing.confinement import Child, MadeCopy, NotMade
from tests.support import media, viewing

SPEECH, NOTHING = slice(6, 38), b"\x7c"  # a frame of an AMR file; one without data

# What -> its bytes, kind and type, and the most seconds of processor time that are enough for it
SMALL = {
    "two seconds of speech": (media.TAKEN["amr"][0], "audio", "audio/amr", 11),
    "two seconds of a voice message": (viewing.silk, "audio", "audio/silk", 11),
    "ten seconds of music": (media.TAKEN["m4a"][0], "audio", "audio/mp4", 11),
    "a few small pictures of a film": (viewing.corners, "video", "video/mp4", 21),
    "a small picture": (viewing.photo, "image", "image/jpeg", 9),
    "a letter of one page": (viewing.pdf, "document", "application/pdf", 14),
}


@contextmanager
def looked_at(data: bytes, kind: str, media_type: str) -> Iterator[tuple[Child, list[str]]]:
    """The child after it has ended, and what it said it could not make."""
    limits = confinement.limits_for(len(data), kind)
    said: list[str] = []
    read = lambda offset, length: data[offset : offset + length]  # noqa: E731
    with Child(kind=kind, media_type=media_type, size=len(data), read=read, limits=limits) as child:
        for result in child.results():
            if isinstance(result, MadeCopy):
                list(result.blocks)
            elif isinstance(result, NotMade):
                said.append(result.reason)
        yield child, said


@pytest.mark.parametrize("what", SMALL)
def test_the_shorter_the_file_the_less_of_the_processor_it_may_use(what: str) -> None:
    make, kind, media_type, most = SMALL[what]
    data = make()
    with looked_at(data, kind, media_type) as (child, said):
        assert said == []
        assert child.limits.cpu_seconds <= most < confinement.limits_for(len(data), kind).cpu_seconds


def test_hours_in_a_few_bytes_are_not_begun() -> None:
    """Some of it is sound, so it is not silence. The child says so itself, before anything ends it."""
    speech = media.TAKEN["amr"][0]()[SPEECH]
    nine_hours = b"#!AMR\n" + (speech + 15 * NOTHING) * 100_000
    with looked_at(nine_hours, "audio", "audio/amr") as (child, said):
        assert (said, child.process.wait()) == (["limits"], 0)
