"""A video as a small H.264 copy that browsers play, and one picture of it."""

import io
from collections.abc import Callable
from fractions import Fraction
from typing import Any

import av
from PIL import Image

from . import claims, media, picture
from .sound import Copy
from .wire import NoPreview, Original, Wire

SIDE = 640  # pixels
MOST_PIXELS = 36_000_000  # of one frame: 8K
TICKS = 1000  # a second, in the copy
MOST_TICKS = 1 << 40
REPEAT_AFTER = 500  # ticks that a picture lasts which is shown a second time, at its end
SHORTEST = 30  # ticks between two frames: what comes faster is left out
NEAR = 1.0  # seconds that picture and container may differ
# Without pictures out of order, the file lasts as long as its last picture, however unevenly they come.
OPTIONS = {"preset": "veryfast", "crf": "28", "threads": "1", "x264-params": "log-level=none:bframes=0"}


class Film:
    """The H.264 stream of an output container."""

    def __init__(self, out: Any, first: Any, time_base: Fraction, show: Callable[[Image.Image], object]) -> None:
        """`show` gets the first picture, at once: whatever comes later, there is something to see."""
        if first.width * first.height > MOST_PIXELS:
            raise NoPreview("too_big")
        self.size, self.turn = fitted(first)
        self.show, self.time_base = show, time_base
        self.out, self.stream = out, out.add_stream("libx264", rate=30)
        upright = self.size[::-1] if self.turn in (90, 270) else self.size
        self.stream.width, self.stream.height = upright
        self.stream.pix_fmt, self.stream.options = "yuv420p", OPTIONS
        self.stream.codec_context.time_base = Fraction(1, TICKS)
        self.graph: Any = None
        self.shape: Any = None
        self.begins: Fraction | None = None
        self.last_ticks = -SHORTEST
        self.last_frame: Any = None  # the last picture, and until when it is to be seen
        self.until = 0

    def feed(self, frame: Any) -> None:
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
        """A screen that stands still is recorded as one picture that lasts: show the last one as long as that."""
        if self.last_frame and self.last_ticks + REPEAT_AFTER <= self.until < MOST_TICKS:
            self._write(self.last_frame, self.until - SHORTEST)
        self.out.mux(self.stream.encode(None))

    def _upright(self, frame: Any) -> Any:
        """Small and turned; a video that changes its size on the way gets another graph."""
        shape = frame.width, frame.height, frame.format.name
        if shape != self.shape:
            self.graph, self.shape = graph(frame, self.size, self.turn), shape
        frame.pts = None
        self.graph.push(frame)
        return self.graph.pull()


def graph(frame: Any, size: tuple[int, int], turn: int) -> Any:
    steps = av.filter.Graph()
    source = steps.add_buffer(
        width=frame.width, height=frame.height, format=frame.format, time_base=Fraction(1, TICKS)
    )
    chain = [("scale", f"{size[0]}:{size[1]}"), ("format", "yuv420p"), ("setsar", "1")]
    chain += {
        90: [("transpose", "cclock")],
        180: [("hflip", ""), ("vflip", "")],
        270: [("transpose", "clock")],
    }.get(turn, [])
    for name, arguments in chain:
        step = steps.add(name, arguments) if arguments else steps.add(name)
        source.link_to(step)
        source = step
    source.link_to(steps.add("buffersink"))
    steps.configure()
    return steps


def fitted(frame: Any) -> tuple[tuple[int, int], int]:
    """Even width and height within the side, before turning; and by how much (degrees) to turn it back."""
    scale = min(1.0, SIDE / max(frame.width, frame.height))
    width, height = (max(2, round(length * scale / 2) * 2) for length in (frame.width, frame.height))
    return (width, height), round(getattr(frame, "rotation", 0) / 90) * 90 % 360


def warm_up() -> None:
    picture.warm_up()
    out = io.BytesIO()
    with av.open(out, "w", format="mp4") as container:
        film, sound = None, Copy(container, 48000, 2)
        for number in range(3):
            frame = av.VideoFrame(64, 48, "yuv420p")
            frame.pts = number * 100
            film = film or Film(container, frame, Fraction(1, TICKS), picture.as_webp)
            film.feed(frame)
        if film:
            film.finish()
        sound.finish()


def look(file: Original, wire: Wire, media_type: str) -> None:
    container = media.open_container(file, media_type)
    if not container.streams.video:
        raise NoPreview("empty")
    stream = container.streams.video[0]
    claimed = claims.of_container(container.metadata, stream.metadata)
    size = {"width": stream.codec_context.width, "height": stream.codec_context.height}
    wire.send_json(b"J", facts=size, claims=claimed)
    _make_copy(wire, container, stream)


class Soundtrack:
    """The film's sound, which waits for the picture: all streams have to be there before a packet is written."""

    def __init__(self, out: Any, stream: Any) -> None:
        """Raises NoPreview for a coding that we do not play."""
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

    def show(shot: Image.Image) -> None:
        wire.send_copy("poster", picture.as_webp(shot))

    with av.open(out, "w", format="mp4") as copy:
        heard = _soundtrack(container, copy)
        for packet in media.packets(container, *([stream, heard.stream] if heard else [stream])):
            if heard and packet.stream.type == "audio":
                heard.take(packet)
            for frame in media.frames(context, packet) if packet.stream.type == "video" else []:
                film = film or Film(copy, frame, stream.time_base, show)
                film.feed(frame)
            if heard and film:
                heard.feed()
        if film is None or film.last_ticks < 0:
            raise NoPreview("damaged")
        film.finish()
        if heard:
            heard.copy.finish()
    _hand_over(wire, out, film, _expected(container, stream, heard))
    if container.streams.audio and not (heard and heard.is_whole()):
        raise NoPreview("sound")


def _soundtrack(container: Any, copy: Any) -> Soundtrack | None:
    """The film's sound, where there is one that can be heard."""
    try:
        return Soundtrack(copy, container.streams.audio[0])
    except (IndexError, NoPreview):
        return None


def _expected(container: Any, stream: Any, heard: Soundtrack | None) -> float:
    """How long the pictures last. Where only the container says how long it lasts, that may be for its sound."""
    own, whole = media.own_seconds(stream), media.seconds(container, stream)
    return own or (0.0 if heard and heard.copy.fed >= whole - NEAR else whole)


def _hand_over(wire: Wire, out: io.BytesIO, film: Film, expected: float) -> None:
    copied = (film.last_ticks + SHORTEST) / TICKS
    lengths = {"milliseconds": round(max(expected, copied) * 1000), "copied_milliseconds": round(copied * 1000)}
    wire.send_json(b"J", facts=lengths, claims={})
    wire.send_copy("video", out.getbuffer())
    if copied < expected - NEAR:
        raise NoPreview("short")
