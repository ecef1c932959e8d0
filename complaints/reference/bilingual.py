"""Short texts that data files hold in every language of the portal."""

from collections.abc import Mapping
from dataclasses import dataclass

from django.utils.translation import get_language


def in_chinese() -> bool:
    """Whether the reader reads Chinese, of whichever region; in everything else English is shown."""
    return (get_language() or "").startswith("zh")


@dataclass(frozen=True)
class Bilingual:
    """A short text in every language of the portal (`{"en": …, "zh-hans": …}`); as a string, in the reader's."""

    by_language: Mapping[str, str]

    def __str__(self) -> str:
        return self.in_language(get_language() or "en")

    def in_language(self, language: str) -> str:
        """The text in this language; in English where it has none."""
        return self.by_language.get(language.lower()) or self.by_language.get("en", "")
