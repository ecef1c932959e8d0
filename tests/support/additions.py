"""What somebody adds to a bundle or receipt and signs with the portal's key, and what the verifiers say of it."""

import json
from collections.abc import Callable
from typing import Any

from cryptography.hazmat.primitives.serialization import Encoding

from evidence import holdfast_verify as verifier
from evidence.ledger import signing

from . import stamps
from .attacks import CASE, COPY, LEDGER, ORIGINAL, RECEIPT, ROOT_PEM
from .bundles import Opened, chained, remake

Change = Callable[[Opened], None]
Document = dict[str, Any]
Row = tuple[Change, str, str]  # the change, the check that fails, what its sentence contains
INFO = "bag-info.txt"


def written(name: str, content: bytes) -> Change:
    return lambda bag: bag.files.__setitem__(name, content)


def around(name: str, before: bytes = b"", after: bytes = b"") -> Change:
    return lambda bag: bag.files.__setitem__(name, before + bag.files[name] + after)


def replaced(name: str, old: bytes, new: bytes) -> Change:
    def change(bag: Opened) -> None:
        assert old in bag.files[name]
        bag.files[name] = bag.files[name].replace(old, new)

    return change


def in_json(name: str, edit: Callable[[Document], object]) -> Change:
    """A change of a JSON file that is not signed itself."""

    def change(bag: Opened) -> None:
        document = bag.json(name)
        edit(document)
        bag.files[name] = verifier.canonical(document)

    return change


def signed(name: str, edit: Callable[[Document], object]) -> Change:
    """A change of a JSON file that is signed, and signed again."""

    def change(bag: Opened) -> None:
        bag.files[name] = re_signed(bag.files[name], edit)

    return change


def re_signed(content: bytes, edit: Callable[[Document], object]) -> bytes:
    document = json.loads(content)
    del document["signature"]
    edit(document)
    return signing.sign(document)


def remarked(content: bytes) -> bytes:
    """A signed document with a remark beside the signature, which needs no key."""
    document = json.loads(content)
    document["signature"]["remark"] = "admitted as evidence"
    return verifier.canonical(document)


def renamed(name: str, other: str) -> Change:
    """A file by another name, and case.json says so too."""

    def change(bag: Opened) -> None:
        bag.files[other] = bag.files.pop(name)
        bag.files[CASE] = bag.files[CASE].replace(name[5:].encode(), other[5:].encode())

    return change


def line(old: str, new: str) -> Change:
    """Another line in bag-info.txt. `old` begins the line that it replaces; "" adds one."""

    def change(bag: Opened) -> None:
        lines = [one for one in bag.text(INFO).splitlines() if not old or not one.startswith(old)]
        bag.files[INFO] = "\n".join([*lines, new, ""]).encode()

    return change


def in_entry(place: int, edit: Callable[[Document], object]) -> Change:
    """Another ledger, in which an entry differs."""

    def change(bag: Opened) -> None:
        contents = bag.entries()
        edit(contents[place])
        remake(bag, chained(contents))

    return change


def a_message_that_renames(bag: Opened) -> None:
    """An office message, whose entry lists no exhibits, gives E-1 another name."""
    contents = bag.entries()
    message: Document = {
        "kind": "message",
        "salt": "00",
        "exhibits": [{"number": 1, "name": "holiday.png", "description": ""}],
    }
    content = verifier.canonical(message)
    digest = verifier.sha256(content).hex()
    told = {"message": digest, "parts": {digest: verifier.parts_root(message)}}
    entry = {**contents[-1], "kind": "message.written", "data": told, "subject": contents[-1]["thread"]}
    bag.files["data/documents/message-1.json"] = content
    case = bag.json(CASE)
    case["messages"] = [message]
    case["exhibits"][0] |= {"name": "holiday.png", "description": ""}
    bag.files[CASE] = verifier.canonical(case)
    remake(bag, chained([*contents, entry]))


def _early_stamp(document: Document) -> None:
    token = {"authority": "builtin", "gen_time": "2019-01-01T00:00:00.000000Z", "sha256": "0" * 64}
    document["files"][0]["timestamps"] = [token]


def _foreign_root(bag: Opened) -> None:
    bag.files[ROOT_PEM] = stamps.Authority().root.public_bytes(Encoding.PEM)


FIELDS = "has other fields than it should have"
ALONE = "holds something else than certificates"
NO_ROOT = "the export lists no such root"
SOME = {"remark": "admitted as evidence by the People's Court"}

# Names of what a program of the reader could have left, but for the ending.
BESIDE = ("ROOTS/court-ruling.html", "work/start.bat", "__MACOSX/ruling.html", "by-hand/ruling.pdf")

