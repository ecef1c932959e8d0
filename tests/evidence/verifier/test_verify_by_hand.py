"""The commands of docs/verify-by-hand.md, run as they are written, on a bundle of this portal."""

import re
import subprocess
import zipfile
from datetime import timedelta
from pathlib import Path

import pytest
from django.db.models import F

from complaints.bundles import making
from complaints.bundles.options import Options
from complaints.models import Case
from evidence import holdfast_verify as verifier
from evidence import ledger
from evidence.checking import sealing
from evidence.ledger import checkpoints, signing
from evidence.models import CheckpointToken
from evidence.timestamps import anchoring, authorities
from tests.support import cast, conversation
from tests.support.attacks import Change, add, swap
from tests.support.bundles import Opened, a_copy, opened
from tests.support.kept import kept
from tests.support.services import ROOT

pytestmark = pytest.mark.sqlite_only  # about bundles, whichever database they come from

COMMANDS = "\n".join(
    re.findall(r"^```sh\n(.*?)^```", (ROOT / "docs" / "verify-by-hand.md").read_text(), re.M | re.S)
)


@pytest.fixture
def unpacked(db: None, tmp_path: Path) -> Path:
    """A sealed case of two files as a lawyer has it: a folder, and roots that came another way."""
    archive = tmp_path / "bundle.zip"
    archive.write_bytes(kept("to be verified by hand", _bundle))
    with zipfile.ZipFile(archive) as packed:
        packed.extractall(tmp_path)
        folder = tmp_path / packed.namelist()[0].split("/")[0]
    roots = folder / "ROOTS"
    roots.mkdir()
    (roots / "ledger.vkey").write_text(signing.vkey())
    (roots / "authority.pem").write_bytes(authorities.configured()[0].root)
    return folder


def _bundle() -> bytes:
    files = [("one.png", cast.a_screenshot("one")), ("二.png", cast.a_screenshot("two"))]
    case = cast.file_a_complaint(files=files).case
    for exhibit in case.exhibits.select_related("item"):
        a_copy(exhibit.item, "picture", exhibit.label.encode())
        sealing.seal(exhibit.item)
    later = conversation.sent(
        case, "evidence", "They “wrote”: again.", [("three.png", cast.a_screenshot("three"))]
    )
    sealing.seal(later.exhibits.get().item)
    for _ in range(2):  # two stamped checkpoints, which later ones extend
        checkpoints.current()
        anchoring.anchor()
        CheckpointToken.objects.update(gen_time=F("gen_time") - timedelta(hours=2))
        cast.file_a_complaint(files=[])
    _, chunks = making.stream(case, audience="legal_aid", by=ledger.SYSTEM)
    return b"".join(chunks)


@pytest.fixture
def masked(unpacked: Path) -> Path:
    """The same case for a regulator: names masked, one exhibit left out; and a receipt that somebody kept."""
    case = Case.objects.get(exhibits__number=1)
    options = Options.usual("complaint", hidden=("二",), left_out={2: "chosen"})
    content = b"".join(making.stream(case, options=options)[1])
    (unpacked.parent / "masked.zip").write_bytes(content)
    roots = unpacked.rename(unpacked.parent / "before") / "ROOTS"
    folder = opened(content).folder(unpacked.parent)
    roots.rename(folder / "ROOTS")
    (folder / "ROOTS" / "receipt.json").write_bytes(bytes(case.receipt))
    return folder


def by_hand(folder: Path) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        ["sh", "-c", COMMANDS], cwd=folder, capture_output=True, text=True, timeout=120, check=False
    )


def test_every_proof_of_an_honest_bundle_holds_by_hand(unpacked: Path) -> None:
    done = by_hand(unpacked)
    assert done.returncode == 0, done.stdout + done.stderr
    assert "10 entries, without a gap, are under the signed root" in done.stdout
    assert done.stdout.strip().endswith("every check held")


