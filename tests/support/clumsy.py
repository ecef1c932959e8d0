"""Papers as people hand them on: saved by editors, cut, packed again, mistaken for others, with strange files."""

import io
import json
import re
import zipfile
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from evidence import holdfast_verify as verifier

from .bundles import Ledger, Opened
from .verify_pages import Pristine

Made = Callable[[Pristine], bytes]
PDF, PICTURE, PAGE = (
    b"%PDF-1.7\n%\x80\n",
    b"\x89PNG\r\n\x1a\n....",
    b"<!DOCTYPE html>\n<html><body>Sign in</body></html>",
)
AGE = b"age-encryption.org/v1\n-> X25519 abc\n"
SEVEN, TAR_GZ, RAR = b"7z\xbc\xaf\x27\x1c\0\4", b"\x1f\x8b\x08\0" + bytes(50), b"Rar!\x1a\7\1\0"
EDITOR = "it was saved in another form"
CUT = "its end is missing"
ARCHIVE = "it is an archive of another kind"


@dataclass(frozen=True)
class Clumsy:
    """A file, its name, and what both verifiers must say of it: the result, and a part of a sentence."""

    name: str
    make: Made
    result: str
    says: str = ""


def packed(bag: Opened, method: int = zipfile.ZIP_DEFLATED, **more: bytes) -> bytes:
    """The bundle packed again, as a desktop does, with more files: their names in the ZIP -> their bytes."""
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w", method) as archive:
        archive.mkdir(bag.reference)
        for name, content in bag.files.items():
            archive.writestr(f"{bag.reference}/{name}", content)
        for name, content in more.items():
            archive.writestr(name.replace("HF/", f"{bag.reference}/"), content)
    return file.getvalue()


def with_file(name: str, content: bytes) -> Made:
    return lambda given: packed(given.bag, zipfile.ZIP_STORED, **{name: content})


def copied(suffix: str) -> Made:
    """With a copy that a file manager made of the first original."""

    def made(given: Pristine) -> bytes:
        name = next(name for name in given.bag.files if name.startswith("data/originals/"))
        stem, _, ending = name.rpartition(".")
        return packed(given.bag, zipfile.ZIP_DEFLATED, **{f"HF/{stem}{suffix}.{ending}": given.bag.files[name]})

    return made


def around(inner: str) -> Made:
    def made(given: Pristine) -> bytes:
        file = io.BytesIO()
        with zipfile.ZipFile(file, "w") as archive:
            archive.writestr(inner, given.bundle)
        return file.getvalue()

    return made


def left_out(**reasons: str) -> Made:
    """The bundle, signed again, without the originals of these exhibits."""

    def made(given: Pristine) -> bytes:
        bag = Opened(given.bag.reference, dict(given.bag.files))
        case = bag.json("data/case.json")
        why = {label.replace("E", "E-"): reason for label, reason in reasons.items()}
        for one in case["exhibits"]:
            if one["exhibit"] in why:
                del bag.files[f"data/{one['file']}"]
                one["file"] = ""
        bag.files["data/case.json"] = json.dumps(case, ensure_ascii=False, separators=(",", ":")).encode()
        bag.re_sign(left_out=why)
        return packed(bag, zipfile.ZIP_STORED)

    return made


def withheld(given: Pristine) -> bytes:
    bag = Opened(given.bag.reference, dict(given.bag.files))
    del bag.files["data/documents/reporter.json"]
    case = bag.json("data/case.json") | {"reporter": None}
    bag.files["data/case.json"] = json.dumps(case, ensure_ascii=False, separators=(",", ":")).encode()
    bag.re_sign(withheld=["reporter"])
    return packed(bag, zipfile.ZIP_STORED)


def text(change: Callable[[str], bytes]) -> Made:
    return lambda given: change(given.receipt.decode())


def curly(receipt: str) -> bytes:
    return receipt.replace('"', "“", 1).replace('"', "”", 1).encode()


