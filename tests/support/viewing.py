"""What the confined child reports about given bytes, and bytes to give to it."""

import io
import struct
import subprocess
import sys
import wave
import zipfile
from collections.abc import Iterator
from dataclasses import dataclass, field
from fractions import Fraction
from typing import Any, cast

import av
import pillow_heif
import pysilk
from PIL import Image

from evidence.viewing import confinement
from evidence.viewing.confinement import Child, Limits, MadeCopy, Metadata, NotMade
from portal.demo import sound

from . import media


@dataclass
class Seen:
    """Everything that a child reported and made."""

    copies: dict[tuple[str, int], bytes] = field(default_factory=dict)
    facts: dict[str, Any] = field(default_factory=dict)
    claims: dict[str, Any] = field(default_factory=dict)
    reason: str = ""
    small: bytes = b""  # the small picture for lists, which repeats the first copy

    def picture(self, kind: str = "picture", number: int = 1) -> Image.Image:
        return Image.open(io.BytesIO(self.copies[kind, number]))


def seen(data: bytes, kind: str, media_type: str, limits: Limits | None = None) -> Seen:
    found = Seen()
    with Child(
        kind=kind,
        media_type=media_type,
        size=len(data),
        read=lambda offset, length: data[offset : offset + length],
        limits=limits or confinement.limits_for(len(data)),
    ) as child:
        for said in child.results():
            if isinstance(said, MadeCopy):
                content = b"".join(said.blocks)
                if said.kind == "small":
                    found.small = content
                else:
                    found.copies[said.kind, said.number] = content
            elif isinstance(said, Metadata):
                found.facts.update(said.facts)
                found.claims.update(said.claims)
            elif isinstance(said, NotMade):
                found.reason = found.reason or said.reason
    return found


def taken_over(code: str, kind: str = "image", before: str = "") -> subprocess.CompletedProcess[str]:
    """Run code where the bytes of a stranger's file are handled."""
    program = f"""
import sys; sys.path.insert(0, {str(confinement.ROOT)!r})
from evidence.viewing.confined import child
import os, socket
child.confine({1 << 30}, 2)
child.viewer_for({kind!r}).warm_up()
{before}
child.forbid_opening(threads={kind!r} in child.THREADED)
{code}
"""
    command = [sys.executable, "-I", "-c", program]
    return subprocess.run(command, capture_output=True, text=True, env=confinement.ENVIRONMENT, check=False)


def samples(aac: bytes) -> int:
    """How many samples the decoder gets from a playable copy."""
    with opened(aac) as container:
        return sum(frame.samples for frame in container.decode(audio=0))


def opened(data: bytes) -> Any:
    return av.open(io.BytesIO(data))


def silk(seconds: int = 2, tencent: bool = True) -> bytes:
    """A voice message as WeChat stores it."""
    pcm, out = io.BytesIO(sound.call(seconds, seed=5)), io.BytesIO()
    pysilk.encode(pcm, out, 8000, 16000, tencent=tencent)
    return out.getvalue()


def wav(samples: bytes, rate: int = 8000) -> bytes:
    """16-bit mono PCM as a WAV file."""
    out = io.BytesIO()
    with wave.open(out, "wb") as made:
        made.setnchannels(1)
        made.setsampwidth(2)
        made.setframerate(rate)
        made.writeframes(samples)
    return out.getvalue()


def heic(picture: Image.Image, **options: Any) -> bytes:
    pillow_heif.register_heif_opener()
    out = io.BytesIO()
    picture.save(out, "HEIF", **options)
    return out.getvalue()


