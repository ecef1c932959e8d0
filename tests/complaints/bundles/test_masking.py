"""What is masked of third parties: numbers and addresses by pattern, names as listed, nothing else."""

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pytest_django import Settings

from complaints.bundles.masking import ADDRESS, NAME, NUMBER, Mask, derivative, of
from evidence import holdfast_verify as verifier
from tests.support.spelled import BETWEEN, spellings

MASK = Mask(frozenset({"057188880001"}), ("小王", "Wang Wei"))


@pytest.mark.parametrize(
    ("written", "shown"),
    [
        ("打给13912345678了", f"打给{NUMBER}了"),
        ("139 1234 5678", NUMBER),
        ("139-1234-5678", NUMBER),
        ("+86 139 1234 5678", NUMBER),
        ("139.1234.5678", NUMBER),
        ("139  1234—5678", NUMBER),
        ("139/1234/5678", NUMBER),
        ("13912 345678", NUMBER),
        ("１３９１２３４５６７８", NUMBER),
        ("0571-8765 4321", NUMBER),
        ("(021) 6888 8888", NUMBER),
        ("110101199003071234", NUMBER),
        ("11010119900307123X", NUMBER),
        ("6222 0200 1234 5678 901", NUMBER),
        ("212-555-0147", NUMBER),
        ("138:1234:5678", NUMBER),
        ("138=1234=5678", NUMBER),
        ("mei @ example . org", ADDRESS),
        ("mei（at）example。org", ADDRESS),
        ("See mei@example.org. Then go", f"See {ADDRESS}. Then go"),
        ("Meet me (at) home. Then go", "Meet me (at) home. Then go"),
        ("写信到 a.b+c@example.co.uk。", f"写信到 {ADDRESS}。"),
        ("同事小王和 wang wei", f"同事{NAME}和 {NAME}"),
        ("写信到 Wang Wei.2@example.org。", f"写信到 {NAME}。"),
    ],
)
def test_numbers_addresses_and_listed_names_are_masked(written: str, shown: str) -> None:
    assert MASK.text(written) == shown


@pytest.mark.parametrize(
    ("name", "written"),
    [
        ("王经理（催收）", "王经理（催收）来过"),
        ("王经理(催收)", "王经理（催收）来过"),
        ("Ｗａｎｇ", "Wang 来过"),
        ("Wang", "Ｗａｎｇ来过"),
        ("José", "Jose\u0301 来过"),
        ("Jose\u0301", "José 来过"),
        ("\uf9b4先生", "領先生来过"),
        *(("Łukasz", "LUKASZ 来过"), ("Søren", "Soren 来过"), ("Đặng Văn Đức", "Dang Van Duc 来过")),
    ],
)
def test_a_listed_name_is_masked_however_wide_or_accented_it_is_typed(name: str, written: str) -> None:
    assert Mask(frozenset(), (name,)).text(written) in (f"{NAME}来过", f"{NAME} 来过")


@pytest.mark.parametrize(
    ("name", "written"),
    [
        *(
            ("Wang Xiaoming", "Wang, Xiaoming"),
            ("Wang Xiaoming", "Xiaoming Wang"),
            ("Wang Xiaoming", "XIAO-MING WANG"),
        ),
        *(("Xiaoming Wang", "Wang，Xiaoming"), ("Mary Ann O'Neil", "O’Neil, Mary Ann"), ("Li Na", "Na Li")),
        *(("陈小梅", "小梅·陈"), ("陈小梅", "小梅 陈"), ("小梅 陈", "陈小梅")),
        *(("欧阳小兰", "小兰 欧阳"), ("陈小梅", "陳小梅"), ("陳小梅", "陈小梅"), ("张丽华", "麗華 張")),
        *(("买买提·艾力", "买买提。艾力"), ("Hans Müller", "Hans Mueller"), ("Hans Müller", "Mueller, Hans")),
        *(("欧阳小兰", "歐陽女士"), ("玛丽亚·阿不都", "阿不都·瑪麗亞")),
    ],
)
def test_a_name_is_masked_in_either_order_and_in_either_script(name: str, written: str) -> None:
    assert Mask(frozenset(), (name,)).text(f"他们找{written}了") == f"他们找{NAME}了"


@pytest.mark.parametrize(
    ("name", "written"),
    [("李明", "请说明李某的情况"), ("王小明", "小明说"), ("Li Na", "China Lily"), ("陈小梅", "小梅的陈述")],
)
def test_words_that_only_look_like_a_turned_name_stay(name: str, written: str) -> None:
    assert Mask(frozenset(), (name,)).text(written) == written