APPLE_DOUBLE, LOCK = b"\0\5\x16\7\0\2\0\0", b"\2Li" + bytes(159)
DROPPINGS = {  # a name in the ZIP -> what a file of that name has in it
    "HF/.DS_Store": b"\0\0\0\1Bud1\0\0\x10\0",
    "__MACOSX/HF-x/._data": APPLE_DOUBLE,
    "HF/data/._case.json": APPLE_DOUBLE,
    "HF/data/originals/Thumbs.db": b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(500),
    "HF/desktop.ini": b"\r\n[.ShellClassInfo]\r\nIconResource=C:\\x.dll,-1\r\n",
    "HF/data/desktop.ini": "\ufeff[LocalizedFileNames]\r\n".encode("utf-16-le"),
    "HF/data/report.pdf:Zone.Identifier": b"[ZoneTransfer]\r\nZoneId=3\r\n",
    "HF/data/~$report.pdf": LOCK,
    "HF/data/.~lock.custody.csv#": b",li,li-pc,30.11.2026 09:12,file:///C:/Users/li/4;",
    "HF/data/.~custody.csv": LOCK,
    "HF/data/.custody.csv.swp": b"b0VIM 9.0" + bytes(4087),
    "HF/.directory": b"[Dolphin]\nTimestamp=2026,11,30,9,12,0\n",
    "HF/.nomedia": b"",
    "HF/Icon\r": b"",
    "HF/data/originals/@eaDir/E-001.png@SynoEAStream": APPLE_DOUBLE,
    "HF/.fseventsd/0000000000a1b2c3": b"\x1f\x8b\x08\0" + bytes(40),
    "HF/$RECYCLE.BIN/S-1-5-21-1/desktop.ini": b"[.ShellClassInfo]\r\nCLSID={645FF040}\r\n",
    "HF/data/~$report.docx": LOCK,
    "HF/ROOTS/root.pem": b"subject=CN = Root\n-----BEGIN CERTIFICATE-----\nMIIB\n-----END CERTIFICATE-----\n",
    "HF/ledger.vkey": b"holdfast.demo/ledger+01234567+AQ==\n",
    "HF/checkpoint.sig": bytes(64),
    "HF/checkpoint.txt": b"holdfast.demo/ledger\n3\n" + b"A" * 43 + b"=\n",
    "HF/key.raw": bytes(32),
    "HF/key.der": bytes.fromhex("302a300506032b6570032100") + bytes(32),
    "work/history": b'{"at":"2026-11-30T04:00:00Z"}\n',
    "ROOTS/ledger.vkey": b"holdfast.demo/ledger+01234567+AQ==",
}
WORDS = b"The court has ruled that nothing of this is true. " * 9
DISGUISED = [name for name in DROPPINGS if "nomedia" not in name] + ["HF/.localized"]
OF_PROGRAMS = [  # names that only programs give, whatever is in the file
    *("HF/@eaDir/E-001.png/SYNOPHOTO_THUMB_M.jpg", "HF/.Spotlight-V100/Store-V2/1/store.db", "HF/.fseventsd/x"),
    *(
        "HF/$RECYCLE.BIN/S-1-5-21-1/$RAB12CD.png",
        "HF/System Volume Information/WPSettings.dat",
        "HF/.Trashes/501/a.png",
    ),
    *("HF/data/~WRL0001.tmp", "HF/data/custody.csv.bak", "HF/data/custody.csv~", "HF/data/report.pdf.part"),
    *(
        "HF/data/report.pdf.crdownload",
        "HF/data/.~custody.csv",
        "HF/data/originals/Picasa.ini",
        "__MACOSX/.DS_Store",
    ),
]
A_READER_OPENS = ("vkey", "key.", "checkpoint", "root", "work")  # names that a reader would look at
THERE = "another program put this there"
NOT_KNOWN = "what is in these is not known here. Remove them, and check again"


def altered_too(given: Pristine) -> bytes:
    """With words as .DS_Store, which hide no altered original."""
    files = dict(given.bag.files)
    files["data/originals/E-001.png"] += b"x"
    return packed(Opened(given.bag.reference, files), zipfile.ZIP_STORED, **{"HF/.DS_Store": WORDS})


