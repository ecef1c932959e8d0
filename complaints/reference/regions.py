"""Regions where borrowers live: provinces of China and states of the USA, by ISO 3166-2 code.

Those of China are in the usual order of its statistics, those of the USA in alphabetical order."""

from collections.abc import Iterable
from typing import Any

from django.conf import settings
from django.utils.functional import lazy

from .bilingual import in_chinese

CHINA = """
BJ Beijing 北京市
TJ Tianjin 天津市
HE Hebei 河北省
SX Shanxi 山西省
NM Inner_Mongolia 内蒙古自治区
LN Liaoning 辽宁省
JL Jilin 吉林省
HL Heilongjiang 黑龙江省
SH Shanghai 上海市
JS Jiangsu 江苏省
ZJ Zhejiang 浙江省
AH Anhui 安徽省
FJ Fujian 福建省
JX Jiangxi 江西省
SD Shandong 山东省
HA Henan 河南省
HB Hubei 湖北省
HN Hunan 湖南省
GD Guangdong 广东省
GX Guangxi 广西壮族自治区
HI Hainan 海南省
CQ Chongqing 重庆市
SC Sichuan 四川省
GZ Guizhou 贵州省
YN Yunnan 云南省
XZ Tibet 西藏自治区
SN Shaanxi 陕西省
GS Gansu 甘肃省
QH Qinghai 青海省
NX Ningxia 宁夏回族自治区
XJ Xinjiang 新疆维吾尔自治区
HK Hong_Kong 香港特别行政区
MO Macao 澳门特别行政区
TW Taiwan 台湾省
"""
USA = """
AL Alabama 亚拉巴马州
AK Alaska 阿拉斯加州
AZ Arizona 亚利桑那州
AR Arkansas 阿肯色州
CA California 加利福尼亚州
CO Colorado 科罗拉多州
CT Connecticut 康涅狄格州
DE Delaware 特拉华州
DC District_of_Columbia 哥伦比亚特区
FL Florida 佛罗里达州
GA Georgia 佐治亚州
HI Hawaii 夏威夷州
ID Idaho 爱达荷州
IL Illinois 伊利诺伊州
IN Indiana 印第安纳州
IA Iowa 艾奥瓦州
KS Kansas 堪萨斯州
KY Kentucky 肯塔基州
LA Louisiana 路易斯安那州
ME Maine 缅因州
MD Maryland 马里兰州
MA Massachusetts 马萨诸塞州
MI Michigan 密歇根州
MN Minnesota 明尼苏达州
MS Mississippi 密西西比州
MO Missouri 密苏里州
MT Montana 蒙大拿州
NE Nebraska 内布拉斯加州
NV Nevada 内华达州
NH New_Hampshire 新罕布什尔州
NJ New_Jersey 新泽西州
NM New_Mexico 新墨西哥州
NY New_York 纽约州
NC North_Carolina 北卡罗来纳州
ND North_Dakota 北达科他州
OH Ohio 俄亥俄州
OK Oklahoma 俄克拉何马州
OR Oregon 俄勒冈州
PA Pennsylvania 宾夕法尼亚州
PR Puerto_Rico 波多黎各
RI Rhode_Island 罗得岛州
SC South_Carolina 南卡罗来纳州
SD South_Dakota 南达科他州
TN Tennessee 田纳西州
TX Texas 得克萨斯州
UT Utah 犹他州
VT Vermont 佛蒙特州
VA Virginia 弗吉尼亚州
WA Washington 华盛顿州
WV West_Virginia 西弗吉尼亚州
WI Wisconsin 威斯康星州
WY Wyoming 怀俄明州
"""


def _read(country: str, table: str) -> dict[str, tuple[str, str]]:
    rows = (row.split() for row in table.strip().splitlines())
    return {f"{country}-{code}": (english.replace("_", " "), chinese) for code, english, chinese in rows}


COUNTRIES = {"CN": ("China", "中国"), "US": ("United States", "美国")}
ELSEWHERE = "ZZ"  # as ISO 3166 leaves it to its users
NAMES = {  # code -> English, Chinese
    **_read("CN", CHINA),
    **_read("US", USA),
    ELSEWHERE: ("Another country or region", "海外或其他地区"),
}
Choice = tuple[str, Any]


def name(code: str) -> str:
    """The name of a region or country in the active language; the code itself if it is unknown."""
    english, chinese = {**NAMES, **COUNTRIES}.get(code, (code, code))
    return chinese if in_chinese() else english


name_lazily = lazy(name, str)


def are_known() -> bool:
    """Whether the regions of this portal's country are known."""
    return settings.COUNTRY in COUNTRIES


def choices(kept: Iterable[str] = ()) -> list[Choice]:
    """The regions to choose from, grouped by country: this portal's own first, at the end "elsewhere". If its own
    are not known, none but `kept`, which a row names already."""
    if not are_known():
        return _named(kept)
    own_first = sorted(COUNTRIES, key=lambda country: country != settings.COUNTRY)
    grouped = [(name_lazily(country), _named(_of(country))) for country in own_first]
    return [*grouped, *_named([ELSEWHERE])]


def _of(country: str) -> Iterable[str]:
    return (code for code in NAMES if code.startswith(f"{country}-"))


def _named(codes: Iterable[str]) -> list[Choice]:
    return [(code, name_lazily(code)) for code in codes]
