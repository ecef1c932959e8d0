"""The part of the report about the outcome: findings, redress, measures, referrals and proposals.

If a bundle leaves out measures, proposals or notes, it has none of their documents and its report does not mention
them. Every report says from the ledger that a deadline was extended; the reasons need the documents.
"""

from typing import Any

from complaints.bundles.papers import Papers
from complaints.clocks import book
from complaints.enquiries import demands
from complaints.models import Asked, Missing, Referral, Undertaking, event_kinds
from evidence.holdfast_verify import Entry, documents_of

from . import words
from .words import EVENTS, NO, YES, Both, both, by, line, translated, when

OPEN = both("待办", "open")


def facts(papers: Papers) -> dict[str, Any]:
    """The template's lists. Each is empty if the bundle has nothing of its kind."""
    return {
        "redress": _undertaken(papers, "redress"),
        "measures": _undertaken(papers, "measure"),
        "referrals": [_referral(papers, name) for name in _named(papers, "referral")],
        "proposals": [_proposal(papers, name) for name in _named(papers, "proposal")],
        "extensions": _extensions(papers),
        "notes": [_note(papers, name) for name in _named(papers, "note")],
    }


def labels(exhibits: list[dict[str, str]]) -> str:
    """The labels of exhibits in a finding's document, in one line."""
    return ", ".join(one["exhibit"] for one in exhibits)


def of_finding(finding: dict[str, Any]) -> dict[str, Any]:
    """The parts of a finding besides its reasons. Findings in old bundles lack them."""
    missing_from = finding.get("missing_from", "")
    return {
        **{name: finding.get(name, "") for name in ("why_set_aside", "other_rule", "missing", "added_because")},
        "set_aside": labels(finding.get("set_aside", [])),
        "norms": [
            {"zh": norm["zh"], "en": norm["en"], "cited": both(norm["cited_zh"], norm["cited_en"])}
            for norm in finding.get("norms", [])
        ],
        "not_supplied": [_not_supplied(one) for one in finding.get("not_supplied", [])],
        "missing_from": translated(Missing(missing_from).label) if missing_from else both("", ""),
    }


def _not_supplied(one: dict[str, str]) -> Both:
    """One thing that the other side was asked for and did not send: a line in each language."""
    zh, en = demands.named(one["kind"], "zh-hans"), demands.named(one["kind"], "en")
    state = translated(Asked.State(one["state"]).label)
    reason = f" · “{one['reason']}”" if one["reason"] else ""
    return both(
        f"{one['organisation']}：{zh} · {state['zh']}{reason}",
        f"{one['organisation']}: {en} · {state['en']}{reason}",
    )


def _named(papers: Papers, kind: str) -> list[str]:
    return [name for name in papers.documents if name.startswith(kind)]


def _digest(papers: Papers, name: str) -> str:
    return documents_of(papers.entries)[name]


def _undertaken(papers: Papers, sort: str) -> list[dict[str, Any]]:
    """Measures or promises, each with its end."""
    by_digest = {_digest(papers, name): papers.document(name) for name in _named(papers, sort)}
    ended = {one["of"]: one for one in by_digest.values() if "of" in one}
    return [_undertaking(one, ended.get(digest), digest) for digest, one in by_digest.items() if "of" not in one]


def _undertaking(one: dict[str, Any], end: dict[str, Any] | None, sha256: str) -> dict[str, Any]:
    exhibit = end["exhibit"].get("exhibit", "") if end else ""
    return {
        "kind": translated(Undertaking.Kind(one["what_kind"]).label),
        **{name: one[name] for name in ("what", "owner", "due_on")},
        "amount": line(words.money(one)) if one["amount"] else "",
        "outcome": translated(Undertaking.Outcome(end["outcome"]).label) if end else OPEN,
        "ended_on": end["ended_on"] if end else "",
        "proof": end["proof"] if end else "",
        "exhibit": exhibit,
        "sha256": sha256,
    }


def _referral(papers: Papers, name: str) -> dict[str, Any]:
    one = papers.document(name)
    return {
        "to": translated(Referral.To(one["to"]).label),
        **{field: one[field] for field in ("authority", "referred_on", "reasons")},
        "number": one["number"] or "–",
        "with_identity": line(YES if one["with_identity"] else NO, " "),
        "sha256": _digest(papers, name),
    }


def _proposal(papers: Papers, name: str) -> dict[str, Any]:
    one = papers.document(name)
    sent_back = "findings" not in one
    return {
        "at": when(one["sent_back_at"] if sent_back else one["proposed_at"]),
        "said": EVENTS[event_kinds.CASE_SENT_BACK if sent_back else event_kinds.CASE_PROPOSED],
        "text": one["reasons"] if sent_back else "",
        "sha256": _digest(papers, name),
    }


def _extensions(papers: Papers) -> list[dict[str, Any]]:
    """Requests for more time, each with the decision on it."""
    decided = {
        entry.data["extension"]: entry
        for entry in papers.entries
        if entry.kind in (event_kinds.CLOCK_EXTENDED, event_kinds.CLOCK_EXTENSION_DECLINED)
    }
    asked = [entry for entry in papers.entries if entry.kind == event_kinds.CLOCK_EXTENSION_ASKED]
    return [_extension(papers, entry, decided.get(entry.data["extension"])) for entry in asked]


def _extension(papers: Papers, asked: Entry, decided: Entry | None) -> dict[str, Any]:
    name, code = asked.data["clock"], asked.data["category"]
    rule = book.in_force().rule("", name)
    steps = {step.name: step.label for step in rule.extensions} if rule else {}
    reasons = _reasons(papers, "extension") | _reasons(papers, "decision")
    return {
        "clock": translated(rule.label) if rule else both(name, name),
        "category": translated(steps[code]) if code in steps else both(code, code),
        "asked": when(asked.content["at"]),
        "outcome": EVENTS[decided.kind] if decided else OPEN,
        "decided": when(decided.content["at"]) if decided else "",
        "due": when(asked.data["due"]) if decided and decided.kind == event_kinds.CLOCK_EXTENDED else "",
        "why": reasons.get(asked.data["extension"], ""),
        "why_decided": reasons.get(decided.data["decision"], "") if decided else "",
        "sha256": asked.data["extension"],
    }


def _reasons(papers: Papers, kind: str) -> dict[str, str]:
    return {_digest(papers, name): papers.document(name)["reasons"] for name in _named(papers, kind)}


def _note(papers: Papers, name: str) -> dict[str, str]:
    one = papers.document(name)
    return {
        "at": when(one["written_at"]),
        "by": by(papers.entry_of(name)),
        "text": one["text"],
        "sha256": _digest(papers, name),
    }
