"""Decides from its bytes what a file is and whether the portal accepts it. Name and stated type do not count.

Accepted formats are recognised here, because libmagic is wrong or vague about some of them. Everything else is
refused (refusals.py says why). A file of an accepted format is accepted even if it is cut off. A file can be valid
in two formats at once. It counts as the first one, so serve it as `media_type` and nothing else.
"""

from evidence.models import Kind

from . import containers, refusals, texts
from .containers import WINDOW, Read
from .known import (
    AAC,
    AVIF,
    BEGINNINGS,
    CSV,
    DOCX,
    EML,
    HEIC,
    HEIF,
    MP3,
    OFD,
    OGG,
    OGG_VIDEO,
    PDF,
    QUICKTIME,
    RIFF,
    TXT,
    XLSX,
    Format,
)
from .rarer import matroska, mp3_behind_junk, rarer, tagged_flac
from .refusals import FileRefused

CONTENTS = b"[Content_Types].xml"  # every Office file has this part, often as the last one
PARTS = (CONTENTS, b"_rels/", b"docProps/", b"docMetadata/", b"customXml/", b"xl/", b"word/")
MIB = 1024 * 1024
# Limits, besides MAX_FILE_BYTES, for kinds that are read whole to be shown
MOST_BYTES = {Kind.IMAGE: 100 * MIB, Kind.DOCUMENT: 200 * MIB, Kind.TABLE: 50 * MIB, Kind.TEXT: 50 * MIB}
HEIC_BRANDS = {b"heic", b"heix", b"heim", b"heis", b"hevc", b"hevx", b"hevm", b"hevs"}
AVIF_BRANDS = {b"avif", b"avis"}
HEIF_BRANDS = {b"mif1", b"msf1", b"mif2", b"miaf"}
QUICKTIME_ATOMS = {b"moov", b"mdat", b"wide", b"free", b"skip", b"pnot"}  # older files have no brand
# Beginning of the major brand, the format if it has pictures, the format if it has sound only
MOVIES: tuple[tuple[bytes, Format, Format], ...] = (
    (b"qt", QUICKTIME, Format(Kind.AUDIO, "video/quicktime", "mov")),  # there is no audio/quicktime
    (b"3g2", Format(Kind.VIDEO, "video/3gpp2", "3g2"), Format(Kind.AUDIO, "audio/3gpp2", "3g2")),
    (b"3g", Format(Kind.VIDEO, "video/3gpp", "3gp"), Format(Kind.AUDIO, "audio/3gpp", "3gp")),
    (b"", Format(Kind.VIDEO, "video/mp4", "mp4"), Format(Kind.AUDIO, "audio/mp4", "m4a")),
)
SOUND_BRANDS = (b"M4A", b"M4B", b"F4A")
MP4_BRANDS = (b"iso", b"mp4", b"avc", b"dash", b"M4V", b"MSNV", b"mmp4", b"f4v", b"3g", b"qt", *SOUND_BRANDS)


def identify(size: int, read: Read) -> Format:
    """The format of a file of `size` bytes; `read(offset, length)` returns any piece. Raises FileRefused.

    It reads a bounded number of bytes, even of a hostile file.
    """
    head = read(0, WINDOW)
    if not head:
        raise FileRefused("empty")
    for look in (_beginning, _movie, matroska, _ogg, rarer, _office, _ole, _tagged, _text, mp3_behind_junk):
        if found := look(head, size, read):
            return found
    raise FileRefused(refusals.reason(head))


def check_size(found: Format, size: int) -> None:
    """Raises FileRefused when the file exceeds the limit for its kind."""
    if size > MOST_BYTES.get(found.kind, size):
        raise FileRefused(f"too_large_{found.kind}")


def _beginning(head: bytes, _size: int, _read: Read) -> Format | None:
    if head[:4] in (b"RIFF", b"RF64"):
        return RIFF.get(head[8:12])
    if (
        head[:1024].lstrip(b"\xef\xbb\xbf\0\t\n\f\r ").startswith(b"%PDF-")
    ):  # PDF readers allow this much before it
        return PDF
    return next((format_ for beginning, format_ in BEGINNINGS if head.startswith(beginning)), None)


