"""A waveform as a small, static SVG: no script, no style, nothing loaded."""

from typing import Any

import av

RATE, BLOCK = 8000, 400  # samples a second looked at; samples a peak is taken of
BARS, WIDTH, HEIGHT = 160, 640, 64
COLOUR = "#3d8b8a"  # seen on light and dark paper


class Waveform:
    def __init__(self) -> None:
        self.peaks: list[int] = []
        self._resampler: Any = None

    def add(self, frame: Any) -> None:
        try:
            self._take(frame)
        except ValueError:  # another rate or layout than before
            self._resampler = None
            self._take(frame)

    def _take(self, frame: Any) -> None:
        if self._resampler is None:
            self._resampler = av.AudioResampler("s16", "mono", RATE, frame_size=BLOCK)
        for even in self._resampler.resample(frame):
            samples = memoryview(even.planes[0])[: 2 * even.samples].cast("h")
            highest, lowest = max(samples), min(samples)
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
