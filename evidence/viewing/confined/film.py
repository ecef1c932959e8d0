"""Makes a small H.264 copy of a video, which browsers can play, and one still picture."""

import io
import struct
from collections.abc import Callable
from dataclasses import dataclass
from fractions import Fraction
from typing import Any

import av
from PIL import Image

from . import claims, headers, media, picture
from .sound import Copy
from .wire import NoPreview, Original, Wire

SIDE = 640  # pixels
MOST_PIXELS = 36_000_000  # of one frame: 8K
TICKS = 1000  # per second of the copy
MOST_TICKS = 1 << 40
REPEAT_AFTER = 500  # ticks; a last frame that lasts longer is written again at its end
SHORTEST = 30  # ticks between two frames; frames that come faster are left out
FASTEST, SLOWEST = 8e9, 2e7  # pixels that a second of the CPU can decode at most, and decodes in any case
ENOUGH = 20  # seconds of the CPU for any film
NEAR = 1.0  # seconds by which the lengths of picture and container may differ
# Without B-frames the copy's length is that of its last frame, even if frames come at uneven intervals.
OPTIONS = {"preset": "veryfast", "crf": "28", "threads": "1", "x264-params": "log-level=none:bframes=0"}


@dataclass(frozen=True)
class Source:
    """What the container says of the pictures: their clock, and the width of a pixel by its height."""

    time_base: Fraction
    pixel: float = 1.0


class Film:
    """The H.264 stream of the copy."""

    def __init__(self, out: Any, first: Any, source: Source, show: Callable[[Image.Image], object]) -> None:
        """`show` gets the first picture as soon as it is decoded, so there is a still even if the rest fails."""
        if first.width * first.height > MOST_PIXELS:
            raise NoPreview("too_big")
        self.size, (self.turns, is_turned) = fitted(first, source.pixel), turns(first)
        wide, high = (round(length) for length in square(first, source.pixel))
        self.shown_size = (high, wide) if is_turned else (wide, high)
        self.show, self.time_base = show, source.time_base
        self.out, self.stream = out, out.add_stream("libx264", rate=30)
        upright = self.size[::-1] if is_turned else self.size
        self.stream.width, self.stream.height = upright
        self.stream.pix_fmt, self.stream.options = "yuv420p", OPTIONS
        self.stream.codec_context.time_base = Fraction(1, TICKS)
        self.graph: Any = None
        self.shape: Any = None
        self.begins: Fraction | None = None
        self.last_ticks = -SHORTEST
        self.last_frame: Any = None  # written last; `until` is the tick at which it ends
        self.until = 0

    def feed(self, frame: Any) -> None:
        if frame.pts is None:  # some old containers give the time of decoding alone
            frame.pts = frame.dts
        if frame.pts is None or frame.width * frame.height > MOST_PIXELS:
            return
        moment = frame.pts * self.time_base
        self.begins = moment if self.begins is None else self.begins
        ticks = round((moment - self.begins) * TICKS)
        self.until = max(self.until, round((moment - self.begins + frame.duration * self.time_base) * TICKS))
        if not self.last_ticks + SHORTEST <= ticks < MOST_TICKS:
            return
        upright = self._upright(frame)
        if self.last_ticks < 0:
            self.show(upright.to_image())
        self._write(upright, ticks)

    def _write(self, upright: Any, ticks: int) -> None:
        self.last_ticks, self.last_frame = ticks, upright
        upright.pts, upright.time_base, upright.pict_type = ticks, Fraction(1, TICKS), 0
        self.out.mux(self.stream.encode(upright))

    def finish(self) -> None:
        """End the stream. A recorded screen that does not change is one long frame: the last one keeps its
        length."""
        if self.last_frame and self.last_ticks + REPEAT_AFTER <= self.until < MOST_TICKS:
            self._write(self.last_frame, self.until - SHORTEST)
        self.out.mux(self.stream.encode(None))

    def _upright(self, frame: Any) -> Any:
        """The frame, scaled down and turned upright. When the frame size changes, a new filter graph is made."""
        shape = frame.width, frame.height, frame.format.name
        if shape != self.shape:
            self.graph, self.shape = graph(frame, self.size, self.turns), shape
        frame.pts = None
        self.graph.push(frame)
        return self.graph.pull()


def graph(frame: Any, size: tuple[int, int], turns: list[tuple[str, str]]) -> Any:
    steps = av.filter.Graph()
    steps.threads = 1
    source = steps.add_buffer(
        width=frame.width, height=frame.height, format=frame.format, time_base=Fraction(1, TICKS)
    )
    for name, arguments in [("scale", f"{size[0]}:{size[1]}"), ("format", "yuv420p"), ("setsar", "1"), *turns]:
        step = steps.add(name, arguments) if arguments else steps.add(name)
        source.link_to(step)
        source = step
    source.link_to(steps.add("buffersink"))
    steps.configure()
    return steps


def fitted(frame: Any, pixel: float) -> tuple[int, int]:
    """Width and height before turning, both even and at most SIDE. `pixel` is a pixel's width by its height."""
    width, height = square(frame, pixel)
    scale = min(1.0, SIDE / max(width, height))
    return max(2, round(width * scale / 2) * 2), max(2, round(height * scale / 2) * 2)


def square(frame: Any, pixel: float) -> tuple[float, float]:
    """Width and height in square pixels."""
    return frame.width * max(1.0, pixel), frame.height / min(1.0, pixel)


def width_of_pixel(stream: Any) -> float:
    """The width of a pixel divided by its height; 1 if the stream gives none, or nonsense."""
    said = float(stream.sample_aspect_ratio or 1)
    return said if 0.1 <= said <= 10 else 1.0


