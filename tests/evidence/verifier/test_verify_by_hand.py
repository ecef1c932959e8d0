"""The commands of docs/verify-by-hand.md, run as they are written, on a bundle of this portal."""

import os
import re
import shlex
import shutil
import subprocess
from collections.abc import Sequence
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from complaints.bundles import making
from complaints.bundles.options import Options
from complaints.models import Case
from evidence import holdfast_verify as verifier
from evidence.checking import sealing
from evidence.ledger import checkpoints, signing
from evidence.receiving import formats, known
from evidence.receiving.known import Format
from evidence.timestamps import anchoring, authorities
from tests.support import cast, changed_keys, conversation
from tests.support.additions import in_entry, signed, written
from tests.support.attacks import (
    COPY,
    EXPORT,
    LEDGER,
    ORIGINAL,
    OTHER_COPY,
    QUERY,
    RECEIPT,
    REPORTER,
    STATEMENT,
    TOKEN,
    Change,
    add,
    remove,
    rename,
    swap,
)
from tests.support.bundles import Opened, a_copy, opened
from tests.support.kept import kept
from tests.support.services import ROOT
from tests.support.witness_server import Witness, cosign

pytestmark = pytest.mark.sqlite_only  # about bundles, whichever database they come from

COMMANDS = "\n".join(
    re.findall(r"^```sh\n(.*?)^```", (ROOT / "docs" / "verify-by-hand.md").read_text(), re.M | re.S)
)


@pytest.fixture
def unpacked(db: None, tmp_path: Path) -> Path:
    """A sealed case of two files as a lawyer has it: a folder, and roots beside it that came another way."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(anchoring, "EVERY", timedelta(0))
        content = kept("to be verified by hand", _bundle)
    (tmp_path / "bundle.zip").write_bytes(content)
    roots = tmp_path / "ROOTS"
    roots.mkdir()
    (roots / "ledger.vkey").write_text(signing.vkey())
    (roots / "authority.pem").write_bytes(authorities.configured()[0].root)
    return opened(content).folder(tmp_path)


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
    for _ in range(2):  # two stamped and cosigned checkpoints, which later ones extend
        cosign(checkpoints.current(), Witness())
        anchoring.anchor()
        cast.file_a_complaint(files=[])
    cosign(checkpoints.current(), Witness(), Witness("w.example/2"))
    _, chunks = making.stream(case, audience="borrower")
    return b"".join(chunks)


@pytest.fixture
def masked(unpacked: Path) -> Path:
    """The same case for a regulator: names masked, one exhibit left out; and a receipt that somebody kept."""
    case = Case.objects.get(exhibits__number=1)
    options = Options.usual("complaint", hidden=("二",), left_out={2: "chosen"})
    content = b"".join(making.stream(case, options=options)[1])
    (unpacked.parent / "masked.zip").write_bytes(content)
    (unpacked.parent / "ROOTS" / "receipt.json").write_bytes(bytes(case.receipt))
    shutil.rmtree(unpacked)
    return opened(content).folder(unpacked.parent)


def by_hand(folder: Path, shell: Sequence[str] = ("sh",), **environment: str) -> subprocess.CompletedProcess[str]:
    """Follow the page, in the folder that has the bundle and ROOTS."""
    return subprocess.run(
        [*shell, "-c", COMMANDS],
        cwd=folder.parent,
        env={**os.environ, **environment},
        capture_output=True,
        text=True,
        timeout=240,
        check=False,
    )


def changed(folder: Path, change: Change, archive: str = "bundle.zip") -> Path:
    """The bundle as an operator who has the portal's key signs it after the change."""
    bag = opened((folder.parent / archive).read_bytes())
    change(bag)
    bag.re_sign()
    shutil.rmtree(folder)
    return bag.folder(folder.parent)


TOOLS = (
    *("sh", "cat", "cut", "tr", "od", "tail", "head", "grep", "sort", "cmp", "find"),
    *("rm", "mkdir", "wc", "shasum", "bc", "perl"),
)


