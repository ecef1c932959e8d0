"""Writes ZIPs field by field, as other programs do. Those that deceive are in `hostile_zips`."""

import struct
import zlib
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from complaints.bundles import bag

LOCAL = ("mark", "needs", "flags", "method", "moment", "crc", "packed", "size", "names", "extras")
INDEX = (
    *("mark", "made", "needs", "flags", "method", "moment", "crc", "packed", "size", "names", "extras"),
    *("comments", "disk", "text", "attributes", "header"),
)
END = ("mark", "disk", "first", "here", "count", "size", "place", "comments")
END64 = ("mark", "rest", "made", "needs", "disk", "first", "here", "count", "size", "place")
LOCATOR = ("mark", "disk", "place", "disks")
SHAPES = {
    LOCAL: "<IHHHIIIIHH",
    INDEX: "<IHHHHIIIIHHHHHII",
    END: "<IHHHHIIH",
    END64: "<IQHHIIQQQQ",
    LOCATOR: "<IIQI",
}
ALL16, ALL32 = bag.MOST16, bag.MOST32
MOMENT = (0x5B5A << 16) | 0x2000
Fields = dict[str, Any]


@dataclass
class Member:
    """One member. `local` and `index` replace fields of its two headers."""

    name: str
    content: bytes
    packed: bytes | None = None  # as it is in the ZIP, if compressed
    local: Fields = field(default_factory=dict)
    index: Fields = field(default_factory=dict)
    local_extra: bytes = b""
    index_extra: bytes = b""
    comment: bytes = b""
    behind: bytes = b""  # its data descriptor

    def fields(self) -> Fields:
        inside = self.content if self.packed is None else self.packed
        said = {"needs": 20, "flags": 0, "method": 0 if self.packed is None else 8, "moment": MOMENT}
        said |= {"crc": zlib.crc32(self.content), "packed": len(inside), "size": len(self.content)}
        return {**said, "names": len(self.name)}

    def __bytes__(self) -> bytes:
        said = {**self.fields(), "mark": bag.LOCAL, "extras": len(self.local_extra), **self.local}
        inside = self.content if self.packed is None else self.packed
        return b"".join([_struct(LOCAL, said), self.name.encode("latin-1"), self.local_extra, inside, self.behind])

    def indexed(self, header: int) -> bytes:
        said = {**self.fields(), "mark": bag.CENTRAL, "made": bag.UNIX | 20, "extras": len(self.index_extra)}
        said |= {"comments": len(self.comment), "disk": 0, "text": 0, "attributes": bag.MODE, "header": header}
        return (
            _struct(INDEX, {**said, **self.index}) + self.name.encode("latin-1") + self.index_extra + self.comment
        )


def _struct(names: tuple[str, ...], said: Fields) -> bytes:
    return struct.pack(SHAPES[names], *(said[name] for name in names))


@dataclass
class Packed:
    """A ZIP in its parts. The dictionaries replace fields of the records at its end."""

    members: list[Member]
    is_wide: bool = False  # whether it has the records of ZIP64
    end: Fields = field(default_factory=dict)
    end64: Fields = field(default_factory=dict)
    locator: Fields = field(default_factory=dict)
    before: bytes = b""
    gap: bytes = b""  # between the last member and the index
    after_index: bytes = b""
    after: bytes = b""

    def __getitem__(self, name: str) -> Member:
        return next(one for one in self.members if one.name.partition("/")[2] == name)

    @property
    def headers(self) -> list[int]:
        """Where each member begins."""
        sizes = [len(bytes(one)) for one in self.members]
        return [sum(sizes[:place]) for place in range(len(sizes))]

    def __bytes__(self) -> bytes:
        out, index = bytearray(self.before), bytearray()
        for one in self.members:
            index += one.indexed(len(out))
            out += bytes(one)
        out += self.gap
        place, count = len(out), len(self.members)
        out += index + self.after_index
        said = {"disk": 0, "first": 0, "here": count, "count": count, "size": len(index), "place": place}
        if self.is_wide:
            wide = {**said, "mark": bag.END64, "rest": 44, "made": bag.UNIX | 45, "needs": 45, **self.end64}
            locator = {"mark": bag.LOCATOR64, "disk": 0, "place": len(out), "disks": 1, **self.locator}
            out += _struct(END64, wide) + _struct(LOCATOR, locator)
        return bytes(out + _struct(END, {**said, "mark": bag.END, "comments": 0, **self.end}) + self.after)


