"""Draws a recording's waveform as a small SVG without scripts, styles or references."""

from typing import Any

BLOCK = 1024  # samples per peak
BARS, WIDTH, HEIGHT = 160, 640, 64
QUIET = 328  # of 32768: a recording whose loudest peak is less is drawn in proportion to this, so nearly flat
COLOUR = "#3d8b8a"  # visible on light and dark ground


class Waveform:
    def __init__(self) -> None:
        self.peaks: list[int] = []

    def add(self, frame: Any) -> None:
        """Add a frame of 16-bit samples, with the channels interleaved."""
        channels = len(frame.layout.channels)
        samples = memoryview(frame.planes[0])[: 2 * frame.samples * channels].cast("h")
        for at in range(0, len(samples), BLOCK):
            block = samples[at : at + BLOCK]
            highest, lowest = max(block), min(block)
            self.peaks.append(max(highest, -lowest))

    def svg(self) -> str:
        """The SVG. Each bar is as tall as its loudest peak, in proportion to the loudest of all, or to QUIET."""
        peaks = self.peaks or [0]
        bars = [
            max(
                peaks[len(peaks) * bar // BARS : max(len(peaks) * (bar + 1) // BARS, len(peaks) * bar // BARS + 1)]
            )
            for bar in range(BARS)
        ]
        loudest, step = max(*bars, QUIET), WIDTH // BARS
        lines = "".join(
            f"M{step * bar + step // 2} {(HEIGHT - height) // 2}v{height}"
            for bar, peak in enumerate(bars)
            for height in [max(2, round(HEIGHT * peak / loudest))]
        )
        return (
            f'<svg xmlns="http://www.w3.org/2000/svg" width="{WIDTH}" height="{HEIGHT}" '
            f'viewBox="0 0 {WIDTH} {HEIGHT}" preserveAspectRatio="none">'
            f'<path d="{lines}" stroke="{COLOUR}" stroke-width="2" stroke-linecap="round"/></svg>'
        )
