"""Witnesses at the command line, and the examples of the specification."""

import base64
import json
import time
from pathlib import Path
from typing import Any

import pytest

from evidence import holdfast_verify as verifier
from tests.support import changed_keys
from tests.support.attacks import LEDGER
from tests.support.bundles import opened
from tests.support.witnesses import ANNE, BO, Witness

# The example of C2SP tlog-cosignature, of which the witness's key is not published.
MARK = "Az3grlgtzPICa5OS8npVmf1Myq/5IZniMp+ZJurmRDeOoRDe4URYN7u5/Zhcyv2q1gGzGku9nTo+zyWE+xeMcTOAYQ8="
COSIGNATURE = (
    "jWbPPwAAAABkGFDLEZMHwSRaJNiIDoe9DYn/zXcrtPHeolMI5OWXEhZCB9dlrDJsX3b2oyin1nPZqhf5nNo0xUe+mbIUBkBIfZ+qnA=="
)
EXAMPLE = f"""example.com/behind-the-sofa
20852163
CsUYapGGPo4dkMgIAUqom/Xajj7h2fB2MPA3j2jxq2I=

— example.com/behind-the-sofa {MARK}
— witness.example.com/w1 {COSIGNATURE}
"""
# The example of C2SP signed-note
FOO = "example.com/foo+530d903a+AekyeRrm56hApGFkyQR4ZCbV54Id2LKaANYcrnKv3U2k"


def test_the_example_of_the_specification_is_read_as_it_says() -> None:
    note = verifier.parse_note(EXAMPLE)
    name, key_id, data = note.signatures[1]
    assert (name, key_id.hex(), len(data)) == ("witness.example.com/w1", "8d66cf3f", 72)
    assert int.from_bytes(data[:8], "big") == 1679315147  # the time that it gives
    assert verifier.parse_vkey(FOO).id.hex() == "530d903a"


def test_a_cosignature_is_over_the_two_lines_and_the_whole_body() -> None:
    """The message of the specification, byte for byte, signed by a key of ours."""
    body = EXAMPLE.partition("\n\n")[0]
    message = (
        "cosignature/v1\ntime 1679315147\nexample.com/behind-the-sofa\n20852163\n"
        "CsUYapGGPo4dkMgIAUqom/Xajj7h2fB2MPA3j2jxq2I=\n"
    )
    line = ANNE.line_of((1679315147).to_bytes(8, "big") + ANNE.secret.sign(message.encode()))
    note = verifier.parse_note(f"{body}\n\n{line}")
    assert verifier.cosigned_at(note, verifier.witness_keys([ANNE.vkey])) == {
        verifier.witness_keys([ANNE.vkey])[0]: 1679315147
    }
    extended = verifier.parse_note(f"{body}\nan extension\n\n{line}")
    with pytest.raises(verifier.Broken, match="is wrong"):
        verifier.cosigned_at(extended, verifier.witness_keys([ANNE.vkey]))


def test_a_line_of_another_kind_of_key_is_none_of_the_witness() -> None:
    """A key of the same name that signs plain notes has another id (signed-note: ignore unknown keys)."""
    plain = Witness(ANNE.name, 101, kind=1)
    body = EXAMPLE.partition("\n\n")[0] + "\n"
    note = verifier.parse_note(f"{body}\n{plain.line_of(ANNE.secret.sign(body.encode()))}")
    assert verifier.cosigned_at(note, verifier.witness_keys([ANNE.vkey])) == {}


@pytest.mark.parametrize("quorum", ["0", "3", "two", "２", "1_0"])
def test_a_number_of_witnesses_that_cannot_be_is_a_wrong_command(
    quorum: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    with pytest.raises(SystemExit) as ended:
        verifier.main([str(tmp_path), "--witness", ANNE.vkey, "--witness", BO.vkey, "--quorum", quorum])
    assert ended.value.code == 3
    assert "usage:" in capsys.readouterr().err


def test_witnesses_are_named_by_key_or_in_a_file(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    names = tmp_path / "names.txt"
    names.write_text(f"# from their pages\n{BO.vkey}\n")
    verifier.main([str(tmp_path), "--witness", ANNE.vkey, "--witness", str(names), "--quorum", "2", "--json"])
    assert json.loads(capsys.readouterr().out)["result"] == "unreadable"  # of the empty folder alone
    for unfit in ("nobody", str(tmp_path / "none.txt"), f"a+00000000+{base64.b64encode(bytes(33)).decode()}"):
        with pytest.raises(SystemExit) as ended:
            verifier.main([str(tmp_path), "--witness", unfit])
        assert ended.value.code == 3


@pytest.mark.sqlite_only
@pytest.mark.django_db
def test_what_they_saw_before_the_ledgers_key_was_changed_counts_after_it(settings: Any, tmp_path: Path) -> None:
    papers = changed_keys.papers(settings)
    bag, note = opened(papers.new_bundle), papers.old_note.decode()
    note += "".join(one.line(note, int(time.time())) for one in (ANNE, BO))
    bag.files[LEDGER] = verifier.canonical({**bag.json(LEDGER), "witnessed": [note]})
    bag.re_sign()
    keys = [ANNE.vkey, BO.vkey]
    report = verifier.verify(str(bag.zip(tmp_path / "new.zip")), witnesses=keys)
    assert report.first_broken is None
    assert report.vouched
