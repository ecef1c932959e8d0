"""Short texts of data files, in English and Chinese."""

from collections.abc import Mapping
from dataclasses import dataclass

from django.utils.translation import get_language


def in_chinese() -> bool:
    """Whether the active language is Chinese, of any region. Readers of any other language are shown English."""
    return (get_language() or "").startswith("zh")


@dataclass(frozen=True)
class Bilingual:
    """A short text in every language of the portal: `{"en": …, "zh-hans": …}`. `str()` uses the active one."""

    by_language: Mapping[str, str]

    def __str__(self) -> str:
        return self.in_language(None)

    def in_language(self, language: str | None) -> str:
        """The text in this language (None: the active one), or in English if there is none in it."""
        wanted = language or get_language() or "en"
        return self.by_language.get(wanted.lower()) or self.by_language.get("en", "")
