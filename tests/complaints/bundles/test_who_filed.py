"""Who filed is everywhere in a bundle, or nowhere in it: in no file, no file's name, and not in the report."""

import re
from pathlib import Path

import pytest

from complaints.bundles import attached, identity, making, masking, papers
from complaints.bundles.options import MASKED, Options
from complaints.cases import consents
from complaints.cases.readers import BY_CONSENT, WITHHELD
from complaints.models import Case, StaffMember, Team
from complaints.rights import contact_details
from evidence import holdfast_verify as verifier
from evidence.ledger import checkpoints
from tests.support import cast, conversation, json_schema, office
from tests.support.bundles import Opened, a_copy, opened
from tests.support.kept import kept

from .report.test_report import text_of
from .test_case_schema import SCHEMA

NAME, PHONE, EMAIL, NEW_PHONE, MOTHER = "李小梅", "13800138000", "mei@example.org", "19900000042", "张桂花"
SPELLED = "电话一三八零零一三八零零零"
WHO = (NAME, PHONE, EMAIL, NEW_PHONE, MOTHER)
CASES = [
    (audience, masked, agreed)
    for audience in WITHHELD
    for masked in (False, True)
    for agreed in ([False, True] if audience in BY_CONSENT else [False])
]


@pytest.fixture
def case(south: Team, investigator: StaffMember) -> Case:
    """A case in which people wrote who filed wherever they can write."""
    filed = kept("who filed in every place", _everywhere)
    case = office.step(office.routed(office.now(filed), south, investigator), "begin", investigator)
    conversation.from_the_office(case, investigator, "李女士：您好，电话 199-0000-0042 已记下。")
    return office.now(case)


def _everywhere() -> Case:
    said = {
        "key": "a1",
        "when": "2026-11-20 23:41",
        "precision": "exact",
        "number": f"{PHONE} 自己的号",
        "said": f"{NAME}，还钱",
    }
    files = [
        (f"{NAME} {PHONE}.png", cast.a_screenshot()),
        ("chat.txt", "李 小 梅，你的电话是 138-0013-8000".encode("gb18030")),
        ("calls.csv", b"number,time\n057188880001,23:41\n"),
        ("call.txt", "他们打来电话。".encode()),
    ]
    filed = cast.file_a_complaint(
        files=files,
        who={"acting_for": f"{MOTHER}（我母亲）"},
        parties={"agency": f"打给{NAME}的公司", "numbers": [f"{EMAIL} 冒充我"]},
        story={"story": f"我叫{NAME}，电话 +86 138 0013 8000，邮箱 MEI@example.org，替{MOTHER}写。{SPELLED}"},
        contacts={"acts": [said]},
    ).case
    a_copy(filed.exhibits.get(number=4).item, "transcript", f"[0:01] {NAME}在吗？".encode())
    contact_details.change(filed, phone="199 0000 0042")
    return filed


def bundle(case: Case, audience: str, *, masked: bool) -> Opened:
    content = b"".join(making.stream(case, options=Options.usual(audience, masked=masked))[1])
    return opened(content)


def shown(bag: Opened) -> set[str]:
    """What of WHO anybody finds in the bundle, however it is written there."""
    texts = [*bag.files, text_of(bag.files["data/report.pdf"])]
    texts += [
        content.decode(encoding, "ignore") for content in bag.files.values() for encoding in ("utf-8", "gb18030")
    ]
    spelled = str.maketrans("零一三八", "0138")
    everything = re.sub(r"[\s+-]", "", "\n".join(texts).translate(spelled)).lower()
    return {one for one in WHO if one in everything}


@pytest.mark.long
@pytest.mark.parametrize(("audience", "masked", "agreed"), CASES)
def test_who_filed_is_everywhere_or_nowhere(case: Case, audience: str, masked: bool, agreed: bool) -> None:
    if agreed:
        consents.give(case, BY_CONSENT[audience])
    bag = bundle(case, audience, masked=masked)
    named = agreed or audience in ("borrower", "office")
    assert ("data/documents/reporter.json" in bag.files or "data/masked/reporter.json" in bag.files) is named
    assert shown(bag) == (set(WHO) if named else set())
    assert ("李女士" in text_of(bag.files["data/report.pdf"])) is named


