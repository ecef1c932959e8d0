"""A document in its parts: whatever is hidden, the rest is proved, and nothing else than what was filed is."""

import copy
import hashlib
import json
import re
import secrets
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from django.utils import timezone
from hypothesis import assume, given
from hypothesis import strategies as st

from complaints import documents
from complaints.bundles import making, masking
from complaints.bundles.options import Options
from complaints.cases import extensions
from complaints.decisions import findings, undertakings
from complaints.models import Case, StaffMember, Team
from complaints.rights import contact_details
from evidence import holdfast_verify as verifier
from evidence.holdfast_verify import Broken
from evidence.ledger import parts
from evidence.models import LedgerEntry
from tests.support import cast, conversation, office, whole_case
from tests.support.bundles import opened

WORD = masking.NAME
WRITTEN = st.text(st.characters(codec="utf-8"), max_size=40)
VALUES = st.recursive(
    st.none() | st.booleans() | st.integers(-(2**53) + 1, 2**53 - 1) | WRITTEN,
    lambda inside: st.lists(inside, max_size=3) | st.dictionaries(WRITTEN, inside, max_size=3),
    max_leaves=12,
)
DOCUMENTS = st.dictionaries(WRITTEN, VALUES, max_size=6).map(lambda told: {**told, "salt": "5a17" * 8})
DICE = st.randoms(use_true_random=False)


def hidden_at_random(document: dict[str, Any], dice: Any, *, in_strings: bool = False) -> list[Any]:
    """Pieces of the document, in which some tokens (never a quote) are hidden."""
    pieces: list[Any] = []
    share, quotes = dice.random(), 0
    for token in verifier.tokens_of(verifier.text_and_seed(document)[0]):
        quotes += token == '"'
        hides = token != '"' and (quotes % 2 or not in_strings) and dice.random() < share
        if hides and pieces and isinstance(pieces[-1], dict):
            pieces[-1]["hidden"] += 1
        elif hides:
            pieces.append({"hidden": 1, "as": WORD})
        elif pieces and isinstance(pieces[-1], str):
            pieces[-1] += token
        else:
            pieces.append(token)
    return pieces


def leads_there(pieces: list[Any], proof: list[Any], document: dict[str, Any]) -> bool:
    try:
        _read, tokens, hidden = verifier.read_pieces(pieces)
        return verifier.root_from_pieces(tokens, hidden, proof) == verifier.parts_root(document)
    except Broken:
        return False


def naive_root(seed: bytes, tokens: list[str]) -> bytes:
    """The tree as its docstring says, a leaf at a time."""
    if len(tokens) == 1:
        return hashlib.sha256(b"\0" + seed + tokens[0].encode()).digest()
    middle = 1
    while middle * 2 < len(tokens):
        middle *= 2
    left, right = (hashlib.sha256(side + seed).digest() for side in (b"\2", b"\3"))
    return hashlib.sha256(b"\1" + naive_root(left, tokens[:middle]) + naive_root(right, tokens[middle:])).digest()


@pytest.mark.parametrize("length", [1, 2, 3, 7, 64, 65, 1000, 5000, 9001])
def test_the_tree_is_the_plain_one_however_it_is_hashed(length: int) -> None:
    document = {"story": "夜" * length, "salt": "00ff"}
    tokens = ["{", '"', "story", '"', ":", '"', *"夜" * length, '"', "}"]
    top = naive_root(hashlib.sha256(b"holdfast-parts/1" + b"00ff").digest(), tokens)
    told = hashlib.sha256(b"\4" + len(tokens).to_bytes(8, "big") + (4).to_bytes(8, "big") + top).hexdigest()
    assert verifier.parts_root(document) == told


def test_a_latin_word_an_escape_and_every_other_character_is_a_token() -> None:
    text = verifier.canonical({"a": 'Wang Wei\n"12"\x01é夜😀'}).decode()
    after = ["Wang", " ", "Wei", "\\n", '\\"', "1", "2", '\\"', "\\u0001", "é", "夜", "😀", '"', "}"]
    assert verifier.tokens_of(text)[6:] == after


