"""The laws and rules that the guides cite: their force, date and address, and how their wording was confirmed."""

import tomllib
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from urllib.parse import urlsplit

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from .bilingual import in_chinese

FILE = Path(__file__).with_name("sources.toml")
UNCONFIRMED = "K"
READ: dict[str, Promise] = {
    "S1": _("read on the issuer’s own site"),
    "S2": _("read where another page quotes it"),
    "S3": _("read in an excerpt"),
    UNCONFIRMED: _("not confirmed by us"),
}
FORCES: dict[str, Promise] = {
    "law": _("law"),
    "dept_rule": _("department rule"),
    "court_rule": _("rule of the supreme court"),
    "recommended_standard": _("recommended standard"),
    "self_regulation": _("self-regulation of the industry"),
    "regulation": _("regulation"),
    "regulator_rule": _("rule of the regulator"),
    "official_advice": _("advice of an authority"),
    "channel": _("place to turn to"),
    "technical": _("technical note"),
}


@dataclass(frozen=True)
class Source:
    id: str
    country: str  # empty if it is about no country
    zh: str
    en: str
    force: str  # a key of FORCES
    date: str  # when it took effect; may be empty
    address: str  # a page of the issuer; may be empty
    read: str  # how its wording was confirmed: a key of READ
    numbers: str = ""  # its telephone numbers, with blanks between

    def __str__(self) -> str:
        return self.zh if in_chinese() else self.en

    @property
    def force_in_words(self) -> Promise:
        return FORCES[self.force]

    @property
    def how_sure(self) -> Promise:
        return READ[self.read]

    @property
    def is_confirmed(self) -> bool:
        return self.read != UNCONFIRMED

    @property
    def host(self) -> str:
        """The issuer's site, such as nfra.gov.cn."""
        return (urlsplit(self.address).hostname or "").removeprefix("www.")


@cache
def all_by_id() -> dict[str, Source]:
    data = tomllib.loads(FILE.read_text(encoding="utf-8"))
    return {name: Source(id=name, **given) for name, given in data.items()}
