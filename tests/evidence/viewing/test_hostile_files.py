"""Bad input of every kind. None of it ends a worker, opens a file or an address, or takes more than it may."""

import io
import random
import resource
import socket
import struct
import sys
import zlib
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from PIL import Image

from evidence.storage import vault
from evidence.viewing import confinement, previews
from evidence.viewing.previews import REASONS
from tests.support import cast, media, viewing
from tests.support.effort import examples
from tests.support.viewing import Seen, seen

SHOWN = {name: row for name, row in media.TAKEN.items() if row[1] in previews.MAKES}
ONE_EACH: tuple[str, ...] = (
    "amr",
    "amr wide-band",
    "silk",
    "mp3",
    "aac",
    "m4a",
    "3gp with sound only",
    "wav",
    "opus",
    "webm with sound only",
)
ONE_EACH += ("png", "jpeg", "webp", "avif", "heic", "pdf", "mp4", "mov with HEVC", "3gp", "webm")
ONE_EACH += ("log", "csv", "xlsx", "docx", "eml", "ofd", "gif", "bmp", "tiff", "jpeg 2000")
ONE_EACH += ("flac", "caf", "aiff", "wma", "wmv", "matroska", "avi", "flv", "mpg", "mpeg-ts")
CANARY = "the canary sings"


@pytest.fixture(scope="module", autouse=True)
def memory_of_children() -> Iterator[None]:
    yield
    used = resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss * (1024 if sys.platform == "linux" else 1)
    assert used < confinement.limits_for(0).memory


def survived(found: Seen) -> Seen:
    """It ended with copies, or with a reason that can be told."""
    assert found.reason in REASONS or (not found.reason and found.copies)
    return found


def chunk(name: bytes, content: bytes) -> bytes:
    """One of PNG's."""
    return struct.pack("!I", len(content)) + name + content + struct.pack("!I", zlib.crc32(name + content))


def png(width: int, height: int, pixels: bytes = b"", *more: bytes) -> bytes:
    head = chunk(b"IHDR", struct.pack("!IIBBBBB", width, height, 8, 2, 0, 0, 0))
    return (
        b"\x89PNG\r\n\x1a\n" + head + b"".join(more) + chunk(b"IDAT", zlib.compress(pixels)) + chunk(b"IEND", b"")
    )


def jpeg_of(width: int, height: int) -> bytes:
    """A JPEG that says it is so large."""
    small = viewing.photo()
    at = small.index(b"\xff\xc0") + 5
    return small[:at] + struct.pack("!HH", height, width) + small[at + 4 :]


def exif(content: bytes) -> bytes:
    """A JPEG with such an Exif block."""
    body = b"Exif\0\0" + content
    plain = media.picture("JPEG")
    return plain[:2] + b"\xff\xe1" + struct.pack("!H", len(body) + 2) + body + plain[2:]


def looping_exif() -> bytes:
    """An Exif directory whose entries point at itself, and a count of four milliards."""
    entry = struct.pack("<HHII", 0x8769, 4, 1, 8) + struct.pack("<HHII", 0x0110, 2, 0xFFFFFFFF, 8)
    return b"II*\0\x08\0\0\0" + struct.pack("<H", 2) + entry + struct.pack("<I", 8)


def gps_of(value: tuple[int, int]) -> bytes:
    picture, out = Image.new("RGB", (8, 8)), io.BytesIO()
    from PIL.TiffImagePlugin import IFDRational

    parts = (IFDRational(*value), IFDRational(0, 0), IFDRational(*value))
    picture.save(out, "JPEG", exif=viewing.telephone(picture, gps={2: parts, 4: parts}))
    return out.getvalue()


