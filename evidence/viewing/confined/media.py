"""Opens sound and video with FFmpeg in such a way that a file cannot make it open other files or addresses."""

import io
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, cast

import av

from . import headers
from .wire import NoPreview, Original, Wire

# The media type decides the demuxer. With these alone, and no protocol, a hostile playlist has no effect.
DEMUXERS = {
    "audio/amr": "amr",
    "audio/amr-wb": "amr",
    "audio/mpeg": "mp3",
    "audio/aac": "aac",
    "audio/ogg": "ogg",
    "audio/wav": "wav",
    **dict.fromkeys(("audio/webm", "video/webm", "audio/x-matroska", "video/x-matroska"), "matroska"),
    "video/ogg": "ogg",
    "audio/flac": "flac",
    "audio/x-caf": "caf",
    "audio/aiff": "aiff",
    "audio/basic": "au",
    **dict.fromkeys(("audio/x-ms-wma", "video/x-ms-wmv"), "asf"),
    "video/x-msvideo": "avi",
    "video/x-flv": "flv",
    "video/mpeg": "mpeg",
    "video/mp2t": "mpegts",
    "audio/x-wavpack": "wv",
    **dict.fromkeys(("audio/vnd.rn-realaudio", "audio/x-pn-realaudio", "video/vnd.rn-realmedia"), "rm"),
}
WITHOUT_DEMUXER = {"audio/x-ape"}  # no program here writes Monkey's Audio, so a copy of it could not be tried
DECODERS = {"amrnb": "libopencore_amrnb", "amrwb": "libopencore_amrwb"}  # these decode comfort noise
SOUND = {
    "aac",
    "alac",
    "flac",
    "gsm_ms",
    "mp1",
    "mp1float",
    "mp2",
    "mp2float",
    "mp3",
    "mp3float",
    "opus",
    "libopus",
}
SOUND |= {"wmav1", "wmav2", "wmapro", "wmavoice", "ac3", "eac3", "adpcm_swf", "nellymoser"}
SOUND |= {"wavpack", "real_144", "ra_144", "real_288", "ra_288", "cook", "sipr"}
SOUND |= {"speex", "libspeex", "vorbis", "libvorbis", "adpcm_ms", "adpcm_ima_wav", "adpcm_ima_qt", *DECODERS}
FILM = {"mpeg1video", "mpeg2video", "msmpeg4v1", "msmpeg4v2", "msmpeg4", "wmv1", "wmv2", "wmv3", "vc1"}
FILM |= {"rv10", "rv20", "rv30", "rv40"}
FILM |= {
    "flv",
    "flv1",
    "vp6f",
    "theora",
    "dvvideo",
    "h263",
    "h264",
    "hevc",
    "mpeg4",
    "mjpeg",
    "vp8",
    "libvpx",
    "vp9",
    "libvpx-vp9",
    "av1",
    "libdav1d",
}


def open_container(file: Original, media_type: str) -> Any:
    """The container, read past a header whose sizes are wrong. Raises NoPreview when it cannot be read."""
    if media_type in WITHOUT_DEMUXER:
        raise NoPreview("kind")
    demuxer = DEMUXERS.get(media_type, "mov")
    options = {"protocol_whitelist": "", "format_whitelist": demuxer}
    if demuxer == "wav" and headers.wav_goes_on(file):
        options["ignore_length"] = "1"
    begin = headers.mp3_beginning(file) if demuxer == "mp3" else 0
    return _opened(headers.Tail(file, begin), demuxer, options)


def _opened(file: io.RawIOBase, demuxer: str, options: dict[str, str]) -> Any:
    try:
        return av.open(cast(Any, file), format=demuxer, options=options, metadata_errors="replace")
    except av.error.MemoryError:
        raise NoPreview("limits") from None
    except av.error.FFmpegError:
        raise NoPreview("damaged") from None


def decoder(stream: Any, known: set[str]) -> Any:
    """A single-threaded decoder for the stream. Raises NoPreview unless `known` has its codec, or it is PCM
    sound."""
    context = stream.codec_context
    if context is None or not (context.name in known or (context.name.startswith("pcm_") and known is SOUND)):
        raise NoPreview("codec")
    if context.name in DECODERS:
        wide = context.name == "amrwb"
        context = cast(Any, av.CodecContext.create(DECODERS[context.name], "r"))
        context.sample_rate, context.layout = (16000 if wide else 8000), "mono"
    if context.type == "audio" and " channels" in context.layout.name:  # WAV does not name its channels
        context.layout = "stereo" if context.channels == 2 else "mono"
    context.thread_count = 1
    return context


def packets(container: Any, *streams: Any) -> Iterator[Any]:
    """The packets, as far as the container can be read. Empty ones at the end flush the decoders."""
    try:
        yield from container.demux(*streams)
    except av.error.MemoryError:
        raise NoPreview("limits") from None
    except (av.error.FFmpegError, EOFError):
        return


@dataclass
class Weight:
    """What a stream is made of, counted without decoding it."""

    packets: int = 0
    seconds: float = 0.0


def weigh(container: Any, stream: Any) -> Weight:
    """Count the stream's packets. The container is then at its end."""
    found = Weight()
    for packet in packets(container, stream):
        found.packets += bool(packet.size)
        found.seconds += float((packet.duration or 0) * (packet.time_base or 0))
    return found


def frames(context: Any, packet: Any) -> list[Any]:
    """The packet's frames; none if it is damaged."""
    try:
        return list(context.decode(packet if packet.size else None))
    except av.error.MemoryError:
        raise NoPreview("limits") from None
    except (av.error.FFmpegError, EOFError):
        return []


def seconds(container: Any, stream: Any) -> float:
    """The stream's length by the container's index, else the whole container's; 0 if neither is stated."""
    return own_seconds(stream) or _sensible((container.duration or 0) / av.time_base)


def own_seconds(stream: Any) -> float:
    """The length that the index states for this stream; 0 if it states none."""
    return _sensible(float(stream.duration * stream.time_base) if stream.duration and stream.time_base else 0.0)


def _sensible(duration: float) -> float:
    return duration if 0 < duration < 1e7 else 0.0


def send_lengths(wire: Wire, whole: float, copied: float, *, is_claim: bool) -> None:
    """Send the lengths of original and copy, in seconds; that of the original also as a claim if nothing in the
    file confirms it."""
    lengths = {"milliseconds": round(whole * 1000), "copied_milliseconds": round(copied * 1000)}
    wire.send_json(b"J", facts=lengths, claims={"length": clock(whole)} if is_claim else {})


def clock(seconds: float) -> str:
    """1:06, or 1:02:03."""
    minutes, seconds = divmod(round(seconds), 60)
    hours, minutes = divmod(minutes, 60)
    return f"{hours}:{minutes:02}:{seconds:02}" if hours else f"{minutes}:{seconds:02}"
