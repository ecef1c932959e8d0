"""Access codes: enough bits, forgiving to type, never kept."""

import pytest
from hypothesis import given
from hypothesis import strategies as some

from complaints import codes


def test_a_code_has_a_hundred_random_bits_in_five_groups() -> None:
    drawn = {codes.fresh() for _ in range(1000)}
    assert len(drawn) == 1000
    assert all([len(group) for group in code.split(" ")] == [4] * 5 for code in drawn)
    assert {letter for code in drawn for letter in code} == {*codes.ALPHABET, " "}


@given(some.sampled_from([str.lower, str.upper]), some.sampled_from(["", " ", "-", "  ", "\u3000"]))
def test_a_code_may_be_typed_in_any_case_and_with_any_spacing(case: object, spacing: str) -> None:
    code = codes.fresh()
    assert codes.normalise(f" {case(code.replace(' ', spacing))}\n") == code  # type: ignore[operator]


def test_digits_and_letters_may_be_full_width_as_chinese_keyboards_type_them() -> None:
    assert codes.normalise("７ＫＱ４　Ｍ２ＸＴ　９ＲＤＶ　ＨＣ３Ｗ　Ｐ８ＮＡ") == "7KQ4 M2XT 9RDV HC3W P8NA"


def test_letters_that_look_like_digits_are_taken_as_digits() -> None:
    assert codes.normalise("oOiI lLoO 0011 2233 4455") == "0011 1100 0011 2233 4455"


SIGNS = "\t\n \u00a0\u3000-‐‑‒–—−ー.·•_/\u200b\u200d\ufeff\u00ad\u200e\u202e"


@given(
    signs=some.lists(some.text(some.sampled_from(SIGNS), max_size=2), min_size=21, max_size=21),
    around=some.sampled_from(
        [
            "{}",
            "访问码：{}。",
            "code: {}",
            "Access code: {}.",
            "（{}）",
            "“{}”",
            "My draft code is {}",
            "草稿码【{}】，请保存",
            "Save this code: {}",
            "{} (please keep this safe)",
            "2026-11-20 查询码：{}",
            "{} 2026年11月20日",
        ]
    ),
    is_wide=some.booleans(),
    length=some.sampled_from([codes.LENGTH, codes.SHORT]),
)
def test_signs_between_its_letters_and_labels_round_it_do_not_matter(
    signs: list[str], around: str, is_wide: bool, length: int
) -> None:
    code = codes.fresh().replace(" ", "")[:length]
    written = "".join(sign + letter for sign, letter in zip(signs, code, strict=False))
    written = "".join(chr(ord(one) + 0xFEE0) if is_wide and "!" <= one <= "~" else one for one in written)
    assert codes.normalise(around.replace("{}", written), length).replace(" ", "") == code


@pytest.mark.parametrize("around", ["{}", "Access code: {}.", "My draft code is {}", "{} is the code"])
def test_a_piece_of_a_code_that_reads_as_a_label_belongs_to_the_code(around: str) -> None:
    for code in ("4E1F TH1S YWXX HERE H3XK", "E4E1-FYWX-XH3X-KN-1S-8B-0R"):
        letters = code.replace(" ", "").replace("-", "")[: codes.LENGTH]
        assert codes.normalise(around.replace("{}", code)).replace(" ", "") == letters


def test_the_reference_beside_a_code_does_not_matter() -> None:
    assert codes.normalise("HF-2026-000042, 7KQ4 M2XT 9RDV HC3W P8NA") == "7KQ4 M2XT 9RDV HC3W P8NA"


@pytest.mark.parametrize("day", ["20/11/2026", "20.11.2026", "2026-11-20", "2026年11月20日"])
def test_a_day_beside_a_code_does_not_matter(day: str) -> None:
    assert codes.normalise(f"7KQ4 M2XT 9RDV HC3W P8NA ({day})") == "7KQ4 M2XT 9RDV HC3W P8NA"


@pytest.mark.parametrize("between", [" ", "\n", ", ", " my code: "])
@pytest.mark.parametrize("times", [2, 3])
def test_a_code_that_was_pasted_again_is_one_code(times: int, between: str) -> None:
    for code in ("7KQ4 M2XT 9RDV HC3W P8NA", "AAAA AAAA AAAA AAAA AAAA"):
        assert codes.normalise(between.join([code] * times)) == code
    assert codes.normalise("AAAA AAAA", codes.SHORT) == "AAAA AAAA"


@pytest.mark.parametrize("typed", ["7KQ4 M2XT 9RDV HC3W P8NA 7KQ4", "HF-2026-000042"])
def test_what_could_be_two_codes_or_is_a_reference_is_refused(typed: str) -> None:
    with pytest.raises(ValueError, match="not a code"):
        codes.normalise(typed)


@pytest.mark.parametrize(
    "typed", ["", "1234", "U" * 20, "7KQ4 M2XT 9RDV HC3W P8N", "7" * 21, "留" * 20, "\x00" * 20]
)
def test_what_cannot_be_a_code_is_refused(typed: str) -> None:
    with pytest.raises(ValueError, match="not a code"):
        codes.normalise(typed)


def test_the_digest_of_a_code_depends_on_the_key(settings: object) -> None:
    code = codes.fresh()
    first = codes.digest(code)
    settings.ACCESS_CODE_KEY = "another key"  # type: ignore[attr-defined]
    assert first != codes.digest(code)
    assert len(first) == 64


def test_a_derived_code_is_always_the_same_and_never_the_first_one() -> None:
    code = codes.fresh()
    assert codes.derived(code, "access") == codes.derived(code, "access") != code
    assert codes.derived(code, "access") != codes.derived(code, "other")
    assert codes.normalise(codes.derived(code, "access")) == codes.derived(code, "access")
