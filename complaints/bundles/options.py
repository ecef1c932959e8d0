"""What is chosen of a bundle: for whom it is, which exhibits, in which language, and what is masked."""

from dataclasses import dataclass, field, replace
from typing import Any

# For whom the bundle is -> documents left out of it. Measures may name staff, a proposal is no finding yet, and
# why more time was wanted was written for the office: the borrower and their lawyer get what was found, what was
# promised and to whom the case was referred.
OFFICE_ALONE = ("proposal", "measure", "extension", "decision")
WITHHELD: dict[str, tuple[str, ...]] = {
    "borrower": OFFICE_ALONE,
    "office": (),
    "legal_aid": OFFICE_ALONE,
    "court": OFFICE_ALONE,
    "complaint": OFFICE_ALONE,  # 投诉: redress for a borrower whom the regulator has to know
    "regulator": ("reporter", "proposal", "extension", "decision"),  # 举报: that rules were broken
}
WITH_NOTES = ("office", "legal_aid")  # who may get the office's notes, where they were chosen
# Left out unless the borrower's consent to this recipient stands.
BY_CONSENT = {"legal_aid": "legal_aid", "court": "court", "complaint": "regulator"}
MASKED = ("complaint", "regulator")  # who need no third party's number or name; so it is unless chosen otherwise
LANGUAGES = ("both", "zh", "en")
CHOSEN = "chosen"  # why an exhibit is left out; else a fault that was found


@dataclass(frozen=True, kw_only=True)
class Options:
    """Together with the ledger's size they decide every byte of a bundle."""

    audience: str
    language: str = "both"  # of the report
    masked: bool = False
    hidden: tuple[str, ...] = ()  # names and words to mask besides numbers and addresses
    left_out: dict[int, str] = field(default_factory=dict)  # number of an exhibit -> why
    notes: bool = False  # the office's own come along
    by_borrower: bool = False  # the borrower asked for it, for themselves or to lend it
    goes_on: bool = False  # an exhibit at fault is left out and marked; else the export stops there

    def __post_init__(self) -> None:
        if self.audience not in WITHHELD:
            raise ValueError(f"no bundle is made for “{self.audience}”")
        if self.language not in LANGUAGES:
            raise ValueError(f"no report is made in “{self.language}”")
        if self.notes and self.audience not in WITH_NOTES:
            raise ValueError(f"no notes go to “{self.audience}”")

    @classmethod
    def usual(cls, audience: str, **chosen: Any) -> "Options":
        """What is right for most of these recipients."""
        return cls(audience=audience, **{"masked": audience in MASKED, **chosen})

    @property
    def withheld(self) -> tuple[str, ...]:
        """Documents that are left out, whatever the borrower agreed to: those that the recipient may not see, and
        those that the borrower may not see where the borrower asked."""
        asker = WITHHELD["borrower"] if self.by_borrower else ()
        both = tuple(dict.fromkeys((*WITHHELD[self.audience], *asker)))
        return both if self.notes and not self.by_borrower else (*both, "note")

    @property
    def is_fit_for_the_borrower(self) -> bool:
        """Whether nothing is in it that the borrower may not see."""
        return {*WITHHELD["borrower"], "note"} <= {*self.withheld}

    def without(self, number: int, why: str) -> "Options":
        return replace(self, left_out={**self.left_out, number: why})

    def recorded(self) -> dict[str, Any]:
        """What the ledger says of them: codes, never a name that was masked."""
        left_out = labelled(self.left_out)
        told = {"language": self.language, "masked": self.masked, "notes": self.notes, "left_out": left_out}
        usual = {"language": "both", "masked": False, "notes": False, "left_out": {}}
        return {"audience": self.audience, **{name: one for name, one in told.items() if one != usual[name]}}

    def kept(self) -> dict[str, Any]:
        """As JSON, for the row of the export."""
        left_out = {str(number): why for number, why in self.left_out.items()}
        return {**vars(self), "hidden": [*self.hidden], "left_out": left_out}

    @classmethod
    def of(cls, kept: dict[str, Any]) -> "Options":
        left_out = {int(number): why for number, why in kept["left_out"].items()}
        return cls(**{**kept, "hidden": tuple(kept["hidden"]), "left_out": left_out})


def labelled(left_out: dict[int, str]) -> dict[str, str]:
    return {f"E-{number}": why for number, why in sorted(left_out.items())}
