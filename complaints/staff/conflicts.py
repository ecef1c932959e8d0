"""Conflicts of interest: a member who is connected with somebody in a case neither sees it nor is assigned it.

Cases and declarations are compared when a case is filed, when its borrower's details change, and when a conflict
is declared. Each match is a row of Conflict: `CaseQuerySet.apart_from` leaves these cases out of every list, and
`lifecycle` refuses steps by these members and assignments to them.
"""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from itertools import islice

from complaints.models import CallBack, Case, Complaint, Conflict, Contact, Declaration, Reporter, StaffMember
from complaints.reference import folding, numbers, orders
from complaints.reference.choices import ORGANISATIONS

Kind = Declaration.Kind
LEAST = 4  # bytes; the shortest name that is looked for in longer ones: four letters, two Chinese characters
LEAST_DIGITS = 5
AT_ONCE = 500  # cases read in one query
# Words that many organisations have in their names, and that identify none; in folded spelling.
GENERAL = re.compile(
    "有限责任|股份|有限|公司|集团|银行|消费金融|金融|小额贷款|小贷|贷款|网贷|信贷|信用卡|借款|科技|平台|机构|催收"
    r"|the|company|limited|corporation|incorporated|group|banks?|loans?|lending|lenders?|credit|finance|financial"
    r"|capital|collections?|agency|services?|platform|\b(?:co|ltd|inc|llc|plc|corp)\b"
)


@dataclass(frozen=True)
class Named:
    """Who is named in a complaint, in folded spelling: organisations, collectors (by the names they used), numbers
    of collectors, and the borrower and anyone who acts for them."""

    organisations: frozenset[str] = frozenset()
    collectors: frozenset[str] = frozenset()
    numbers: frozenset[str] = frozenset()
    borrowers: frozenset[str] = frozenset()


def is_general(name: str) -> bool:
    """Whether the name has only general words and identifies no organisation: “Loan Company Ltd.”,
    “消费金融公司”."""
    words = folding.simplified(folding.clean(name)).casefold()
    return not any(map(str.isalnum, GENERAL.sub("", words)))


def named(case: Case) -> Named:
    return _named([case.pk]).get(case.pk, Named())


def named_organisations(names: Iterable[str]) -> Named:
    return Named(organisations=_folded(names))


def concerns(declared: Declaration, those: Named) -> bool:
    """Whether the declaration matches one of these names. Declared cases are found by their key, not here."""
    name = folding.folded(declared.name)
    digits = _digits([declared.name])
    match declared.kind:
        case Kind.ORGANISATION:
            return any(_same(name, other) for other in those.organisations)
        case Kind.COLLECTOR:
            return any(_same(name, other) for other in those.collectors) or bool(digits & those.numbers)
        case Kind.BORROWER:
            return bool((orders.folded(declared.name) | digits) & those.borrowers)
    return False


def record_for_case(case: Case) -> None:
    """Record the conflicts of a case with all declarations in force. Earlier ones stay: old names still count."""
    in_force = list(Declaration.objects.in_force().exclude(kind=Kind.CASE))
    if in_force:
        those = named(case)
        _keep((case.pk, declared) for declared in in_force if concerns(declared, those))


def record_for_declaration(declared: Declaration) -> None:
    """Record the conflicts of a new declaration with all cases."""
    if declared.kind == Kind.CASE:
        _keep([(key, declared)] if (key := Case.key_in(declared.name)) else [])
        return
    keys = Case.objects.order_by("pk").values_list("pk", flat=True).iterator()
    while some := list(islice(keys, AT_ONCE)):
        _keep((pk, declared) for pk, those in _named(some).items() if concerns(declared, those))


def has_conflict(case: Case, member: StaffMember) -> bool:
    """Whether the member has a conflict of interest in the case."""
    return case.conflicts.filter(member=member).exists()


def members_of(case: Case) -> set[int]:
    """Keys of the members with a conflict of interest in the case."""
    return set(case.conflicts.values_list("member", flat=True))


def members_named(those: Named) -> set[int]:
    """Keys of the members who would have a conflict in a case with these names."""
    return {one.member_id for one in Declaration.objects.in_force() if concerns(one, those)}


def calls_for(member: StaffMember, calls: Iterable[CallBack]) -> list[CallBack]:
    """The call-backs that the member may see: without those of borrowers with whom they declared a conflict."""
    calls = list(calls)
    declared = list(member.declarations.in_force().filter(kind=Kind.BORROWER)) if calls else []
    return [asked for asked in calls if not _calls_one_of(asked, declared)]


def _calls_one_of(asked: CallBack, declared: Iterable[Declaration]) -> bool:
    reached = Named(borrowers=_folded([asked.reach]) | _digits([asked.reach]))
    return any(concerns(one, reached) for one in declared)


def _named(keys: Iterable[int]) -> dict[int, Named]:
    """Who is named in each of these cases, by three SQL statements."""
    complaints = Complaint.objects.filter(case__in=keys)
    reporters = Reporter.objects.filter(case__in=keys)
    rows = reporters.values_list("case", "name", "acting_for", "email", "phone")
    who = {pk: [name, acting_for, email, phone] for pk, name, acting_for, email, phone in rows}
    claims: dict[int, list[tuple[str, str]]] = {}
    for pk, claimed, number in Contact.objects.filter(case__in=keys).values_list("case", "claimed", "number"):
        claims.setdefault(pk, []).append((claimed, number))
    found = {}
    for pk, lender, platform, agency, dialled in complaints.values_list("case", *ORGANISATIONS, "numbers"):
        claims_made = [claim for claim, _number in claims.get(pk, [])]
        called_from = [number for _claim, number in claims.get(pk, [])]
        found[pk] = Named(
            organisations=_folded([lender, platform, agency, *claims_made]),
            collectors=_folded(claims_made),
            numbers=_digits([*dialled, *called_from]),
            borrowers=_folded(who.get(pk, [])) | _digits(who.get(pk, [])[-1:]),
        )
    return found


def _folded(texts: Iterable[str]) -> frozenset[str]:
    return frozenset(filter(None, map(folding.folded, texts)))


def _digits(texts: Iterable[str]) -> frozenset[str]:
    """The numbers among these texts, each in its canonical spelling."""
    return frozenset(numbers.canonical(text) for text in texts if numbers.is_number(text, LEAST_DIGITS))


def _same(name: str, other: str) -> bool:
    """Whether one name contains the other, such as “Bright Loans” and “Bright Loans Ltd”."""
    return name in other or (other in name and len(other.encode()) >= LEAST)


def _keep(found: Iterable[tuple[int, Declaration]]) -> None:
    rows = [Conflict(case_id=pk, member_id=one.member_id, declaration=one) for pk, one in found]
    Conflict.objects.bulk_create(rows, batch_size=500, ignore_conflicts=True)