def newer(name: str, change: Callable[[dict[str, Any]], dict[str, Any]]) -> Made:
    """The bundle of a portal of the next version: with a changed file of JSON, and one that nobody knows here."""

    def made(given: Pristine) -> bytes:
        bag = Opened(given.bag.reference, dict(given.bag.files))
        bag.files[name] = verifier.canonical(change(bag.json(name)))
        if name == EXPORT:
            bag.files["data/timeline.json"] = b"{}"
            bag.re_sign(format="holdfast-export/2")
        else:
            bag.files["proofs/checkpoint"] = bag.json("proofs/ledger.json")["checkpoint"].encode()
            bag.re_sign()
        return packed(bag, zipfile.ZIP_STORED)

    return made


def next_entries(told: dict[str, Any]) -> dict[str, Any]:
    """The ledger with a last entry of the next version."""
    leaves = [one["entry"].encode() for one in told["entries"]]
    content = json.loads(leaves[-1])
    leaves[-1] = verifier.canonical({**content, "v": 2, "more": "x"})
    return Ledger(leaves).told(len(leaves))


def indented(receipt: str) -> bytes:
    """As programs save JSON: indented, sorted in another order, with escapes."""
    return json.dumps(dict(reversed(json.loads(receipt).items())), indent=2).encode()


def with_fractions(receipt: str) -> bytes:
    """As programs save JSON that have one kind of numbers, such as jq and Lua."""
    return re.sub(r'("(?:size|index)":\d+)', r"\1.0", receipt).encode()


def next_format(receipt: str) -> bytes:
    return receipt.replace("holdfast-receipt/1", "holdfast-receipt/2").encode()


