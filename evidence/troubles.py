"""What is wrong with the whole portal: kept until it is right again, for the desk, for /readyz and for a mail."""

import logging

from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from .models import Trouble

log = logging.getLogger(__name__)

SENTENCES = {
    "storage-missing": _(
        "The storage does not hold this portal’s files: it is empty, not mounted, or another one. Until that is"
        " put right nothing is sealed or re-hashed. Nothing was recorded as damaged. Look at STORAGE_URL."
    ),
    "storage-other": _(
        "The storage holds another portal’s files. Until that is put right nothing is sealed or re-hashed. Nothing"
        " was recorded as damaged. Look at STORAGE_URL."
    ),
    "storage-locked": _(
        "A master key that opens stored files is not in VAULT_MASTER_KEYS. Until it is there, nothing is sealed or"
        " re-hashed. Nothing was recorded as damaged."
    ),
    "storage-away": _(
        "The storage does not answer. Until it does, nothing is sealed or re-hashed. Nothing was recorded as"
        " damaged."
    ),
    "faults-in-a-row": _(
        "Several stored files in a row are missing, altered or unreadable, so re-hashing has stopped. Look at the"
        " storage; then run check_integrity, and check_integrity --record if they are lost."
    ),
    "signing-stopped": _("The ledger cannot be signed, so no complaint can be filed. check_ledger says why."),
    "sealing-late": _(
        "Evidence has been waiting for its timestamp for more than ten minutes. The workers’ log says why."
    ),
    "authority-away": _(
        "A timestamp authority does not answer, or its answers are not valid. The desk says which and since when."
    ),
    "witness-away": _(
        "A witness does not cosign the ledger’s checkpoints. The desk says which, since when and why. Nothing"
        " waits for it."
    ),
    "witness-contradicts": _(
        "A witness has seen another ledger than this one. The desk says which. Entries may be lost or rewritten,"
        " or somebody else may sign with the ledger’s key. Run check_ledger, and ask the witness what it saw."
    ),
    "queue-silent": _("No worker serves one of the queues; /readyz says which. What waits there is not done."),
    "disk-low": _(
        "The disk is nearly full: less than MIN_FREE_BYTES would stay free, so no file can be uploaded."
    ),
    "broker-away": _(
        "Redis does not answer. Complaints can be filed, but nothing is sealed, routed or sent until it is back."
    ),
    "email-away": _(
        "The mail server took none of the last three messages. Look at EMAIL_URL and at the workers’ log."
    ),
    "sms-away": _(
        "The service for text messages took none of the last three. Look at SMS_BACKEND and at the workers’ log."
    ),
    "page-broken": _("A page ended in an error within the last hour. The web server’s log says why."),
}
SAID_ELSEWHERE = (
    "signing",
    "sealing",
    "authorities",
    "witnesses",
    "contradiction",
    "queues",
)  # the desk finds these out itself


def report(name: str, code: str) -> None:
    """Keep that something is wrong. What is there already keeps its beginning."""
    trouble, is_new = Trouble.objects.get_or_create(name=name, defaults={"code": code, "since": timezone.now()})
    if is_new or trouble.code != code:
        log.error("%s", SENTENCES[code])
        Trouble.objects.filter(pk=name).update(code=code)


def is_over(name: str) -> None:
    if Trouble.objects.filter(pk=name).exists() and Trouble.objects.filter(pk=name).delete()[0]:
        log.warning("%s: all right again", name)


def count(name: str, *, most: int, code: str) -> bool:
    """Count one more failure in a row. `most` of them are reported. Returns whether the trouble is reported."""
    trouble, _is_new = Trouble.objects.get_or_create(name=name, defaults={"since": timezone.now()})
    Trouble.objects.filter(pk=name).update(count=trouble.count + 1)
    if trouble.count + 1 >= most:
        report(name, code)
    return is_reported(name)


def is_reported(name: str) -> bool:
    return Trouble.objects.filter(pk=name).exclude(code="").exists()


def sentences() -> list[str]:
    """One for each thing that is wrong, the oldest first, in the current language; for the desk."""
    rows = Trouble.objects.exclude(code="").exclude(name__in=SAID_ELSEWHERE).order_by("since")
    return [str(SENTENCES[row.code]) for row in rows]
