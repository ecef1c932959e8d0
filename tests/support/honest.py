"""An honest portal in memory that makes random cases, receipts and bundles, thousands in a minute.

They are made as the real portal makes them: with the same signing, tree and bag.
"""

import base64
import functools
import hashlib
import random
import uuid
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from cryptography.hazmat.primitives.serialization import Encoding

from complaints.bundles import bag, making
from evidence import holdfast_verify as verifier
from evidence.ledger import rfc3339, signing
from evidence.timestamps import builtin, timestamping

from . import stamps
from .bundles import Ledger
from .witnesses import ANNE, BO

LETTERS = "abcXYZ 0159.,;\"'\\/\n\t€é中文催收電話😀\u202e\u0000"
TYPES = ("audio/amr", "image/png", "audio/mp4", "application/pdf", "audio/mpeg")
SCHEMA = Path(making.__file__).with_name("case.schema.json")
CLOSED = ("case.routed", "case.begun", "case.decided", "case.replied", "case.closed")  # in this order
Dict = dict[str, Any]


@dataclass(frozen=True)
class Stamped:
    """The bytes of a file, and the answer of each authority for their digest."""

    content: bytes
    answers: dict[str, tuple[bytes, bytes, datetime]]  # authority -> query, response, time

    @property
    def sha256(self) -> str:
        return hashlib.sha256(self.content).hexdigest()


class Authorities:
    """The built-in authority and one outside, without waiting."""

    def __init__(self) -> None:
        self.now = datetime.now(UTC).replace(microsecond=0)
        self.outside = stamps.Authority(ends=self.now + timedelta(days=300), name="Outside")
        self.pems = {"builtin": builtin.root_pem(), "时间戳 TSA": self.outside.root.public_bytes(Encoding.PEM)}
        self.roots = {name: verifier.certificates_in(pem, name)[0] for name, pem in self.pems.items()}

    def listed(self) -> list[Dict]:
        return [
            {"name": name, "root_sha256": root.digest, "local_clock": name == "builtin"}
            for name, root in self.roots.items()
        ]

    def stamp(self, name: str, digest: bytes) -> tuple[bytes, bytes, datetime]:
        """Query, response and the time that is recorded: the stamp's, or as earlier portals cut it."""
        nonce = random.getrandbits(63) | 1
        query = timestamping.request(digest, nonce)
        if name == "builtin":
            response = builtin.issue(query)
        else:
            fraction = timedelta(microseconds=random.choice((0, 500_000, 123_000, 123_456)))
            response = self.outside.answer(digest, nonce=nonce, gen_time=self.now + fraction)
        time, _ = verifier.check_timestamp(response, query, digest, list(self.roots.values()))
        return query, response, random.choice((time, time.replace(microsecond=0)))


@functools.cache
def authorities() -> Authorities:
    return Authorities()


@functools.cache
def pool() -> list[Stamped]:
    """Files that all cases share, because making tokens takes longer than everything else."""
    contents = [bytes([number]) * (number * number * 97 + 1) for number in range(12)]
    return [
        Stamped(
            one, {name: authorities().stamp(name, hashlib.sha256(one).digest()) for name in authorities().pems}
        )
        for one in contents
    ]


@dataclass
class Case:
    """The entries of a case so far, and its papers."""

    thread: str
    reference: str
    at: datetime
    places: list[int] = field(default_factory=list)
    entries: list[verifier.Entry] = field(default_factory=list)
    items: dict[str, Stamped] = field(default_factory=dict)
    types: dict[str, str] = field(default_factory=dict)  # media types
    names: dict[str, str] = field(default_factory=dict)
    documents: dict[str, bytes] = field(default_factory=dict)
    copies: dict[str, bytes] = field(default_factory=dict)
    receipts: list[bytes] = field(default_factory=list)
    bundles: list[dict[str, bytes]] = field(default_factory=list)  # that somebody may have kept
    seen: list[int] = field(default_factory=list)  # size of the ledger at each receipt and bundle