def of_a_mac(folder: Path) -> Path:
    """A folder with the tools that the page needs, and no others; some can do no more than those of macOS."""
    tools = folder / "tools"
    tools.mkdir()
    for name in TOOLS:
        (tools / name).symlink_to(str(shutil.which(name)))
    knows = {"openssl": "-rawin", "sed": r"\n"}  # what the tool of macOS does not know
    for name, unknown in knows.items():
        script = (
            f'#!/bin/sh\ncase "$*" in *{shlex.quote(unknown)}*) exit 1 ;; esac\nexec {shutil.which(name)} "$@"\n'
        )
        if name == "openssl":
            script = script.replace("case", 'if [ "$*" = "pkeyutl -help" ]; then exit 0; fi\ncase', 1)
        (tools / name).write_text(script)
        (tools / name).chmod(0o755)
    return tools


SHELLS = {"dash": ["dash"], "bash": ["bash", "--posix"], "busybox": ["busybox", "sh"]}


def test_every_proof_of_an_honest_bundle_holds_by_hand(unpacked: Path) -> None:
    """Twice in a row, and nothing is left in the bundle."""
    for _ in range(2):
        done = by_hand(unpacked)
        assert done.returncode == 0, done.stdout + done.stderr
        assert "10 entries, without a gap, are under the signed root" in done.stdout
        assert done.stdout.strip().endswith("every check held")
    assert verifier.verify(str(unpacked), roots=str(unpacked.parent / "ROOTS")).exit == 0


@pytest.mark.long
@pytest.mark.parametrize("shell", SHELLS)
def test_the_page_works_in_every_shell(unpacked: Path, shell: str) -> None:
    if not shutil.which(SHELLS[shell][0]):
        pytest.skip(f"there is no {shell} here")
    done = by_hand(unpacked, SHELLS[shell])
    assert done.returncode == 0, done.stdout + done.stderr
    assert done.stdout.strip().endswith("every check held")


@pytest.mark.long
@pytest.mark.skipif(not all(map(shutil.which, TOOLS)), reason="a tool that every Mac has is not here")
def test_the_page_works_with_the_tools_of_a_mac(unpacked: Path) -> None:
    tools = of_a_mac(unpacked.parent)
    done = by_hand(unpacked, PATH=str(tools))
    assert done.returncode == 0, done.stdout + done.stderr
    assert done.stdout.strip().endswith("every check held")
    note = unpacked / "proofs" / "checkpoint"
    lines = note.read_text().splitlines(keepends=True)
    lines[4] = lines[4][:-8] + "AAAAAA=\n"
    note.write_text("".join(lines))
    skip_lists = COMMANDS[: COMMANDS.index('cat "$bundle/manifest')] + COMMANDS[COMMANDS.index("use_key() {") :]
    done = subprocess.run(
        [str(tools / "sh"), "-c", skip_lists],
        cwd=unpacked.parent,
        env={"PATH": str(tools)},
        capture_output=True,
        text=True,
        check=False,
    )
    assert "by-hand/note is not what the ledger's key signed" in done.stderr


@pytest.mark.long
def test_the_page_works_after_the_key_was_changed(db: None, tmp_path: Path, settings: Any) -> None:
    papers = changed_keys.papers(settings, (changed_keys.NEW, changed_keys.NEWEST))
    (tmp_path / "ROOTS").mkdir()
    (tmp_path / "ROOTS" / "ledger.vkey").write_text(papers.all_keys)
    (tmp_path / "ROOTS" / "authority.pem").write_bytes(authorities.configured()[0].root)
    for bundle in (papers.old_bundle, papers.new_bundle):
        folder = opened(bundle).folder(tmp_path)
        done = by_hand(folder)
        assert done.returncode == 0, done.stdout + done.stderr
        assert done.stdout.strip().endswith("every check held")
        shutil.rmtree(folder)


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


@pytest.mark.long
@pytest.mark.parametrize("change", [one_left_out_without_a_word, a_masked_copy_of_nothing])
def test_by_hand_what_the_operator_did_to_a_masked_bundle_is_found(masked: Path, change: Change) -> None:
    done = by_hand(changed(masked, change, "masked.zip"))
    assert "without a gap" in done.stdout
    assert done.returncode != 0


