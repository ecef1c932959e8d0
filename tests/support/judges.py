"""What the Python verifier makes of inputs of one kind, as text. judges.js asks the browser's one the same."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from evidence import holdfast_verify as verifier

from . import honest
from .odd_seeds import known_roots

BROKEN, NOT_JSON = "refused", "not JSON"
Judge = Callable[[bytes], str]


def said(value: Any) -> str:
    return verifier.canonical(value).decode()


def _json(given: bytes) -> Any:
    return verifier.load_json(given, "it")


def _moment(given: bytes) -> str:
    time = verifier.moment(given.decode(), "it")
    return str((time - datetime(1970, 1, 1, tzinfo=UTC)) // timedelta(microseconds=1))


def _note(given: bytes) -> str:
    note = verifier.parse_note(given.decode())
    marks = [[name, key_id.hex(), mark.hex()] for name, key_id, mark in note.signatures]
    return said([note.body, note.origin, note.size, note.root.hex(), marks])


def _key(given: bytes) -> str:
    key = verifier.parse_vkey(given.decode())
    return said([key.name, key.id.hex(), key.public.hex()])


def zip_judge(folder: Path) -> Judge:
    def judge(given: bytes) -> str:
        path = folder / "odd.zip"
        path.write_bytes(given)
        with path.open("rb", buffering=0) as file:
            found = verifier.Zip(file, "odd.zip")
        return said(sorted([name, one.size, found.starts[one.header]] for name, one in found.members.items()))

    return judge


def bundle_judge(folder: Path) -> Judge:
    def judge(given: bytes) -> str:
        path = folder / "bundle.zip"
        path.write_bytes(given)
        report = verifier.verify(str(path))
        broken = [one for one in report.checks if not one.ok]
        if report.result != "broken":
            return report.result
        return f"{BROKEN}: {broken}"

    return judge


def _checks(name: str, given: bytes) -> verifier.BundleChecks:
    return verifier.BundleChecks(honest.Memory({name: given}), verifier.Outside(verifier.Report()))


def _inclusion(given: bytes) -> str:
    one = _json(given)
    proof = verifier.unhex_all(one["proof"], "it")
    index, size = (verifier.field(one, name, int, "it") for name in ("index", "size"))
    return verifier.root_from_inclusion(index, size, verifier.unhex(one["leaf"], "it"), proof).hex()


def _consistency(given: bytes) -> str:
    one = _json(given)
    first, last, *path = verifier.unhex_all(one["hashes"], "it")
    old, size = (verifier.field(one, name, int, "it") for name in ("old", "size"))
    return str(verifier.check_consistency(old, size, first, last, path)).lower()


def _entries(given: bytes) -> str:
    contents = _json(given)["entries"]
    entries = [verifier.open_entry(place, said(one)) for place, one in enumerate(contents)]
    verifier.check_thread(entries, "case:1", False)
    exhibits = verifier.exhibits_of(entries)
    custody = verifier.custody_table(entries, exhibits).decode()
    verifier.check_parts_continue([*verifier.frozen_documents(entries).values()])
    waiting = sorted(verifier.undecided_redress(entries))
    lists = [verifier.consents_of(entries), verifier.papers_of(entries), waiting]
    shown = [[one.label, one.item, one.sha256, one.size, one.source] for one in exhibits.values()]
    return said([custody, verifier.documents_of(entries), verifier.copies_of(entries, exhibits), *lists, shown])


def _contacts(given: bytes) -> str:
    document = _json(given)
    return verifier.contacts_table(document, verifier.field(document, "version", int, "it")).decode()


def _pem(given: bytes) -> str:
    found = [one.digest for one in verifier.only_certificates(given, "it")]
    verifier.ensure({*found} <= {*known_roots()}, "not listed")
    return said(found)


def _receipt(given: bytes) -> str:
    found = verifier.open_receipt(given)
    return said([found.case, found.reference, found.ledger.size, verifier.early_stamps(found)])


JUDGES: dict[str, Judge] = {
    "json": lambda given: said(_json(given)),
    "base64": lambda given: verifier.unbase64(given.decode(), "it").hex(),
    "moment": _moment,
    "note": _note,
    "key": _key,
    "manifest": lambda given: said(_checks("manifest-sha256.txt", given)._manifest("manifest-sha256.txt")),
    "info": lambda given: said(_checks("bag-info.txt", given)._bag_info()),
    "label": lambda given: verifier.file_label(given.decode()),
    "pem": _pem,
    "inclusion": _inclusion,
    "consistency": _consistency,
    "entries": _entries,
    "contacts": _contacts,
    "parts": lambda given: verifier.parts_root(_json(given)),
    "receipt": _receipt,
}


def judged(judge: Judge, given: bytes) -> str:
    """The answer, or BROKEN. As in the verifier, any error on hostile bytes counts as a fault of them. NOT_JSON if
    it is none, of which a verifier says that it cannot be read."""
    try:
        return judge(given)
    except verifier.NotJson:
        return NOT_JSON
    except Exception as error:
        return f"{BROKEN}: {error}"
