"""The list of acts of collection in a draft. Each act has a key, so that a double click adds it only once, and
another tab changes the right one."""

import secrets
from collections.abc import Callable
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from complaints.models import Case, Contact, Draft
from complaints.reference import local_time

from . import saving

STEP = "contacts"
MOST = 200
Act = dict[str, Any]  # fields of questions.ActForm, with `precision` and `key`


class TooMany(Exception):
    """The list is full. The message is a sentence for the borrower."""

    def __str__(self) -> str:
        return _(
            "There is room for %(most)d. You can write the rest in your story, or upload a call list as evidence."
        ) % {"most": MOST}


def fresh_key() -> str:
    return secrets.token_hex(4)


def listed(draft: Draft) -> list[Act]:
    """The acts in the order of their times, those without a time last."""
    acts: list[Act] = draft.answers.get(STEP, {}).get("acts", [])
    return sorted(acts, key=lambda act: act.get("when") or "9")


def found(draft: Draft, key: str) -> Act | None:
    return next((act for act in listed(draft) if act["key"] == key), None)


def put(draft: Draft, key: str, act: Act, *, seen: str | None = None) -> None:
    """Save the act under its key, in place of an earlier one. Raises TooMany, and with `seen` ChangedMeanwhile."""

    def placed(acts: list[Act]) -> list[Act]:
        there = next((one for one in acts if one["key"] == key), {"key": key})
        saving.check_seen(there, {"key": key, **act}, seen)
        others = [one for one in acts if one["key"] != key]
        if len(others) >= MOST:
            raise TooMany
        return [*others, {"key": key, **act}]

    _change(draft, placed)


def remove(draft: Draft, key: str) -> None:
    _change(draft, lambda acts: [act for act in acts if act["key"] != key])


def seen(draft: Draft) -> None:
    """Record that the borrower has seen the list, which may stay empty."""
    _change(draft, lambda acts: acts)


@transaction.atomic
def _change(draft: Draft, changed: Callable[[list[Act]], list[Act]]) -> None:
    """Read and write the list under the draft's lock."""
    kept = saving.locked(draft)
    acts = changed(kept.answers.get(STEP, {}).get("acts", []))
    saving.write(draft, kept, STEP, {"acts": acts})


def for_statement(draft: Draft) -> list[Act]:
    """The acts for the statement: numbered in order, each with its known fields."""
    acts = ({name: value for name, value in act.items() if name != "key"} for act in listed(draft))
    return [{"contact": place, **act} for place, act in enumerate(acts, 1)]


def keep(case: Case, acts: list[Act]) -> list[Contact]:
    """Make rows of the statement's acts."""
    return Contact.objects.bulk_create(_row(case, act) for act in acts)


def _row(case: Case, act: Act) -> Contact:
    words = ("precision", "channel", "direction", "speaker", "number", "claimed", "reached", "said")
    answers = {"yes": True, "no": False}
    return Contact(
        case=case,
        order=act["contact"],
        at=local_time.moment(act["when"]) if "when" in act else None,
        until=local_time.moment(act["until"]) if "until" in act else None,
        times=int(act.get("times", 1)),
        times_about=act.get("times_about") == "yes",
        answered=answers.get(act.get("answered", "")),
        disclosed=answers.get(act.get("disclosed", "")),
        **{name: act.get(name, "") for name in words},
    )