class Portal:
    """One ledger with many cases that grow at the same time."""

    def __init__(self, seed: int) -> None:
        self.random = random.Random(seed)
        self.ledger = Ledger([])
        self.sizes: list[int] = []  # of checkpoints that somebody may have kept
        self.anchors: list[tuple[int, str, str, bytes, bytes, datetime]] = []
        self.looks: dict[int, str] = {}  # size -> checkpoint with the lines of witnesses

    # -- what happens

    def text(self, most: int = 30) -> str:
        return "".join(self.random.choices(LETTERS, k=self.random.randrange(most)))

    def append(self, case: Case, kind: str, data: Dict, subject: str = "") -> None:
        before = case.entries[-1] if case.entries else None
        case.at += timedelta(microseconds=self.random.randrange(10**6))
        at = case.at - self.behind(kind)
        content = {
            "v": 1, "id": str(uuid.UUID(int=self.random.getrandbits(128))), "at": rfc3339(at), "kind": kind,
            "thread": case.thread, "seq": len(case.entries) + 1, "subject": subject or case.thread,
            "prev": verifier.leaf_hash(before.raw).hex() if before else "",
            "by": self.random.choice([{"role": "borrower"}, {"role": "system"}, {"role": "auditor", "id": "u"}]),
            "data": data, "salt": f"{self.random.getrandbits(128):032x}",
        }  # fmt: skip
        raw = verifier.canonical(content)
        case.entries.append(verifier.open_entry(len(self.ledger.leaves), raw.decode()))
        case.places.append(len(self.ledger.leaves))
        self.ledger.add(raw)

    def behind(self, kind: str) -> timedelta:
        """How much its machine's clock is behind, or how long ago the work for it began."""
        most = 3600 if kind == "bundle.exported" else 0 if kind == "complaint.filed" else 60
        return timedelta(seconds=self.random.choice([0, 0, self.random.randrange(most + 1)]))

    def others(self) -> None:
        """Add entries of other cases."""
        for _ in range(self.random.choice([0, 0, 1, 2, 9])):
            self.ledger.add(self.random.randbytes(40))
        if self.random.random() < 0.3 and self.ledger.leaves:
            self.sizes.append(len(self.ledger.leaves))

    def anchor(self) -> None:
        """Let an authority stamp the present checkpoint."""
        size = len(self.ledger.leaves)
        name = self.random.choice([*authorities().pems])
        note = self.ledger.note(size)
        self.anchors.append((size, name, note, *authorities().stamp(name, hashlib.sha256(note.encode()).digest())))

    def look(self) -> None:
        """Let one or two witnesses cosign the present checkpoint, the second up to an hour later."""
        size, now = len(self.ledger.leaves), int(authorities().now.timestamp())
        self.looks[size] = self.ledger.note(size)
        for one in self.random.sample([ANNE, BO], self.random.choice([1, 2])):
            self.looks[size] += one.line(self.looks[size], now + self.random.randrange(3600))

    def witnessed(self, below: int) -> dict[int, str]:
        """The newest earlier checkpoints that witnesses saw."""
        return {size: note for size, note in [*self.looks.items()][-2:] if size < below}

    def document(self, case: Case, name: str, **more: Any) -> str:
        dates = verifier.OWN_DATES.get(name.split("-", maxsplit=1)[0], ())
        chosen = self.random.choice([(), dates[:1], dates])  # old documents have none of some dates
        own = {one: rfc3339(case.at - self.behind("case.replied")) for one in chosen}
        content = verifier.canonical({"kind": name, "text": self.text(80), "salt": self.text(), **own, **more})
        case.documents[name] = content
        return hashlib.sha256(content).hexdigest()

    def file(self) -> Case:
        number = self.random.randrange(10**6)
        start = authorities().now - timedelta(seconds=self.random.randrange(100))
        case = Case(f"case:{uuid.UUID(int=self.random.getrandbits(128))}", f"HF-2026-{number:06d}", start)
        for _ in range(self.random.choice([0, 1, 1, 2, 5])):
            item = str(uuid.UUID(int=self.random.getrandbits(128)))
            case.items[item], case.types[item] = self.random.choice(pool()), self.random.choice(TYPES)
            case.names[item] = self.text()
        listed = [
            {"number": number, "item": item, "sha256": one.sha256}
            for number, (item, one) in enumerate(case.items.items(), 1)
        ]
        said = [
            {"number": number, "name": case.names[item], "description": self.text(40)}
            for number, item in enumerate(case.items, 1)
        ]
        digests = {
            "statement": self.document(case, "statement", exhibits=said),
            "reporter": self.document(case, "reporter"),
        }
        told = {"reference": case.reference, "language": "zh-hans", "exhibits": listed, **digests}
        self.append(case, "complaint.filed", told)
        for item, one in case.items.items():
            received: Dict = {"item": item, "sha256": one.sha256, "size": len(one.content)}
            received |= {"media_type": case.types[item]}
            self.append(case, "evidence.received", {**received, "received_at": rfc3339(start)}, f"item:{item}")
        self.others()
        case.receipts.append(self.receipt(case))
        return case

    def live(self, case: Case) -> None:
        """Add random further events to the case."""
        waiting = list(case.items)
        self.random.shuffle(waiting)
        steps = [*CLOSED][: self.random.randrange(len(CLOSED) + 1)]
        while waiting or steps:
            self.others()
            if steps and (not waiting or self.random.random() < 0.5):
                self.step(case, steps.pop(0))
            else:
                self.seal(case, waiting.pop())
            if self.random.random() < 0.1:
                break

    def step(self, case: Case, kind: str) -> None:
        names = {"case.decided": "finding", "case.replied": "message"}
        data: Dict = {"rule": self.random.randrange(99), "investigator": None, "note": self.text()}
        if kind in names:
            count = sum(name.startswith(names[kind]) for name in case.documents) + 1
            data[names[kind]] = self.document(case, f"{names[kind]}-{count}")
        self.append(case, kind, data)

    def seal(self, case: Case, item: str) -> None:
        one = case.items[item]
        chosen = self.random.sample([*one.answers], self.random.choice([1, 2]))
        tokens = [
            {
                "authority": name,
                "sha256": hashlib.sha256(one.answers[name][1]).hexdigest(),
                "gen_time": rfc3339(one.answers[name][2]),
            }
            for name in sorted(chosen)
        ]
        self.append(
            case, "evidence.sealed", {"item": item, "sha256": one.sha256, "tokens": tokens}, f"item:{item}"
        )
        for kind in self.random.sample(["sound", "page", "transcript"], self.random.choice([0, 0, 1, 2])):
            content = self.random.randbytes(50)
            digest = hashlib.sha256(content).hexdigest()
            told = {
                "item": item,
                "derivative": "d",
                "kind": kind,
                "number": 1,
                "sha256": digest,
                "from": one.sha256,
            }
            self.append(case, "evidence.derived", told, f"item:{item}")
            number = [*case.items].index(item) + 1
            if self.random.random() < 0.8:
                case.copies[f"copies/E-{number:03d}-{kind}-1.{verifier.COPY_ENDINGS[kind]}"] = content

    # -- papers

    def told(self, case: Case, kinds: tuple[str, ...] = ()) -> Dict:
        """The present "ledger" object, with proofs from earlier sizes."""
        size = len(self.ledger.leaves)
        places = [entry.place for entry in case.entries if not kinds or entry.kind in kinds]
        seen = self.witnessed(below=size)
        earlier = {*self.sizes[-64:], *case.seen, *(anchor[0] for anchor in self.dating(case)), *seen}
        told = self.ledger.told(size, sorted(one for one in earlier if one < size), places)
        told["checkpoint"] = self.looks.get(size, told["checkpoint"])
        return {**told, "witnessed": [*seen.values()]} if seen else told

    def dating(self, case: Case) -> list[tuple[int, str, str, bytes, bytes, datetime]]:
        return [anchor for anchor in self.anchors[-3:] if anchor[0] > case.places[0]]

    def receipt(self, case: Case) -> bytes:
        """The first receipt, or a later one if there is a first."""
        told = self.told(case, ("complaint.filed", "evidence.received", "evidence.sealed"))
        if not case.receipts:
            told = {**told, "consistency": [], "checkpoint": self.ledger.note(len(self.ledger.leaves))}
            told.pop("witnessed", None)
        case.seen.append(len(self.ledger.leaves))
        filed = case.entries[0]
        anchors = [
            {
                "authority": name,
                "gen_time": rfc3339(time),
                "note": note,
                "query": base64.b64encode(query).decode(),
                "response": base64.b64encode(response).decode(),
                "root": authorities().pems[name].decode(),
            }
            for _, name, note, query, response, time in self.dating(case)
        ]
        later: Dict = {"anchors": anchors} if case.receipts else {}
        return signing.sign(
            {
                "format": "holdfast-receipt/1", "reference": case.reference, "case": case.thread,
                "filed_at": filed.content["at"], "issued_at": rfc3339(case.at), "language": "zh-hans",
                "statement": filed.data["statement"], "reporter": filed.data["reporter"],
                "files": [self.line(case, exhibit) for exhibit in self.exhibits(case)],
                "authorities": authorities().listed(), **later, "ledger": told,
            }
        )  # fmt: skip

    def export(self, case: Case) -> None:
        """Give out a bundle, which is an entry of the case."""
        size = len(self.ledger.leaves)
        case.bundles.append(self.bundle(case))
        case.seen.append(size)
        self.append(case, "bundle.exported", {"ledger_size": size})

    def exhibits(self, case: Case) -> list[verifier.Exhibit]:
        return list(verifier.exhibits_of(case.entries).values())

    def sealed(self, case: Case, item: str) -> verifier.Entry | None:
        seals = [one for one in case.entries if one.kind == "evidence.sealed" and one.data["item"] == item]
        return seals[0] if seals else None

    def line(self, case: Case, exhibit: verifier.Exhibit) -> Dict:
        seal = self.sealed(case, exhibit.item)
        told = {name: getattr(exhibit, name) for name in ("item", "sha256", "size", "media_type", "received_at")}
        tokens = list(seal.data["tokens"]) if seal else []
        self.random.shuffle(tokens)
        return {**told, "exhibit": exhibit.label, "name": case.names[exhibit.item], "timestamps": tokens}

    def bundle(self, case: Case) -> dict[str, bytes]:
        """The files of an export of now."""
        withheld = ["reporter"] if self.random.random() < 0.2 else []
        size = len(self.ledger.leaves)
        head = {"reference": case.reference, "case": case.thread, "ledger_size": size}
        head |= {"audience": self.random.choice(["borrower", "office"]), "made_at": rfc3339(case.at)}
        documents = {name: content for name, content in case.documents.items() if name not in withheld}
        payload = {
            "data/report.pdf": self.random.randbytes(60),
            "data/case.json": self.case_json(case, head, documents),
        }
        payload["data/custody.csv"] = verifier.custody_table(case.entries, verifier.exhibits_of(case.entries))
        payload |= {f"data/documents/{name}.json": content for name, content in documents.items()}
        payload |= {
            f"data/{self.original(case, one)}": case.items[one.item].content for one in self.exhibits(case)
        }
        payload |= {f"data/{name}": content for name, content in case.copies.items()}
        tags = {**self.proofs(case), **self.schema(), "VERIFY.txt": b"..."}
        info = bag.info(
            [bag.small(*one) for one in payload.items()], case.at, {"External-Identifier": case.reference}
        )
        members = bag.tagged(
            [bag.small(*one) for one in payload.items()], [bag.small(*one) for one in tags.items()], info
        )
        files = {member.name: b"".join(member.blocks(0, member.size)) for member in members}
        export = {**head, "format": "holdfast-export/1", "manifest": members[-1].sha256, "withheld": withheld}
        files["proofs/export.json"] = signing.sign({**export, "authorities": authorities().listed()})
        return files

    def schema(self) -> dict[str, bytes]:
        """The schema of case.json, which old portals left out."""
        return {verifier.SCHEMA: SCHEMA.read_bytes()} if self.random.random() < 0.5 else {}

    def original(self, case: Case, exhibit: verifier.Exhibit) -> str:
        return f"originals/{exhibit.stem}.{verifier.ENDINGS[case.types[exhibit.item]]}"

    def case_json(self, case: Case, head: Dict, documents: dict[str, bytes]) -> bytes:
        told = {name: verifier.load_json(content, name) for name, content in documents.items()}
        exhibits = []
        said = {one["number"]: one for one in told["statement"]["exhibits"]}
        for one in self.exhibits(case):
            seal = self.sealed(case, one.item)
            copies = {name: content for name, content in case.copies.items() if f"/{one.stem}-" in name}
            exhibits.append(
                {
                    **self.line(case, one),
                    "file": self.original(case, one),
                    "sealed_at": seal.content["at"] if seal else "",
                    "timestamps": seal.data["tokens"] if seal else [],
                    **{name: said[one.number][name] for name in ("name", "description")},
                    "copies": [
                        {
                            "file": name,
                            "kind": name.split("-")[2],
                            "sha256": hashlib.sha256(content).hexdigest(),
                        }
                        for name, content in copies.items()
                    ],
                }
            )
        states = [verifier.STATES[entry.kind] for entry in case.entries if entry.kind in verifier.STATES]
        rest = {
            verifier.plural(kind): [told[name] for name in told if name.startswith(kind)]
            for kind in verifier.NUMBERED
        }
        main = {"statement": told["statement"], "reporter": told.get("reporter"), "state": states[-1]}
        return verifier.canonical({"format": "holdfast-case/1", **head, **main, **rest, "exhibits": exhibits})

    def proofs(self, case: Case) -> dict[str, bytes]:
        told = self.told(case)
        files = {
            "proofs/ledger.json": verifier.canonical(told),
            "proofs/checkpoint": told["checkpoint"].encode(),
            "proofs/ledger.vkey": signing.vkey().encode(),
            "proofs/receipt.json": case.receipts[0],
        }
        for name, pem in authorities().pems.items():
            files[f"proofs/authorities/{verifier.file_label(name)}.pem"] = pem
        for one in self.exhibits(case):
            seal = self.sealed(case, one.item)
            for token in seal.data["tokens"] if seal else []:
                query, response, _ = case.items[one.item].answers[token["authority"]]
                stem = f"proofs/timestamps/{one.stem}.{verifier.file_label(token['authority'])}"
                files |= {f"{stem}.tsq": query, f"{stem}.tsr": response}
        for size, name, note, query, response, time in self.dating(case):
            stem = f"proofs/anchors/{size}.{verifier.file_label(name)}.{time:%Y%m%dT%H%M%SZ}"
            files |= {f"{stem}.note": note.encode(), f"{stem}.tsq": query, f"{stem}.tsr": response}
        return files


class Memory(verifier.Package):
    """A bundle in memory."""

    def __init__(self, files: dict[str, bytes]) -> None:
        self.files = files
        self.set_files([(name, len(content)) for name, content in files.items()])

    def blocks(self, name: str) -> Any:
        yield self.files[name]

    def heads(self) -> Iterator[tuple[str, bytes]]:
        return ((name, self.files[name][: verifier.HEAD]) for name in self.strange)
