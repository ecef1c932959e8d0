"""Makes an AAC copy of a recording, which browsers can play, and its waveform. Compares the lengths of both."""

import io
from collections.abc import Iterator
from contextlib import suppress
from typing import Any, BinaryIO, cast

import av
import pysilk

from . import amr, claims, headers, media
from .waveform import Waveform
from .wire import NoPreview, Original, Wire

RATES = (8000, 16000, 22050, 24000, 32000, 44100, 48000)
NEAR = 0.25  # seconds by which lengths may differ: encoders add up to an eighth of a second of silence
FRAME_SAMPLES = 8192  # per frame of the copy: those of AMR are smaller, and each frame has a cost
MOST_INVALID = 0.25  # of an AMR file's frames; more than that is not AMR
MOST_EMPTY = 0.95  # of them; a telephone that is silent still sends every eighth frame
LONG_SILENCE = 600.0  # seconds
FASTEST = {"amrnb": 400, "amrwb": 400, "opus": 400}  # seconds of the recording that a second of the CPU can decode
FASTEST_OTHERS = 4000
ENOUGH, SLOWEST = 10, 15  # seconds of the CPU for any recording, and how much longer than those it may be
SILK_RATE = 24000
SILK_FRAME = 0.02  # seconds


class Copy:
    """The AAC stream of the copy, and its waveform."""

    def __init__(self, out: Any, rate: int, channels: int) -> None:
        self.waveform = Waveform()
        self.rate = next((known for known in RATES if known >= min(rate, 48000)), 48000)
        self.layout = "stereo" if channels > 1 else "mono"
        self.out, self.stream = out, out.add_stream("aac", rate=self.rate, layout=self.layout)
        self.stream.bit_rate = (32000 if self.rate <= 16000 else 64000) * min(2, max(1, channels))
        self.stream.options = {"aac_coder": "fast"}
        self.stream.codec_context.thread_count = 1
        self.resampler: Any = None
        self.fed = 0.0  # seconds

    def feed(self, frame: Any) -> None:
        frame.pts = None
        self.fed += frame.samples / frame.sample_rate
        try:
            self._take(frame)
        except ValueError:  # the recording changes its rate or channels here
            self._take(None)
            self.resampler = None
            self._take(frame)

    def _take(self, frame: Any) -> None:
        if self.resampler is None:
            self.resampler = av.AudioResampler("s16", self.layout, self.rate, frame_size=FRAME_SAMPLES)
        for even in self.resampler.resample(frame):
            even.pts = None
            self.waveform.add(even)
            self.out.mux(self.stream.encode(even))

    def finish(self) -> None:
        if self.resampler:
            self._take(None)
        self.out.mux(self.stream.encode(None))


def warm_up() -> None:
    """Encode and decode one second, which loads everything that would open a file later."""
    out = io.BytesIO()
    with av.open(out, "w", format="ipod") as container:
        copy = Copy(container, 8000, 1)
        for frame in _pcm_frames(bytes(8000), 8000):
            copy.feed(frame)
        copy.finish()
    length_of(out)
    media.decoder(av.open(io.BytesIO(out.getvalue())).streams.audio[0], media.SOUND)


def look(file: Original, wire: Wire, media_type: str) -> None:
    if media_type == "audio/silk":
        length = silk_frames(file) * SILK_FRAME
        _expect(wire, length)
        _make_copy(wire, _silk(file), SILK_RATE, 1, expected=length, exact=True)
        return
    container = media.open_container(file, media_type)
    if not container.streams.audio:
        raise NoPreview("empty")
    stream = container.streams.audio[0]
    context, channels = media.decoder(stream, media.SOUND), stream.codec_context.channels or 1
    wire.send_json(b"J", facts={}, claims=claims.of_container(container.metadata, stream.metadata))
    counted = _counted(file, wire) if container.format.name == "amr" else None
    expected = counted.frames * amr.SECONDS if counted else 0.0
    _expect(wire, expected or media.weigh(container, stream).seconds, stream.codec_context.name)
    container = media.open_container(file, media_type)
    stream, is_mp4 = container.streams.audio[0], "mov" in container.format.name
    is_flac = container.format.name == "flac"
    if is_mp4 or is_flac or "matroska" in container.format.name:
        expected = media.seconds(container, stream)
    frames, rate = _decoded(container, stream, context), stream.codec_context.sample_rate or 16000
    try:
        _make_copy(wire, frames, rate, channels, expected=expected, exact=bool(counted))
    except NoPreview as reason:
        raise NoPreview("cut" if is_flac and str(reason) == "short" else str(reason)) from None
    if counted and counted.invalid:
        raise NoPreview("noise")
    if is_mp4 and headers.mp4_goes_on(file):
        raise NoPreview("more")