HUGE: dict[str, tuple[Callable[[], bytes], str, str]] = {
    "png of 60000 by 60000": (lambda: png(60000, 60000), "image", "image/png"),
    "png of two milliards by one": (lambda: png(2**31 - 1, 1), "image", "image/png"),
    "png whose text unpacks to a gigabyte": (
        lambda: png(8, 8, bytes(25 * 8), chunk(b"zTXt", b"a\0\0" + zlib.compress(bytes(200 << 20), 9))),
        "image",
        "image/png",
    ),
    "jpeg of 65000 by 65000": (lambda: jpeg_of(65000, 65000), "image", "image/jpeg"),
    "pdf of a kilometre": (lambda: viewing.pdf(1, 10**6, 10**6), "document", "application/pdf"),
    "pdf of no height": (lambda: viewing.pdf(1, 10**4, 0), "document", "application/pdf"),
    "pdf of a million pages": (
        lambda: viewing.pdf().replace(b"/Count 1", b"/Count 1000000"),
        "document",
        "application/pdf",
    ),
    "wav of four gigabytes": (
        lambda: media.TAKEN["wav"][0]().replace(b"data\0", b"data\xff", 1),
        "audio",
        "audio/wav",
    ),
    "locked pdf": (lambda: viewing.pdf(trailer=viewing.LOCKED), "document", "application/pdf"),
    "exif that goes in circles": (lambda: exif(looping_exif()), "image", "image/jpeg"),
    "exif of noise": (lambda: exif(random.Random(5).randbytes(4000)), "image", "image/jpeg"),
    "exif that divides by nothing": (lambda: gps_of((1, 0)), "image", "image/jpeg"),
    "exif beyond the pole": (lambda: gps_of((900, 1)), "image", "image/jpeg"),
    "silk of endless frames": (lambda: b"\x02#!SILK_V3" + b"\xff\x7f" * 20000, "audio", "audio/silk"),
    "jpeg and zip at once": (lambda: viewing.photo() + media.zipped("a.txt"), "image", "image/jpeg"),
    "png and script at once": (lambda: media.picture("PNG") + b"<script>alert(1)</script>", "image", "image/png"),
}


@pytest.mark.parametrize("name", HUGE)
def test_a_bomb_is_shown_small_or_not_at_all(name: str) -> None:
    make, kind, media_type = HUGE[name]
    survived(seen(make(), kind, media_type))


@pytest.mark.parametrize(
    ("name", "reason"),
    [("png of 60000 by 60000", "too_big"), ("locked pdf", "encrypted"), ("jpeg and zip at once", "")],
)
def test_a_huge_file_gets_the_right_reason(name: str, reason: str) -> None:
    make, kind, media_type = HUGE[name]
    assert seen(make(), kind, media_type).reason == reason


def test_the_size_of_a_picture_that_cannot_be_opened_is_its_claim() -> None:
    huge = seen(png(60000, 60000), "image", "image/png")
    assert (huge.facts, huge.claims) == ({}, {"dimensions": "60000 × 60000"})


