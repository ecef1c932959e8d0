"""The part of the report about what the borrower did after filing: reviews, retaliation, withdrawals, consents."""

from typing import Any

from complaints.bundles.papers import Papers
from complaints.models import Consent, event_kinds
from evidence.holdfast_verify import documents_of

from .words import EVENTS, Both, both, translated, when

WAITING = both("等待生效", "waiting to take effect")


def facts(papers: Papers) -> dict[str, Any]:
    """The template's lists. Each is empty if there was nothing of its kind."""
    return {
        "reviews": [_written(papers, name, "reasons", "asked_at") for name in _named(papers, "review")],
        "retaliations": [_written(papers, name, "text", "reported_at") for name in _named(papers, "retaliation")],
        "withdrawals": [_withdrawal(papers, name) for name in _named(papers, "withdrawal")],
        "consents": [_consent(one) for one in papers.consents],
    }


def _named(papers: Papers, kind: str) -> list[str]:
    return [name for name in papers.documents if name.startswith(kind)]


def _written(papers: Papers, name: str, text: str, at: str) -> dict[str, str]:
    document = papers.document(name)
    return {"text": document[text], "at": when(document[at]), "sha256": documents_of(papers.entries)[name]}


def _withdrawal(papers: Papers, name: str) -> dict[str, Any]:
    document, digest = papers.document(name), documents_of(papers.entries)[name]
    return {
        "asked": when(document["asked_at"]),
        "effect": when(document["takes_effect"]),
        "outcome": _outcome(papers, digest),
        "sha256": digest,
    }


def _outcome(papers: Papers, digest: str) -> Both:
    """The outcome of a withdrawal, from the last entry that names it."""
    kinds = [entry.kind for entry in papers.entries if entry.data.get("withdrawal") == digest]
    return WAITING if kinds[-1] == event_kinds.WITHDRAWAL_ASKED else EVENTS[kinds[-1]]


def _consent(one: dict[str, str]) -> dict[str, Any]:
    return {
        "recipient": translated(Consent.Recipient(one["recipient"]).label),
        "given": when(one["given_at"]),
        "withdrawn": when(one["withdrawn_at"]) if one["withdrawn_at"] else "–",
    }
