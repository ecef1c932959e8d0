"""Takes bundles apart and puts them together, as an attacker without keys or an operator with all keys can."""

import base64
import hashlib
import io
import json
import uuid
import zipfile
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from django.db import transaction
from django.utils import timezone

from complaints.bundles import making
from complaints.bundles.options import Options
from complaints.models import Case, Export
from complaints.staff import access
from evidence import holdfast_verify as verifier
from evidence import ledger
from evidence.checking import sealing
from evidence.ledger import merkle, signing
from evidence.models import Checkpoint, Derivative, EvidenceItem
from evidence.storage import sentinel, vault
from evidence.viewing import previews

FREE = ("tagmanifest-sha256.txt", "proofs/export.json")  # files that the tag manifest cannot list


def seal_all(case: Case) -> None:
    """Seal all exhibits in the order of their numbers."""
    for exhibit in case.exhibits.filter(item__seal=None).select_related("item").order_by("number"):
        assert sealing.seal(exhibit.item)
    sentinel.prove()  # as each sweep does, so that a missing file counts as lost


def made_again(export: Export) -> bytes:
    """The same export again, from the recorded size of the ledger and the options."""
    pinned = Checkpoint.objects.get(size=export.ledger_size or 0)
    by = access.actor(export.asked_by) if export.asked_by else ledger.BORROWER
    again = making.make(export.case, Options.of(export.options), by=by, checkpoint=pinned)
    return b"".join(again.archive.read())


def a_copy(item: EvidenceItem, kind: str, content: bytes, number: int = 1) -> Derivative:
    """Store a copy for viewing as the previews do."""
    key = uuid.uuid4()
    stored = vault.store(key, [content], limit=len(content))
    told = {"size": stored.size, "sha256": stored.sha256, "by": ledger.SYSTEM, "made_at": timezone.now()}
    made = Derivative(id=key, item=item, kind=kind, number=number, **told)
    with transaction.atomic():
        previews.record(item, [made])
    return made


def exported(case: Case, audience: str = "borrower") -> bytes:
    return b"".join(making.stream(case, audience=audience)[1])


@dataclass
class Opened:
    """The files of a bundle by their names below its one folder."""

    reference: str
    files: dict[str, bytes] = field(default_factory=dict)

    def relist(self) -> None:
        """Make all lists fit the files again. This needs no key."""
        for manifest, payload in (("manifest-sha256.txt", True), ("tagmanifest-sha256.txt", False)):
            names = [name for name in self.files if name.startswith("data/") == payload and name not in FREE]
            lines = [f"{hashlib.sha256(self.files[name]).hexdigest()}  {name}\n" for name in names]
            self.files[manifest] = "".join(lines).encode()
            if payload:
                total = sum(len(self.files[name]) for name in names)
                kept = [line for line in self.text("bag-info.txt").splitlines() if "Oxum" not in line]
                self.files["bag-info.txt"] = "\n".join([*kept, f"Payload-Oxum: {total}.{len(names)}", ""]).encode()

    def re_sign(self, **changes: Any) -> None:
        """Make the lists and the signed export fit the files again. This needs the portal's key."""
        self.relist()
        export = {**self.json("proofs/export.json"), **changes}
        export["manifest"] = hashlib.sha256(self.files["tagmanifest-sha256.txt"]).hexdigest()
        del export["signature"]
        self.files["proofs/export.json"] = signing.sign(export)

    def made_at(self, at: str) -> None:
        """Let the bundle say that it was made at that time, and sign it again."""
        case = {**self.json("data/case.json"), "made_at": at}
        self.files["data/case.json"] = verifier.canonical(case)
        lines = self.text("bag-info.txt").splitlines(keepends=True)
        date = f"Bagging-Date: {at[:10]}\n"
        info = "".join(date if line.startswith("Bagging-Date") else line for line in lines)
        self.files["bag-info.txt"] = info.encode()
        self.re_sign(made_at=at)

    def text(self, name: str) -> str:
        return self.files[name].decode()

    def json(self, name: str) -> dict[str, Any]:
        loaded: dict[str, Any] = json.loads(self.files[name])
        return loaded

    def entries(self) -> list[dict[str, Any]]:
        return [json.loads(one["entry"]) for one in self.json("proofs/ledger.json")["entries"]]

    def folder(self, where: Path) -> Path:
        for name, content in self.files.items():
            path = where / self.reference / name
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_bytes(content)
        return where / self.reference

    def zip(self, path: Path) -> Path:
        with zipfile.ZipFile(path, "w") as archive:
            for name, content in self.files.items():
                archive.writestr(f"{self.reference}/{name}", content)
        return path


