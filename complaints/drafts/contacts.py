"""The draft's list of acts of collection: one added, changed, taken away. Each has a key, so that a doubled click
adds it once and another tab changes the one it means."""

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
Act = dict[str, Any]  # names of questions.ActForm, with `precision` and `key`


class TooMany(Exception):
    """The list is full. Its text is a sentence for the borrower."""

    def __str__(self) -> str:
        return _("%(most)d fit here. You can write the rest in your story, or upload a call list as evidence.") % {
            "most": MOST
        }


def fresh_key() -> str:
    return secrets.token_hex(4)


def listed(draft: Draft) -> list[Act]:
    """The acts in the order they happened, those without a time last."""
    acts: list[Act] = draft.answers.get(STEP, {}).get("acts", [])
    return sorted(acts, key=lambda act: act.get("when") or "9")


def found(draft: Draft, key: str) -> Act | None:
    return next((act for act in listed(draft) if act["key"] == key), None)


def put(draft: Draft, key: str, act: Act, *, seen: str | None = None) -> None:
    """Keep the act under its key, in place of what was there. Raises TooMany; with `seen`, ChangedMeanwhile."""

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
    """The borrower has been here, and may have nothing to add."""
    _change(draft, lambda acts: acts)


@transaction.atomic
def _change(draft: Draft, changed: Callable[[list[Act]], list[Act]]) -> None:
    """The list is read and written under the draft's lock; what is filed is not touched."""
    kept = saving.locked(draft)
    acts = changed(kept.answers.get(STEP, {}).get("acts", []))
    saving.write(draft, kept, STEP, {"acts": acts})


def for_statement(draft: Draft) -> list[Act]:
    """The acts as the statement has them: in order, each with the fields that are known."""
    acts = ({name: value for name, value in act.items() if name != "key"} for act in listed(draft))
    return [{"contact": place, **act} for place, act in enumerate(acts, 1)]


def keep(case: Case, acts: list[Act]) -> list[Contact]:
    """The statement's acts as rows, for what is computed from them."""
    return Contact.objects.bulk_create(_row(case, act) for act in acts)


def _row(case: Case, act: Act) -> Contact:
    words = ("precision", "channel", "direction", "speaker", "number", "claimed", "reached", "said")
    answers = {"yes": True, "no": False}
    return Contact(
        case=case,
        order=act["contact"],
        at=local_time.moment(act["when"]) if "when" in act else None,
        answered=answers.get(act.get("answered", "")),
        disclosed=answers.get(act.get("disclosed", "")),
        **{name: act.get(name, "") for name in words},
    )
