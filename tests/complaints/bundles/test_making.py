"""The case bundle: what is in it, for whom, whole or not at all, the same again, and read by other tools."""

import csv
import hashlib
import io
import json
import re
import subprocess
import sys
import tracemalloc
import zipfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from django.core.management import CommandError, call_command
from django.utils import translation

from complaints import documents
from complaints.bundles import bag, making, papers
from complaints.bundles.attached import COPIES
from complaints.bundles.options import Options
from complaints.cases import consents, lifecycle
from complaints.conversation import messaging
from complaints.decisions import findings
from complaints.filing import filing, statement
from complaints.models import Case, Complaint, StaffMember, Team
from complaints.staff import access
from evidence import holdfast_verify as verifier
from evidence import ledger
from evidence.ledger import checkpoints, signing
from evidence.models import Checkpoint, EvidenceItem, LedgerEntry
from evidence.storage import vault
from evidence.timestamps import anchoring, authorities
from evidence.viewing import previews
from tests.support import cast, office
from tests.support.bundles import a_copy, exported, opened, seal_all
from tests.support.services import ROOT
from tests.support.witness_server import Witness, cosign


@pytest.fixture
def case(borrower: cast.Filed) -> Case:
    seal_all(borrower.case)
    return borrower.case


def altered(item: EvidenceItem, content: bytes) -> None:
    """Other bytes in the vault under the same item."""
    vault.delete(item.pk)
    vault.store(item.pk, [content], limit=len(content))


def decided(case: Case, team: Team, staff: StaffMember) -> Case:
    """The case, with a finding, a reply, and closed."""
    case = lifecycle.advance(case, "route", by=ledger.SYSTEM, changes={"team": team}, data={"team": team.name})
    case = lifecycle.advance(case, "begin", by=access.actor(staff), staff=staff)
    shown = list(case.exhibits.all())
    written = office.on_all(case, reasons="通话记录显示。", relied_on=shown)
    findings.decide(case, by=staff, written=written)
    case.refresh_from_db()
    messaging.reply(case, by=staff, text="我们已要求停止夜间来电。")
    case.refresh_from_db()
    return lifecycle.advance(case, "close", by=access.actor(staff), staff=staff)


def test_the_bundle_is_a_bag_in_one_folder_named_as_the_case(case: Case) -> None:
    name, chunks = making.stream(case, audience="borrower")
    assert name == f"{case.reference}.zip"
    with zipfile.ZipFile(io.BytesIO(b"".join(chunks))) as archive:
        assert archive.testzip() is None
        assert {info.compress_type for info in archive.infolist()} == {zipfile.ZIP_STORED}
        assert {name.split("/")[0] for name in archive.namelist()} == {case.reference}
        assert all(re.fullmatch(r"[A-Za-z0-9._/-]+", name) for name in archive.namelist())


def test_the_bundle_holds_what_its_contract_says(case: Case) -> None:
    files = opened(exported(case)).files
    assert {
        "bagit.txt",
        "bag-info.txt",
        "manifest-sha256.txt",
        "tagmanifest-sha256.txt",
        "VERIFY.txt",
        "holdfast_verify.py",
        "verify.html",
        "case.schema.json",
        "data/report.pdf",
        "data/case.json",
        "data/contacts.csv",
        "data/custody.csv",
        "data/originals/E-001.png",
        "data/documents/statement.json",
        "data/documents/reporter.json",
        "proofs/ledger.json",
        "proofs/checkpoint",
        "proofs/ledger.vkey",
        "proofs/receipt.json",
        "proofs/export.json",
        "proofs/authorities/builtin.pem",
        "proofs/timestamps/E-001.builtin.tsq",
        "proofs/timestamps/E-001.builtin.tsr",
    } == set(files)


def test_originals_and_documents_are_the_bytes_that_were_kept(case: Case) -> None:
    files = opened(exported(case)).files
    item = EvidenceItem.objects.get(thread=case.thread)
    assert hashlib.sha256(files["data/originals/E-001.png"]).hexdigest() == item.sha256
    assert files["data/documents/statement.json"] == bytes(case.complaint.document)
    assert files["proofs/receipt.json"] == bytes(case.receipt)
    assert files["holdfast_verify.py"] == (ROOT / "evidence/holdfast_verify.py").read_bytes()


