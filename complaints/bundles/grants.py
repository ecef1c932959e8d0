"""Grants: a person outside can read or fetch one bundle with a link, and a passphrase that is sent another way.

The borrower needs no help of the office for this. Each use is on the ledger and on the borrower's timeline. A
grant can be taken back at any time; that does not undo earlier downloads.
"""

import hmac
import json
from dataclasses import asdict, dataclass
from datetime import timedelta
from typing import Any

from django.db import transaction
from django.db.models import F
from django.http import HttpRequest
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from complaints import codes
from complaints.cases import consents, record
from complaints.cases.readers import BY_CONSENT
from complaints.documents import document
from complaints.models import Case, Grant, StaffMember, event_kinds
from complaints.refusal import Refused
from evidence import ledger
from evidence.ledger import Actor, custody

from . import age_encryption, exports

MOST_DAYS, MOST_DOWNLOADS = 30, 20
LINK = 40  # hexadecimal digits at the end of the address; the passphrase does not follow from them
MOST_OPEN = 20  # open grants of one case


@dataclass(frozen=True)
class Terms:
    """To whom a bundle is granted, for how long and for how many downloads.

    `agreed` is the borrower's consent, given in the same form, that this kind of recipient may know who they are.
    With `age_key`, the bundle is encrypted to that public key of age.
    """

    recipient: str
    days: int
    downloads: int
    age_key: str = ""
    agreed: bool = False


@dataclass(frozen=True)
class Given:
    """A new grant and its two secrets. They are shown once and stored nowhere."""

    grant: Grant
    link: str  # the last part of the address
    phrase: str


def give(
    case: Case,
    options: dict[str, Any],
    terms: Terms,
    *,
    by: StaffMember | None = None,
    language: str,
    page: str = "",
    sender: str = "",
) -> Given:
    """Ask for a bundle for the recipient, for `sender` as in `exports.ask`.

    The same choices sent again from the same `page` (its form token) give the same grant with the same secrets.
    Raises Refused for invalid terms or too many open grants.
    """
    _check(terms)
    link, phrase = _secrets(page, case, options, terms)
    until = timezone.now() + timedelta(days=terms.days)
    with transaction.atomic():
        case = Case.objects.locked(case)
        if given := Grant.objects.filter(link_digest=codes.digest(link)).first():
            return Given(given, link, phrase)
        if sum(one.is_open for one in of(case)) >= MOST_OPEN:
            raise Refused(_("You have shared too many links. Cancel one first."))
        if terms.agreed and (known := BY_CONSENT.get(options["audience"])):
            consents.give(case, known)
        export = exports.ask(case, options, by=by, language=language, expires_at=until, sender=sender)
        data = {"audience": export.audience, "expires_at": ledger.rfc3339(until), "downloads": terms.downloads}
        named = {"recipient": terms.recipient.strip(), "age_key": terms.age_key}
        body, sha256 = document("grant", agreed=terms.agreed, **named, **data)
        grant: Grant = Grant.objects.create(
            export=export,
            **named,
            link_digest=codes.digest(link),
            phrase_digest=codes.digest(f"{link}:{phrase}"),
            word_digest=codes.phrase_digest(phrase),
            made_by=by,
            expires_at=until,
            downloads_most=terms.downloads,
            document=body,
            sha256=sha256,
        )
        _record(grant, event_kinds.GRANT_GIVEN, by or ledger.BORROWER, encrypted=bool(terms.age_key), **data)
    return Given(grant, link, phrase)


def _check(terms: Terms) -> None:
    if not (0 < terms.days <= MOST_DAYS and 0 < terms.downloads <= MOST_DOWNLOADS and terms.recipient.strip()):
        raise Refused(_("Enter who it is for, and how long it works."))
    if terms.age_key and not age_encryption.is_key(terms.age_key):
        raise Refused(_("This is not an age public key. It begins with age1."))


def _secrets(page: str, case: Case, options: dict[str, Any], terms: Terms) -> tuple[str, str]:
    """The last part of the link, and the passphrase."""
    choices = json.dumps([str(case.uid), options, asdict(terms)], sort_keys=True)
    source = codes.of_page(page, choices)
    return source[:LINK], codes.short(source, "passphrase")


