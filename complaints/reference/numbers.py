"""Telephone numbers as people write them: which two are one number, by the country of this office (COUNTRY).

`phonenumbers` knows the plan of every country; the numbers of services, which those plans leave out or hold for
local, are in a small table here. A number is read by its digits and a + before them alone.
"""

import re
from collections.abc import Iterator
from functools import lru_cache

import phonenumbers
from django.conf import settings

from . import folding

FEWEST, FEWEST_WITH_AREA = 7, 9  # digits
WITHOUT_ZERO = {"US", "CA"}  # where no 0 is dialled before the area
TRIES = 500  # digits that look like a number and are none, after which no more are looked for in a text
MOST = 40  # characters of a number with what is between its digits

# What services of a country are called by; they belong to no person. China: emergencies, hotlines of authorities
# and companies, freephone and shared cost, senders of text messages (MIIT, telecommunications numbering plan).
SERVICES: dict[str, str] = {
    "CN": r"11[0-9]|12[0-2]|12[13]\d{2}|123\d{2}|100\d{2}|1118[35]|95\d{3,6}|96\d{3,4}|[48]00\d{7}|106\d{5,17}",
    "GB": r"999|112|111|101|105|119|159",
    "US": r"[2-9]11|988",
}
_AREA = {"CN": r"0\d{2,3}"}  # that people dial before a service's number


def canonical(written: str) -> str:
    """The one spelling of a number: with its country (+44 7946 012300 and, in Britain, 07946 012300 are
    +447946012300), a service's as it is dialled; anything that cannot be a number as its digits, perhaps none."""
    return _read(folding.clean(written)[:MOST], settings.COUNTRY)[0]


def national(written: str) -> str:
    """The digits that stand in every spelling of the number: without the country and the 0 before the area."""
    return _read(folding.clean(written)[:MOST], settings.COUNTRY)[1]


def is_number(written: str, least: int) -> bool:
    """Whether the text is one number of so many digits or more, and no word."""
    text = folding.clean(written)
    return not re.search(r"[^\W\d_]", text) and len(folding.digits(text)) >= least


def is_of_a_service(written: str) -> bool:
    """Whether it is the number of a service of this country, such as 110, 95588 or 400 820 8820."""
    return bool(_service(canonical(written), settings.COUNTRY))


def spans(view: str) -> Iterator[tuple[int, int]]:
    """Where numbers of this country, or with another country before them, are in a text that has only ordinary
    digits and, between them, only blanks, dashes and points. Those that could be a sum are left out."""
    for found in phonenumbers.PhoneNumberMatcher(view, settings.COUNTRY, max_tries=TRIES):
        is_dialled = found.raw_string.startswith(("0", "+", "(")) or settings.COUNTRY in WITHOUT_ZERO
        if is_dialled and len(folding.digits(found.raw_string)) >= FEWEST_WITH_AREA:
            yield found.start, found.end


@lru_cache(maxsize=4096)
def _read(written: str, country: str) -> tuple[str, str]:
    """A number in its one spelling, and without its country."""
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
    """Without the 0 before an area, where the digits are enough for a number with one."""
    return bare.lstrip("0") if len(bare) >= FEWEST else bare


def _service(dialled: str, country: str) -> str:
    """The service's number that these digits are, without an area or the country before it; else nothing."""
    before = rf"\+{phonenumbers.country_code_for_region(country)}|{_AREA.get(country, '')}"
    found = re.fullmatch(rf"(?:{before})?({SERVICES.get(country, '(?!)')})", dialled)
    return found[1] if found else ""