def test_copies_for_viewing_come_along_and_are_called_copies(
    case: Case, lawyer: cast.Lawyer, roots: Path, tmp_path: Path
) -> None:
    item = EvidenceItem.objects.get(thread=case.thread)
    kept = {f"data/copies/E-001-{kind}-1.{end}": a_copy(item, kind, kind.encode()) for kind, end in COPIES.items()}
    a_copy(item, "waveform", b"<svg/>")  # the pages' own: it helps nobody to read the case
    broken = a_copy(item, "page", b"page two", number=2)
    vault.delete(broken.pk)
    told = opened(exported(case))
    assert {name for name in told.files if name.startswith("data/copies/")} == set(kept)
    assert told.files["data/copies/E-001-sound-1.m4a"] == b"sound"
    listed = told.json("data/case.json")["exhibits"][0]["copies"]
    assert {f"data/{one['file']}": one["sha256"] for one in listed} == {
        name: made.sha256 for name, made in kept.items()
    }
    done = lawyer.verifies(told.zip(tmp_path / "b.zip"), "--roots", roots)
    assert done.returncode == 0, done.stdout
    assert "copies: 7 of 9 copies for viewing are here, as they were made." in done.stdout


@pytest.mark.parametrize(("said", "copies"), [("He called 13800000000", 0), ("He called", 1)])
def test_of_a_text_that_names_a_number_no_copy_goes_into_a_masked_bundle(db: None, said: str, copies: int) -> None:
    case = cast.file_a_complaint(files=[("chat.txt", said.encode())]).case
    previews.derive(case.exhibits.get().item)
    masked = Options.usual("office", masked=True)
    (attached,) = papers.read(case, options=masked, checkpoint=checkpoints.current()).attached
    assert [copy.file for copy in attached.copies] == ["copies/E-001-text-1.txt"][:copies]


def test_stamped_checkpoints_come_along_and_an_export_of_before_stays_as_it_was(case: Case) -> None:
    first = exported(case)
    pinned = Checkpoint.objects.get(size=opened(first).json("proofs/export.json")["ledger_size"])
    anchoring.anchor()
    again = b"".join(making.stream(case, audience="borrower", checkpoint=pinned)[1])
    assert again == first
    names = [name for name in opened(exported(case)).files if name.startswith("proofs/anchors/")]
    assert sorted(name.rpartition(".")[2] for name in names) == ["note", "tsq", "tsr"]


def test_a_closed_case_brings_its_finding_and_reply(case: Case, south: Team, investigator: StaffMember) -> None:
    closed = decided(case, south, investigator)
    told = opened(exported(closed))
    assert told.json("data/case.json")["state"] == "closed"
    assert told.json("data/documents/finding-1.json")["reasons"] == "通话记录显示。"
    assert told.json("data/documents/message-1.json")["text"] == "我们已要求停止夜间来电。"
    events = [row["event"] for row in csv.DictReader(io.StringIO(told.text("data/custody.csv")))]
    assert events == [
        *("complaint.filed", "evidence.received", "evidence.sealed", "case.routed", "case.begun"),
        *("finding.made", "finding.made", "case.decided", "case.replied", "case.closed"),
    ]


def test_a_closed_case_verifies(
    case: Case, south: Team, investigator: StaffMember, lawyer: cast.Lawyer, tmp_path: Path
) -> None:
    path = tmp_path / "bundle.zip"
    path.write_bytes(exported(decided(case, south, investigator)))
    (tmp_path / "receipt.json").write_bytes(bytes(case.receipt))
    done = lawyer.verifies(path, "--against", tmp_path / "receipt.json")
    assert done.returncode == 0, done.stdout
    assert "All 5 documents are the ones in the ledger." in done.stdout