@pytest.mark.parametrize(
    "written",
    [
        *(
            "一三九一二三四五六七八",
            "一三九 一二三四 五六七八",
            "一三九·一二三四·五六七八",
            "壹叁玖壹贰叁肆伍陆柒捌",
        ),
        *(
            "壹參玖壹貳參肆伍陸柒捌",
            "幺三九幺二三四五六七八",
            "１３９一二三四５６７８",
            "1三9一2三4五6七8",
            "〇二一六八八八七七六六",
        ),
        *(
            "六二二二〇二〇〇一二三四五六七八九〇一",
            "一一〇一〇一一九九〇〇三〇七一二三四",
            "零五七一八七六五四三二一",
        ),
    ],
)
def test_a_number_in_numerals_is_masked(written: str) -> None:
    assert MASK.text(f"打给{written}了") == f"打给{NUMBER}了"


@pytest.mark.parametrize(
    "written",
    [
        *("13912345678一直打", "139 1234 5678一共三次"),
    ],
)
def test_a_number_beside_numerals_is_masked_to_its_own_end(written: str) -> None:
    assert MASK.text(written).startswith(f"{NUMBER}一")


@pytest.mark.parametrize(
    "written",
    [
        *(
            "二〇二六年十一月二十八日",
            "二〇二六-一一-二八",
            "欠款123456一共两笔",
            "壹万贰仟叁佰肆拾伍元陆角",
            "一千二百三十四",
        ),
        *(
            "一、二、三、四、五、六、七",
            "三三两两",
            "零五七一八八八八〇〇〇一",
            "九五五八八",
            "一二三四五六",
        ),
    ],
)
def test_days_sums_and_known_numbers_in_numerals_stay(written: str) -> None:
    assert MASK.text(written) == written


NAMES = ("陈小梅", "欧阳 小兰", "玛丽亚·阿不都", "Mary Ann O'Neil", "José Núñez")


@given(
    both=spellings(NAMES),
    before=st.sampled_from(["", "他问", "你好，", "(", "1. "]),
    after=st.sampled_from(["", "。", ")", "说", "; "]),
)
def test_a_listed_name_is_masked_whatever_is_between_its_letters(
    both: tuple[str, str], before: str, after: str
) -> None:
    name, written = both
    shown = Mask(frozenset(), (name,)).text(f"{before}{written}{after}")
    assert shown == f"{before}{NAME}{after}"


@pytest.mark.parametrize(
    ("name", "written", "shown"),
    [
        ("陈小梅", "陈女士，您好", f"{NAME}，您好"),
        ("欧阳 小兰", "欧阳小姐", NAME),
        ("陈小梅女士", "陈 小梅", NAME),
        ("Mary Ann O'Neil", "Dear Mrs. O’Neil,", f"Dear {NAME},"),
        ("Mr Wang Wei", "WANG-WEI’s", f"{NAME}’s"),
        ("Li Na", "MrLiNa, Li-Na", f"{NAME}, {NAME}"),
    ],
)
def test_titles_beside_a_name_hide_it_no_more_than_they_give_it_away(name: str, written: str, shown: str) -> None:
    assert Mask(frozenset(), (name,)).text(written) == shown


@pytest.mark.parametrize(
    ("name", "written"),
    [
        ("陈小梅", "我姓陈。小梅是我妹妹"),
        ("陈小梅", "陈、小梅"),
        ("陈小梅", "陈经理"),
        ("Li Na", "carolina, Hali nano"),
        ("小王", "小先生，王先生"),
    ],
)
def test_other_words_stay(name: str, written: str) -> None:
    assert Mask(frozenset(), (name,)).text(written) == written


@pytest.mark.parametrize("written", ["wang.wei@example.org", "Wang@example.org", "13912345678.wang@example.org"])
def test_of_two_finds_that_overlap_both_are_masked_to_the_end_of_the_longer(written: str) -> None:
    shown = Mask(frozenset(), ("Wang",)).text(f"写信到 {written}。")
    assert shown in (f"写信到 {NAME}。", f"写信到 {ADDRESS}。", f"写信到 {NUMBER}。")


NUMBERS = {
    "139 1234 5678": (3, 4, 4),
    "0571 8765 4321": (4, 4, 4),
    "6222 0202 0012 3456 788": (4, 4, 4, 4, 3),
    "110101 20030712 1234": (6, 8, 4),
    "021 68888888": (3, 8),
    "+86 139 1234 5678": (3, 3, 4, 4),
}


