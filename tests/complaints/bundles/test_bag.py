"""The ZIP of a bundle: read by every tool, the same each time, any part of it, and beyond four gigabytes."""

import io
import shutil
import struct
import subprocess
import zipfile
import zlib
from datetime import UTC, datetime
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from complaints.bundles import bag

MADE = datetime(2026, 11, 23, 12, 34, 56, tzinfo=UTC)
FILES = {"bagit.txt": b"BagIt\n", "data/report.pdf": b"%PDF" * 99, "data/empty": b"", "proofs/checkpoint": b"x"}


def archive(files: dict[str, bytes] = FILES) -> bag.Archive:
    return bag.Archive("HF-1", [bag.small(*file) for file in files.items()], MADE)


def whole(found: bag.Archive) -> bytes:
    return b"".join(found.read())


def test_python_reads_back_what_was_put_in() -> None:
    with zipfile.ZipFile(io.BytesIO(whole(archive()))) as opened:
        assert opened.testzip() is None
        assert {info.filename: opened.read(info) for info in opened.infolist()} == {
            f"HF-1/{name}": content for name, content in FILES.items()
        }
        assert {info.date_time for info in opened.infolist()} == {(2026, 11, 23, 12, 34, 56)}
        assert {info.flag_bits for info in opened.infolist()} == {0}
        assert not any(info.extra for info in opened.infolist())


@pytest.mark.parametrize("tool", [["unzip", "-t"], ["7z", "t"]], ids=["unzip", "7z"])
def test_other_tools_find_nothing_wrong(tool: list[str], tmp_path: Path) -> None:
    if shutil.which(tool[0]) is None:
        pytest.skip(f"{tool[0]} is not here")
    path = tmp_path / "bundle.zip"
    path.write_bytes(whole(archive()))
    done = subprocess.run([*tool, str(path)], capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout
    assert "arning" not in done.stdout


def test_the_size_of_the_archive_is_known_before_it_is_read() -> None:
    assert len(whole(archive())) == archive().size
    assert whole(archive({})) == b"PK\5\6" + bytes(18)


@given(st.integers(0, 3000), st.integers(0, 3000))
def test_any_part_that_is_read_alone_equals_that_part_of_the_whole(start: int, end: int) -> None:
    assert b"".join(archive().read(start, end)) == whole(archive())[start:end]


def test_a_member_that_gives_other_bytes_than_it_announced_breaks_off() -> None:
    for content in (b"", b"short", b"far too long"):
        member = bag.Member("a", 7, "0" * 64, 0, lambda _start, _end, content=content: [content])  # type: ignore[misc]
        with pytest.raises(bag.Torn):
            whole(bag.Archive("HF-1", [member], MADE))


def test_what_lies_beyond_four_gigabytes_is_told_in_zip64() -> None:
    """Headers and index alone are read: five gigabytes between them are announced, and never made."""
    big = bag.Member("data/big", 5 << 30, "0" * 64, 7, lambda start, end: iter([]))
    found = bag.Archive("HF-1", [bag.small("a", b"a"), big, bag.small("z", b"z")], MADE)
    tail = b"".join(found.read(found._offsets[2]))
    index = tail[tail.index(b"PK\1\2") :]
    end64 = index.index(b"PK\6\6")
    count, _, size, at = struct.unpack_from("<QQQQ", index, end64 + 24)
    assert (count, size, at) == (3, end64, found.size - len(index))
    assert found._heads[1][4:6] == struct.pack("<H", 45)
    assert found._heads[1].endswith(struct.pack("<HHQQ", 1, 16, 5 << 30, 5 << 30))
    last = index.rindex(b"PK\1\2")
    assert struct.unpack_from("<I", index, last + 42) == (0xFFFFFFFF,)
    name, extra = struct.unpack_from("<HH", index, last + 28)
    assert struct.unpack_from("<HHQ", index, last + 46 + name) == (1, 8, found._offsets[2])
    assert extra == 12


def test_a_real_archive_beyond_four_gigabytes_is_read_by_python(tmp_path: Path) -> None:
    """As a sparse file, so that it takes no room."""
    size, zeros, crc = (4 << 30) + 5, bytes(1 << 20), 0
    for _ in range(size >> 20):
        crc = zlib.crc32(zeros, crc)
    crc = zlib.crc32(zeros[: size % (1 << 20)], crc)
    big = bag.Member("data/big", size, "0" * 64, crc, lambda start, end: iter([]))
    found = bag.Archive("HF-1", [bag.small("a", b"first"), big, bag.small("z", b"last")], MADE)
    path = tmp_path / "big.zip"
    begins = found._offsets[1] + len(found._heads[1])
    with path.open("wb") as file:
        file.writelines(found.read(0, begins))
        file.seek(begins + size)
        file.writelines(found.read(begins + size))
    with zipfile.ZipFile(path) as opened:
        assert opened.read("HF-1/z") == b"last"
        assert opened.getinfo("HF-1/data/big").file_size == size
        with opened.open("HF-1/data/big") as member:
            assert member.read(5) == bytes(5)