def turns(frame: Any) -> tuple[list[tuple[str, str]], bool]:
    """The filters that turn or mirror the frame as its display matrix says, and whether width becomes height.

    A point (x, y) of the frame is shown at (a x + c y, b x + d y) (ISO 14496-12, 8.3.2).
    """
    matrix = frame.side_data.get("DISPLAYMATRIX")
    if matrix is None or len(bytes(matrix)) < 36:
        return [], False
    a, b, _u, c, d, *_rest = struct.unpack("=9i", bytes(matrix)[:36])
    if abs(a) + abs(d) >= abs(b) + abs(c):
        return [*([("hflip", "")] if a < 0 else []), *([("vflip", "")] if d < 0 else [])], False
    if b > 0:
        return [("transpose", "clock" if c <= 0 else "cclock_flip")], True
    return [("transpose", "cclock" if c >= 0 else "clock_flip")], True


def warm_up() -> None:
    picture.warm_up()
    out = io.BytesIO()
    with av.open(out, "w", format="mp4") as container:
        film, sound = None, Copy(container, 48000, 2)
        for number in range(3):
            frame = av.VideoFrame(64, 48, "yuv420p")
            frame.pts = number * 100
            film = film or Film(container, frame, Source(Fraction(1, TICKS)), picture.as_webp)
            film.feed(frame)
        if film:
            film.finish()
        sound.finish()


def look(file: Original, wire: Wire, media_type: str) -> None:
    container = media.open_container(file, media_type)
    if not container.streams.video:
        raise NoPreview("empty")
    stream = container.streams.video[0]
    wire.send_json(b"J", facts={}, claims=claims.of_container(container.metadata, stream.metadata))
    _expect(wire, stream.codec_context, media.weigh(container, stream))
    container = media.open_container(file, media_type)
    _make_copy(wire, container, container.streams.video[0])
    if "mov" in container.format.name and headers.mp4_goes_on(file):
        raise NoPreview("more")


def _expect(wire: Wire, context: Any, weight: media.Weight) -> None:
    """Bound the processor time by all pixels of all pictures. Raises NoPreview if there are too many."""
    pixels = weight.packets * context.width * context.height
    wire.expect(pixels / FASTEST, ENOUGH + pixels / SLOWEST)


class Soundtrack:
    """The film's sound. It waits for the first picture: a container needs all its streams before the first
    packet."""

    def __init__(self, out: Any, stream: Any) -> None:
        """Raises NoPreview for an unknown codec."""
        self.stream, self.context = stream, media.decoder(stream, media.SOUND)
        self.copy = Copy(out, stream.codec_context.sample_rate or 16000, stream.codec_context.channels)
        self.waiting: list[Any] = []

    def take(self, packet: Any) -> None:
        self.waiting += media.frames(self.context, packet)

    def feed(self) -> None:
        while self.waiting:
            self.copy.feed(self.waiting.pop(0))

    def is_whole(self) -> bool:
        return self.copy.fed >= media.own_seconds(self.stream) - NEAR


def _make_copy(wire: Wire, container: Any, stream: Any) -> None:
    context, out = media.decoder(stream, media.FILM), io.BytesIO()
    film: Film | None = None
    source = Source(stream.time_base, width_of_pixel(stream))

    def show(shot: Image.Image) -> None:
        wire.send_copy("poster", picture.as_webp(shot))
        wire.send_copy("small", picture.small(shot))

    with av.open(out, "w", format="mp4") as copy:
        soundtrack = _soundtrack(container, copy)
        for packet in media.packets(container, *([stream, soundtrack.stream] if soundtrack else [stream])):
            if soundtrack and packet.stream.type == "audio":
                soundtrack.take(packet)
            for frame in media.frames(context, packet) if packet.stream.type == "video" else []:
                film = film or Film(copy, frame, source, show)
                film.feed(frame)
            if soundtrack and film:
                soundtrack.feed()
        if film is None or film.last_ticks < 0:
            size = stream.codec_context.width, stream.codec_context.height
            wire.send_json(b"J", facts={}, claims={"dimensions": f"{size[0]} × {size[1]}"})
            raise NoPreview("damaged")
        film.finish()
        if soundtrack:
            soundtrack.copy.finish()
    heard = soundtrack.copy.fed if soundtrack else 0.0
    _hand_over(wire, out, film, _expected(container, stream, soundtrack), heard)
    if container.streams.audio and not (soundtrack and soundtrack.is_whole()):
        raise NoPreview("sound")


def _soundtrack(container: Any, copy: Any) -> Soundtrack | None:
    """The film's sound; None if it has none or its codec is unknown."""
    try:
        return Soundtrack(copy, container.streams.audio[0])
    except (IndexError, NoPreview):
        return None


def _expected(container: Any, stream: Any, soundtrack: Soundtrack | None) -> float:
    """How many seconds the pictures last; 0 if unknown. The container's length is not used if the sound fills
    it."""
    own, whole = media.own_seconds(stream), media.seconds(container, stream)
    return own or (0.0 if soundtrack and soundtrack.copy.fed >= whole - NEAR else whole)


def _hand_over(wire: Wire, out: io.BytesIO, film: Film, expected: float, heard: float) -> None:
    """Send the copy, its size and its length; `heard` is that of its sound, which may be longer."""
    copied = (film.last_ticks + SHORTEST) / TICKS
    is_short = copied < expected - NEAR
    width, height = film.shown_size
    wire.send_json(b"J", facts={"width": width, "height": height}, claims={})
    media.send_lengths(wire, max(expected, copied, heard), max(copied, heard), is_claim=is_short)
    wire.send_copy("video", out.getbuffer())
    if is_short:
        raise NoPreview("short")