def opened(content: bytes) -> Opened:
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        names = archive.namelist()
        reference = names[0].split("/")[0]
        return Opened(reference, {name.partition("/")[2]: archive.read(name) for name in names})


class Ledger:
    """A made-up ledger signed with the portal's key, such as an operator could make afterwards."""

    def __init__(self, leaves: list[bytes]) -> None:
        self.leaves: list[bytes] = []
        self.nodes: dict[merkle.Place, bytes] = {}
        for leaf in leaves:
            self.add(leaf)

    def add(self, leaf: bytes) -> None:
        self.nodes[0, len(self.leaves)] = verifier.leaf_hash(leaf)
        self.leaves.append(leaf)

    @property
    def hashes(self) -> list[bytes]:
        return [self.nodes[0, place] for place in range(len(self.leaves))]

    def _subtree(self) -> Callable[[merkle.Place], bytes]:
        def top(place: merkle.Place) -> bytes:
            level, position = place
            if place not in self.nodes:
                left, right = top((level - 1, 2 * position)), top((level - 1, 2 * position + 1))
                self.nodes[place] = verifier.node_hash(left, right)
            return self.nodes[place]

        return top

    def root(self, size: int) -> bytes:
        return merkle.proof([(0, size)], self._subtree())[0]

    def note(self, size: int) -> str:
        origin = verifier.parse_vkey(signing.vkey()).name
        return signing.sign_note(f"{origin}\n{size}\n{base64.b64encode(self.root(size)).decode()}\n")

    def told(self, size: int, earlier: list[int] | None = None, places: list[int] | None = None) -> dict[str, Any]:
        """The "ledger" object at a size, with consistency proofs from earlier sizes."""
        listed = range(size) if places is None else places
        return {
            "key": signing.vkey(),
            "checkpoint": self.note(size),
            "entries": [
                {
                    "index": place,
                    "entry": self.leaves[place].decode(),
                    "proof": self._hex(merkle.inclusion_ranges(place, size)),
                }
                for place in listed
            ],
            "consistency": [
                {"from": one, "proof": self._hex(merkle.consistency_ranges(one, size))} for one in earlier or []
            ],
        }

    def _hex(self, ranges: list[merkle.Range]) -> list[str]:
        return [node.hex() for node in merkle.proof(ranges, self._subtree())]


def chained(contents: list[dict[str, Any]]) -> list[bytes]:
    """The entries, numbered and linked as if they had always been in this order."""
    leaves: list[bytes] = []
    for seq, content in enumerate(contents, 1):
        before = verifier.leaf_hash(leaves[-1]).hex() if leaves else ""
        leaves.append(verifier.canonical({**content, "seq": seq, "prev": before}))
    return leaves


def remake(bag: Opened, leaves: list[bytes], earlier: tuple[int, ...] = ()) -> None:
    """Rebuild the bundle on a made-up ledger of exactly these entries. Everything is signed and fits together.

    It has "proofs" that it extends ledgers of the `earlier` sizes.
    """
    made = Ledger(leaves)
    size = len(leaves)
    receipt = bag.json("proofs/receipt.json")
    covered = len(receipt["ledger"]["entries"])
    del receipt["signature"]
    receipt["ledger"] = made.told(covered)
    filed = json.loads(leaves[0])
    receipt.update({name: filed["data"][name] for name in ("statement", "reporter", "reference")})
    bag.files["proofs/receipt.json"] = signing.sign(receipt)
    bag.files["proofs/ledger.json"] = verifier.canonical(
        made.told(size, [one for one in (covered, *earlier) if one < size])
    )
    bag.files["proofs/checkpoint"] = made.note(size).encode()
    entries = [verifier.open_entry(place, leaf.decode()) for place, leaf in enumerate(leaves)]
    bag.files["data/custody.csv"] = verifier.custody_table(entries, verifier.exhibits_of(entries))
    case = bag.json("data/case.json")
    case["ledger_size"] = size
    seals = {entry.data["item"]: entry for entry in entries if entry.kind == "evidence.sealed"}
    for one in case["exhibits"]:
        seal = seals.get(one["item"])
        one.update(sealed_at=seal.content["at"] if seal else "", timestamps=seal.data["tokens"] if seal else [])
    bag.files["data/case.json"] = verifier.canonical(case)
    bag.re_sign(ledger_size=size)
