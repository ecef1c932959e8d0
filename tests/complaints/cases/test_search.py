"""Cases are found by what was told in them, exactly where reading every text would find them."""

import pytest
from django.core.management import call_command
from hypothesis import given
from hypothesis import strategies as st
from pytest_django import Settings

from complaints.cases import queues, search
from complaints.conversation import messaging
from complaints.drafts import additions
from complaints.models import Case, Searchable, StaffMember
from tests.support import cast


def found(user: StaffMember, words: str) -> list[Case]:
    asked = queues.QueueQuery(words=words)
    return [Case.objects.get(pk=key) for key in queues.beyond(asked.cases(user), asked.order, None, 50)]


@pytest.fixture
def case(borrower: cast.Filed) -> Case:
    """Lender "Example Consumer Finance", 0571 8888 0001, 他们半夜给我打电话，还打给我的同事。"""
    return borrower.case


@pytest.mark.parametrize(
    "words",
    [
        "同事",  # two characters
        "打",  # one
        "半夜 同事",  # both
        "EXAMPLE consumer",
        "ｅｘａｍｐｌｅ",  # full width
        "057188880001",
        "0571-8888-0001",
        "+86 571 8888 0001",
        "0086 57188880001",
        "８６５７１８８８８０００１",
        "8888",
        "106900000042",
        "说要去我孩子的学校",  # of a contact
        "collection ltd",
    ],
)
def test_a_case_is_found_by_what_was_told_however_it_is_written(
    words: str, case: Case, supervisor: StaffMember
) -> None:
    assert found(supervisor, words) == [case]


@pytest.mark.parametrize(
    "words",
    [
        "警察",
        "同事 警察",
        "事同",
        "0571 8888 0002",
        "李小梅",
        "mei@example.org",
        "13800138000",
        "'",
        '"',
        "*",
        "%",
    ],
)
def test_what_is_not_told_and_who_filed_is_not_found(words: str, case: Case, supervisor: StaffMember) -> None:
    assert found(supervisor, words) == []


def test_the_reference_finds_it_whole_or_in_part(case: Case, supervisor: StaffMember) -> None:
    assert found(supervisor, case.reference.lower()) == [case]
    assert found(supervisor, case.reference[3:]) == [case]
    assert found(supervisor, "HF-2001-999999") == []


def test_nothing_is_found_in_another_team(case: Case, investigator_north: StaffMember) -> None:
    assert found(investigator_north, "同事") == []


def test_what_the_borrower_adds_later_is_found_at_once(case: Case, supervisor: StaffMember) -> None:
    addition = additions.begin(case, "addendum")
    additions.keep(addition, "今天他们又找到我的房东。")
    messaging.send(addition)
    assert found(supervisor, "房东") == [case]
    assert found(supervisor, "同事") == [case]


def test_the_newest_comes_first(case: Case, second_borrower: cast.Filed, supervisor: StaffMember) -> None:
    assert found(supervisor, "同事") == [second_borrower.case, case]


def test_the_index_can_be_written_anew(case: Case, supervisor: StaffMember) -> None:
    Searchable.objects.update(text="", grams="")
    assert found(supervisor, "同事") == []
    call_command("index_cases")
    assert found(supervisor, "同事") == [case]
    Searchable.objects.all().delete()
    call_command("index_cases")
    assert found(supervisor, "同事") == [case]


SPELLINGS = {
    "买买提·艾力": [
        "买买提•艾力",
        "买买提・艾力",
        "买买提．艾力",
        "买买提艾力",
        "买买提 艾力",
        "买买提\u200b艾力",
    ],
    "李•经理": ["李经理", "李·经理", "李 经理"],
    "0571 – 8765 ‑ 4321": ["0571 8765 4321", "+86 571 8765 4321", "0571•8765•4321", "05718765–4321"],
    "139•1234•5678": ["13912345678", "+86 139 1234 5678", "139-1234-5678"],
    "+44 7946 012300": ["07946 012300", "+44 (0)7946 012300", "0044 7946–012300"],
    "(212) 555–0123": ["+1 212 555 0123", "212.555.0123"],
    "一三九一二三四 五六七八": ["13912345678", "139 1234 5678", "壹叁玖壹贰叁肆伍陆柒捌", "五六七八"],
    "招商銀行的陳麗華": ["招商银行", "陈丽华", "銀行"],
    "陈丽华": ["陳麗華"],
    "Mary Ann O’Neil": ["O'Neil", "mary-ann", "ONEIL"],
    "José": ["jose", "JOSE\u0301"],
}


@pytest.mark.parametrize("told", SPELLINGS)
def test_what_was_told_in_one_spelling_is_found_by_every_other(
    told: str, supervisor: StaffMember, settings: Settings
) -> None:
    settings.COUNTRY = {"+": "GB", "(": "US"}.get(told[0], "CN")
    said = {"key": "a", "when": "2026-11-20", "precision": "day", "said": f"他说：{told}。"}
    told_case = cast.file_a_complaint(files=[], contacts={"acts": [said]}).case
    for other in (told, *SPELLINGS[told]):
        assert found(supervisor, other) == [told_case], other


def test_the_reference_is_found_however_it_is_written(case: Case, supervisor: StaffMember) -> None:
    bare = case.reference.replace("-", "")
    for other in (case.reference.replace("-", "–"), bare, bare.replace("0", "O"), f"编号：{case.reference}。"):
        assert found(supervisor, other) == [case], other
    assert found(supervisor, case.reference[3:].replace("-", "–")) == [case]


TEXTS = [
    "催收公司半夜打来",
    "公司，催收；同事",
    "a.b-c 100-200",
    "ＡＢ Straße",
    "打 打",
    "0571-8888 0001",
    "\\_%'\"",
    "",
]
PIECES = st.text(alphabet="催收公司打 ab.-_%'\"\\０1258ß，", max_size=6)


@pytest.mark.django_db
@given(words=PIECES)
def test_search_and_reading_everything_name_the_same(words: str) -> None:
    if not Searchable.objects.exists():
        filed = [cast.file_a_complaint(files=[]).case for _ in TEXTS]
        for case, text in zip(filed, TEXTS, strict=True):
            case.complaint.story = text
            Searchable.objects.filter(case=case).delete()
            search._keep([search.row(case, case.complaint, [], [])])
    if not search.words(words) or Case.key_in(words):
        return
    by_index = search.matching(Case.objects.all(), words).values_list("pk", flat=True)
    by_reading = search.scan(Case.objects.all(), words).values_list("pk", flat=True)
    assert sorted(by_index) == sorted(by_reading)
