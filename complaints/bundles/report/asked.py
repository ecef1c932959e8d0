"""The part of the report about enquiries and answers, from documents and ledger entries alone."""

from typing import Any

from complaints.bundles.papers import Papers
from complaints.enquiries import demands
from complaints.models import Asked, Enquiry, EnquiryAnswer, event_kinds
from evidence.holdfast_verify import documents_of

from . import words
from .words import both, line, translated, when

Stands = dict[int, tuple[str, str]]  # number of the thing asked for -> its state, the reason given


def facts(papers: Papers) -> list[dict[str, Any]]:
    """Every enquiry with the state of each thing asked for, and the answers. Empty if nobody was asked."""
    named = [name for name in papers.documents if name.startswith("enquiry-")]
    return [_enquiry(papers, name, documents_of(papers.entries)[name]) for name in named]


def _enquiry(papers: Papers, name: str, digest: str) -> dict[str, Any]:
    content, states = papers.document(name), stands_of(papers, digest)
    recipient = line(translated(Enquiry.Recipient(content["recipient"]).label), " ")
    answers = [one for one in papers.documents if one.startswith("response-")]
    mine = [one for one in answers if papers.document(one)["answers"] == digest]
    entry = papers.entry_of(name)
    return {
        "reference": content["enquiry"],
        "to": f"{recipient} · {content['organisation']}",
        "sent": when(content["sent_at"]),
        "due": when(entry.data["due"]),
        "named": line(words.YES if content["reporter"] else words.NO, " "),
        "text": content["text"],
        "asked": [_asked(one, states) for one in content["asked"]],
        "answers": [_answer(papers, one) for one in mine],
        "sha256": digest,
    }


def stands_of(papers: Papers, digest: str) -> Stands:
    """The state of each thing asked for, from the latest entry about it."""
    by_digest = {sha256: name for name, sha256 in documents_of(papers.entries).items()}
    found: Stands = {}
    for entry in papers.entries:
        if entry.data.get("enquiry") != digest:
            continue
        if (
            entry.kind == event_kinds.ENQUIRY_ANSWERED
            and (name := by_digest[entry.data["response"]]) in papers.documents
        ):
            found |= {one["number"]: (one["state"], one["reason"]) for one in papers.document(name)["says"]}
        elif entry.kind == event_kinds.ENQUIRY_OVERDUE:
            found |= dict.fromkeys(entry.data["missing"], (Asked.State.MISSING.value, ""))
        elif entry.kind == event_kinds.ENQUIRY_ASSESSED:
            reason = found.get(entry.data["asked"], ("", ""))[1]
            found[entry.data["asked"]] = (entry.data["state"], reason)
    return found


def _asked(one: dict[str, Any], states: Stands) -> dict[str, Any]:
    state, reason = states.get(one["number"], ("", ""))
    name = both(demands.named(one["kind"], "zh-hans"), demands.named(one["kind"], "en"))
    return {
        "name": name,
        "note": one["note"],
        "state": line(translated(Asked.State(state).label), " "),
        "reason": reason,
        "good": state in ("", Asked.State.SUPPLIED),
    }


def _answer(papers: Papers, name: str) -> dict[str, Any]:
    content = papers.document(name)
    came = f"{line(translated(EnquiryAnswer.Way(content['way']).label), ' ')} {content['came_on']}".strip()
    return {
        "at": when(content["received_at"]),
        "came": came,
        "text": content["text"],
        "exhibits": ", ".join(f"E-{one['number']}" for one in content["exhibits"]),
        "sha256": documents_of(papers.entries)[name],
    }