def test_a_case_whose_evidence_waits_for_its_timestamp_can_be_exported(
    borrower: cast.Filed, lawyer: cast.Lawyer, tmp_path: Path
) -> None:
    path, receipt = tmp_path / "bundle.zip", tmp_path / "receipt.json"
    path.write_bytes(exported(borrower.case))
    receipt.write_bytes(bytes(borrower.case.receipt))
    done = lawyer.verifies(path, "--against", receipt)
    assert done.returncode == 0, done.stdout
    assert "Not sealed yet: E-1" in done.stdout


def test_a_case_without_evidence_can_be_exported(db: None, lawyer: cast.Lawyer, tmp_path: Path) -> None:
    filed = cast.file_a_complaint(files=[])
    path, receipt = tmp_path / "bundle.zip", tmp_path / "receipt.json"
    path.write_bytes(exported(filed.case))
    receipt.write_bytes(bytes(filed.case.receipt))
    assert lawyer.verifies(path, "--against", receipt).returncode == 0


@pytest.mark.django_db
@pytest.mark.parametrize("audience", ["regulator", "complaint"])
def test_the_story_does_not_name_the_borrower_to_those_who_may_not_know(audience: str, tmp_path: Path) -> None:
    case = cast.file_a_complaint(story={"story": "我叫李小梅，他们半夜打来。"}).case
    seal_all(case)
    told = opened(exported(case, audience))
    assert not [name for name, content in told.files.items() if "李小梅".encode() in content]
    assert verifier.verify(str(told.zip(tmp_path / "bundle.zip"))).first_broken is None
    consents.begin(case, ["regulator"])
    named = "李小梅".encode() in opened(exported(case, audience)).files["data/case.json"]
    assert named == (audience == "complaint")


def test_the_regulators_bundle_leaves_the_reporter_out_and_still_verifies(case: Case, tmp_path: Path) -> None:
    content = exported(case, audience="regulator")
    told = opened(content)
    assert "data/documents/reporter.json" not in told.files
    assert told.json("data/case.json")["reporter"] is None
    whole = b"".join(part for name, part in told.files.items() if name != "data/report.pdf")
    assert b"13800138000" not in whole
    assert "李小梅".encode() not in whole
    (tmp_path / "bundle.zip").write_bytes(content)
    report = verifier.verify(str(tmp_path / "bundle.zip"))
    assert report.exit == 2
    assert any("Withheld: reporter" in check.says for check in report.checks)


def test_a_bundle_for_nobody_known_is_refused(case: Case) -> None:
    with pytest.raises(ValueError, match="no bundle is made"):
        making.stream(case, audience="the press")


@pytest.mark.parametrize("language", ["fr", "", "zh-hans"])
def test_a_report_in_a_language_that_there_is_not_is_refused(language: str) -> None:
    with pytest.raises(ValueError, match="no report is made in"):
        Options.usual("borrower", language=language)


def test_the_export_is_on_the_ledger_before_its_first_byte(case: Case, investigator: StaffMember) -> None:
    size = LedgerEntry.objects.count()
    _, chunks = making.stream(case, audience="office", by=access.actor(investigator))
    entry = ledger.content_of(LedgerEntry.objects.get(index=size))
    told = opened(b"".join(chunks))
    assert entry["kind"] == "bundle.exported"
    assert entry["by"] == {"role": "investigator", "id": str(investigator.uid)}
    manifest = hashlib.sha256(told.files["tagmanifest-sha256.txt"]).hexdigest()
    assert entry["data"].pop("read_at") <= entry["at"]
    assert entry["data"] == {"manifest": manifest, "ledger_size": size, "audience": "office"}
    assert "bundle.exported" not in told.text("data/custody.csv")
    assert "bundle.exported" in opened(exported(case)).text("data/custody.csv")


def test_an_export_can_be_made_again_to_the_byte(case: Case, south: Team, investigator: StaffMember) -> None:
    first = exported(case)
    pinned = Checkpoint.objects.get(size=opened(first).json("proofs/export.json")["ledger_size"])
    decided(case, south, investigator)
    again = b"".join(making.stream(case, audience="borrower", checkpoint=pinned)[1])
    assert again == first
    assert exported(case) != first