@given(DOCUMENTS, DICE)
def test_whatever_is_hidden_the_rest_is_proved(document: dict[str, Any], dice: Any) -> None:
    pieces = hidden_at_random(document, dice)
    assert leads_there(pieces, parts.proof(document, pieces), document)


@given(DOCUMENTS, DICE)
def test_no_other_word_gap_or_proof_leads_to_the_root(document: dict[str, Any], dice: Any) -> None:
    pieces = hidden_at_random(document, dice)
    proof = parts.proof(document, pieces)
    other, forged = copy.deepcopy(pieces), list(proof)
    at = dice.randrange(len(other))
    kind = dice.choice(["word", "count", "gone", "swapped", "value", "short", "long"])
    if kind == "word" and isinstance(other[at], str):
        where = dice.randrange(len(other[at]))
        other[at] = other[at][:where] + dice.choice("x1夜") + other[at][where + 1 :]
    elif kind == "count" and isinstance(other[at], dict):
        other[at]["hidden"] += dice.choice([-1, 1])
    elif kind == "gone":
        del other[at]
    elif kind == "swapped":
        first, second = dice.randrange(len(proof)), dice.randrange(len(proof))
        forged[first], forged[second] = proof[second], proof[first]
    elif kind == "value":
        forged[dice.randrange(len(proof))] = secrets.token_hex(32)
    elif kind == "short":
        forged.pop()
    else:
        forged.append(forged[-1])
    assume((other, forged) != (pieces, proof))
    assert not leads_there(other, forged, document)


@given(DOCUMENTS, DICE)
def test_a_moved_gap_does_not_lead_to_the_root(document: dict[str, Any], dice: Any) -> None:
    pieces = hidden_at_random(document, dice)
    gaps = [at for at, one in enumerate(pieces) if isinstance(one, dict) and 0 < at < len(pieces) - 1]
    assume(gaps)
    at = dice.choice(gaps)
    before, after = pieces[at - 1], pieces[at + 1]
    moved = [*pieces[: at - 1], before[:-1], pieces[at], before[-1] + after, *pieces[at + 2 :]]
    assert not leads_there(moved, parts.proof(document, pieces), document)


def test_a_quote_cannot_be_hidden_so_that_no_gap_reaches_into_another_field() -> None:
    document = {"answer": "He did not", "reasons": "threaten me", "salt": "ab"}
    shown = '{"answer":"He did', {"hidden": 7, "as": WORD}, ' me"}'
    text = verifier.text_and_seed(document)[0]
    assert "".join([shown[0], ' not","reasons":"threaten', shown[2]]) == text
    pieces = [shown[0], {"hidden": len(verifier.tokens_of(' not","reasons":"threaten')), "as": WORD}, shown[2]]
    assert json.loads(verifier.read_pieces(pieces)[0]) == {"answer": f"He did{WORD} me"}
    assert not leads_there(pieces, parts.proof(document, pieces), document)


TOLD = st.text('Wange 0139五\n\\"', max_size=30)


@given(TOLD, TOLD, st.lists(st.text("Wang五", min_size=1, max_size=3), min_size=1, max_size=3))
def test_what_the_mask_hides_is_what_the_masked_copy_proves(before: str, after: str, names: list[str]) -> None:
    story = before + names[0] + after
    body, digest = documents.document("statement", story=story, contacts=[{"said": story}], numbers=[])
    content = json.loads(body)
    mask = masking.of(content, names)
    made = json.loads(masking.derivative("statement", digest, content, mask))
    assert made["document"] == mask.document(content)
    assert verifier._hidden_in(made, "it", documents.parts(body)["parts"][digest]) > 0