@transaction.atomic
def revoke(grant: Grant, *, by: StaffMember | None = None) -> None:
    """End the grant and delete its bundle. Can be repeated."""
    grant = Grant.objects.select_for_update(of=("self",)).select_related("export__case").get(pk=grant.pk)
    if grant.revoked_at is None:
        grant.revoked_at = timezone.now()
        grant.save(update_fields=["revoked_at"])
        _record(grant, event_kinds.GRANT_REVOKED, by or ledger.BORROWER)
        transaction.on_commit(lambda: exports.forget(grant.export), robust=True)


def entered(link: str, phrase: str) -> Grant | None:
    """The open grant for this link and passphrase, or None. The answer never shows which of the two was wrong."""
    grant = Grant.objects.select_related("export__case").filter(link_digest=codes.digest(link)).first()
    try:
        typed = codes.normalise(phrase, codes.SHORT)
    except ValueError:
        typed = ""
    known = grant.phrase_digest if grant else codes.digest("")
    right = hmac.compare_digest(known, codes.digest(f"{link}:{typed}"))
    if grant is None or not right or not grant.is_open:
        return None
    with transaction.atomic():
        _record(grant, event_kinds.GRANT_OPENED, _recipient(grant))
    return grant


def lock(grant: Grant) -> None:
    """Lock the grant until the caller's transaction ends."""
    Grant.objects.select_for_update().get(pk=grant.pk)


def fetch(grant: Grant, *, to_read: bool = False) -> None:
    """Count and record one download before its first byte is sent, or one reading. Raises Refused."""
    with transaction.atomic():
        grant = Grant.objects.select_for_update(of=("self",)).select_related("export__case").get(pk=grant.pk)
        if not grant.is_open:
            raise Refused(_("This link no longer opens. Ask the person who gave it to you."))
        exports.fetch(grant.export, by=_recipient(grant), to_read=to_read)
        grant.downloads += 1
        grant.bytes_left += grant.export.size or 0
        grant.save(update_fields=["downloads", "bytes_left"])


@transaction.atomic
def take(grant: Grant, length: int) -> None:
    """Count `length` bytes of a counted download before they are sent. Raises Refused.

    When half a bundle more was sent than the recorded downloads allow, a further download is recorded. So a broken
    download can be resumed, but nobody gets a second whole copy unrecorded, not even in many pieces.
    """
    grant = Grant.objects.select_for_update(of=("self",)).select_related("export__case").get(pk=grant.pk)
    whole = grant.export.size or 0
    grant.bytes_left -= length
    if grant.bytes_left < -(whole // 2):
        exports.fetch(grant.export, by=_recipient(grant))
        grant.bytes_left += whole
    grant.save(update_fields=["bytes_left"])


@transaction.atomic
def look_at(grant: Grant, number: int, kind: str) -> None:
    """Record that the recipient opens an exhibit in the browser or takes its original (`event_kinds`)."""
    exhibit = grant.export.case.exhibits.select_related("item").get(number=number)
    custody.record(exhibit.item, kind, by=_recipient(grant))


def give_back(grant: Grant, length: int) -> None:
    """Uncount the last `length` bytes: they were not sent, because the connection broke."""
    Grant.objects.filter(pk=grant.pk).update(bytes_left=F("bytes_left") + length)


def of(case: Case) -> list[Grant]:
    """All grants of a case, newest first."""
    return list(Grant.objects.filter(export__case=case).select_related("export__case", "made_by"))


def _recipient(grant: Grant) -> Actor:
    """The actor for the ledger. It names the grant, never the person."""
    return {"role": "recipient", "id": str(grant.pk)}


def _record(grant: Grant, kind: str, by: StaffMember | Actor, **data: Any) -> None:
    record.note(grant.export.case, kind, by=by, grant=grant.sha256, **data)


def page_context(request: HttpRequest, given: Given, case: Case) -> dict[str, Any]:
    """The context of the page that shows the secrets of a new grant."""
    link = request.build_absolute_uri(reverse("handed", args=[given.link]))
    return {
        "title": _("Save these now. They are shown only once"),
        "case": case,
        "grant": given.grant,
        "link": link,
        "phrase": given.phrase,
    }
