"""The order of a name's halves: 陈小梅 is also written 小梅·陈, and Wang Xiaoming as “Wang, Xiaoming” or
“Xiaoming Wang”. Pure."""

import re
from collections.abc import Iterator

from . import folding

SURNAMES_OF_TWO = (
    "欧阳|司马|上官|诸葛|东方|皇甫|尉迟|公孙|慕容|司徒|夏侯|令狐|长孙|宇文|轩辕|端木|百里|南宫|东郭|西门|独孤|完颜"
)
CHINESE = re.compile(rf"({SURNAMES_OF_TWO}|[^小老阿])[\u3400-\u4dbf\u4e00-\u9fff]{{1,2}}")
_APART = re.compile(r"[\s,、/·•‧∙⋅・.]+")  # between the parts of a name; a dash or an apostrophe is inside one
SHORTEST = 3  # Chinese characters; two of them in the other order are found in many sentences


def halves(view: str) -> Iterator[tuple[str, str]]:
    """Each way to divide a name in a folded view (`folding.Folded`) in two, of which either may come first."""
    parts = [part for part in _APART.split(view) if any(map(folding.is_letter, part))]
    letters = "".join(filter(folding.is_letter, view))
    if len(letters) < SHORTEST:
        return
    if len(parts) == 1 and (surname := CHINESE.fullmatch(letters)):
        parts = [surname[1], letters.removeprefix(surname[1])]
        if len(parts[1]) == 1:
            return
    for place in sorted({1, len(parts) - 1} - {0, len(parts)}):
        yield " ".join(parts[:place]), " ".join(parts[place:])


def folded(name: str) -> frozenset[str]:
    """The folded name, and the same with the other half first."""
    turned = (folding.folded(second + first) for first, second in halves(folding.Folded(name).view))
    return frozenset(filter(None, (folding.folded(name), *turned)))