def photo(size: tuple[int, int] = (60, 40), form: str = "JPEG", **exif: Any) -> bytes:
    """A picture, red on the left and blue on the right, with the Exif data of a phone."""
    picture = Image.new("RGB", size, "blue")
    picture.paste("red", (0, 0, size[0] // 2, size[1]))
    out = io.BytesIO()
    picture.save(out, form, exif=telephone(picture, **exif))
    return out.getvalue()


def telephone(picture: Image.Image, orientation: int = 1, **more: Any) -> Image.Exif:
    """Exif data with model, place and time, as a phone writes them."""
    exif = picture.getexif()
    exif[0x010F], exif[0x0110], exif[0x0112], exif[0x0131] = "Example", "Phone 5", orientation, "Camera 1.2"
    exif.get_ifd(0x8769).update({0x9003: "2026:11:20 23:41:05", 0x9011: "+08:00"})
    gps = {1: "N", 2: (31.0, 13.0, 48.0), 3: "E", 4: (121.0, 28.0, 12.0)}
    exif.get_ifd(0x8825).update({**gps, **more.get("gps", {})})
    return exif


def blank(size: tuple[int, int]) -> bytes:
    """A white picture."""
    out = io.BytesIO()
    Image.new("L", size, 255).save(out, "PNG")
    return out.getvalue()


def pdf(pages: int = 1, width: int = 200, height: int = 300, extra: str = "", trailer: str = "") -> bytes:
    """A PDF written byte by byte, each page with a line across it."""
    objects = ["<< /Type /Catalog /Pages 2 0 R >>", ""]
    kids = []
    for _number in range(pages):
        kids.append(f"{len(objects) + 1} 0 R")
        box = f"[0 0 {width} {height}]"
        objects.append(f"<< /Type /Page /Parent 2 0 R /MediaBox {box} /Contents {len(objects) + 2} 0 R {extra} >>")
        objects.append("<< /Length 27 >>\nstream\n0 0 m 100 100 l 9 w S      \nendstream")
    objects[1] = f"<< /Type /Pages /Count {pages} /Kids [{' '.join(kids)}] >>"
    out, places = b"%PDF-1.4\n", []
    for number, body in enumerate(objects, 1):
        places.append(len(out))
        out += f"{number} 0 obj\n{body}\nendobj\n".encode("latin-1")
    table = "".join(f"{place:010} 00000 n \n" for place in places)
    end = f"xref\n0 {len(objects) + 1}\n0000000000 65535 f \n{table}"
    end += f"trailer << /Size {len(objects) + 1} /Root 1 0 R {trailer} >>\nstartxref\n{len(out)}\n%%EOF\n"
    return out + end.encode("latin-1")


LOCKED = "/Encrypt << /Filter /Standard /V 1 /R 2 /P -4 /O <" + "61" * 32 + "> /U <" + "62" * 32 + "> >>"
LOCKED += " /ID [<00112233445566778899aabbccddeeff> <00112233445566778899aabbccddeeff>]"


def referring(path: str) -> bytes:
    """An M4A whose track says that its sound is in another file (an alias record with an absolute path)."""
    alias = bytes(4) + bytes(10) + b"\x01x" + bytes(26) + bytes(12) + b"\x01y" + bytes(62) + bytes(16)
    alias += b"\0\0\0\0" + bytes(16) + b"\0\x12" + len(path).to_bytes(2, "big") + path.encode() + b"\0" * 40
    table = bytes(4) + (1).to_bytes(4, "big") + media.box(b"alis", alias + b"\xff\xff\0\0")
    m4a: bytes = media.TAKEN["m4a"][0]()
    return _replaced(m4a, [b"moov", b"trak", b"mdia", b"minf", b"dinf", b"dref"], table)


def _replaced(data: bytes, path: list[bytes], content: bytes) -> bytes:
    """An MP4 with the box at the path replaced; the sizes of the boxes around it are adjusted."""
    if not path:
        return content
    out, at = b"", 0
    while at < len(data):
        size, name = int.from_bytes(data[at : at + 4], "big"), data[at + 4 : at + 8]
        body = data[at + 8 : at + size]
        out += media.box(name, _replaced(body, path[1:], content) if name == path[0] else body)
        at += size
    return out


def index_first(movie: bytes) -> bytes:
    """An MP4 with its index before its data, as a recorder writes it that is not interrupted."""
    top = _boxes(movie)
    moov = top.pop(b"moov")
    return top.pop(b"ftyp") + _shifted(moov, len(moov)) + b"".join(top.values())


def _boxes(data: bytes) -> dict[bytes, bytes]:
    found, at = {}, 0
    while at < len(data):
        size = int.from_bytes(data[at : at + 4], "big")
        found[data[at + 4 : at + 8]] = data[at : at + size]
        at += size
    return found


def _shifted(moov: bytes, by: int) -> bytes:
    """The index with all chunk offsets moved."""
    out, at = bytearray(moov), moov.find(b"stco")
    while at > 0:
        count = int.from_bytes(moov[at + 8 : at + 12], "big")
        for place in range(at + 12, at + 12 + 4 * count, 4):
            out[place : place + 4] = (int.from_bytes(moov[place : place + 4], "big") + by).to_bytes(4, "big")
        at = moov.find(b"stco", at + 4)
    return bytes(out)


def without_end(data: bytes) -> bytes:
    return data[: len(data) * 6 // 10]


def long_film(frames: int = 50, turned: int = 0, claims: dict[str, str] | None = None) -> bytes:
    """Noise that does not compress, 176 by 144, ten frames a second, turned by `turned` degrees."""
    import random

    chance, out, shot = random.Random(1), io.BytesIO(), cast(Any, av.VideoFrame.from_image)
    with av.open(out, "w", format="mp4", options={"movflags": "use_metadata_tags"}) as file:
        file.metadata.update(claims or {})
        stream: Any = file.add_stream("libx264", rate=10)
        stream.width, stream.height, stream.pix_fmt = 176, 144, "yuv420p"
        stream.options = {"x264-params": "log-level=none"}
        for _number in range(frames):
            picture = Image.frombytes("L", (176, 144), chance.randbytes(176 * 144)).convert("RGB")
            picture.paste("white", (0, 0, 176, 20))
            file.mux(stream.encode(shot(picture)))
        file.mux(stream.encode(None))
    return _turned(out.getvalue(), turned)


def film_with_sound(codec: str = "aac", container: str = "mp4", *, heard: int = 2) -> bytes:
    """Two seconds of pictures, and `heard` seconds of a tone at 48 kHz."""
    out, shot = io.BytesIO(), cast(Any, av.VideoFrame.from_image)
    with av.open(out, "w", format=container) as file:
        seen: Any = file.add_stream("libx264" if container == "mp4" else "libvpx", rate=10)
        seen.width, seen.height, seen.pix_fmt = 176, 144, "yuv420p"
        stream: Any = file.add_stream(codec, rate=48000, layout="mono")
        even = av.AudioResampler(stream.format, "mono", 48000, frame_size=stream.frame_size or 960)
        for number in range(20):
            file.mux(seen.encode(shot(_grey(10 * number))))
        file.mux(seen.encode(None))
        for sounding in [*_tone(heard), None]:
            for frame in even.resample(sounding):
                file.mux(stream.encode(frame))
        file.mux(stream.encode(None))
    return out.getvalue()


def _tone(seconds: int) -> Iterator[av.AudioFrame]:
    for number in range(10 * seconds):
        frame = av.AudioFrame("s16", "mono", 4800, align=1)
        frame.planes[0].update(struct.pack("<48h", *(500 * (at % 48) for at in range(48))) * 100)
        frame.sample_rate, frame.time_base, frame.pts = 48000, Fraction(1, 48000), 4800 * number
        yield frame


def still_screen(seconds: int) -> bytes:
    """A screen recording that moves for two seconds and then stays the same: its last frame lasts longer."""
    out, shot = io.BytesIO(), cast(Any, av.VideoFrame.from_image)
    with av.open(out, "w", format="mp4") as file:
        stream: Any = file.add_stream("libx264", rate=10, options={"x264-params": "bframes=0:log-level=none"})
        stream.width, stream.height, stream.pix_fmt = 176, 144, "yuv420p"
        packets = [packet for n in range(20) for packet in stream.encode(shot(_grey(10 * n)))]
        packets += stream.encode(None)
        packets[-1].duration = round((seconds - 1.9) / packets[-1].time_base)
        file.mux(packets)
    return out.getvalue()


def _grey(shade: int) -> Image.Image:
    return Image.new("RGB", (176, 144), (shade,) * 3)


def seconds_of(mp4: bytes, kind: str) -> float:
    """The length of a stream of a copy."""
    with opened(mp4) as container:
        stream = getattr(container.streams, kind)[0]
        return float(stream.duration * stream.time_base)


def _turned(movie: bytes, degrees: int) -> bytes:
    """The MP4 with the display matrix of a phone held upright (ISO 14496-12, tkhd)."""
    if not degrees:
        return movie
    one = (1 << 16).to_bytes(4, "big", signed=True)
    minus, none = (-1 << 16).to_bytes(4, "big", signed=True), bytes(4)
    return with_matrix(movie, none + one + none + minus + none)


def with_matrix(movie: bytes, matrix: bytes) -> bytes:
    """The MP4 with the first five numbers of its display matrix replaced."""
    at = movie.index(b"tkhd") + 4 + 40
    return movie[:at] + matrix + bytes(12) + (1 << 30).to_bytes(4, "big") + movie[at + 36 :]


def corners(pixel: str = "1:1") -> bytes:
    """A film of 160 by 120: red and green above, blue and white below."""
    picture, out, shot = Image.new("RGB", (160, 120), "white"), io.BytesIO(), cast(Any, av.VideoFrame.from_image)
    for colour, place in (("#f00", (0, 0)), ("#0f0", (80, 0)), ("#00f", (0, 60))):
        picture.paste(colour, (*place, place[0] + 80, place[1] + 60))
    with av.open(out, "w", format="mp4") as file:
        stream: Any = file.add_stream("libx264", rate=10, options={"x264-params": "log-level=none"})
        stream.width, stream.height, stream.pix_fmt = 160, 120, "yuv420p"
        stream.codec_context.sample_aspect_ratio = Fraction(*map(int, pixel.split(":")))
        for _number in range(5):
            file.mux(stream.encode(shot(picture)))
        file.mux(stream.encode(None))
    return out.getvalue()


def rate(aac: bytes) -> int:
    with opened(aac) as container:
        return int(container.streams.audio[0].codec_context.sample_rate)


def channels(aac: bytes) -> int:
    with opened(aac) as container:
        return int(container.streams.audio[0].codec_context.channels)


def film_frames(mp4: bytes) -> int:
    with opened(mp4) as container:
        return len(list(container.decode(video=0)))


def stereo() -> bytes:
    """A WAV of two channels, written byte by byte."""
    import wave

    out = io.BytesIO()
    with wave.open(out, "wb") as file:
        file.setnchannels(2)
        file.setsampwidth(2)
        file.setframerate(8000)
        file.writeframes(struct.pack("<2h", 9000, -9000) * 4000)
    return out.getvalue()


def office(parts: dict[str, str]) -> bytes:
    """A ZIP with these parts, as Office writes its files."""
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        for name, text in parts.items():
            archive.writestr(name, text)
    return out.getvalue()
