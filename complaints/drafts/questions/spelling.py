"""Unifies the spelling of days and times: `昨晚八点半` becomes `昨天晚上8点半`, and `ten past 8 p.m.` becomes
`10 past 8 pm`. Pure."""

import re
import unicodedata

TRADITIONAL = str.maketrans(
    "點時號週禮裡裏後兩鐘這個過間無陰曆農許壹貳贰參叁肆伍陸陆柒捌玖拾∶꞉",
    "点时号周礼里里后两钟这个过间无阴历农许一二二三三四五六六七八九十::",
)
FIGURES = dict(zip("〇零一二两三四五六七八九", "001223456789", strict=True))
NUMERAL = re.compile(r"[〇零一二两三四五六七八九十]+")
TENS = re.compile(r"([二三四五六七八九])?十([一二三四五六七八九])?")
WEEKDAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
SIGNS = dict(zip("一二三四五六日天1234567", (*WEEKDAYS, WEEKDAYS[6], *WEEKDAYS), strict=True))
CHINESE_WEEKDAY = re.compile(r"(?:星期|礼拜|周)([一二三四五六日天]|[1-7](?!\d))")
ENGLISH_WEEKDAY = re.compile(rf"\b({'|'.join(WEEKDAYS)})(?:s|rs?|day|sday|nesday|rsday|urday)?\b\.?", re.ASCII)
ROUGH = re.compile(
    r"大概|大约|约|左右|前后|差不多|好像是?|可能是?|(?<=[点分半刻])多|(?<=点)来(?=钟)|(?<=[点时分半刻0-9])许"
    r"|快(?=\s*[\d一二两三四五六七八九十]+\s*点)|不到|(?<=点)过$"
    r"|\b(?:at about|about|around|approximately|approx\.?|roughly|circa|or so)\b|^~|~$|(?<![\d点时])~(?=\s*\d)"
    r"|(?<=\d)\s?ish\b|\bish$",
    re.ASCII,
)
# pattern -> the spelling that `days` and `hours` read; applied in this order
SAME: tuple[tuple[str, str], ...] = (
    (r"(?<![a-z])([ap])\.?\s?m\.?(?![a-z])", r"\1m"),
    (r"(?<=\d)([ap])(?![a-z.])", r"\1m"),
    (r"[。!]+$", ""),
    (r"(?:开庭|出庭|到庭)(?:时间|日期)?[:是为]?", " "),
    (r"\b([01]\d|2[0-4])([0-5]\d)\s*(?:hrs?|hours)\b", r"\1:\2"),
    (r"(?<=[:.]\d\d)\s*(?:hrs?|hours|h)\b", ""),
    (r"\bsharp\b|\bexactly\b|(?<=点)正", ""),
    (r"\bearly (?=(?:this )?morning)|\blate (?=afternoon|evening|(?:at|last) night)", ""),
    (r"\b(?:an?|one) (?=(?:day|week)s? ago)", "1 "),
    (r"\bnights? ago\b", "days ago night"),
    # The number behind these words is the day's, not the hour's.
    (r"^(?:(?:on|in) )?the (morning|afternoon|evening|night) (?:of|on) (.+?)(?:,?\s+at (.+))?$", r"\2 \1 \3"),
    (r"\b(morning|afternoon|evening|night|[ap]m|noon|midnight) (?:of|on)\b", r"\1;"),
    (r"o'?\s?clock", "点"),
    (r"(?<=\d)t(?=\d)", " "),
    (r"\bthis (?=morning|afternoon|evening)", "today "),
    (r"\btonight\b", "today night"),
    (r"\blast night\b", "yesterday night"),
    (r"\b(?:on|at|of|in|the|a|an)\b", " "),
    (r"\b(five|ten|twenty|twenty-five)(?= (?:past|after|to)\b)", r"\1分"),
    (r"\s*\b(?:minutes?|mins?)\b", "分"),
    (r"三更半夜|大半夜", "半夜"),
    (r"大清早|一大早|一清早|一早|清早", "早上"),
    (r"今晨", "今天早上"),
    (r"([今明昨前])早上?", r"\1天早上"),
    (r"([今明昨前])儿个?", r"\1天"),
    (r"((?<![天日以之周期拜])[今明昨前])[日天]?(?=[晚夜])", r"\1天"),
    (r"([今明昨前])日", r"\1天"),
    (r"(?<=[0-9一二三四五六七八九十月日号天分点前])的", " "),
    (r"那一?天", " "),
    (r"廿", "二十"),
    (r"卅", "三十"),
)
SHORT_OF = re.compile(  # 差一刻九点, 九点差一刻
    r"差\s*(?P<before>1刻|\d{1,2}\s*分)钟?\s*(?P<hour>\d{1,2})\s*点"
    r"|(?P<hour_>\d{1,2})\s*点\s*差\s*(?P<before_>1刻|\d{1,2}\s*分)钟?"
)
WORDS = ["one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten", "eleven", "twelve"]
SPELLED_OUT = {word: str(place) for place, word in enumerate(WORDS, 1)} | {"twenty": "20", "twenty-five": "25"}
IN_WORDS = re.compile(rf"\b(?:{'|'.join(sorted(SPELLED_OUT, key=len, reverse=True))})(?![a-z])", re.ASCII)


def plain(text: str) -> str:
    """The text with ordinary instead of full-width characters, stripped."""
    return unicodedata.normalize("NFKC", text).strip()


def is_rough(text: str) -> bool:
    """Whether the text says that it is approximate: 大概, 左右, around."""
    return bool(ROUGH.search(_written(text)))


def without_rough(text: str) -> str:
    """The text in lower case and simplified characters, without these words."""
    return ROUGH.sub(" ", _written(text))


def simple(text: str) -> str:
    """The text in lower case and simplified characters, with numerals as digits and weekdays as mon to sun."""
    text = CHINESE_WEEKDAY.sub(lambda match: f" {SIGNS[match[1]]} ", _written(text))
    for pattern, same in SAME:
        text = re.sub(pattern, same, text, flags=re.ASCII)
    text = ENGLISH_WEEKDAY.sub(lambda match: f"{match[1]} ", text)
    text = IN_WORDS.sub(lambda match: SPELLED_OUT[match[0]], NUMERAL.sub(_figures, text))
    text = SHORT_OF.sub(_short_of, text)
    return " ".join(text.split()).strip(" ,、")


def _short_of(match: re.Match[str]) -> str:
    return f" {match['before'] or match['before_']} to {match['hour'] or match['hour_']}点"


def _written(text: str) -> str:
    return plain(text).lower().translate(TRADITIONAL).replace("’", "'")


def _figures(match: re.Match[str]) -> str:
    """The numeral in digits: 二十一 is 21, 二〇二六 is 2026. A space separates it from digits before it."""
    numeral = match[0]
    if tens := TENS.fullmatch(numeral):
        figures = FIGURES.get(tens[1], "1") + FIGURES.get(tens[2], "0")
    else:
        figures = "".join(FIGURES.get(letter, letter) for letter in numeral)
    apart = match.string[: match.start()][-1:].isdigit()
    return f" {figures}" if apart else figures
