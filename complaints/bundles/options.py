"""The options of a bundle: audience, exhibits, language and masking."""

from dataclasses import dataclass, field, replace
from typing import Any

from complaints.cases.readers import WITHHELD

WITH_NOTES = ("office", "legal_aid")  # audiences that may get the office's notes
MASKED = ("complaint", "regulator")  # audiences that need no numbers or names of third parties: masked by default
LANGUAGES = ("both", "zh", "en")
CHOSEN = "chosen"  # the reason for an exhibit that somebody left out; other reasons are kinds of damage


@dataclass(frozen=True, kw_only=True)
class Options:
    """The options. Together with a size of the ledger they determine every byte of a bundle."""

    audience: str
    language: str = "both"  # of the report
    masked: bool = False
    hidden: tuple[str, ...] = ()  # names and words to mask besides numbers and addresses
    left_out: dict[int, str] = field(default_factory=dict)  # number of an exhibit -> reason
    notes: bool = False  # whether the office's notes are included
    by_borrower: bool = False  # whether the borrower asked, for themselves or for a grant
    goes_on: bool = False  # whether damaged exhibits are left out and marked; else the export fails

    def __post_init__(self) -> None:
        if self.audience not in WITHHELD:
            raise ValueError(f"no bundle is made for “{self.audience}”")
        if self.language not in LANGUAGES:
            raise ValueError(f"no report is made in “{self.language}”")
        if self.notes and self.audience not in WITH_NOTES:
            raise ValueError(f"no notes go to “{self.audience}”")

    @classmethod
    def usual(cls, audience: str, **chosen: Any) -> "Options":
        """The usual options for the audience, changed by `chosen`."""
        return cls(audience=audience, **{"masked": audience in MASKED, **chosen})

    @property
    def readers(self) -> tuple[str, ...]:
        """Who may see everything that the bundle has: its audience, and its asker if that is the borrower."""
        return (self.audience, "borrower") if self.by_borrower else (self.audience,)

    @property
    def with_notes(self) -> bool:
        return self.notes and not self.by_borrower

    def without(self, number: int, why: str) -> "Options":
        """These options with one more exhibit left out."""
        return replace(self, left_out={**self.left_out, number: why})

    def recorded(self) -> dict[str, Any]:
        """The part for the ledger entry: codes only, never masked names."""
        left_out = labelled(self.left_out)
        settings = {"language": self.language, "masked": self.masked, "notes": self.notes, "left_out": left_out}
        usual = {"language": "both", "masked": False, "notes": False, "left_out": {}}
        return {"audience": self.audience, **{name: one for name, one in settings.items() if one != usual[name]}}

    def kept(self) -> dict[str, Any]:
        """As JSON for the row of the export; `of` reads it back."""
        left_out = {str(number): why for number, why in self.left_out.items()}
        return {**vars(self), "hidden": [*self.hidden], "left_out": left_out}

    @classmethod
    def of(cls, kept: dict[str, Any]) -> "Options":
        """The options from the JSON of `kept`."""
        left_out = {int(number): why for number, why in kept["left_out"].items()}
        return cls(**{**kept, "hidden": tuple(kept["hidden"]), "left_out": left_out})


def labelled(left_out: dict[int, str]) -> dict[str, str]:
    """Label of an exhibit ("E-1") -> reason."""
    return {f"E-{number}": why for number, why in sorted(left_out.items())}