def packed(reference: str, files: dict[str, bytes]) -> Packed:
    """The files of a bundle as an ordinary ZIP."""
    return Packed([Member(f"{reference}/{name}", content) for name, content in files.items()])


def deflated(content: bytes) -> bytes:
    engine = zlib.compressobj(9, zlib.DEFLATED, -zlib.MAX_WBITS)
    return engine.compress(content) + engine.flush()


def wide(*numbers: int) -> bytes:
    """The extra field of ZIP64."""
    return extra(1, struct.pack(f"<{len(numbers)}Q", *numbers))


def extra(kind: int, body: bytes) -> bytes:
    return struct.pack("<HH", kind, len(body)) + body


# -- ZIPs as other programs write them

Change = Callable[[Packed], None]
TIMES = extra(0x5455, b"\3" + bytes(8))
OWNERS = extra(0x7875, b"\1\4" + bytes(4) + b"\4" + bytes(4))
NTFS = extra(0x000A, b"\0\0\0\0\1\0\x18\0" + 3 * struct.pack("<Q", 134_000_000_000_000_000))


def _by_info_zip(zip: Packed) -> None:
    for one in zip.members:
        one.local_extra, one.index_extra = TIMES + OWNERS, extra(0x5455, b"\3" + bytes(4)) + OWNERS
        one.index |= {"made": 0x031E, "text": 1}
    zip.members.insert(
        0, Member(f"{zip.members[0].name.partition('/')[0]}/", b"", index={"attributes": 0x41ED0010})
    )


def _by_7_zip(zip: Packed) -> None:
    for one in zip.members:
        one.index_extra, one.index = NTFS, {"made": 0x033F, "attributes": 0x81A48020}


def _by_explorer(zip: Packed) -> None:
    for one in zip.members:
        one.index |= {"made": 20, "attributes": 0x20}


def _by_old_macos(zip: Packed) -> None:
    for one in zip.members:
        one.local_extra, one.index_extra = extra(0x5855, bytes(12)), extra(0x5855, bytes(8))
        one.index |= {"made": 0x0315, "attributes": 0x81A44000}


def with_zip64_ends(zip: Packed) -> None:
    zip.is_wide, zip.end = True, {"here": ALL16, "count": ALL16, "size": ALL32, "place": ALL32}


def _with_zip64_everywhere(zip: Packed) -> None:
    with_zip64_ends(zip)
    for one in zip.members:
        size, large = len(one.content), {"packed": ALL32, "size": ALL32, "needs": 45}
        one.local_extra = one.index_extra = wide(size, size)
        one.local |= large
        one.index |= large


def _said_twice(zip: Packed) -> None:
    """ZIP64 records beside an end record that has the numbers too."""
    zip.is_wide = True


def sizes_behind(zip: Packed) -> None:
    """As `zip -0 - | cat` writes it: stored, with sizes before and behind the bytes."""
    for one in zip.members:
        said = one.fields()
        one.local, one.index = {"flags": 8, "crc": 0}, {"flags": 8}
        one.behind = struct.pack("<IIII", 0x08074B50, said["crc"], said["packed"], said["size"])


def _deflated(zip: Packed) -> None:
    for one in zip.members:
        one.packed = deflated(one.content)


