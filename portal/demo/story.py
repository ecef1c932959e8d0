"""What a story of the demo consists of. The stories are in stories/, one a file."""

from collections.abc import Callable
from dataclasses import dataclass, field
from functools import cache

from . import paper, sound


@dataclass(frozen=True)
class File:
    name: str
    description: str
    make: Callable[[], bytes]
    declared: dict[str, str] = field(default_factory=dict)


@dataclass(frozen=True)
class Decision:
    """Findings and reply. If the reply is empty, the one that the portal drafts from the findings is sent."""

    findings: tuple["StoryFinding", ...]
    reply: str = ""


@dataclass(frozen=True)
class StoryFinding:
    allegation: str
    outcome: str
    reasons: str
    relied_on: tuple[int, ...]  # exhibit numbers
    norms: tuple[str, ...] = ()
    missing: str = ""
    missing_from: str = ""


@dataclass(frozen=True)
class StoryUndertaking:
    """A measure or a promise of redress, due `days` after the decision. With a `proof` it is done."""

    sort: str
    kind: str
    what: str
    owner: str
    days: int
    amount: str = ""
    currency: str = "GBP"
    proof: str = ""


@dataclass(frozen=True)
class Story:
    """One borrower's complaint, and the state that its case is to reach (of Case.State)."""

    state: str
    language: str
    conduct: tuple[str, ...]
    parties: tuple[str, str, str]  # lender, platform, agency; "" where the borrower does not know
    text: str
    wishes: tuple[str, ...]
    reach: dict[str, str]
    files: tuple[File, ...]
    decision: Decision | None = None
    undertaken: tuple[StoryUndertaking, ...] = ()
    numbers: tuple[str, ...] = ()
    court: dict[str, str] = field(default_factory=lambda: {"court": "none"})
    contacts: tuple[dict[str, str], ...] = ()  # fields of questions.ActForm
    wants: dict[str, str] = field(default_factory=dict)  # amounts of money
    originals: dict[str, str] = field(default_factory=dict)
    may_see_name: str = "no"
    question: str = ""  # from the investigator, not answered yet


def recording(seconds: int, seed: int, encode: Callable[[bytes], bytes]) -> Callable[[], bytes]:
    """Makes the sound file of an invented call that lasts `seconds`; the same `seed` gives the same call."""
    return cache(lambda: encode(sound.call(seconds, seed)))


def messages(sender: str, clock: str, *messages: tuple[str, str]) -> Callable[[], bytes]:
    """Makes a PNG screenshot of messages, each (time, text). A text that begins with ">" is the phone owner's."""
    return cache(lambda: paper.screenshot(sender, clock, messages))
