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
        return self.in_language(None)

    def in_language(self, language: str | None) -> str:
        """The text in this language, or the reader's (None); in English where it has none."""
        wanted = language or get_language() or "en"
        return self.by_language.get(wanted.lower()) or self.by_language.get("en", "")