def test_the_commands_by_hand_accept_a_masked_bundle(masked: Path) -> None:
    assert not (masked / "proofs" / "receipt.json").exists()
    assert [path.name for path in (masked / "data" / "masked").iterdir()] == ["statement.json"]
    done = by_hand(masked)
    assert done.returncode == 0, done.stdout + done.stderr
    assert done.stdout.strip().endswith("every check held")


def one_left_out_without_a_word(bag: Opened) -> None:
    del bag.files["data/originals/E-001.png"]


def a_masked_copy_of_nothing(bag: Opened) -> None:
    told = bag.json("data/masked/statement.json")
    bag.files["data/masked/statement.json"] = verifier.canonical({**told, "original": "0" * 64})


@pytest.mark.parametrize("change", [one_left_out_without_a_word, a_masked_copy_of_nothing])
def test_by_hand_what_the_operator_did_to_a_masked_bundle_is_found(masked: Path, change: Change) -> None:
    bag = opened((masked.parent / "masked.zip").read_bytes())
    change(bag)
    bag.re_sign()
    roots = masked.rename(masked.parent / "honest") / "ROOTS"
    roots.rename(bag.folder(masked.parent) / "ROOTS")
    done = by_hand(masked)
    assert "without a gap" in done.stdout
    assert done.returncode != 0


@pytest.mark.parametrize(
    "name",
    [
        "data/originals/E-001.png",
        "data/documents/statement.json",
        "data/report.pdf",
        "proofs/export.json",
        "proofs/checkpoint",
        "proofs/ledger.json",
        "proofs/receipt.json",
        "proofs/timestamps/E-002.builtin.tsr",
        "data/copies/E-001-picture-1.webp",
        "proofs/anchors/*.note",
        "proofs/anchors/*.tsq",
        "proofs/anchors/*.tsr",
    ],
)
def test_the_commands_by_hand_find_a_changed_byte(unpacked: Path, name: str) -> None:
    file = sorted(unpacked.glob(name))[0]
    content = bytearray(file.read_bytes())
    content[len(content) * 2 // 3] ^= 1
    file.write_bytes(content)
    assert by_hand(unpacked).returncode != 0


def test_by_hand_an_entry_rewritten_together_with_every_list_is_found(unpacked: Path) -> None:
    """The lists of files are made anew by the forger; the root is not his to change."""
    file = unpacked / "proofs" / "ledger.json"
    file.write_text(file.read_text().replace('\\"size\\":', '\\"size\\":1', 1))
    for listing in ("manifest-sha256.txt", "tagmanifest-sha256.txt"):
        names = [line.split("  ", 1)[1] for line in (unpacked / listing).read_text().splitlines()]
        done = subprocess.run(["sha256sum", *names], cwd=unpacked, capture_output=True, text=True, check=True)
        (unpacked / listing).write_text(done.stdout)
    unsigned = COMMANDS.split('test "$(digest < tagmanifest')[0] + COMMANDS.split('proofs/export.json)"\n', 1)[1]
    done = subprocess.run(["sh", "-c", unsigned], cwd=unpacked, capture_output=True, text=True, check=False)
    assert done.returncode != 0
    assert "without a gap" not in done.stdout


def two_swapped(bag: Opened) -> None:
    """With their tokens, so that each still fits its own."""
    for name in ("data/originals/{}.png", "proofs/timestamps/{}.builtin.tsr", "proofs/timestamps/{}.builtin.tsq"):
        swap(name.format("E-001"), name.format("E-002"))(bag)


def one_removed(bag: Opened) -> None:
    bag.files = {name: content for name, content in bag.files.items() if "E-002" not in name}


@pytest.mark.parametrize("change", [two_swapped, one_removed, add("data/originals/E-003.png")])
def test_by_hand_exhibits_that_the_operator_moved_are_found(unpacked: Path, change: Change) -> None:
    bag = opened((unpacked.parent / "bundle.zip").read_bytes())
    change(bag)
    bag.re_sign()
    roots = unpacked.rename(unpacked.parent / "before") / "ROOTS"
    roots.rename(bag.folder(unpacked.parent) / "ROOTS")
    done = by_hand(unpacked)
    assert "without a gap" in done.stdout
    assert done.returncode != 0
