"""The part of the report about exhibits: kind, declarations and times."""

from typing import Any

from django.utils.functional import lazy

from complaints.bundles.attached import COPIES, Attached
from complaints.exhibits import showing
from complaints.reference.choices import FACT_CHOICES, FACTS
from evidence import names, sizes

from . import copied, words
from .words import Both, line, translated, when


def _declared(one: Attached) -> list[dict[str, Any]]:
    """The borrower's declarations about a file: what it is about in both languages, answer."""
    facts = {fact: one.declared[fact] for fact in FACTS if one.declared.get(fact)}
    return [{"about": words.DECLARED[fact], "answer": _fact(fact, answer)} for fact, answer in facts.items()]


def _fact(fact: str, answer: str) -> str:
    choices = FACT_CHOICES.get(fact)
    return line(translated(choices(answer).label)) if choices else answer


def facts(one: Attached, named: frozenset[str]) -> dict[str, Any]:
    """The template's values for one exhibit. `named` is from `copied.comparable`."""
    exhibit = one.exhibit
    clocks = {token.authority: token.root.local_clock for token in one.kept_tokens}
    return {
        "number": exhibit.number,
        "label": exhibit.label,
        "name": names.displayable(one.name),
        "description": one.description or line(words.NOT_GIVEN, " "),
        "proves": one.description,
        "original": _original(one),
        "authority": one.authority,
        "source": line(words.SOURCES[exhibit.source], " "),
        "declared": _declared(one),
        "left_out": words.LEFT_OUT[one.left_out] if one.left_out else None,
        "file": f"data/{one.file}" if one.file else "–",
        "transcript": one.transcript,
        "partial": _partial(one),
        **copied.facts(one, named),
        "media_type": exhibit.media_type,
        "size": sizes.in_words(exhibit.size),
        "bytes": f"{exhibit.size:,} B",
        "sha256": exhibit.sha256,
        "received": when(exhibit.received_at),
        "state": words.SEALED if one.seal else words.PENDING,
        "sealed": when(one.seal.content["at"]) if one.seal else line(words.PENDING),
        "copies": [f"data/{copy.file}" for copy in one.copies],
        "stamps": [
            {
                "authority": words.authority(token["authority"]),
                "time": when(token["gen_time"]),
                "local_clock": clocks.get(token["authority"], False),
            }
            for token in one.tokens
        ],
    }


def _original(one: Attached) -> str:
    """Whether it is an original or a copy, as the borrower declared it; "" if they did not."""
    declared = one.declared.get("condition", "")
    return _fact("condition", declared) if declared else ""


def _partial(one: Attached) -> Both | None:
    """What the copies lack of the original; None where they lack nothing."""
    inspection, made = getattr(one.item, "inspection", None), one.made(COPIES)
    return translated(lazy(showing.lacking, str)(inspection, made)) if showing.lacking(inspection, made) else None
