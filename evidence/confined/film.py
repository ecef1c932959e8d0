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
SHORTEST = 30  # ticks between two frames: what comes faster is left out
NEAR = 1.0  # seconds that picture and container may differ
OPTIONS = {"preset": "veryfast", "crf": "28", "threads": "1", "x264-params": "log-level=none"}


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
        self.last = -SHORTEST

    def feed(self, frame: Any) -> None:
        if frame.pts is None or frame.width * frame.height > MOST_PIXELS:
            return
        moment = frame.pts * self.time_base
        self.begins = moment if self.begins is None else self.begins
        ticks = round((moment - self.begins) * TICKS)
        if not self.last + SHORTEST <= ticks < 1 << 40:
            return
        upright = self._upright(frame)
        if self.last < 0:
            self.show(upright.to_image())
        self.last = ticks
        upright.pts, upright.time_base, upright.pict_type = ticks, Fraction(1, TICKS), 0
        self.out.mux(self.stream.encode(upright))

    def finish(self) -> None:
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
    container = media.opened(file, media_type)
    if not container.streams.video:
        raise NoPreview("empty")
    stream = container.streams.video[0]
    told = claims.of_container(container.metadata, stream.metadata)
    size = {"width": stream.codec_context.width, "height": stream.codec_context.height}
    wire.say(b"J", facts=size, claims=told)
    _copied(wire, container, stream)


def _copied(wire: Wire, container: Any, stream: Any) -> None:
    context, heard = media.decoder(stream, media.FILM), _sound_of(container)
    out, film, early = io.BytesIO(), None, []

    def show(shot: Image.Image) -> None:
        wire.hand_over("poster", picture.as_webp(shot))

    with av.open(out, "w", format="mp4") as copy:
        sound = (
            Copy(copy, heard[0].codec_context.sample_rate or 16000, heard[0].codec_context.channels)
            if heard
            else None
        )
        for packet in media.packets(container, *([stream, heard[0]] if heard else [stream])):
            if heard and packet.stream.type == "audio":
                early += media.frames(heard[1], packet)
            for frame in media.frames(context, packet) if packet.stream.type == "video" else []:
                film = film or Film(copy, frame, stream.time_base, show)
                film.feed(frame)
            while sound and film and early:  # all streams have to be there before the first packet is written
                sound.feed(early.pop(0))
        if film is None or film.last < 0:
            raise NoPreview("damaged")
        film.finish()
        if sound:
            sound.finish()
    _hand_over(wire, out, film, media.seconds(container, stream))


def _hand_over(wire: Wire, out: io.BytesIO, film: Film, expected: float) -> None:
    copied = (film.last + SHORTEST) / TICKS
    told = {"milliseconds": round(max(expected, copied) * 1000), "copied_milliseconds": round(copied * 1000)}
    wire.say(b"J", facts=told, claims={})
    wire.hand_over("video", out.getbuffer())
    if copied < expected - NEAR:
        raise NoPreview("short")


def _sound_of(container: Any) -> tuple[Any, Any] | None:
    """The video's sound and its decoder, where there is one that can be heard."""
    try:
        stream = container.streams.audio[0]
        return stream, media.decoder(stream, media.SOUND)
    except (IndexError, NoPreview):
        return None