@pytest.mark.parametrize(("fault", "word"), [("missing", "missing"), ("altered", "altered")])
def test_an_original_at_fault_stops_the_export_before_it_begins(case: Case, fault: str, word: str) -> None:
    item = EvidenceItem.objects.get(thread=case.thread)
    if fault == "missing":
        vault.delete(item.pk)
    else:
        altered(item, b"x" * item.size)
    with pytest.raises(making.NotWhole, match=f"E-1 .*{word}"):
        making.stream(case, audience="borrower")
    item.refresh_from_db()
    assert item.fault == fault
    kinds = [entry.kind for entry in ledger.history(case.thread)]
    assert kinds[-1] == "evidence.fault"
    assert "bundle.exported" not in kinds


def test_a_document_altered_in_the_database_stops_the_export(case: Case) -> None:
    document = bytes(case.complaint.document).replace(b'"kind":"statement"', b'"kind":"Statement"')
    Complaint.objects.filter(case=case).update(document=document)
    with pytest.raises(making.NotWhole, match="“statement” is missing or was altered"):
        making.stream(case, audience="borrower")
    Complaint.objects.filter(case=case).delete()
    with pytest.raises(making.NotWhole, match="“statement” is missing or was altered"):
        making.stream(case, audience="borrower")
    assert "bundle.exported" not in [entry.kind for entry in ledger.history(case.thread)]


def test_an_original_altered_while_it_streams_breaks_the_stream_off(case: Case) -> None:
    _, chunks = making.stream(case, audience="borrower")
    item = EvidenceItem.objects.get(thread=case.thread)
    altered(item, b"x" * item.size)
    with pytest.raises(vault.Altered):
        list(chunks)


def test_a_fault_is_said_in_the_readers_language(case: Case) -> None:
    vault.delete(EvidenceItem.objects.get(thread=case.thread).pk)
    with translation.override("zh-hans"), pytest.raises(making.NotWhole, match="E-1 的文件不见了"):
        making.stream(case, audience="borrower")


def test_bagit_accepts_the_unpacked_bundle(case: Case, tmp_path: Path) -> None:
    path = tmp_path / "bundle.zip"
    path.write_bytes(exported(case))
    with zipfile.ZipFile(path) as archive:
        archive.extractall(tmp_path / "out")
    tool = Path(sys.executable).with_name("bagit.py")
    command = [sys.executable, str(tool), "--validate", str(tmp_path / "out" / case.reference)]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr


def commands_of(text: str) -> Iterator[str]:
    """The shell commands of VERIFY.txt's second part, as written."""
    by_hand = text[text.index("2. By hand") : text.index("3. Which tool")]
    blocks = re.findall(r"(?:^    .*\n)+", by_hand, re.M)
    yield from (block for block in blocks if "Get-Content" not in block)


def roots_beside(folder: Path) -> None:
    roots = folder.parent / "ROOTS"
    roots.mkdir(exist_ok=True)
    (roots / "ledger.vkey").write_text(f"{signing.vkey()}\n")
    (roots / "ROOT.pem").write_bytes(authorities.configured()[0].root)


def test_verify_txt_works_word_for_word(case: Case, tmp_path: Path) -> None:
    cosign(checkpoints.current(), Witness("w.example/1"), Witness("w.example/2"))
    anchoring.anchor()
    folder = opened(exported(case)).folder(tmp_path)
    assert "w.example/2" in (folder / "proofs" / "checkpoint").read_text()
    roots_beside(folder)
    blocks = list(commands_of((folder / "VERIFY.txt").read_text()))
    assert len(blocks) == 5
    for block in blocks * 2:
        done = subprocess.run(["sh", "-ec", block], cwd=folder, capture_output=True, text=True, check=False)
        assert done.returncode == 0, (block, done.stderr)
        assert "fail" not in (done.stdout + done.stderr).lower()
    (folder.parent / "receipt.json").write_bytes(bytes(case.receipt))
    assert verifier.verify(str(folder), [str(folder.parent / "receipt.json")]).exit == 0


def test_verify_txt_names_the_case_and_the_verifiers_digest(case: Case) -> None:
    told = opened(exported(case))
    text = told.text("VERIFY.txt")
    assert case.reference in text
    assert hashlib.sha256(told.files["holdfast_verify.py"]).hexdigest() in text
    assert "@" not in text


