"""Opening sound and video with FFmpeg so that a file can lead it to no other file and to no address."""

from collections.abc import Iterator
from typing import Any, cast

import av

from .wire import NoPreview, Original

# The sniffed type decides the demuxer; without a protocol, and among these alone, a playlist is only bytes.
DEMUXERS = {
    "audio/amr": "amr",
    "audio/amr-wb": "amr",
    "audio/mpeg": "mp3",
    "audio/aac": "aac",
    "audio/ogg": "ogg",
    "audio/wav": "wav",
    "audio/webm": "matroska",
    "video/webm": "matroska",
}
DECODERS = {"amrnb": "libopencore_amrnb", "amrwb": "libopencore_amrwb"}  # those that know comfort noise
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
SOUND |= {"speex", "libspeex", "vorbis", "libvorbis", "adpcm_ms", "adpcm_ima_wav", "adpcm_ima_qt", *DECODERS}
FILM = {"h263", "h264", "hevc", "mpeg4", "mjpeg", "vp8", "libvpx", "vp9", "libvpx-vp9", "av1", "libdav1d"}


def open_container(file: Original, media_type: str) -> Any:
    """The container. Raises NoPreview when it cannot be read."""
    demuxer = DEMUXERS.get(media_type, "mov")
    options = {"protocol_whitelist": "", "format_whitelist": demuxer}
    try:
        return av.open(file, format=demuxer, options=options, metadata_errors="replace")
    except av.error.FFmpegError:
        raise NoPreview("damaged") from None


def decoder(stream: Any, known: set[str]) -> Any:
    """A decoder of one thread for the stream, if it is of a kind we let at strangers' bytes."""
    context = stream.codec_context
    if context is None or not (context.name in known or (context.name.startswith("pcm_") and known is SOUND)):
        raise NoPreview("codec")
    if context.name in DECODERS:
        wide = context.name == "amrwb"
        context = cast(Any, av.CodecContext.create(DECODERS[context.name], "r"))
        context.sample_rate, context.layout = (16000 if wide else 8000), "mono"
    if context.type == "audio" and " channels" in context.layout.name:  # WAV does not say which they are
        context.layout = "stereo" if context.channels == 2 else "mono"
    context.thread_count = 1
    return context


def packets(container: Any, *streams: Any) -> Iterator[Any]:
    """The packets, as far as the container can be read; the empty ones at the end flush the decoders."""
    try:
        yield from container.demux(*streams)
    except (av.error.FFmpegError, EOFError):
        return


def frames(context: Any, packet: Any) -> list[Any]:
    """What the packet decodes to; nothing where it is damaged."""
    try:
        return list(context.decode(packet if packet.size else None))
    except (av.error.FFmpegError, EOFError):
        return []


def seconds(container: Any, stream: Any) -> float:
    """How long a container with an index says that the stream lasts, or all of it; 0 where it does not say."""
    return own_seconds(stream) or _sensible((container.duration or 0) / av.time_base)


def own_seconds(stream: Any) -> float:
    """How long the index says that this one stream lasts; 0 where it does not say."""
    return _sensible(float(stream.duration * stream.time_base) if stream.duration and stream.time_base else 0.0)


def _sensible(duration: float) -> float:
    return duration if 0 < duration < 1e7 else 0.0
