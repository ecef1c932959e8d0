"""The Python verifier speaks Chinese: every sentence that it may say has its Chinese, in the page's words."""

import ast
import json
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from evidence import holdfast_verify as verifier

SOURCE = Path(verifier.__file__)
WORDS = re.compile(r"[A-Za-z}] [A-Za-z{(]")  # two words beside each other
TABLES = ("CHINESE", "MASKS", "VERDICTS", "REMARKS", "kept", "CUSTODY_EVENTS", "CUSTODY_ROLES")
NOT_SAID = {"¤ UTC¤", "Holdfast case bundle, version 1", "self-consistent only", "against ¤", "kept ¤", "¤  ¤¤¤"}


def strings(tree: ast.AST) -> Iterator[str]:
    """The strings of the code, each expression of an f-string as ¤. Without docstrings, tables and argparse's."""
    hidden = {id(part) for node in ast.walk(tree) for part in not_sentences(node)}
    for node in ast.walk(tree):
        if id(node) in hidden:
            continue
        if isinstance(node, ast.JoinedStr):
            yield "".join(str(part.value) if isinstance(part, ast.Constant) else "¤" for part in node.values)
        elif isinstance(node, ast.Constant) and isinstance(node.value, str):
            yield node.value


def not_sentences(node: ast.AST) -> Iterator[ast.AST]:
    if isinstance(node, ast.Module | ast.ClassDef | ast.FunctionDef) and isinstance(node.body[0], ast.Expr):
        yield node.body[0].value
    if isinstance(node, ast.JoinedStr):
        yield from (part for value in node.values for part in ast.walk(value))
    if isinstance(node, ast.Assign) and ast.unparse(node.targets[0]) in TABLES:
        yield from ast.walk(node.value)
    if isinstance(node, ast.Call) and ast.unparse(node.func) in ("_Parser", "parser.add_argument"):
        yield from ast.walk(node)


def sentences() -> list[str]:
    """Each sentence that the verifier may say, with ¤ for what it fills in. A remark is a sentence of its own."""
    found = (text.strip().replace(".¤", ".") for text in strings(ast.parse(SOURCE.read_text(encoding="utf-8"))))
    return sorted({text for text in found if WORDS.search(text)} - NOT_SAID)


def test_every_sentence_has_its_chinese() -> None:
    assert len(sentences()) > 250
    assert [text for text in sentences() if verifier.chinese(text) == text] == []


def test_both_languages_fill_in_the_same() -> None:
    for english, chinese in verifier.CHINESE.items():
        assert sorted(verifier.BRACES.findall(english)) == sorted(verifier.BRACES.findall(chinese)), english
        assert re.search("[\u4e00-\u9fff]", chinese), english


def test_a_sentence_in_a_sentence_is_translated_and_a_name_is_not() -> None:
    says = "the timestamp of E-1 by the token does not hold: the token is for other bytes"
    assert verifier.chinese(says) == "E-1 由 时间戳 签发的时间戳不成立：时间戳针对的是别的字节"
    assert verifier.chinese("a note.txt is missing") == "缺少 a note.txt"
    assert verifier.chinese("nobody ever says this") == "nobody ever says this"


def test_several_sentences_are_translated_one_by_one() -> None:
    says = "All 3 originals are the bytes that were received. Left out: E-1, E-2."
    assert verifier.chinese(says) == "3 份原件都是收到时的原始字节。未收入：E-1, E-2。"
    stamped = "The ledger up to {} entries existed at 2026, by X."
    twice = " ".join(stamped.format(size) for size in (3, 9))
    in_chinese = "".join(f"存证账本的前 {size} 条在 2026 已经存在（X）。" for size in (3, 9))
    assert verifier.chinese(twice) == in_chinese


def test_the_zone_of_the_times_is_said(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    for language, says in (("en", "Times are in UTC."), ("zh", "世界协调时（UTC）")):
        verifier.main([str(tmp_path / "none.zip"), "--lang", language])
        assert says in capsys.readouterr().out


def test_a_hostile_sentence_does_not_take_long() -> None:
    for part in ("A. ", "the stamp of ", "is missing. It ", ": ", "¤ does not belong here: "):
        assert len(verifier.chinese(part * (1000 // len(part)))) <= 4000


def test_the_codes_of_json_are_the_same_in_each_language(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    answers = []
    for language in ([], ["--lang", "en"], ["--lang", "zh"]):
        verifier.main([str(tmp_path / "none.zip"), "--json", *language])
        answers.append(json.loads(capsys.readouterr().out))
    assert answers[0] == answers[1]
    assert answers[0]["result"] == answers[2]["result"]
    assert [one["name"] for one in answers[0]["checks"]] == [one["name"] for one in answers[2]["checks"]]
    assert "is not there" in answers[0]["checks"][0]["says"]
    assert "找不到" in answers[2]["checks"][0]["says"]


@pytest.mark.parametrize(
    ("environment", "language"),
    [
        ({}, "en"),
        ({"LANG": "C.UTF-8"}, "en"),
        ({"LANG": "zh_CN.UTF-8"}, "zh"),
        ({"LANG": "zh_CN.UTF-8", "LC_ALL": "en_GB.UTF-8"}, "en"),
        ({"LANG": "en_US.UTF-8", "LANGUAGE": "zh_CN:en"}, "zh"),
    ],
)
def test_a_chinese_system_is_answered_in_chinese(
    environment: dict[str, str],
    language: str,
    monkeypatch: pytest.MonkeyPatch,
    tmp_path: Path,
    capsys: pytest.CaptureFixture[str],
) -> None:
    for name in ("LC_ALL", "LC_MESSAGES", "LANGUAGE", "LANG"):
        monkeypatch.delenv(name, raising=False)
    for name, value in environment.items():
        monkeypatch.setenv(name, value)
    verifier.main([str(tmp_path / "none.zip")])
    assert ("找不到" in capsys.readouterr().out) == (language == "zh")


def test_a_list_of_acts_is_translated_act_by_act() -> None:
    acts = "the reply (entry 2, 2026-11-03); a finding (entry 4, 2026-11-05)"
    says = verifier.chinese(f"only the portal says when these were written: {acts}")
    assert says.endswith("：答复（第 2 条，2026-11-03）；认定（第 4 条，2026-11-05）")
