"""A file that breaks off is said to break off; one that is whole is not."""

import io
import zipfile

import pytest
from PIL import Image

from evidence.viewing.confined import ends
from evidence.viewing.confinement import Limits
from tests.support import media
from tests.support.viewing import seen

# Nothing in them says where they end, or only their decoder sees it
NO_END = {"text/plain", "text/csv", "message/rfc822", "image/jpeg", "image/tiff", "image/jp2", "image/jxl"}
NO_END |= {"audio/flac", "video/mpeg", "audio/x-wavpack", "audio/x-pn-realaudio", "video/vnd.rn-realmedia"}
HAVE_AN_END = {name: row for name, row in media.TAKEN.items() if row[2] in ends.CHECKS}
MADE_UP = {"heic", "heic of ten bits", "heic that says mif1", "heif of another codec", "avif that says mif1"}
MADE_UP |= {"ogg with pictures"}


def breaks_off(data: bytes, media_type: str) -> bool:
    return ends.breaks_off(io.BytesIO(data), len(data), media_type)  # type: ignore[arg-type]


def test_every_kind_of_file_has_an_end_but_those_named() -> None:
    assert {row[2] for row in media.TAKEN.values()} - set(ends.CHECKS) <= NO_END


@pytest.mark.parametrize("name", HAVE_AN_END)
def test_a_whole_file_is_known_to_be_whole(name: str) -> None:
    make, _kind, media_type, _extension = HAVE_AN_END[name]
    assert not breaks_off(make(), media_type)


@pytest.mark.parametrize("name", sorted(set(HAVE_AN_END) - MADE_UP))
def test_a_file_without_its_end_is_known_to_break_off(name: str) -> None:
    make, _kind, media_type, _extension = HAVE_AN_END[name]
    data = make()
    assert breaks_off(data[: len(data) * 7 // 10 - 3], media_type)


@pytest.mark.parametrize(
    "name", ["amr", "flac", "caf", "wma", "avi", "mp3", "wav", "opus", "webm", "png", "m4a", "xlsx", "pdf", "mp4"]
)
def test_of_a_file_that_breaks_off_it_is_said(name: str) -> None:
    make, kind, media_type, _extension = media.TAKEN[name]
    data = make()
    assert seen(data[: len(data) * 7 // 10 - 3], kind, media_type).reason == "cut"


def test_of_a_picture_that_breaks_off_the_upper_part_is_shown() -> None:
    out = io.BytesIO()
    Image.effect_noise((400, 400), 80).convert("RGB").save(out, "JPEG")
    found = seen(out.getvalue()[:-20_000], "image", "image/jpeg")
    assert (found.reason, found.picture().size) == ("cut", (400, 400))


def test_a_recording_that_ends_within_a_frame_is_said_to_be_cut_and_is_played() -> None:
    data: bytes = media.TAKEN["amr"][0]()
    found = seen(data[:-5], "audio", "audio/amr")
    assert found.reason == "cut" and found.copies["sound", 1]


def test_memory_that_ran_out_is_a_limit_and_no_damage() -> None:
    limits = Limits(memory=1 << 29, cpu_seconds=20, seconds=40, copy=1 << 26)
    out = io.BytesIO()
    Image.new("RGB", (10_000, 11_000)).save(out, "PNG")
    assert seen(out.getvalue(), "image", "image/png", limits).reason == "limits"


def test_a_document_that_is_cut_is_no_zip_and_is_said_to_break_off() -> None:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as packed:
        packed.writestr("word/document.xml", "x" * 5000)
    word = next(row[2] for name, row in media.TAKEN.items() if name == "docx")
    assert seen(out.getvalue()[:3000], "document", word).reason == "cut"