def test_a_name_inside_a_latin_word_hides_the_whole_word() -> None:
    mask = masking.Mask(frozenset(), ("Wei", "小王"))
    assert mask.text("to Weiwei, 小王八") == f"to {WORD}, {WORD}八"
    assert mask.text("13912345678Wei") == f"{masking.NUMBER}{WORD}"
    assert mask.text("a@example.com.Wei x") == f"{masking.ADDRESS} x"  # they overlap: one gap


def seeds(seed: bytes, size: int) -> list[bytes]:
    """The seeds of all leaves below one."""
    if size == 1:
        return [seed]
    left, right = verifier.seeds_below(seed)
    middle = verifier.largest_power_below(size)
    return seeds(left, middle) + seeds(right, size - middle)


@given(DOCUMENTS, DICE)
def test_no_seed_of_a_hidden_part_follows_from_the_proof(document: dict[str, Any], dice: Any) -> None:
    """Else whoever has the masked copy alone could try all ten digits."""
    pieces = hidden_at_random(document, dice)
    known = {bytes.fromhex(one) for one in parts.proof(document, pieces)}
    for _ in range(len(pieces).bit_length() + 8):
        known |= {below for seed in known for below in verifier.seeds_below(seed)} if len(known) < 5000 else set()
    text, seed = verifier.text_and_seed(document)
    hidden = verifier.read_pieces(pieces)[2]
    of_all = seeds(seed, len(verifier.tokens_of(text)))
    assert not known & {one for one, is_hidden in zip(of_all, hidden, strict=True) if is_hidden}


def a_copy() -> dict[str, Any]:
    body, digest = documents.document("statement", story="打给 13912345678 了", numbers=[])
    content = json.loads(body)
    made: dict[str, Any] = json.loads(masking.derivative("statement", digest, content, masking.of(content, [])))
    return made


def with_pieces(change: Callable[[list[Any]], list[Any]]) -> Callable[[dict[str, Any]], dict[str, Any]]:
    return lambda made: {**made, "pieces": change(made["pieces"])}


def gap(**changes: Any) -> Callable[[dict[str, Any]], dict[str, Any]]:
    return with_pieces(lambda told: [{**one, **changes} if isinstance(one, dict) else one for one in told])


HOSTILE: dict[str, tuple[Callable[[dict[str, Any]], dict[str, Any]], str]] = {
    "no pieces": (with_pieces(lambda told: []), "reads otherwise"),
    "a number for a piece": (with_pieces(lambda told: [*told, 7]), "a gap has no proper “hidden”"),
    "a list for a piece": (with_pieces(lambda told: [told]), "a gap has no proper “hidden”"),
    "pieces that are no list": (lambda made: {**made, "pieces": "all"}, "no proper “pieces”"),
    "a proof that is no list": (lambda made: {**made, "proof": {}}, "no proper “proof”"),
    "a proof of numbers": (lambda made: {**made, "proof": [1] * len(made["proof"])}, "is not a SHA-256 in hex"),
    "a proof of nothing": (lambda made: {**made, "proof": []}, "has other words"),
    "a proof that goes on": (lambda made: {**made, "proof": made["proof"] * 2}, "has other words"),
    "a gap without end": (gap(hidden=10**15), "or more than a document has"),
    "gaps that are too many": (
        with_pieces(lambda told: [*told, *[{"hidden": 2_000_000, "as": WORD}] * 1000]),
        "too long to be genuine",
    ),
    "a gap of nothing": (gap(hidden=0), "a gap hides nothing"),
    "a gap of less": (gap(hidden=-1), "a gap hides nothing"),
    "a gap of true": (gap(hidden=True), "no proper “hidden”"),
    "a gap of other words": (gap(**{"as": "politely"}), "not marked as gaps are"),
    "a gap with a remark": (gap(why="x"), "not marked as gaps are"),
    "half a character": (with_pieces(lambda told: [*told, "\ud83d"]), "reads otherwise"),
    "a document of another kind": (lambda made: {**made, "document": []}, "no proper “document”"),
}


