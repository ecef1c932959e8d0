"""Compares and finds telephone numbers in any spelling. Numbers without a country are of this office's (COUNTRY).

The library `phonenumbers` has the numbering plan of every country. SERVICES has numbers of services that the plans
do not have or take for local ones. Only the digits and a leading + matter.
"""

import re
from collections.abc import Iterator
from functools import lru_cache

import phonenumbers
from django.conf import settings

from . import folding

FEWEST, FEWEST_WITH_AREA = 7, 9  # digits
WITHOUT_ZERO = {"US", "CA"}  # countries without a 0 before the area code
TRIES = 500  # false candidates in a text, after which the search ends
MOST = 40  # characters of a number, with those between its digits

# Numbers of services, which belong to no person. China: emergencies, hotlines of authorities
# and companies, freephone and shared cost, senders of text messages (MIIT, telecommunications numbering plan).
SERVICES: dict[str, str] = {
    "CN": r"11[0-9]|12[0-2]|12[13]\d{2}|123\d{2}|100\d{2}|1118[35]|95\d{3,6}|96\d{3,4}|[48]00\d{7}|106\d{5,17}",
    "GB": r"999|112|111|101|105|119|159",
    "US": r"[2-9]11|988",
}
_AREA = {"CN": r"0\d{2,3}"}  # area codes that people dial before a service's number


def canonical(written: str) -> str:
    """The number in international form: +44 7946 012300 and, in Britain, 07946 012300 are +447946012300. A
    service's number as it is dialled. The digits, perhaps none, of a text that cannot be a number."""
    return _read(folding.clean(written)[:MOST], settings.COUNTRY)[0]


def national(written: str) -> str:
    """The digits that all spellings of the number share: without the country code and the 0 before the area
    code."""
    return _read(folding.clean(written)[:MOST], settings.COUNTRY)[1]


def is_number(written: str, least: int) -> bool:
    """Whether the text has at least this many digits, and no letters."""
    letters = folding.folded(written)
    return letters.isdecimal() and len(letters) >= least


def takes_texts(written: str) -> bool:
    """Whether it is as long as a mobile number of its country. Prefixes do not count: new ones come every year."""
    try:
        number = phonenumbers.parse(folding.clean(written)[:MOST], settings.COUNTRY)
    except phonenumbers.NumberParseException:
        return False
    return phonenumbers.is_possible_number_for_type(number, phonenumbers.PhoneNumberType.MOBILE)


def is_of_a_service(written: str) -> bool:
    """Whether this is the number of a service of this country, such as 110, 95588 or 400 820 8820."""
    return bool(_service(canonical(written), settings.COUNTRY))


def spans(view: str) -> Iterator[tuple[int, int]]:
    """Start and end of each telephone number in the view, which may have only blanks, dashes and points between
    ordinary digits. Numbers that could also be sums of money are left out."""
    for found in phonenumbers.PhoneNumberMatcher(view, settings.COUNTRY, max_tries=TRIES):
        is_dialled = found.raw_string.startswith(("0", "+", "(")) or settings.COUNTRY in WITHOUT_ZERO
        if is_dialled and len(folding.digits(found.raw_string)) >= FEWEST_WITH_AREA:
            yield found.start, found.end


@lru_cache(maxsize=4096)
def _read(written: str, country: str) -> tuple[str, str]:
    """The number in international form, and without its country code."""
    bare = folding.digits(written)
    dialled = f"+{bare}" if "+" in written else re.sub("^00", "+", bare)
    if service := _service(dialled, country):
        return service, service
    try:
        number = phonenumbers.parse(dialled, country)
    except phonenumbers.NumberParseException:
        return bare, _without_zeros(bare)
    if phonenumbers.is_possible_number_with_reason(number) != phonenumbers.ValidationResult.IS_POSSIBLE:
        return bare, _without_zeros(bare)
    significant = phonenumbers.national_significant_number(number)
    return phonenumbers.format_number(number, phonenumbers.PhoneNumberFormat.E164), significant


def _without_zeros(bare: str) -> str:
    """The digits without leading zeros, if they are long enough to have an area code."""
    return bare.lstrip("0") if len(bare) >= FEWEST else bare


def _service(dialled: str, country: str) -> str:
    """The service's number, without country and area code; an empty string if it is none of a service."""
    before = rf"\+{phonenumbers.country_code_for_region(country)}|{_AREA.get(country, '')}"
    found = re.fullmatch(rf"(?:{before})?({SERVICES.get(country, '(?!)')})", dialled)
    return found[1] if found else ""