@given(
    number=st.sampled_from(sorted(NUMBERS)),
    between=st.lists(
        BETWEEN.filter(lambda one: len(one) <= 2 and "…" not in one and "*" not in one), min_size=4, max_size=4
    ),
    unseen=st.text(st.sampled_from("\u200b\u200d\ufeff\u00ad\u200e"), max_size=2),
    is_wide=st.booleans(),
)
def test_a_number_is_masked_whatever_is_between_its_groups(
    number: str, between: list[str], unseen: str, is_wide: bool
) -> None:
    groups = number.split(" ")
    written = groups[0] + "".join(sign + group for sign, group in zip(between, groups[1:], strict=False))
    written = unseen.join(chr(ord(one) + 0xFEE0) if is_wide and "!" <= one <= "~" else one for one in written)
    assert not any(one.isdecimal() for one in MASK.text(f"打给{written}了"))


@pytest.mark.parametrize("country", ["GB", "FR"])
def test_numbers_of_the_offices_country_are_masked(country: str, settings: Settings) -> None:
    settings.COUNTRY = country
    written = {"GB": "07946 012300, 020–7946•0123", "FR": "01 23 45 67 89, 06•12•34•56•78"}[country]
    assert MASK.text(written) == f"{NUMBER}, {NUMBER}"


@pytest.mark.parametrize(
    "written",
    [
        "IMG_20261120_234105.jpg",
        "IMG-20261120-WA0012.jpg",
        "VID_20261120_234105123.mp4",
        "Screenshot_2026-11-20-23-41-05-123_com.tencent.mm.jpg",
        "微信图片_20261120234105.jpg",
        "mmexport1763654465123.jpg",
        "wx_camera_1763654465123.mp4",
        "录音 2026-11-20 23.41.05.m4a",
        "95588",
        "12378 和 110",
        "400-820-8820",
        "+86 571–8888–0001",
        "0571•8888•0001",
        "1500\n1500\n2000\n300",
        "2026年11月20日 1300 元",
        "139.50 CNY",
        "1392.1234 5678.90",
        "2026.11.20—2026.11.24",
        "2026-11-20 23:41",
        "2026年11月20日",
        "3200.00 CNY",
        "第 12 条，共 345 页",
        "0571 8888 0001",
        "0571-88880001",
        "他们半夜给我打电话",
        "",
    ],
)
def test_dates_sums_and_the_collectors_numbers_stay(written: str) -> None:
    assert MASK.text(written) == written


@given(st.text(max_size=300))
def test_whatever_is_written_is_masked_once_and_for_all(written: str) -> None:
    once = MASK.text(written)
    assert MASK.text(once) == once


def test_a_document_keeps_its_choices_times_and_digests_and_loses_its_salt() -> None:
    statement = {"story": "13912345678", "filed_at": "2026-11-24T19:47:47.032004Z", "numbers": ["13800000000"]}
    document = {
        **statement,
        "salt": "12345678901234567890",
        "contacts": [{"said": "小王", "number": "13700000000"}],
    }
    masked = of(document, ["小王"]).document(document)
    assert masked == {
        **{**statement, "story": NUMBER},
        "contacts": [{"said": NAME, "number": "13700000000"}],
    }


def test_a_number_beside_a_date_in_a_files_name_is_masked() -> None:
    assert MASK.text("录音_13912345678_20261120234105.m4a") == f"录音_{NUMBER}_20261120234105.m4a"


@given(
    story=st.lists(st.one_of(st.text(max_size=20), spellings(NAMES).map(lambda both: both[1])), max_size=6).map(
        "".join
    )
)
def test_what_is_left_of_a_masked_document_is_proved_to_be_what_was_filed(story: str) -> None:
    document = {"story": f"{story} 陈小梅", "salt": "0f" * 32, "numbers": []}
    masked = verifier.load_json(derivative("statement", "ab" * 32, document, of(document, NAMES)), "a copy")
    verifier._hidden_in(masked, "a copy", verifier.parts_root(document))
    assert masked["document"]["story"] == of(document, NAMES).text(f"{story} 陈小梅")


def test_a_document_in_which_nothing_is_masked_stays_as_it_was() -> None:
    document = {"story": "静", "salt": "ab", "numbers": []}
    assert of(document, []).document(document) is document