EXPORT, NEWER = "proofs/export.json", "was made by a newer version of the portal than is known here"
FRACTIONS = "another program wrote its numbers anew, with a fraction"
SUBJECTS = {
    "as it came": Clumsy("bundle.zip", lambda given: given.bundle, "verified"),
    "packed again, compressed": Clumsy("bundle.zip", lambda given: packed(given.bag), "verified"),
    "receipt with BOM": Clumsy("receipt.json", text(lambda it: b"\xef\xbb\xbf" + it.encode()), "verified"),
    "receipt with CRLF at its end": Clumsy("receipt.txt", text(lambda it: it.encode() + b"\r\n\r\n"), "verified"),
    "receipt in UTF-16": Clumsy("receipt.json", text(lambda it: it.encode("utf-16")), "unreadable", EDITOR),
    "receipt in UTF-16 without BOM": Clumsy(
        "receipt.json", text(lambda it: it.encode("utf-16-le")), "unreadable", EDITOR
    ),
    "receipt with fractions": Clumsy("receipt.json", text(with_fractions), "unreadable", FRACTIONS),
    "receipt that is indented": Clumsy(
        "receipt.json", text(indented), "verified", "another program saved the receipt anew"
    ),
    "receipt of the next version": Clumsy("receipt.json", text(next_format), "unreadable", NEWER),
    "bundle of the next version": Clumsy("bundle.zip", newer(EXPORT, dict), "unreadable", NEWER),
    "bundle with a case of the next version": Clumsy(
        "bundle.zip",
        newer("data/case.json", lambda case: {**case, "format": "holdfast-case/2"}),
        "unreadable",
        f"data/case.json {NEWER}",
    ),
    "bundle with contacts of the next version": Clumsy(
        "bundle.zip",
        newer("data/case.json", lambda case: {**case, "contacts_table": max(verifier.FORMULAS) + 1}),
        "unreadable",
        f"data/contacts.csv {NEWER}",
    ),
    "bundle with an entry of the next version": Clumsy(
        "bundle.zip", newer("proofs/ledger.json", next_entries), "unreadable", NEWER
    ),
    "bundle of no version": Clumsy(
        "bundle.zip",
        newer("data/case.json", lambda case: {**case, "format": "holdfast-case/0"}),
        "broken",
        "data/case.json is of a version not known here",
    ),
    "receipt in GBK": Clumsy(
        "receipt.json", text(lambda it: it.replace("one.png", "截图.png").encode("gbk")), "unreadable", EDITOR
    ),
    "receipt with curly quotes": Clumsy("receipt.json", text(curly), "unreadable", EDITOR),
    "receipt that is cut": Clumsy("receipt.json", text(lambda it: it.encode()[:900]), "unreadable", CUT),
    "receipt.pdf": Clumsy("receipt.pdf", lambda _: PDF, "unreadable", "the form for paper; take receipt.json"),
    "encrypted bundle": Clumsy("bundle.zip.age", lambda _: AGE, "unreadable", "decrypt it first"),
    "7z": Clumsy("bundle.7z", lambda _: SEVEN, "unreadable", ARCHIVE),
    "tgz": Clumsy("bundle.tgz", lambda _: TAR_GZ, "unreadable", ARCHIVE),
    "rar": Clumsy("bundle.rar", lambda _: RAR, "unreadable", ARCHIVE),
    "cut download": Clumsy("bundle.zip", lambda given: given.bundle[:-3000], "unreadable", CUT),
    "ZIP in a ZIP": Clumsy("all.zip", around("bundle.zip"), "unreadable", "check the one inside"),
    "other ZIP": Clumsy("photos.zip", around("a/photo.png"), "unreadable", "no case bundle in it"),
    "empty file": Clumsy("bundle.zip", lambda _: b"", "unreadable", "it is empty"),
    "page saved instead": Clumsy("bundle.zip", lambda _: PAGE, "unreadable", "it is a web page"),
    "page saved instead of a receipt": Clumsy("receipt.json", lambda _: PAGE, "unreadable", "it is a web page"),
    "picture of a receipt": Clumsy("receipt.png", lambda _: PICTURE, "unreadable", "it is a picture"),
    "other JSON": Clumsy("receipt.json", lambda _: b'{"a":1}', "unreadable", "no Holdfast receipt"),
    "receipt called ZIP": Clumsy("receipt.json.zip", lambda given: given.receipt, "verified"),
    **{name: Clumsy("bundle.zip", with_file(name, has), "verified", THERE) for name, has in DROPPINGS.items()},
    "empty dropping": Clumsy("bundle.zip", with_file("HF/data/Thumbs.db", b""), "verified", THERE),
    **{
        f"words as {name}": Clumsy("bundle.zip", with_file(name, WORDS), "unreadable", NOT_KNOWN)
        for name in [*DISGUISED, *OF_PROGRAMS]
        if not any(one in name for one in A_READER_OPENS)
    },
    **{
        f"words as {name}": Clumsy(
            "bundle.zip", with_file(name, WORDS), "broken", "was added: the bag does not list"
        )
        for name in DISGUISED
        if any(one in name for one in A_READER_OPENS)
    },
    "words as .DS_Store, and an original altered": Clumsy("bundle.zip", altered_too, "broken", "was altered"),
    "files beside it": Clumsy(
        "bundle.zip", with_file("letter.docx", WORDS), "unreadable", "there are other files beside the bundle"
    ),
    "two bundles": Clumsy(
        "bundle.zip", with_file("HF-2/bagit.txt", b""), "unreadable", "there are several case bundles in it"
    ),
    "copy by Windows": Clumsy("bundle.zip", copied(" - Copy"), "verified", THERE),
    "copy by Windows in Chinese": Clumsy("bundle.zip", copied(" - 副本"), "verified", THERE),
    "copy by macOS": Clumsy("bundle.zip", copied(" copy 2"), "verified", THERE),
    "what looks like a copy": Clumsy(
        "bundle.zip", with_file("HF/data/originals/E-001 - Copy.png", WORDS), "broken", "forbidden name"
    ),
    "what looks like a dropping": Clumsy(
        "bundle.zip", with_file("HF/data/ruling.html", WORDS), "broken", "was added"
    ),
    "original missing": Clumsy("bundle.zip", left_out(E1="missing"), "incomplete", "E-1 is left out"),
    "originals altered, quarantined": Clumsy(
        "bundle.zip", left_out(E1="altered", E2="quarantined"), "incomplete", "scanner found something"
    ),
    "original unreadable": Clumsy("bundle.zip", left_out(E2="unreadable"), "incomplete", "could not read"),
    "original not chosen": Clumsy("bundle.zip", left_out(E2="chosen"), "incomplete", "not chosen for this"),
    "reporter withheld": Clumsy("bundle.zip", withheld, "verified", "reporter is withheld"),
}


