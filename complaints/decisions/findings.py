"""Decides a case with one finding on each allegation. The ledger keeps the digest of each finding's document.

If a case needs two people, the findings first become a proposal. A second person then either confirms it, so that
the findings count, or sends it back with reasons.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from complaints import documents
from complaints.cases import decision_rules, lifecycle, record
from complaints.enquiries import asking
from complaints.models import Asked, Case, Exhibit, Finding, Missing, Proposal, Review, StaffMember, event_kinds
from complaints.refusal import Refused
from complaints.staff import access, signature
from evidence.ledger import Event, rfc3339

from . import norms, overlooked


@dataclass(frozen=True)
class Written:
    """What an investigator writes about one allegation (a code of `conduct.KINDS`)."""

    allegation: str
    outcome: str  # of Finding.Outcome
    reasons: str
    relied_on: Sequence[Exhibit] = ()
    set_aside: Sequence[Exhibit] = ()
    why_set_aside: str = ""
    norms: Sequence[str] = ()  # ids in norms.toml
    other_rule: str = ""  # a rule that norms.toml lacks, with its citation
    missing: str = ""
    missing_from: str = ""  # of Missing
    added_because: str = ""  # the reason, if the borrower did not name this allegation


@transaction.atomic
def decide(case: Case, *, by: StaffMember, written: Sequence[Written], seen: int | None = None) -> Case:
    """Record a finding on each allegation. The case is then decided, or proposed if it needs two people.

    `seen` is the mark (`overlooked.mark`) of the page on which the findings were written. Raises Refused if the
    state of the case or the findings do not allow this, and Overlooked if something new came after the mark.
    Nothing is kept then.
    """
    case = lifecycle.lock_for(case, "decide", staff=by)
    overlooked.check_seen(case, seen)
    now = timezone.now()
    found: dict[str, Any] = {"found_by": str(by.uid), "found_by_name": signature.of(by), "found_at": rfc3339(now)}
    found |= {"not_supplied": _not_supplied(case)}
    contents = [{**_content(case, one), **found} for one in written]
    if refusal := decision_rules.lacks(case, contents):
        raise Refused(refusal)
    if decision_rules.needs_two(case, contents):
        return _propose(case, by, contents, now)
    made = _made(case, contents, by=by, found_at=now)
    return lifecycle.advance(
        case, "decide", by=access.actor(by), staff=by, data=_data(case, made), first=_events(case, made, by)
    )


def _propose(case: Case, by: StaffMember, contents: list[dict[str, Any]], now: datetime) -> Case:
    document, sha256 = documents.document(
        "proposal",
        reference=case.reference,
        round=case.round,
        findings=contents,
        proposed_by=str(by.uid),
        proposed_at=rfc3339(now),
    )
    Proposal.objects.create(
        case=case, round=case.round, proposed_by=by, proposed_at=now, document=document, sha256=sha256
    )
    return lifecycle.advance(
        case, "propose", by=access.actor(by), staff=by, data={"proposal": sha256, **documents.parts(document)}
    )


@transaction.atomic
def confirm(case: Case, *, by: StaffMember, proposal: str, seen: int | None = None) -> Case:
    """Confirm a proposal of another person, so that its findings count.

    `proposal` is the digest of the proposal that was shown, `seen` the mark of the page that showed it. Raises
    Refused, and Overlooked if something new came after the mark.
    """
    case = lifecycle.lock_for(case, "confirm", staff=by)
    proposed = _proposed(case, proposal)
    overlooked.check_seen(case, seen)
    made = _made(case, proposed.findings, by=proposed.proposed_by, found_at=proposed.proposed_at, confirmed_by=by)
    case = lifecycle.advance(
        case,
        "confirm",
        by=access.actor(by),
        staff=by,
        data={**_data(case, made), "proposal": proposed.sha256},
        first=_events(case, made, by),
    )
    _settle(proposed, Proposal.Outcome.CONFIRMED, by)
    return case


@transaction.atomic
def send_back(case: Case, *, by: StaffMember, proposal: str, reasons: str) -> Case:
    """Return the proposal to the investigator. Only the office reads the reasons. Raises Refused."""
    case = lifecycle.lock_for(case, "send_back", staff=by)
    proposed, reasons = _proposed(case, proposal), reasons.strip()
    if not reasons:
        raise Refused(_("Write why you send it back."))
    proposed.objection = reasons
    proposed.objection_document, digest = documents.document(
        "objection",
        reference=case.reference,
        proposal=proposed.sha256,
        reasons=reasons,
        sent_back_by=str(by.uid),
        sent_back_at=rfc3339(timezone.now()),
    )
    _settle(proposed, Proposal.Outcome.SENT_BACK, by)
    data = {"proposal": digest, "of": proposed.sha256, **documents.parts(proposed.objection_document)}
    return lifecycle.advance(case, "send_back", by=access.actor(by), staff=by, data=data)


def last_proposal(case: Case) -> Proposal | None:
    """The newest proposal of the case's present round, or None."""
    return next((one for one in reversed(case.proposals.all()) if one.round == case.round), None)


