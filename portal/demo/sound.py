"""Generates the demo's recordings: telephone calls with two artificial voices that speak no words.

A voice is a train of pulses through three resonators, with the pitch of Mandarin's tones. It has the rhythm and
the spectrum of speech, so that codecs and waveforms behave as with a real call.
"""

import array
import io
import math
import random
from collections.abc import Iterable, Iterator
from fractions import Fraction
from typing import Any

import av

RATE = 8000  # samples per second, as in telephony
VOWELS = ((730, 1090, 2440), (270, 2290, 3010), (300, 870, 2240), (530, 1840, 2480), (570, 840, 2410))  # Hz
TONES = ((1.2, 1.2), (0.95, 1.25), (0.85, 0.8), (1.3, 0.75))  # factors of the pitch at beginning and end
RINGING = 450  # Hz, one second in five in China's network


def call(seconds: int, seed: int) -> bytes:
    """16-bit mono PCM of a telephone that rings, then of two people in turn. The seed determines every sample."""
    chance = random.Random(seed)  # noqa: S311 (a made-up voice, not a secret)
    samples = array.array("h", _ringing(1.0))
    low, high = 105 + seed % 30, 190 + seed % 40
    while len(samples) < seconds * RATE:
        samples.extend(_phrase(chance, chance.choice((low, low, high))))
        samples.extend([0] * chance.randrange(RATE // 8, RATE // 2))
    return samples[: seconds * RATE].tobytes()


def _ringing(seconds: float) -> Iterator[int]:
    for n in range(int(seconds * RATE)):
        yield int(5000 * math.sin(2 * math.pi * RINGING * n / RATE))


def _phrase(chance: random.Random, pitch: int) -> Iterator[int]:
    for _ in range(chance.randrange(4, 10)):
        yield from _syllable(chance, pitch, chance.choice(VOWELS), chance.choice(TONES))


def _syllable(
    chance: random.Random, pitch: int, formants: tuple[int, int, int], tone: tuple[float, float]
) -> Iterator[int]:
    """Noise, then pulses at a gliding pitch, through the vowel's resonators."""
    length, phase = chance.randrange(RATE // 8, RATE // 5), 0.0
    memory = [[*_resonator(hertz), 0.0, 0.0] for hertz in formants]
    for n in range(length):
        part = n / length
        phase += pitch * (tone[0] + (tone[1] - tone[0]) * part) / RATE
        pulse, phase = (1.0, phase - 1) if phase >= 1 else (0.0, phase)
        breath = chance.uniform(-0.25, 0.25) if part < 0.12 else chance.uniform(-0.01, 0.01)
        sound = sum(_resonate(tube, pulse + breath) for tube in memory)
        yield max(-32000, min(32000, int(9000 * math.sin(math.pi * part) * sound)))


def _resonator(hertz: int, width: int = 90) -> tuple[float, float, float]:
    radius = math.exp(-math.pi * width / RATE)
    turn = 2 * radius * math.cos(2 * math.pi * hertz / RATE)
    return 1 - radius, turn, -radius * radius


def _resonate(tube: list[float], sound: float) -> float:
    gain, turn, damping, last, before = tube
    tube[3], tube[4] = gain * sound + turn * last + damping * before, last
    return tube[3] * 4


def encoded(pcm: bytes, container: str, codec: str, *, rate: int = RATE, bit_rate: int | None = None) -> bytes:
    """The recording as a file of FFmpeg's `container` and `codec`, such as "amr" and "libopencore_amrnb"."""
    out = io.BytesIO()
    with av.open(out, "w", format=container, options={"fflags": "+bitexact"}) as file:
        stream: Any = file.add_stream(codec, rate=rate, layout="mono")
        stream.codec_context.flags |= av.codec.context.Flags.bitexact
        if bit_rate:
            stream.bit_rate = bit_rate
        for frame in [*_frames(pcm), None]:
            file.mux(stream.encode(frame))
    return out.getvalue()


def _frames(pcm: bytes) -> Iterable[av.AudioFrame]:
    for start in range(0, len(pcm) // 2, 1024):
        piece = pcm[2 * start : 2 * start + 2048]
        frame = av.AudioFrame("s16", "mono", len(piece) // 2, align=1)
        frame.planes[0].update(piece)
        frame.sample_rate, frame.time_base, frame.pts = RATE, Fraction(1, RATE), start
        yield frame


def amr(pcm: bytes) -> bytes:
    """AMR narrow-band at 12.2 kbit/s, as telephones record calls."""
    return encoded(pcm, "amr", "libopencore_amrnb", bit_rate=12200)


def m4a(pcm: bytes) -> bytes:
    return encoded(pcm, "ipod", "aac", rate=16000, bit_rate=32000)


def mp3(pcm: bytes) -> bytes:
    return encoded(pcm, "mp3", "libmp3lame", rate=16000, bit_rate=32000)