def _deflated_in_a_pipe(zip: Packed) -> None:
    _deflated(zip)
    for one in zip.members:
        said = one.fields()
        one.local, one.index = {"flags": 8, "crc": 0, "packed": 0, "size": 0}, {"flags": 8}
        one.behind = struct.pack("<III", said["crc"], said["packed"], said["size"])


HONEST: dict[str, Change] = {
    "as the portal writes it": lambda zip: None,
    "zip -r": _by_info_zip,
    "7-Zip": _by_7_zip,
    "Explorer": _by_explorer,
    "an older macOS": _by_old_macos,
    "ZIP64 records at the end": with_zip64_ends,
    "ZIP64 in all members": _with_zip64_everywhere,
    "ZIP64 records that repeat the numbers": _said_twice,
    "zip -0 in a pipe": sizes_behind,
}
# -- with the files in other folders, and with other names


def _renamed(name: Callable[[str], str]) -> Change:
    def change(zip: Packed) -> None:
        for one in zip.members:
            one.name = name(one.name)

    return change


def in_folder(folder: bytes) -> Change:
    return _renamed(lambda name: f"{folder.decode('latin-1')}/{name}")


def _without_folder(zip: Packed) -> None:
    _renamed(lambda name: name.partition("/")[2])(zip)


def _as_tar(zip: Packed) -> None:
    _renamed(lambda name: f"./{name}")(zip)
    zip.members.insert(0, Member("./", b"", index={"attributes": 0x41ED0000}))


def _by_powershell(zip: Packed) -> None:
    """As Compress-Archive of Windows PowerShell 5 writes it."""
    _by_explorer(zip)
    _deflated(zip)
    _renamed(lambda name: name.replace("/", "\\"))(zip)


def _by_java(zip: Packed) -> None:
    """As programs for Android write it: deflated, with sizes behind the bytes, folders too."""
    for folder in ("/data/", "/"):
        zip.members.insert(0, Member(f"{zip.members[-1].name.partition('/')[0]}{folder}", b""))
    _deflated_in_a_pipe(zip)
    for one in zip.members:
        one.index |= {"made": 20, "attributes": 0}


def _by_archive_utility(zip: Packed) -> None:
    """As macOS writes it: with an AppleDouble file in another folder for each file."""
    top = zip.members[0].name.partition("/")[0]
    zip.members += [Member(_apple_double(one.name), b"\0\5\x16\7\0\2\0\0Mac OS X") for one in zip.members[:3]]
    zip.members += [Member(f"{top}/.DS_Store", b"\0\0\0\1Bud1")]
    _deflated_in_a_pipe(zip)
    for name in ("__MACOSX/", f"__MACOSX/{top}/", f"{top}/"):
        zip.members.append(Member(name, b"", index={"made": 0x0315, "attributes": 0x41ED4000}))


def _apple_double(name: str) -> str:
    folder, _, last = name.rpartition("/")
    return f"__MACOSX/{folder}/._{last}"


def _with_its_name_twice(zip: Packed) -> None:
    """With Info-ZIP's field for the name in UTF-8, in a folder with a Chinese name."""
    in_folder("投诉".encode())(zip)
    for one in zip.members:
        name = one.name.encode("latin-1")
        one.local_extra = one.index_extra = extra(0x7075, struct.pack("<BI", 1, zlib.crc32(name)) + name)


LAID_OUT: dict[str, Change] = {
    "without its folder": _without_folder,
    "in a folder": in_folder(b"Downloads"),
    "in two folders": in_folder(b"Case 7/by mail"),
    "in a folder in Chinese": in_folder("投诉 材料".encode()),
    "in a folder in GBK": in_folder("投诉材料".encode("gbk")),
    "tar": _as_tar,
    "PowerShell": _by_powershell,
    "Android": _by_java,
    "macOS": _by_archive_utility,
    "each name twice": _with_its_name_twice,
}
COMPRESSED: dict[str, Change] = {"deflated": _deflated, "deflated in a pipe": _deflated_in_a_pipe}
