"""What the child could do if a file took it over, and what it may say: next to nothing."""

import errno
import io
import resource
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from unittest.mock import patch

import pytest
from PIL import Image

from evidence.viewing import confinement
from evidence.viewing.confined import calls, wire
from evidence.viewing.confinement import Child, ChildFailed, Limits, MadeCopy, NotMade
from tests.support import media
from tests.support.viewing import seen, taken_over

MEGABYTE = 1 << 20
SMALL = Limits(memory=1024 * MEGABYTE, cpu_seconds=20, seconds=20, copy=MEGABYTE)


OPENING = (
    "open('/etc/hostname')",
    "os.open('/', os.O_RDONLY)",
)


@pytest.mark.parametrize("kind", ["image", "audio", "video", "document"])
def test_a_file_that_took_it_over_opens_nothing(kind: str) -> None:
    tries = "".join(
        f"try: {code}; print('opened')\nexcept OSError as error: print(error.errno)\n" for code in OPENING
    )
    ended = taken_over(f"import errno, os\n{tries}", kind)
    assert ended.stdout.split() == [str(errno.EMFILE)] * len(OPENING)


def test_a_file_that_took_it_over_cannot_lift_its_limits() -> None:
    lift = "try: resource.setrlimit(resource.RLIMIT_NOFILE, (9, 9))"
    ended = taken_over(f"import resource\n{lift}\nexcept (OSError, ValueError): pass\nopen('/etc/hostname')")
    assert "Too many open files" in ended.stderr


def test_a_file_that_took_it_over_gets_no_more_memory() -> None:
    assert "MemoryError" in taken_over(f"bytearray({2048 * MEGABYTE})").stderr


def test_a_file_that_took_it_over_gets_no_more_time() -> None:
    assert taken_over("while True: pass").returncode in (-24, -9)


def test_the_child_knows_nothing_of_ours() -> None:
    assert taken_over("import os; print(sorted(os.environ))").stdout.strip() == str(
        sorted(confinement.ENVIRONMENT)
    )


@contextmanager
def saying(code: str, limits: Limits = SMALL) -> Iterator[Child]:
    """A child that says what the code says, with `wire` at hand."""
    imports = "import os, sys, time; sys.path.insert(0, sys.argv[1])\nfrom evidence.viewing.confined.wire import *"
    with patch.object(confinement, "BOOT", f"{imports}\nwire = Wire(10)\n{code}"):
        child = Child(kind="image", media_type="image/png", size=10, read=ten, limits=limits)
    with child:
        yield child


def ten(offset: int, length: int) -> bytes:
    return b"0123456789"[offset : offset + length]


def listened(code: str, limits: Limits = SMALL) -> list[str]:
    with saying(code, limits) as child:
        return [type(said).__name__ + getattr(said, "reason", "") for said in child.results()]


@pytest.mark.parametrize(
    "code",
    [
        "os.write(1, b'hello')",
        "os.write(1, HEAD.pack(b'J', 1 << 31))",
        "os.write(1, HEAD.pack(b'J', 9) + b'{')",
        "wire.send(b'J', b'[1]')",
        "wire.send(b'J', b'{}')",
        "wire.send(b'J', b'[' * 200000)",
        "wire.send(b'O', b'{\"kind\": 5, \"number\": 1}')",
        "wire.send(b'Z', b'{}')",
        "wire.send(b'R', b'short')",
        "sys.exit(3)",
        "os.abort()",
    ],
)
def test_a_child_that_talks_nonsense_is_not_listened_to(code: str) -> None:
    assert listened(code) in (["NotMadedamaged"], ["NotMadefailed"])


def test_a_child_that_makes_a_forbidden_system_call_is_ended_and_says_so() -> None:
    if calls.missing():
        pytest.skip(calls.missing())
    behind_the_door = (
        "from evidence.viewing.confined import child; child.confine(1 << 30, 9); child.forbid_opening()"
    )
    assert listened(f"{behind_the_door}\nos.kill(os.getppid(), 0)") == ["NotMadestopped"]


def test_a_child_reads_its_one_file_and_nothing_beyond_it() -> None:
    read = "read = [wire.piece(*place).decode() for place in ((0, 4), (8, 99), (1 << 60, 9))]"
    with saying(f"{read}\nwire.send_json(b'J', facts={{'read': read}}, claims={{}})") as child:
        (said,) = child.results()
    assert isinstance(said, confinement.Metadata)
    assert said.facts == {"read": ["0123", "89", ""]}


def test_a_child_that_takes_too_long_is_ended() -> None:
    assert listened("time.sleep(60)", Limits(0, 0, 1, 0)) == ["NotMadelimits"]


def test_a_child_that_needs_more_than_it_said_is_ended() -> None:
    with saying("wire.expect(0, 1)\nwhile True: pass") as child:
        assert [type(said) for said in child.results()] == [NotMade]
        assert child.limits.cpu_seconds == 1


def test_a_child_does_not_get_more_time_by_asking_for_it() -> None:
    with saying("wire.send(b'B', LENGTH.pack(1800))") as child:
        assert list(child.results()) == []
        assert child.limits == SMALL


def test_a_copy_that_is_too_large_or_breaks_off_is_none() -> None:
    for code in (
        "wire.send_copy('picture', bytes(2 << 20))",
        "wire.send_json(b'O', kind='picture', number=1); wire.send(b'D', b'x')",
    ):
        with saying(code) as child, pytest.raises(ChildFailed):
            for said in child.results():
                assert isinstance(said, MadeCopy)
                list(said.blocks)


def test_too_little_memory_is_a_reason_and_no_crash() -> None:
    out = io.BytesIO()
    Image.new("RGB", (6000, 6000)).save(out, "PNG", compress_level=1)
    tight = Limits(memory=150 * MEGABYTE, cpu_seconds=20, seconds=20, copy=MEGABYTE)
    assert seen(out.getvalue(), "image", "image/png", tight).reason == "limits"


def test_a_child_leaves_no_process_and_no_pipe() -> None:
    make, kind, media_type, _extension = media.TAKEN["png"]
    with Child(
        kind=kind, media_type=media_type, size=9, read=lambda o, n: make()[o : o + n], limits=SMALL
    ) as child:
        pass
    assert child.process.poll() is not None
    assert child.process.stdin and child.process.stdin.closed


@pytest.fixture(scope="module", autouse=True)
def memory_of_children() -> Iterator[None]:
    """No child of this module takes more memory than it may."""
    yield
    used = resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss * (1024 if sys.platform == "linux" else 1)
    assert used < 1024 * MEGABYTE


def test_the_original_is_a_file_like_any_other() -> None:
    data = bytes(range(256)) * 9000  # more than two blocks

    class Near(wire.Wire):
        def piece(self, offset: int, length: int) -> bytes:
            return data[offset : offset + length]

    file = wire.Original(Near(len(data)))
    assert file.read(5) == data[:5] and file.tell() == 5
    file.seek(wire.BLOCK - 3)
    assert file.read(10) == data[wire.BLOCK - 3 : wire.BLOCK + 7]
    file.seek(-4, 2)
    assert file.read() == data[-4:] and file.read(1) == b""
    file.seek(0)
    assert file.read() == data
    with pytest.raises(OSError):
        file.seek(-1)


def test_a_small_file_of_any_kind_costs_little() -> None:
    for kind in ("audio", "image", "document", "table", "text"):
        limits = confinement.limits_for(200_000, kind)
        assert limits.cpu_seconds <= 45 and limits.seconds <= 3 * 45
    assert confinement.limits_for(600 * MEGABYTE, "audio").cpu_seconds == 1800