@pytest.mark.long
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
    start = COMMANDS.index('test "$(digest < "$bundle/tagmanifest')
    unsigned = COMMANDS[:start] + COMMANDS[COMMANDS.index("thread=", start) :]
    done = subprocess.run(["sh", "-c", unsigned], cwd=unpacked.parent, capture_output=True, text=True, check=False)
    assert done.returncode != 0
    assert "without a gap" not in done.stdout


def two_swapped(bag: Opened) -> None:
    """With their tokens, so that each still fits its own."""
    for name in ("data/originals/{}.png", "proofs/timestamps/{}.builtin.tsr", "proofs/timestamps/{}.builtin.tsq"):
        swap(name.format("E-001"), name.format("E-002"))(bag)


def one_removed(bag: Opened) -> None:
    bag.files = {name: content for name, content in bag.files.items() if "E-002" not in name}


def a_token_and_its_query_dropped(bag: Opened) -> None:
    remove(TOKEN)(bag)
    remove(QUERY)(bag)


def all_tokens_dropped(bag: Opened) -> None:
    bag.files = {name: content for name, content in bag.files.items() if "/timestamps/" not in name}


def statement_withheld(bag: Opened) -> None:
    remove(STATEMENT)(bag)
    export = bag.json(EXPORT)
    bag.files[EXPORT] = verifier.canonical({**export, "withheld": [*export["withheld"], "statement"]})


def a_receipt_that_lists_no_files(bag: Opened) -> None:
    receipt = bag.json(RECEIPT)
    del receipt["signature"]
    bag.files[RECEIPT] = signing.sign({**receipt, "files": []})


def no_consistency_proofs(bag: Opened) -> None:
    bag.files[LEDGER] = verifier.canonical({**bag.json(LEDGER), "consistency": []})


def left_out_yet_there(bag: Opened) -> None:
    bag.files[EXPORT] = verifier.canonical({**bag.json(EXPORT), "left_out": {"E-1": "chosen"}})


def an_anchor_of_2019(bag: Opened) -> None:
    stem = next(name for name in bag.files if name.endswith(".note")).removesuffix(".note")
    for end in ("note", "tsq", "tsr"):
        rename(f"{stem}.{end}", f"{stem.rpartition('.')[0]}.20190101T000000Z.{end}")(bag)


def in_the_export(**fields: Any) -> Change:
    return lambda bag: bag.files.__setitem__(EXPORT, verifier.canonical({**bag.json(EXPORT), **fields}))


def october(receipt: dict[str, Any]) -> None:
    receipt["files"][0]["received_at"] = "2026-10-01T00:00:00.000000Z"


def a_line_in_bag_info(bag: Opened) -> None:
    bag.files["bag-info.txt"] += b"Contact-Name: Supreme Court\n"