@pytest.mark.parametrize("attack", HOSTILE)
def test_a_hostile_copy_is_refused_in_plain_words(attack: str) -> None:
    change, says = HOSTILE[attack]
    made = a_copy()
    with pytest.raises(Broken, match=re.escape(says)):
        verifier._hidden_in(change(made), "data/masked/statement.json", "0" * 64)


def test_a_document_too_long_to_be_genuine_is_not_hashed() -> None:
    with pytest.raises(Broken, match="too long to be genuine"):
        verifier.parts_root({"story": "夜" * 4_000_001, "salt": "ab"})


@pytest.mark.parametrize("salt", ["", "Ä", None, 7])
def test_a_document_without_a_proper_salt_has_no_root(salt: Any) -> None:
    with pytest.raises(Broken, match="no proper “salt”"):
        verifier.parts_root({"story": "夜", "salt": salt})


def further(case: Case, investigator: StaffMember) -> None:
    """What did not happen in the whole case."""
    question = conversation.a_question(case, investigator, "哪天打来的？")
    conversation.sent(office.now(case), f"answer-{question.pk}", "星期一晚上。")
    conversation.sent(office.now(case), "addendum", "他们还找了我姐姐。")
    conversation.sent(office.now(case), "evidence", files=[("call.png", cast.a_screenshot("call"))])
    contact_details.change(case, phone="13700000000")
    measure = case.undertakings.get(sort="measure")
    undertakings.end(measure, by=investigator, outcome="done", ended_on=timezone.localdate(), proof="培训记录。")


def sent_back_and_declined(south: Team, investigator: StaffMember, supervisor: StaffMember) -> Case:
    filed = cast.file_a_complaint(files=[]).case
    case = office.proposed_by(investigator, office.routed(filed, south, investigator))
    proposal = case.proposals.open().get()
    findings.send_back(case, by=supervisor, proposal=proposal.sha256, reasons="先听录音。")
    asked = extensions.ask(case.clocks.get(name="decide"), by=investigator, reasons="录音很多。")
    extensions.decide(asked, by=supervisor, approve=False, reasons="再问一次。")
    return case


@pytest.mark.django_db
def test_every_document_that_may_be_in_a_bundle_has_its_parts_on_the_ledger(
    south: Team, investigator: StaffMember, supervisor: StaffMember
) -> None:
    case = whole_case.worked_on(south, investigator, supervisor)
    further(case, investigator)
    kinds = {"case.decided"}  # of old ledgers alone
    for one in (case, sent_back_and_declined(south, investigator, supervisor)):
        rows = LedgerEntry.objects.filter(thread=one.thread).order_by("seq")
        entries = [verifier.open_entry(row.index, bytes(row.body).decode()) for row in rows]
        assert {entry.kind for entry in entries if "parts" in entry.data} <= set(verifier.DOCUMENTS)
        known = verifier.frozen_documents(entries)
        assert [name for name, (digest, entry) in known.items() if not verifier.recorded_root(entry, digest)] == []
        kinds |= {entry.kind for _, entry in known.values()}
    assert kinds == set(verifier.DOCUMENTS)


@pytest.mark.django_db
def test_a_whole_case_with_all_its_papers_masked_is_verified_in_every_word(
    south: Team, investigator: StaffMember, supervisor: StaffMember, tmp_path: Path
) -> None:
    case = whole_case.worked_on(south, investigator, supervisor)
    options = Options.usual("office", masked=True, notes=True, hidden=("录音", "letter", "the"))
    path = opened(b"".join(making.stream(case, options=options)[1])).zip(tmp_path / "bundle.zip")
    report = verifier.verify(str(path))
    told = [one for one in report.cautions if " is masked: " in one]
    assert report.exit == 2, report.first_broken  # nothing from outside was given
    assert len(told) > 5
    assert all("the words that are left are those that were filed" in one for one in told)