def _expect(wire: Wire, length: float, codec: str = "") -> None:
    """Bound the processor time by the length of the recording in seconds. Raises NoPreview if it is too long."""
    wire.expect(length / FASTEST.get(codec, FASTEST_OTHERS), ENOUGH + length / SLOWEST)


def _counted(file: Original, wire: Wire) -> amr.Count:
    """The frames of a recording in AMR. Raises NoPreview if it is no recording, or hours without sound."""
    counted = amr.count(file)
    if counted.invalid > MOST_INVALID * counted.frames:
        raise NoPreview("damaged")
    if counted.empty > MOST_EMPTY * counted.frames and counted.frames * amr.SECONDS > LONG_SILENCE:
        wire.send_json(b"J", facts={"milliseconds": round(counted.frames * amr.SECONDS * 1000)}, claims={})
        raise NoPreview("silence")
    return counted


def _decoded(container: Any, stream: Any, context: Any) -> Iterator[Any]:
    for packet in media.packets(container, stream):
        frames = media.frames(context, packet)
        yield from frames
        if not frames and packet.duration:  # a damaged packet: its seconds, which the copy lacks
            yield float(packet.duration * packet.time_base)


def _make_copy(
    wire: Wire, frames: Iterator[Any], rate: int, channels: int, *, expected: float, exact: bool
) -> None:
    """Send the copy, its waveform, and the lengths of original and copy. `frames` has a float for lost seconds."""
    out, lost = io.BytesIO(), 0.0
    with av.open(out, "w", format="ipod") as container:
        copy = Copy(container, rate, channels)
        for frame in frames:
            if isinstance(frame, float):
                lost += frame
            else:
                copy.feed(frame)
        copy.finish()
    if not copy.fed:
        raise NoPreview("damaged")
    length = max(expected, copy.fed + (0 if exact or lost < NEAR else lost))
    copied, is_claim = length_of(out), not exact and copy.fed + lost < expected - NEAR
    media.send_lengths(wire, length, min(copied, copy.fed), is_claim=is_claim)
    wire.send_copy("waveform", copy.waveform.svg().encode())
    wire.send_copy("sound", out.getbuffer())
    if copy.fed < expected - (amr.SECONDS / 2 if exact else NEAR) or copied < length - NEAR:
        raise NoPreview("short")


def length_of(out: io.BytesIO) -> float:
    """Seconds of sound in the copy, added up packet by packet."""
    out.seek(0)
    with cast(Any, av.open(out, format="mov")) as container:
        stream = container.streams.audio[0]
        return float(sum(packet.duration or 0 for packet in container.demux(stream)) * stream.time_base)


def _pcm_frames(pcm: bytes | memoryview, rate: int) -> Iterator[Any]:
    for at in range(0, len(pcm) - 1, 2048):
        piece = bytes(pcm[at : at + 2048])
        frame = av.AudioFrame("s16", "mono", len(piece) // 2, align=1)
        frame.planes[0].update(piece[: len(piece) // 2 * 2])
        frame.sample_rate = rate
        yield frame


def silk_frames(file: Original) -> int:
    """The number of SILK frames. Each follows its length (16 bits, little-endian); -1 or the file's end is the
    end."""
    file.seek(0)
    data = cast(BinaryIO, file).read(10)
    file.seek(10 if data.startswith(b"\x02") else 9)
    count = 0
    while len(head := file.read(2)) == 2 and (length := int.from_bytes(head, "little", signed=True)) > 0:
        if len(file.read(length)) < length:
            break
        count += 1
    file.seek(0)
    return count


def _silk(file: Original) -> Iterator[Any]:
    """The recording's frames. pysilk decodes it completely first: 170 MB an hour, within the memory limit."""
    pcm = io.BytesIO()
    with suppress(pysilk.SilkError):  # the frames before the error are used; their count shows the gap
        pysilk.decode(file, pcm, SILK_RATE)
    yield from _pcm_frames(pcm.getbuffer(), SILK_RATE)