BY_THE_OPERATOR: dict[str, tuple[Change, str]] = {
    "two exhibits swapped": (two_swapped, "data/originals/E-001.png is not the file"),
    "an exhibit removed": (one_removed, "data/originals/E-002.png"),
    "an exhibit added": (add("data/originals/E-003.gif"), "an original that the ledger does not have"),
    "the statement dropped": (remove(STATEMENT), "data/documents/statement.json"),
    "the statement withheld": (statement_withheld, "statement cannot be withheld"),
    "statement and reporter swapped": (swap(STATEMENT, REPORTER), "statement is not the one"),
    "the statement replaced by a second reporter.json": (
        lambda bag: bag.files.__setitem__(STATEMENT, bag.files[REPORTER]),
        "statement is not the one",
    ),
    "a document added": (add("data/documents/finding-1.json"), "a document that the ledger does not have"),
    "an exhibit renamed .exe": (rename(ORIGINAL, "data/originals/E-001.exe"), "data/originals/E-001.png"),
    "copies swapped": (swap(COPY, OTHER_COPY), "is not the copy that was made"),
    "a copy renamed .html": (rename(COPY, COPY.replace(".webp", ".html")), "is not the copy that was made"),
    "a token and its query dropped": (a_token_and_its_query_dropped, "a token of E-1 is missing"),
    "a query dropped": (remove(QUERY), ""),
    "a token added": (add("proofs/timestamps/E-001.more.tsr"), "a token that the ledger does not have"),
    "all tokens dropped": (all_tokens_dropped, "a token of E-1 is missing"),
    "a receipt that lists no files": (a_receipt_that_lists_no_files, "the receipt does not list E-1"),
    "no consistency proofs": (no_consistency_proofs, "does not extend"),
    "E-1 left out, yet there": (left_out_yet_there, "an original that the ledger does not have"),
    "a file added": (add("proofs/authorities/start.bat"), "proofs/authorities/start.bat does not belong here"),
    "a page added": (add("OPEN-ME.html"), "OPEN-ME.html does not belong here"),
    "a stamped checkpoint of 2019": (an_anchor_of_2019, "is named after another time than its stamp"),
    "a note that is not stamped": (add("proofs/anchors/9.x.20260101T000000Z.note"), "is no stamped checkpoint"),
    "another reference": (in_the_export(reference="HF-2020-000001"), "of another case"),
    "another size": (in_the_export(ledger_size=5), "a ledger of another size"),
    "E-1 left out for no reason": (in_the_export(left_out={"E-1": "so"}), "left out for no known reason"),
    "a masked copy of nothing": (in_the_export(masked=["x"]), "masks a document that the ledger does not have"),
    "another key in the bundle": (written("proofs/ledger.vkey", b"court+00000000+AAAA"), "names another key"),
    "a line in bag-info.txt": (a_line_in_bag_info, "a line that no bundle has"),
    "a receipt of October": (
        signed(RECEIPT, lambda it: it.update(filed_at="2026-10-01T00:00:00.000000Z")),
        "another time of filing",
    ),
    "E-1 received in October": (signed(RECEIPT, october), "does not list E-1 as the ledger has it"),
    "a receipt of another case": (signed(RECEIPT, lambda it: it.update(case="case:x")), "is of another case"),
    "an entry dated back": (
        in_entry(-1, lambda it: it.update(at="2026-01-01T00:00:00.000000Z")),
        "is older than one",
    ),
}


@pytest.mark.long
@pytest.mark.parametrize("change", BY_THE_OPERATOR)
def test_by_hand_what_the_operator_changed_and_signed_again_is_found(unpacked: Path, change: str) -> None:
    does, says = BY_THE_OPERATOR[change]
    done = by_hand(changed(unpacked, does))
    assert done.returncode != 0
    assert says in done.stderr


def test_a_file_that_anybody_added_is_found(unpacked: Path) -> None:
    (unpacked / "data" / "judgment.pdf").write_bytes(b"added")
    assert "a file was added or is missing" in by_hand(unpacked).stderr


def test_the_page_knows_the_documents_and_endings_that_the_verifier_knows(tmp_path: Path) -> None:
    named = re.findall(r"^([a-z_]+\.[a-z_]+) ([a-z]+)$", COMMANDS, re.M)
    assert named == [(kind, field) for kind, fields in verifier.DOCUMENTS.items() for field in fields]
    function = re.search(r"^ending_of\(\) \{.*?^\}", COMMANDS, re.M | re.S)
    assert function
    listed = [*known_formats()]
    asked = "\n".join(f"ending_of {one.media_type}" for one in listed)
    done = subprocess.run(["sh", "-c", f"{function[0]}\n{asked}"], capture_output=True, text=True, check=True)
    assert done.stdout.split() == [one.extension for one in listed]


def known_formats() -> set[Format]:
    in_rows = [one for _, one in known.BEGINNINGS] + [one for row in formats.MOVIES for one in row[1:]]
    alone = [one for one in vars(known).values() if isinstance(one, Format)]
    return {*alone, *in_rows, *known.RIFF.values()}
