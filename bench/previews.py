"""Making the copies of an hour's recording: CPU and memory."""

import os
import resource
from collections.abc import Iterator

from evidence.viewing import confinement
from evidence.viewing.confinement import Child, MadeCopy
from portal.demo import sound

from .table import Row, at_most

MINUTES = 60


def rows() -> Iterator[Row]:
    minute = sound.amr(sound.call(60, seed=11))
    hour = minute + (MINUTES - 1) * minute[6:]
    yield at_most("preview: 60 minutes of AMR to AAC, CPU", cpu_of(hour), "s", 30)
    used = resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss / 1024
    yield at_most("preview: memory of the child", used, "MiB", 400)


def cpu_of(recording: bytes) -> float:
    """CPU seconds of the child and of this process, until copy and waveform have arrived."""
    before = _cpu()
    with Child(
        kind="audio",
        media_type="audio/amr",
        size=len(recording),
        read=lambda offset, length: recording[offset : offset + length],
        limits=confinement.limits_for(len(recording)),
    ) as child:
        made = {
            result.kind: sum(map(len, result.blocks)) for result in child.results() if isinstance(result, MadeCopy)
        }
    assert made.keys() == {"sound", "waveform"} and made["sound"] > 1_000_000  # noqa: S101
    return _cpu() - before


def _cpu() -> float:
    times = os.times()
    return times.user + times.system + times.children_user + times.children_system