def test_a_bundle_that_does_not_name_who_filed_still_verifies_and_says_what_it_lacks(
    case: Case, tmp_path: Path
) -> None:
    bag = bundle(case, "court", masked=False)
    report = verifier.verify(str(bag.zip(tmp_path / "bundle.zip")))
    assert [check.says for check in report.checks if not check.ok] == []
    assert bag.json("proofs/export.json")["left_out"] == {"E-2": "chosen", "E-4": "chosen"}
    assert "本证据包不含投诉人身份" in text_of(bag.files["data/report.pdf"])


@pytest.mark.parametrize("most", [0, 1 << 20])
def test_a_text_too_long_to_be_looked_through_is_left_out(
    db: None, monkeypatch: pytest.MonkeyPatch, most: int
) -> None:
    monkeypatch.setattr(attached, "LOOKED_THROUGH", most)
    case = cast.file_a_complaint(files=[("chat.txt", "该还钱了".encode())]).case
    told = papers.read(case, audience="court", checkpoint=checkpoints.current())
    assert told.left_out == ({"E-1": "chosen"} if most == 0 else {})


@pytest.mark.parametrize(
    "written", ["(0571) 8765 4321", "0571-87654321", "+86 571 8765 4321", "〇五七一八七六五四三二一"]
)
def test_a_telephone_is_found_however_it_is_written_where_others_stay(written: str) -> None:
    mask = masking.Mask(frozenset(), ("57187654321",), others=False)
    shown = mask.text(f"打{written}，不是 0571 8765 4320")
    assert "masked" in shown
    assert not {"4321", "四三二一"} & {shown[at : at + 4] for at in range(len(shown))}
    assert shown.endswith("，不是 0571 8765 4320")


@pytest.mark.parametrize(
    ("reporter", "words"),
    [
        ({"name": "李小梅", "phone": "+86 138 0013 8000"}, ["李小梅", "13800138000"]),
        ({"acting_for": "张桂花（我母亲）"}, ["张桂花（我母亲）", "张桂花"]),
        ({"acting_for": "我母亲"}, []),
        ({"acting_for": "Wang Fang, my mother"}, ["Wang Fang, my mother", "Wang Fang"]),
        ({"phone": "110"}, []),
        ({"phone": "wx mei88", "email": "mei@example.org"}, ["mei@example.org", "wx mei88"]),
    ],
)
def test_what_shows_who_filed_is_names_numbers_and_addresses(reporter: dict[str, str], words: list[str]) -> None:
    assert identity.words({}, [reporter]) == words


def test_numbers_of_others_stay_where_only_who_filed_is_masked(case: Case) -> None:
    told = papers.read(case, audience="police", checkpoint=checkpoints.current())
    assert told.mask is not None
    assert told.mask.text(f"打 {PHONE} 或 13912345678") == "打 [号码已遮盖 number masked] 或 13912345678"


OWED = {
    "product": "某某花",
    "account": "6222 0200 1234 5678",
    "claimed": "12800.00",
    "their_number": "TS-2026-0099",
}


@pytest.mark.parametrize(
    ("audience", "is_shown"),
    [("borrower", True), ("complaint", True), ("police", True), ("regulator", False), ("legal_aid", False)],
)
def test_the_account_is_shown_to_those_who_may_know_who_filed(
    db: None, audience: str, is_shown: bool, tmp_path: Path
) -> None:
    case = cast.file_a_complaint(parties=OWED, story={"story": "账号6222020012345678被人打电话。"}).case
    for agreed in ("regulator", "police"):
        consents.give(case, agreed)
    bag = bundle(case, audience, masked=audience in MASKED)
    text = re.sub(r"\s", "", text_of(bag.files["data/report.pdf"]) + bag.text("data/case.json"))
    assert ("6222020012345678" in text) is is_shown
    assert ("TS-2026-0099" in text) is is_shown
    # among the parties, above the list of evidence, in case.json, and on the sheet for the police
    assert text.count("某某花") == (4 if audience == "police" else 3)
    assert "12,800yuan" in text
    assert json_schema.faults(SCHEMA, bag.json("data/case.json")) == []
    report = verifier.verify(str(bag.zip(tmp_path / "bundle.zip")))
    assert [check.says for check in report.checks if not check.ok] == []
