"""A waveform as a small, static SVG: no script, no style, nothing loaded."""

from typing import Any

BLOCK = 1024  # samples a peak is taken of
BARS, WIDTH, HEIGHT = 160, 640, 64
COLOUR = "#3d8b8a"  # seen on light and dark paper


class Waveform:
    def __init__(self) -> None:
        self.peaks: list[int] = []

    def add(self, frame: Any) -> None:
        """16-bit samples, those of both channels in turn."""
        channels = len(frame.layout.channels)
        samples = memoryview(frame.planes[0])[: 2 * frame.samples * channels].cast("h")
        for at in range(0, len(samples), BLOCK):
            block = samples[at : at + BLOCK]
            highest, lowest = max(block), min(block)
            self.peaks.append(max(highest, -lowest))

    def svg(self) -> str:
        """The loudest of each bar's time, as tall as it is loud next to the loudest of all."""
        peaks = self.peaks or [0]
        bars = [
            max(
                peaks[len(peaks) * bar // BARS : max(len(peaks) * (bar + 1) // BARS, len(peaks) * bar // BARS + 1)]
            )
            for bar in range(BARS)
        ]
        loudest, step = max(*bars, 1), WIDTH // BARS
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