def _proposed(case: Case, digest: str) -> Proposal:
    found: Proposal | None = case.proposals.open().filter(round=case.round, sha256=digest).first()
    if found is None:
        raise Refused(_("This is no longer what is proposed. Look again, then decide."))
    return found


def _settle(proposal: Proposal, outcome: Proposal.Outcome, by: StaffMember) -> None:
    proposal.outcome, proposal.settled_by, proposal.settled_at = outcome, by, timezone.now()
    proposal.save()


def _content(case: Case, one: Written) -> dict[str, Any]:
    """The content of the finding's document.

    Raises Refused for exhibits of another case, ValueError for unknown codes.
    """
    if any(exhibit.case_id != case.pk for exhibit in (*one.relied_on, *one.set_aside)):
        raise Refused(_("A finding can only rely on exhibits of its own case."))
    insufficient = one.outcome == Finding.Outcome.INSUFFICIENT
    return {
        "allegation": one.allegation,
        "outcome": Finding.Outcome(one.outcome).value,
        "reasons": one.reasons.strip(),
        "relied_on": _listed(one.relied_on),
        "set_aside": _listed(one.set_aside),
        "why_set_aside": one.why_set_aside.strip(),
        "norms": [norms.all_by_id()[name].frozen for name in one.norms],
        "other_rule": one.other_rule.strip(),
        "missing": one.missing.strip() if insufficient else "",
        "missing_from": Missing(one.missing_from).value if insufficient and one.missing_from else "",
        "added_because": one.added_because.strip(),
    }


def _not_supplied(case: Case) -> list[dict[str, str]]:
    """What the other side was asked for and has not sent until now. Each finding lists it."""
    return [
        {
            "enquiry": one.enquiry.sha256,
            "organisation": one.enquiry.organisation,
            "kind": one.kind,
            "state": one.state or Asked.State.MISSING.value,
            "reason": one.reason,
        }
        for one in asking.unanswered(case)
    ]


def _listed(exhibits: Sequence[Exhibit]) -> list[dict[str, str]]:
    ordered = sorted(exhibits, key=lambda exhibit: exhibit.number or 0)
    return [{"exhibit": exhibit.label, "sha256": exhibit.item.sha256} for exhibit in ordered]


def _made(
    case: Case,
    contents: Sequence[dict[str, Any]],
    *,
    by: StaffMember,
    found_at: datetime,
    confirmed_by: StaffMember | None = None,
) -> list[Finding]:
    """Create the findings and their documents."""
    second = {
        "confirmed_by": str(confirmed_by.uid) if confirmed_by else "",
        "confirmed_by_name": signature.of(confirmed_by),
        "confirmed_at": rfc3339(timezone.now()) if confirmed_by else "",
    }
    by_label = {exhibit.label: exhibit for exhibit in case.exhibits.all()}
    made = []
    for one in contents:
        words = {"reference": case.reference, "round": case.round, **one, **second}
        document, sha256 = documents.document("finding", **words)
        finding = Finding.objects.create(
            case=case,
            round=case.round,
            **{name: one[name] for name in ("allegation", "outcome", "reasons", "missing", "missing_from")},
            found_by=by,
            found_at=found_at,
            confirmed_by=confirmed_by,
            document=document,
            sha256=sha256,
        )
        finding.relied_on.set(by_label[exhibit["exhibit"]] for exhibit in one["relied_on"])
        made.append(finding)
    return made


def _events(case: Case, made: Sequence[Finding], by: StaffMember) -> list[Event]:
    """One ledger entry for each finding, to be appended before the entry of the step."""
    return [
        record.event(
            case,
            event_kinds.FINDING_MADE,
            by=by,
            document=one.document,
            finding=one.sha256,
            allegation=one.allegation,
            outcome=one.outcome,
        )
        for one in made
    ]


def _data(case: Case, made: Sequence[Finding]) -> dict[str, Any]:
    """The data of the step's entry: digests of the findings and, in a review, whether an outcome has changed."""
    data: dict[str, Any] = {"findings": [one.sha256 for one in made]}
    if review := case.reviews.filter(round=case.round).first():
        before = dict(case.findings.filter(round=case.round - 1).values_list("allegation", "outcome"))
        changed = before != {one.allegation: one.outcome for one in made}
        review.result = Review.Result.CHANGED if changed else Review.Result.KEPT
        review.decided_at = timezone.now()
        review.save(update_fields=["result", "decided_at"])
        data |= {"review": review.sha256, "result": review.result}
    return data
