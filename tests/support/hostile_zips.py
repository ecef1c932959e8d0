"""ZIPs that programs unpack differently, or that carry bytes that nobody looks at."""

import struct
import zlib
from typing import Any

from complaints.bundles import bag

from .zips import ALL16, ALL32, TIMES, Change, Member, Packed, extra, sizes_behind, wide, with_zip64_ends

VICTIM = "data/report.pdf"
FORGED = b"FORGED"
ENDS = "the records that end the ZIP contradict each other"
WAYS = "the ZIP describes {name} in two ways"
HIDES = "the ZIP's members overlap or hide bytes"
ADDS = "the ZIP adds something to {name} that no bundle needs"
NO_FILE = "{name} is a link or a device, not a file"
COMMENT = "the ZIP has a comment on {name}, or it is on another disk"
DAMAGED = "the ZIP is damaged"


def _local(**fields: Any) -> Change:
    return lambda archive: archive[VICTIM].local.update(fields)


def _index(**fields: Any) -> Change:
    return lambda archive: archive[VICTIM].index.update(fields)


def _both(**fields: Any) -> Change:
    def change(archive: Packed) -> None:
        archive[VICTIM].local |= fields
        archive[VICTIM].index |= fields

    return change


def _set(**fields: Any) -> Change:
    return lambda archive: vars(archive).update(fields)


def _end(**fields: Any) -> Change:
    return lambda archive: archive.end.update(fields)


def _wide_end(**fields: Any) -> Change:
    def change(archive: Packed) -> None:
        with_zip64_ends(archive)
        archive.end64 |= fields

    return change


def _locator(**fields: Any) -> Change:
    def change(archive: Packed) -> None:
        with_zip64_ends(archive)
        archive.locator |= fields

    return change


def _extra_of_both(local: bytes, index: bytes) -> Change:
    return lambda archive: vars(archive[VICTIM]).update(local_extra=local, index_extra=index)


def a_second_index(archive: Packed) -> None:
    """The ZIP64 records lead to the honest index. The old end record leads to one with a forged report, which is
    in the comment of the honest one."""
    forged, victim = Member(archive[VICTIM].name, FORGED), archive[VICTIM]
    index_size = sum(len(one.indexed(0)) for one in archive.members)
    comment_at = archive.headers[-1] + len(bytes(archive.members[-1])) + index_size
    pairs = [*zip(archive.members, archive.headers, strict=True)]
    second = b"".join(forged.indexed(comment_at) if one is victim else one.indexed(place) for one, place in pairs)
    archive.members[-1].comment = bytes(forged) + second
    with_zip64_ends(archive)
    count = len(archive.members)
    archive.end = {
        "here": count,
        "count": count,
        "size": len(second) + 76,
        "place": comment_at + len(bytes(forged)),
    }


def _members_in_a_member(archive: Packed) -> None:
    """The local ZIP64 field ends the report early, where a forged member begins."""
    one, inner = archive[VICTIM], bytes(Member("HF/data/originals/E-001.png", FORGED))
    one.content = inner + one.content
    one.local_extra = wide(0, 0)
    one.local = {"packed": ALL32, "size": ALL32}


def _sizes_shorter(archive: Packed) -> None:
    one = archive[VICTIM]
    said = one.fields()
    one.local, one.index = {"flags": 8, "packed": 3, "size": 3}, {"flags": 8}
    one.behind = struct.pack("<IIII", 0x08074B50, said["crc"], said["packed"], said["size"])


def _descriptor(*numbers: int) -> Change:
    def change(archive: Packed) -> None:
        sizes_behind(archive)
        archive[VICTIM].behind = struct.pack(f"<{len(numbers)}I", *numbers)

    return change


def _stored_without_sizes(archive: Packed) -> None:
    sizes_behind(archive)
    archive[VICTIM].local |= {"packed": 0, "size": 0, "crc": 0}


def _a_gap(archive: Packed) -> None:
    archive[VICTIM].behind = b"hidden"


def _one_left_out(archive: Packed) -> None:
    archive.end |= {"here": len(archive.members) - 1, "count": len(archive.members) - 1}


def _concatenated(archive: Packed) -> None:
    """Python's zipfile takes offsets that are all too small by the same number for a ZIP behind something else."""
    archive.before = b"before"
    for one, header in zip(archive.members, archive.headers, strict=True):
        one.index["header"] = header
    archive.end["place"] = sum(len(bytes(one)) for one in archive.members)


def _a_folder_of_one_name(archive: Packed) -> None:
    archive.members.append(Member(f"{archive[VICTIM].name}/", b"", index={"attributes": 0x41ED0010}))


def _a_full_folder(archive: Packed) -> None:
    archive.members.append(Member(f"{archive.members[0].name.partition('/')[0]}/data/", b"hidden"))


def _another_path(archive: Packed) -> None:
    one = archive[VICTIM]
    one.local_extra = extra(0x7075, struct.pack("<BI", 1, zlib.crc32(one.name.encode())) + b"HF/ruling.html")


def _not_nothing(archive: Packed) -> None:
    """A folder with as many bytes as the ones that Java writes."""
    folder = f"{archive.members[0].name.partition('/')[0]}/data/"
    archive.members.append(Member(folder, b"", packed=b"\1\0", index={"attributes": 0x41ED0010}))