def _movie(head: bytes, size: int, read: Read) -> Format | None:
    """MP4, QuickTime, 3GP and HEIF, which share one container. The tracks show whether it is sound or video."""
    brands = containers.brands(head) or ([b"qt  "] if head[4:8] in QUICKTIME_ATOMS and head[0] < 32 else [])
    if not brands:
        return None
    if still := _still(brands):
        return still
    tracks = containers.tracks(read, size)
    if not tracks & {b"vide", b"soun"} and not brands[0].startswith(MP4_BRANDS):
        return None
    pictures, sound = next(row[1:] for row in MOVIES if brands[0].startswith(row[0]))
    if tracks & {b"vide", b"soun"}:
        return pictures if b"vide" in tracks else sound
    return sound if brands[0].startswith(SOUND_BRANDS) else pictures  # cut off before the tracks


def _still(brands: list[bytes]) -> Format | None:
    major = {brands[0]}
    named = set(brands) if major & HEIF_BRANDS else major
    if named & AVIF_BRANDS:
        return AVIF
    if named & HEIC_BRANDS:
        return HEIC
    return HEIF if major & HEIF_BRANDS else None


def _ogg(head: bytes, _size: int, _read: Read) -> Format | None:
    if not head.startswith(b"OggS"):
        return None
    if b"\x80theora" in head[:4096]:
        return OGG_VIDEO
    return OGG


def _office(head: bytes, size: int, read: Read) -> Format | None:
    """XLSX, DOCX and OFD. All other ZIP files are refused: archives, apps, other documents."""
    if not head.startswith((b"PK\x03\x04", b"PK\x05\x06", b"PK\x07\x08")):
        return None
    names = set(containers.zip_names(read, size))
    if any(name.endswith(b"vbaProject.bin") for name in names):
        raise FileRefused("macros")
    if head[30:].startswith(PARTS) and (CONTENTS in names or not containers.has_directory(read, size)):
        if any(name.startswith(b"xl/") for name in names) and b"xl/workbook.bin" not in names:
            return XLSX
        if any(name.startswith(b"word/") for name in names):
            return DOCX
    if names & {b"AndroidManifest.xml", b"META-INF/MANIFEST.MF", b"classes.dex"}:
        raise FileRefused("program")
    if b"OFD.xml" in names:
        return OFD
    raise FileRefused(refusals.zip_reason(head, names))


def _ole(head: bytes, _size: int, read: Read) -> Format | None:
    """Old Office files, those with a password and Outlook's mails share one container: all are refused."""
    if head.startswith(b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"):
        raise FileRefused(refusals.ole_reason(containers.ole_names(read)))
    return None


def _tagged(head: bytes, size: int, read: Read) -> Format | None:
    """MP3 and AAC: frames one after the other, at the start or after ID3 tags (large if they have a picture)."""
    if found := tagged_flac(size, read):
        return found
    start = containers.after_tags(read, size)
    if start == size:
        return MP3  # cut off within its tag
    data = read(start, WINDOW) if start else head
    cut = start + len(data) == size
    places = _sync_places(data) if start else [len(data) - len(data.lstrip(b"\0"))]
    for at in places:
        if containers.frames_follow(data, at, containers.mpeg_frame, cut=cut and at == places[0]):
            return MP3
        if containers.frames_follow(data, at, containers.adts_frame, cut=cut and at == places[0]):
            return AAC
    return None


def _sync_places(data: bytes) -> list[int]:
    return [at for at in range(len(data) - 1) if data[at] == 0xFF and data[at + 1] >= 0xE0]


def _text(head: bytes, _size: int, _read: Read) -> Format | None:
    """Mail, tables and plain text. Programs and web pages are text too, but refused."""
    if texts.is_mail(head):
        return EML
    text = texts.decode_text(head)
    if text is None:
        return None
    if code := texts.refusal_code(text):
        raise FileRefused(code)
    if texts.is_data(text):
        return TXT
    if code := refusals.text_reason(head):
        raise FileRefused(code)
    return CSV if texts.is_table(text) else TXT