# Added to the bundle, or said otherwise in it; lists and export are made to fit and signed again.
TO_BUNDLES: dict[str, Row] = {
    "a program": (written("proofs/authorities/start.bat", b"format c:"), "timestamps", ALONE),
    **{name: (written(name, b"All of it was made up."), "files", "no bundle has such") for name in BESIDE},
    "words without a certificate": (written("proofs/authorities/note.txt", b"note"), "timestamps", ALONE),
    "a root in a page": (around(ROOT_PEM, b"<!--\n", b"-->"), "timestamps", ALONE),
    "words before a root": (around(ROOT_PEM, b"Supreme Court\n"), "timestamps", ALONE),
    "a foreign root": (_foreign_root, "timestamps", NO_ROOT),
    "a root by another name": (
        lambda bag: written("proofs/authorities/other.pem", bag.files[ROOT_PEM])(bag), "timestamps", NO_ROOT,
    ),
    "an original as a program": (renamed(ORIGINAL, ORIGINAL.replace("png", "exe")), "originals", "another ending"),
    "a copy as a page": (renamed(COPY, COPY.replace("webp", "html")), "copies", "another ending"),
    "another case's number": (line("External-I", "External-Identifier: HF-1"), "export", "tells something else"),
    "another date": (line("Bagging", "Bagging-Date: 2019-01-01"), "export", "tells something else"),
    "another description": (line("External-D", "External-Description: false"), "export", "tells something else"),
    "a field of bag-info": (line("", "Contact-Name: Supreme Court"), "files", FIELDS),
    "a line of bag-info": (line("", "found to be false"), "files", "bag-info.txt is malformed"),
    "a line twice": (line("", "Bagging-Date: 2019-01-01"), "files", "bag-info.txt is malformed"),
    "bag-info with CRLF": (replaced(INFO, b"\n", b"\r\n"), "files", "another number of bytes"),
    "a field of the ledger": (in_json(LEDGER, lambda one: one.update(SOME)), "entries", FIELDS),
    "a field of a listed entry": (in_json(LEDGER, lambda one: one["entries"][0].update(SOME)), "entries", FIELDS),
    "a field of a proof": (
        in_json(LEDGER, lambda one: one["consistency"].append({"from": 1, "proof": [], **SOME})),
        "entries", FIELDS,
    ),
    "a proof from a huge number": (
        replaced(LEDGER, b'"consistency":[', b'"consistency":[{"from":10000000000000001,"proof":[]},'),
        "key", "holds a number that is too large",
    ),
    "a key with a mark before it": (around("proofs/ledger.vkey", b"\xef\xbb\xbf"), "key", "names two ledger keys"),
    "a key with a blank": (around("proofs/ledger.vkey", b" "), "key", "names two ledger keys"),
    "a field of case.json": (in_json(CASE, lambda one: one.update(SOME)), "case", "other fields than a case has"),
    "a field of the receipt": (signed(RECEIPT, lambda one: one.update(SOME)), "receipt", FIELDS),
    "another file name in the receipt": (
        signed(RECEIPT, lambda one: one["files"][0].update(name="holiday.png")),
        "receipt", "otherwise than the statement",
    ),
    "a message that renames an exhibit": (a_message_that_renames, "case", "describes other exhibits"),
}  # fmt: skip
# Said in the export.
TO_EXPORTS: dict[str, tuple[Document, str, str]] = {
    "a remark": (SOME, "export", FIELDS),
    "another audience": ({"audience": "the People's Court"}, "export", "for a recipient not known here"),
    "a document that never was": ({"withheld": ["measure-hidden-from-you"]}, "documents", "does not know"),
}
# Said in a receipt, which is signed again.
TO_RECEIPTS: dict[str, tuple[Callable[[Document], object], str]] = {
    "a remark": (lambda one: one.update(SOME), FIELDS),
    "a remark on a file": (lambda one: one["files"][0].update(SOME), FIELDS),
    "a remark on an authority": (lambda one: one["authorities"][0].update(SOME), FIELDS),
    "a remark in the ledger": (lambda one: one["ledger"].update(SOME), FIELDS),
    "an anchor with words for a root": (
        lambda one: one.update(anchors=[dict.fromkeys(verifier.ANCHOR_FIELDS, "none")]),
        ALONE,
    ),
    "an anchor with a remark": (lambda one: one.update(anchors=[SOME]), FIELDS),
    "a stamp of 2019": (_early_stamp, "at which it cannot have been made"),
    "a stamp that is no stamp": (lambda one: one["files"][0].update(timestamps=["2019"]), FIELDS),
    "no list of stamps": (lambda one: one["files"][0].update(timestamps=None), "has no proper “timestamps”"),
}
# Lists that are written otherwise than the portal writes them.
TO_LISTS: dict[str, Callable[[bytes], bytes]] = {
    "CRLF": lambda content: content.replace(b"\n", b"\r\n"),
    "a form feed": lambda content: content.replace(b"\n", b"\n\x0c", 1),
    "a line separator": lambda content: content.replace(b"\n", "\u2028".encode(), 1),
    "an empty line": lambda content: content.replace(b"\n", b"\n\n", 1),
    "no line end": lambda content: content[:-1],
    "capital digits": lambda content: content.upper().replace(b"DATA/", b"data/"),
    "a mark of the order of bytes": lambda content: b"\xef\xbb\xbf" + content,
}
# What an honest ledger may say, and the verifiers must read alike.
IN_ENTRIES: dict[str, Callable[[Document], object]] = {
    "by nobody": lambda entry: entry["by"].update(id=None),
    "by a boolean": lambda entry: entry["by"].update(id=True),
    "by a number": lambda entry: entry["by"].update(id=7),
    "keys beyond the BMP": lambda entry: entry["data"].update(
        {"\U0001f600": 1, "\uffee": 2, "z": {"b": 1, "a": 2}}
    ),
    "a line separator in a value": lambda entry: entry["data"].update(note="a\u2028b\x0cc\x85d"),
}