ODD = extra(0x4242, b"x" * 60_000)
HOSTILE: dict[str, tuple[Change, str]] = {
    "a second index": (a_second_index, ENDS),
    "an end record that counts one": (_end(here=1, count=1), DAMAGED),
    "an end record that counts 65535": (_end(here=ALL16, count=ALL16), ENDS),
    "an end record that leaves the last one out": (_one_left_out, DAMAGED),
    "an end record with two counts": (_end(here=1), ENDS),
    "an index said to be elsewhere": (_end(place=0), ENDS),
    "an index said to be shorter": (_end(size=46), ENDS),
    "an index said to need ZIP64": (_end(size=ALL32), ENDS),
    "another disk": (_end(disk=7), ENDS),
    "an index on another disk": (_end(first=1), ENDS),
    "a ZIP64 end with another count": (_wide_end(count=1), ENDS),
    "a ZIP64 end with two counts": (_wide_end(here=1), ENDS),
    "a ZIP64 end with another place": (_wide_end(place=0), ENDS),
    "a ZIP64 end with another size": (_wide_end(size=46), ENDS),
    "a ZIP64 end on another disk": (_wide_end(disk=1), ENDS),
    "a ZIP64 end with more to come": (_wide_end(rest=60), ENDS),
    "a locator that leads elsewhere": (_locator(place=0), ENDS),
    "a locator for two disks": (_locator(disks=2), ENDS),
    "a locator for another disk": (_locator(disk=1), ENDS),
    "a gap before the index": (_set(gap=b"hidden"), HIDES),
    "a gap between members": (_a_gap, HIDES),
    "bytes behind the index": (_set(after_index=b"hidden"), ENDS),
    "a comment of a member": (lambda archive: vars(archive[VICTIM]).update(comment=b"x" * 40_000), COMMENT),
    "a member on another disk": (_index(disk=7), COMMENT),
    "an unknown mark of text": (_index(text=2), COMMENT),
    "members hidden by a ZIP64 field": (_members_in_a_member, WAYS),
    "ZIP64 sizes for no reason": (_extra_of_both(b"", wide(7, 7)), WAYS),
    "ZIP64 sizes of another length": (_extra_of_both(wide(7), b""), ADDS),
    "ZIP64 sizes that differ": (_extra_of_both(wide(7, 7), b""), WAYS),
    "sizes before the bytes that are shorter": (_sizes_shorter, WAYS),
    "anything behind a member": (_descriptor(1, 2, 3), HIDES),
    "a descriptor with other sizes": (_descriptor(0x08074B50, 1, 2, 3), HIDES),
    "a descriptor that is longer": (_descriptor(0, 0, 0, 0, 0), HIDES),
    "no descriptor where one is announced": (_both(flags=8), HIDES),
    "two checksums": (_local(crc=1), WAYS),
    "two sizes": (_local(size=1), WAYS),
    "two packed sizes": (_local(packed=1), WAYS),
    "two methods": (_local(method=8), WAYS),
    "two flags": (_local(flags=2), WAYS),
    "two times": (_local(moment=0), WAYS),
    "a later version before the bytes": (_local(needs=99), WAYS),
    "sizes of no storing": (_index(packed=3), "{name} has two sizes"),
    "a DOS folder": (_index(attributes=bag.MODE | 0x10), NO_FILE),
    "a DOS volume": (_index(attributes=bag.MODE | 0x08), NO_FILE),
    "a junction of Windows": (_index(attributes=bag.MODE | 0x400), NO_FILE),
    "a Unix folder": (_index(attributes=0o040755 << 16), NO_FILE),
    "a link": (_index(attributes=0o120777 << 16), NO_FILE),
    "a pipe": (_index(attributes=0o010644 << 16), NO_FILE),
    "a socket": (_index(attributes=0o140644 << 16), NO_FILE),
    "a set-uid program": (_index(attributes=0o104755 << 16), NO_FILE),
    "60 kB in a local extra field": (_extra_of_both(ODD, b""), ADDS),
    "60 kB in an extra field of the index": (_extra_of_both(b"", ODD), ADDS),
    "a second name": (_extra_of_both(extra(0x7075, b"\1" + bytes(4) + b"other"), b""), ADDS),
    "a second name that fits": (_another_path, ADDS),
    "an extra field twice": (_extra_of_both(TIMES + TIMES, b""), ADDS),
    "half an extra field": (_extra_of_both(TIMES[:-1], b""), ADDS),
    "three bytes after the extra fields": (_extra_of_both(TIMES + b"abc", b""), ADDS),
    "text in a field of times": (_extra_of_both(extra(0x5455, b"\3 hidden words"), b""), ADDS),
    "text in a field of owners": (_extra_of_both(extra(0x7875, b"\1\x09hidden it\0"), b""), ADDS),
    "text in a field of NTFS": (_extra_of_both(b"", extra(0x000A, b"hidden words of thirty-two bytes")), ADDS),
    "a folder with the name of a file": (_a_folder_of_one_name, "the package has two files of one name"),
    "a folder with other bytes than nothing": (_not_nothing, "{folder} is a folder with content"),
    "a folder with content": (_a_full_folder, "{folder} is a folder with content"),
    "a name that is longer before the bytes": (_local(names=60), "the ZIP names a member in two ways"),
}
# Honest programs write such ones too, and neither verifier can read them.
UNREADABLE: dict[str, Change] = {
    "a later version": _both(needs=99),
    "an unknown flag": _both(flags=1 << 13),
    "encrypted": _both(flags=1),
    "a patch": _both(flags=1 << 5),
    "a bomb": _both(method=8, size=ALL32 - 1),
    "behind another file, such as a program that unpacks it": _concatenated,
    "behind a mark of a part": _set(before=b"PK\7\x08"),
    "before padding": _set(after=bytes(64)),
    "with a comment": _set(end={"comments": 6}, after=b"hidden"),
    "stored without sizes before the bytes": _stored_without_sizes,
}
