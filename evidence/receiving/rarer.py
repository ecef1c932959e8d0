"""Recognises formats of older programs, cameras and players. They are kept; some have no copy for viewing."""

from . import containers, refusals
from .containers import Read
from .known import APE, BMP, FLAC, FORM, JXL, MKA, MKV, MP3, RM, RMA, TS, WEBA, WEBM, WMA, WMV, Format

ASF = bytes.fromhex("3026b2758e66cf11a6d900aa0062ce6c")
ASF_PICTURES = bytes.fromhex("c0ef19bc4d5bcf11a8fd00805f5c442b")  # the type of a stream
BMP_HEADERS = {12, 40, 52, 56, 64, 108, 124}  # bytes
PACKETS = ((188, 0), (192, 4), (204, 0))  # lengths of a transport stream's packets, and where the first begins
SEARCHED = 256 * 1024  # bytes in which the first frame of an MP3 is searched


def rarer(head: bytes, _size: int, _read: Read) -> Format | None:
    """A format that is known by more than the bytes it begins with; None for none of these."""
    for look in (_of_two_sorts, _of_a_version, _bmp):
        if found := look(head):
            return found
    if head.startswith(b"\xff\x0a") and refusals.libmagic(head) == "image/jxl":
        return JXL
    return TS if _is_transport_stream(head) else None


def _of_two_sorts(head: bytes) -> Format | None:
    """Containers with sound, or with pictures too."""
    if head.startswith(ASF):
        return WMV if ASF_PICTURES in head else WMA
    if head.startswith(b".RMF"):
        return RM if b"video/x-pn-realvideo" in head else RMA
    return FORM.get(head[8:12]) if head.startswith(b"FORM") else None


def _of_a_version(head: bytes) -> Format | None:
    version = int.from_bytes(head[4:6], "little")
    return APE if head.startswith(b"MAC ") and 3800 <= version < 4200 else None


def _bmp(head: bytes) -> Format | None:
    is_one = int.from_bytes(head[14:18], "little") in BMP_HEADERS and not any(head[6:10])
    return BMP if head.startswith(b"BM") and is_one else None


def _is_transport_stream(head: bytes) -> bool:
    """Whether packets follow each other, three at least (ISO/IEC 13818-1, 2.4.3.2)."""
    for length, start in PACKETS:
        places = range(start, min(len(head), start + 8 * length), length)
        if len(places) > 2 and all(head[at] == 0x47 for at in places):
            return True
    return False


def matroska(head: bytes, _size: int, _read: Read) -> Format | None:
    """WebM and Matroska, which share one container. The tracks show whether it is sound or video."""
    if not head.startswith(b"\x1aE\xdf\xa3"):
        return None
    doctype, kinds = containers.webm_tracks(head)
    sound_only = bool(kinds) and 1 not in kinds
    if doctype == b"matroska":
        return MKA if sound_only else MKV
    if doctype == b"webm":
        return WEBA if sound_only else WEBM
    return None


def tagged_flac(size: int, read: Read) -> Format | None:
    """FLAC behind an ID3 tag, as some programs write it."""
    start = containers.after_tags(read, size)
    return FLAC if start and read(start, 4) == b"fLaC" else None


def mp3_behind_junk(head: bytes, size: int, read: Read) -> Format | None:
    """An MP3 whose first frame comes late: behind foreign bytes, or a tag whose length is wrong.

    Only where the bytes before it are of no known kind. Three frames have to follow each other.
    """
    if refusals.reason(head) not in ("unknown", "audio"):
        return None
    data = read(0, min(size, SEARCHED))
    at = data.find(b"\xff")
    while at >= 0:
        if containers.frames_follow(data, at, containers.mpeg_frame, cut=False):
            return MP3
        at = data.find(b"\xff", at + 1)
    return None
