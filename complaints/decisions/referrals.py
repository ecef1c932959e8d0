"""Refers a case to an authority, and records to whom, when, why and under which number of theirs.

The borrower's identity is passed on only with the borrower's consent. The portal only records the referral: the
papers themselves are an export (`bundles`).
"""

from dataclasses import dataclass
from datetime import date

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from complaints import documents
from complaints.cases import consents, lifecycle
from complaints.models import Case, Referral, StaffMember
from complaints.refusal import Refused
from complaints.staff import access
from evidence.ledger import rfc3339


@dataclass(frozen=True)
class Handed:
    """What was passed to an authority, to which one, and why."""

    to: str  # of Referral.To
    authority: str
    referred_on: date
    reasons: str
    number: str = ""  # the authority's own reference
    with_identity: bool = False


@transaction.atomic
def refer(case: Case, *, by: StaffMember, handed: Handed) -> Referral:
    """Record a referral to the regulator or the police. The same referral sent twice is recorded once.

    Raises Refused, also if the identity is to be passed on without the borrower's consent.
    """
    case = lifecycle.lock_for(case, "refer", staff=by)
    if not handed.authority.strip() or not handed.reasons.strip():
        raise Refused(_("Say which authority it is, and why it is handed over."))
    if handed.referred_on > timezone.localdate():
        raise Refused(_("The day on which it was handed over is in the future."))
    if handed.with_identity and handed.to not in consents.in_force(case):
        raise Refused(_("The borrower has not agreed that this authority may know who they are."))
    fields = {
        **{"to": Referral.To(handed.to).value, "authority": handed.authority.strip()},
        **{"number": handed.number.strip(), "reasons": handed.reasons.strip()},
        "with_identity": handed.with_identity,
    }
    now = timezone.now()
    lately = case.referrals.filter(referred_by=by, referred_at__gt=now - lifecycle.SAME_WITHIN)
    if before := lately.filter(referred_on=handed.referred_on, **fields).first():
        return before
    document, sha256 = documents.document(
        "referral",
        reference=case.reference,
        **fields,
        referred_on=handed.referred_on.isoformat(),
        referred_by=str(by.uid),
        referred_at=rfc3339(now),
    )
    made: Referral = Referral.objects.create(
        case=case,
        **fields,
        referred_on=handed.referred_on,
        referred_by=by,
        referred_at=now,
        document=document,
        sha256=sha256,
    )
    lifecycle.advance(
        case, "refer", by=access.actor(by), staff=by, data={"referral": sha256, **documents.parts(document)}
    )
    return made