def test_the_command_writes_a_bundle_whole(case: Case, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    target = tmp_path / "bundle.zip"
    target.write_bytes(b"an older one")
    call_command("export_bundle", case.reference, to=target)
    assert [path.name for path in tmp_path.iterdir()] == ["bundle.zip"]
    with pytest.raises(SystemExit) as ended:
        call_command("verify", str(target))
    assert ended.value.code == 0
    assert "VERIFIED" in capsys.readouterr().out


def test_verify_answers_in_json_and_finds_a_foreign_bundle(
    case: Case, tmp_path: Path, capsys: pytest.CaptureFixture[str], settings: Any
) -> None:
    target = tmp_path / "bundle.zip"
    target.write_bytes(exported(case))
    settings.LEDGER_SIGNING_KEY = "A" * 43 + "="
    with pytest.raises(SystemExit) as ended:
        call_command("verify", str(target), json=True)
    assert ended.value.code == 1
    assert json.loads(capsys.readouterr().out)["first_broken"] == "key"


@pytest.mark.parametrize(
    "reference", ["HF-2026-999999", "HF-1999-000001", "nonsense", "", "-", "HF-2026-" + "9" * 40]
)
def test_an_unknown_case_is_said(db: None, reference: str, tmp_path: Path) -> None:
    with pytest.raises(CommandError, match="There is no case"):
        call_command("export_bundle", reference, to=tmp_path / "b.zip")


def test_no_half_file_is_left(case: Case, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def breaks(*_: Any) -> Iterator[bytes]:
        yield b"half"
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(bag.Archive, "read", breaks)
    with pytest.raises(CommandError, match="No space left on device"):
        call_command("export_bundle", case.reference, to=tmp_path / "b.zip")
    assert list(tmp_path.iterdir()) == []


def test_a_missing_folder_and_a_fault_are_said(case: Case, tmp_path: Path) -> None:
    with pytest.raises(CommandError, match="There is no folder"):
        call_command("export_bundle", case.reference, to=tmp_path / "none" / "b.zip")
    vault.delete(EvidenceItem.objects.get(thread=case.thread).pk)
    with pytest.raises(CommandError, match="is missing"):
        call_command("export_bundle", case.reference, to=tmp_path / "b.zip")


def test_a_large_bundle_streams_in_little_memory(db: None, tmp_path: Path) -> None:
    """Forty megabytes, a few of them at a time."""
    picture = cast.a_screenshot() + bytes(40 << 20)
    filed = cast.file_a_complaint(files=[("big.png", picture)])
    del picture
    _, chunks = making.stream(filed.case, audience="borrower")
    tracemalloc.start()
    total = sum(len(chunk) for chunk in chunks)
    _, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert total > 40 << 20
    assert peak < 4 << 20


# What the borrower told of contacts and files


def test_contacts_csv_has_a_row_a_contact_from_the_statement(case: Case) -> None:
    rows = list(
        csv.DictReader(opened(exported(case)).text("data/contacts.csv").removeprefix("\ufeff").splitlines())
    )
    assert [row["contact"] for row in rows] == ["1", "2"]
    assert (rows[0]["when"], rows[0]["channel"], rows[0]["said"]) == (
        "2026-11-20 23:41",
        "call",
        "说要去我孩子的学校",
    )
    assert (rows[1]["precision"], rows[1]["disclosed"]) == ("day", "yes")


@pytest.mark.django_db
def test_no_cell_of_contacts_csv_is_a_formula() -> None:
    hostile = {"key": "a", "number": "+86 571", "said": '=HYPERLINK("x")\n@y', "claimed": "-1"}
    told = opened(exported(cast.file_a_complaint(files=[], contacts={"acts": [hostile]}).case))
    row = next(csv.DictReader(io.StringIO(told.text("data/contacts.csv").removeprefix("\ufeff"), newline="")))
    assert (row["number"], row["said"], row["claimed"]) == ("'+86 571", '\'=HYPERLINK("x")\n@y', "'-1")


HOSTILE = {"key": "a", "number": "＋86 571", "said": "＝1+1", "claimed": "\u3000=1"}


def with_signs_of_any_width() -> Case:
    return cast.file_a_complaint(files=[], contacts={"acts": [HOSTILE]}).case


@pytest.mark.django_db
def test_no_cell_of_contacts_csv_is_a_formula_in_another_width(lawyer: cast.Lawyer, tmp_path: Path) -> None:
    path = tmp_path / "bundle.zip"
    path.write_bytes(exported(with_signs_of_any_width()))
    told = opened(path.read_bytes())
    row = next(csv.DictReader(io.StringIO(told.text("data/contacts.csv").removeprefix("\ufeff"), newline="")))
    assert (row["number"], row["said"]) == ("'＋86 571", "'＝1+1")
    assert told.json("data/case.json")["contacts_table"] == 2
    assert lawyer.verifies(path).returncode == 2


@pytest.mark.django_db
def test_a_bundle_whose_contacts_were_guarded_less_verifies_for_ever(
    lawyer: cast.Lawyer, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    case, path = with_signs_of_any_width(), tmp_path / "old.zip"
    with monkeypatch.context() as then:
        then.setattr(verifier, "NEWEST_TABLE", 1)
        path.write_bytes(exported(case))
    told = opened(path.read_bytes())
    assert "'＝" not in told.text("data/contacts.csv")
    assert "contacts_table" not in told.json("data/case.json")
    assert lawyer.verifies(path).returncode == 2


def a_series() -> Case:
    act = {
        "key": "a",
        "when": "2026-11-20 09:00",
        "precision": "exact",
        "times": "12",
        "until": "2026-11-20 21:30",
    }
    return cast.file_a_complaint(files=[], contacts={"acts": [act]}).case


@pytest.mark.django_db
def test_several_contacts_in_a_row_have_two_more_columns(lawyer: cast.Lawyer, tmp_path: Path) -> None:
    path = tmp_path / "bundle.zip"
    path.write_bytes(exported(a_series()))
    told = opened(path.read_bytes())
    row = next(csv.DictReader(io.StringIO(told.text("data/contacts.csv").removeprefix("\ufeff"), newline="")))
    assert (row["times"], row["until"]) == ("12", "2026-11-20 21:30")
    assert told.json("data/case.json")["contacts_table"] == 3
    assert lawyer.verifies(path).returncode == 2


@pytest.mark.django_db
def test_a_table_without_their_number_is_not_what_the_statement_says(
    lawyer: cast.Lawyer, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    case, path = a_series(), tmp_path / "fewer.zip"
    with monkeypatch.context() as then:
        then.setattr(verifier, "NEWEST_TABLE", 2)
        path.write_bytes(exported(case))
    assert "contacts.csv does not say what the statement says" in lawyer.verifies(path).stdout


def test_contacts_that_every_version_writes_alike_name_none(case: Case) -> None:
    assert "contacts_table" not in opened(exported(case)).json("data/case.json")


@pytest.mark.django_db
def test_a_statement_from_before_contacts_has_no_list_of_them(lawyer: cast.Lawyer, tmp_path: Path) -> None:
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(
            statement, "document", without(documents.document, "contacts", "court", "numbers", "relation")
        )
        case = cast.file_a_complaint(files=[]).case
    told = opened(exported(case))
    assert "data/contacts.csv" not in told.files
    path = tmp_path / "old.zip"
    path.write_bytes(exported(case))
    assert lawyer.verifies(path).returncode == 2


def without(document: Any, *names: str) -> Any:
    """A document as it was made before it had these fields."""
    return lambda kind, **fields: document(kind, **{key: told for key, told in fields.items() if key not in names})


def test_case_json_tells_what_was_declared_of_a_file(db: None) -> None:
    draft, code = cast.a_draft()
    draft.exhibits.update(declared={"captured": "2026-11-20"}, is_authority=True)
    told = json.loads(opened(exported(filing.file(draft, code))).files["data/case.json"])
    assert told["exhibits"][0]["declared"] == {"captured": "2026-11-20"}
    assert told["exhibits"][0]["authority"] is True
    assert told["reporter"]["may_see_name"] == []