@pytest.mark.long
@pytest.mark.parametrize("name", ONE_EACH)
def test_files_cut_off_anywhere_or_full_of_noise_are_survived(name: str) -> None:
    make, kind, media_type, _extension = SHOWN[name]
    whole, chance = make(), random.Random(name)
    for length in (20, len(whole) // 3):
        survived(seen(whole[:length], kind, media_type))
    bent = bytearray(whole)
    for _ in range(len(bent) // 20):
        bent[chance.randrange(16, len(bent))] = chance.randrange(256)
    survived(seen(bytes(bent), kind, media_type))
    survived(seen(whole[:16] + chance.randbytes(3000), kind, media_type))


@examples(60)
def test_no_bytes_crash_the_viewer(examples: int) -> None:
    @settings(max_examples=examples, suppress_health_check=list(HealthCheck))
    @given(name=st.sampled_from(ONE_EACH), data=st.data())
    def tried(name: str, data: st.DataObject) -> None:
        make, kind, media_type, _extension = SHOWN[name]
        whole = make()
        at = data.draw(st.integers(0, len(whole)))
        survived(seen(whole[:at] + data.draw(st.binary(max_size=300)) + whole[at:], kind, media_type))

    tried()


# Files that point elsewhere


@pytest.fixture
def canary(tmp_path: Path) -> Path:
    """A recording that only this machine has."""
    path = tmp_path / "canary.wav"
    path.write_bytes(media.TAKEN["wav"][0]())
    return path


@pytest.fixture
def listener() -> Iterator[socket.socket]:
    with socket.socket() as server:
        server.bind(("127.0.0.1", 0))
        server.listen()
        server.settimeout(0.05)
        yield server


POINTING = {
    "concatenation": "ffconcat version 1.0\nfile '{path}'\n",
    "relative concatenation": "ffconcat version 1.0\nfile canary.wav\n",
    "live stream": "#EXTM3U\n#EXT-X-TARGETDURATION:9\n#EXTINF:9,\nfile://{path}\n#EXT-X-ENDLIST\n",
    "live stream from an address": "#EXTM3U\n#EXT-X-TARGETDURATION:9\n#EXTINF:9,\nhttp://127.0.0.1:{port}/a.ts\n#EXT-X-ENDLIST\n",
    "session": "v=0\no=- 0 0 IN IP4 127.0.0.1\ns=x\nc=IN IP4 127.0.0.1\nt=0 0\nm=audio {port} RTP/AVP 0\n",
    "manifest": '<?xml version="1.0"?><MPD><Period><BaseURL>http://127.0.0.1:{port}/</BaseURL></Period></MPD>',
    "drawing": '<svg xmlns="http://www.w3.org/2000/svg"><image href="http://127.0.0.1:{port}/"/></svg>',
    "drawing with an entity": '<!DOCTYPE x [<!ENTITY e SYSTEM "file://{path}">]><svg>&e;</svg>',
}
EVERY_TYPE = sorted({(row[1], row[2]) for row in SHOWN.values()})


@pytest.mark.parametrize("name", POINTING)
def test_a_playlist_opens_no_file_and_no_address(name: str, canary: Path, listener: socket.socket) -> None:
    told = POINTING[name].format(path=canary, port=listener.getsockname()[1]).encode()
    for kind, media_type in (("audio", "audio/mpeg"), ("video", "video/mp4"), ("image", "image/heic")):
        found = survived(seen(told, kind, media_type))
        assert not found.copies
    with pytest.raises(TimeoutError):
        listener.accept()


def test_a_recording_that_says_its_sound_is_in_another_file_is_not_followed(canary: Path) -> None:
    found = survived(seen(viewing.referring(str(canary)), "audio", "audio/mp4"))
    assert found.facts["milliseconds"] == 2048  # its own sound


def test_a_pdf_that_opens_addresses_and_runs_scripts_is_only_drawn(listener: socket.socket) -> None:
    port = listener.getsockname()[1]
    script = "/C << /S /JavaScript /JS (app.alert\\(1\\)) >>"
    action = f"/AA << /O << /S /URI /URI (http://127.0.0.1:{port}/) >> {script} >>"
    found = survived(seen(viewing.pdf(extra=action), "document", "application/pdf"))
    assert found.reason == "" and len(found.copies) == 1
    with pytest.raises(TimeoutError):
        listener.accept()


@pytest.mark.django_db
@pytest.mark.parametrize("inside", ["xl/workbook.xml", "word/document.xml"])
def test_an_office_file_with_an_entity_is_kept_and_not_read(inside: str, listener: socket.socket) -> None:
    entity = f'<!DOCTYPE x [<!ENTITY e SYSTEM "http://127.0.0.1:{listener.getsockname()[1]}/">]><x>&e;</x>'
    content = viewing.office({"[Content_Types].xml": "<Types/>", inside: entity})
    item = cast.file_a_complaint(files=[("letter", content)]).case.exhibits.get().item
    previews.derive(item)
    assert item.inspection.reason == "kind"
    assert b"".join(vault.read(item.pk)) == content
    with pytest.raises(TimeoutError):
        listener.accept()