def note(given: Pristine) -> str:
    return given.bag.text("proofs/checkpoint")


def wrapped(text: str) -> str:
    return "\n".join(line[at : at + 76] for line in text.split("\n") for at in range(0, max(len(line), 1), 76))


NOTES: dict[str, Callable[[str], str]] = {  # what programs make of a checkpoint
    "quoted in mail": lambda it: "".join(f"> {line}\n" for line in it.split("\n")),
    "with another dash": lambda it: it.replace("—", "--"),
    "with doubled line ends": lambda it: it.replace("\n", "\n\n"),
    "with blanks that do not break": lambda it: it.replace(" ", "\u00a0"),
    "broken at 76 letters": wrapped,
    "below words": lambda it: f"Dear A,\nhere it is:\n\n{it}",
    "above words": lambda it: f"{it}\n-- \nSent from my phone\n",
}


def handed_on(made: Callable[[str], str]) -> Made:
    return lambda given: made(note(given)).encode()


KEYS: dict[str, Callable[[str], bytes]] = {  # what programs make of a key
    "UTF-16 by Windows": lambda key: f"{key}\r\n".encode("utf-16"),
    "UTF-16 from the large end": lambda key: b"\xfe\xff" + key.encode("utf-16-be"),
    "broken by mail": lambda key: f"{key[:40]}\n{key[40:]}\n".encode(),
    "below words": lambda key: f"Key of the ledger:\n{key}\n".encode(),
    "in a page": lambda key: f"<pre>{key}</pre>\n".encode(),
    "in a line with words": lambda key: f"Key: {key} (of the ledger)\n".encode(),
}
HELD = {
    **{f"checkpoint {how}": Clumsy("kept.txt", handed_on(made), "verified") for how, made in NOTES.items()},
    "receipt that does not hold": Clumsy(
        "kept.json",
        lambda given: given.receipt.replace(b'"issued_at":"2', b'"issued_at":"1', 1),
        "unreadable",
        "kept.json does not hold in itself, so nothing is compared with it: ",
    ),
    "checkpoint with CRLF": Clumsy("kept", lambda given: note(given).replace("\n", "\r\n").encode(), "verified"),
    "checkpoint without its last line end": Clumsy(
        "kept", lambda given: note(given).rstrip().encode(), "verified"
    ),
    "checkpoint with blanks": Clumsy("kept", lambda given: note(given).replace("\n", "  \n").encode(), "verified"),
    "checkpoint with BOM": Clumsy("kept", lambda given: b"\xef\xbb\xbf" + note(given).encode(), "verified"),
    "receipt with BOM": Clumsy("kept.json", lambda given: b"\xef\xbb\xbf" + given.receipt, "verified"),
    "receipt that is cut": Clumsy("kept.json", lambda given: given.receipt[:900], "unreadable", CUT),
    "receipt with fractions": Clumsy("kept.json", text(with_fractions), "unreadable", FRACTIONS),
    "receipt that is indented": Clumsy("kept.json", text(indented), "verified"),
    "receipt of the next version": Clumsy("kept.json", text(next_format), "unreadable", NEWER),
    "bundle of the next version": Clumsy("kept.zip", newer(EXPORT, dict), "unreadable", NEWER),
    "receipt in UTF-16": Clumsy(
        "kept.json", lambda given: given.receipt.decode().encode("utf-16"), "unreadable", EDITOR
    ),
    "receipt.pdf": Clumsy("receipt.pdf", lambda _: PDF, "unreadable", "the form for paper"),
    "picture": Clumsy("kept.png", lambda _: PICTURE, "unreadable", "it is a picture"),
    "encrypted": Clumsy("kept.zip.age", lambda _: AGE, "unreadable", "decrypt it first"),
    "other text": Clumsy("kept.txt", lambda _: b"Dear all,\nsee you\n", "unreadable", "no receipt, checkpoint"),
}
