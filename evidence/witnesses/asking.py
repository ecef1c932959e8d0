"""Asks the configured witnesses to cosign the newest checkpoint (C2SP tlog-witness, add-checkpoint).

A worker does it after each signed checkpoint, never a request and never the transaction of a filing.
"""

import base64
import logging
import time
from datetime import timedelta
from http import HTTPStatus
from http.client import HTTPException

from django.utils import timezone

from evidence import holdfast_verify as verifier
from evidence import ledger, outgoing
from evidence.ledger import checkpoints
from evidence.models import Checkpoint, Cosignature, LedgerEntry
from evidence.outgoing import Answer

from . import configured, cosignatures
from .configured import AHEAD, CONFLICT
from .cosignatures import Witness

TIMEOUT = 15  # seconds for the whole of one answer
ROUND = 30  # seconds, after which the next round goes on with the others: other tasks wait for this worker
MAX_RESPONSE = 1 << 16  # bytes; a line has some 150
DAILY = timedelta(hours=24)  # after which a witness is asked again about a ledger that has not grown
CLOCK_TOLERANCE = timedelta(minutes=5)  # the verifiers refuse a line that is older than entries under it
SIZE_TYPE = "text/x.tlog.size"
BY_STATUS: dict[int, str] = {
    HTTPStatus.BAD_REQUEST: "malformed",
    HTTPStatus.FORBIDDEN: "key",
    HTTPStatus.NOT_FOUND: "unknown",
    HTTPStatus.UNPROCESSABLE_ENTITY: CONFLICT,
}
log = logging.getLogger(__name__)


class NotCosigned(Exception):
    """The witness did not cosign. `reason` is a key of `configured.REASONS`."""

    def __init__(self, reason: str, says: str) -> None:
        super().__init__(says)
        self.reason = reason


def ask_all() -> None:
    """Get a cosignature under the newest checkpoint from each witness that has not given one, or not for a day: so
    its newest look is of today. The first line is kept: it dates best what is below it."""
    checkpoint, began = checkpoints.latest(), time.monotonic()
    witnesses = configured.configured()
    if checkpoint is None or checkpoint.size == 0 or not witnesses or _is_to_come(checkpoint):
        return
    for witness in witnesses:
        if not _has_cosigned(witness, checkpoint) and configured.begin(witness):
            _take(witness, checkpoint)
            if time.monotonic() - began > ROUND:
                return


def _is_to_come(checkpoint: Checkpoint) -> bool:
    """Whether its newest entries are of a time to come, because a clock was ahead. The verifiers would say that a
    witness cannot have seen them before."""
    before = Cosignature.objects.order_by("-checkpoint_id").values_list("checkpoint_id", flat=True).first() or 0
    fresh = LedgerEntry.objects.filter(index__gte=before, index__lt=checkpoint.size)
    return fresh.filter(at__gt=timezone.now()).exists()


def _has_cosigned(witness: Witness, checkpoint: Checkpoint) -> bool:
    is_kept = Cosignature.objects.filter(vkey=witness.vkey, checkpoint=checkpoint).exists()
    return is_kept and configured.has_answered_since(witness, timezone.now() - DAILY)


def _take(witness: Witness, checkpoint: Checkpoint) -> None:
    """Ask, and store the line that passes every check. What is wrong is recorded for the operator."""
    try:
        line = _ask(witness, checkpoint)
    except (NotCosigned, ValueError, ArithmeticError) as problem:  # a witness may answer anything
        configured.record_failure(witness, reason := getattr(problem, "reason", "invalid"))
        level = logging.ERROR if reason in configured.GRAVE else logging.WARNING
        log.log(level, "checkpoint %s: not cosigned by %s: %s", checkpoint.size, witness.name, problem)
        return
    Cosignature.objects.get_or_create(
        checkpoint=checkpoint, vkey=witness.vkey, defaults={"line": line.text, "at": line.at}
    )
    configured.record_answer(witness)


def _ask(witness: Witness, checkpoint: Checkpoint) -> cosignatures.Line:
    answer = _post(witness, checkpoint, _last_size(witness))
    if answer.status == HTTPStatus.CONFLICT:
        answer = _post(witness, checkpoint, _size_in(answer, checkpoint))
    if answer.status == HTTPStatus.CONFLICT:
        raise NotCosigned("status", "it changes its mind about the size that it saw")
    if answer.status != HTTPStatus.OK:
        raise NotCosigned(BY_STATUS.get(answer.status, "status"), f"it answers {answer.status}")
    return _line(witness, checkpoint, answer)


def _last_size(witness: Witness) -> int:
    """The size that the witness cosigned last, as far as is known here; 0 if it never did."""
    last = Cosignature.objects.filter(vkey=witness.vkey).order_by("-checkpoint_id").first()
    return last.checkpoint_id if last else 0


def _size_in(answer: Answer, checkpoint: Checkpoint) -> int:
    """The size that the witness cosigned last, as it says. Raises NotCosigned if it is larger than ours."""
    text = answer.body.decode("ascii", "replace").removesuffix("\n")
    if answer.media_type != SIZE_TYPE or not text.isdecimal() or str(int(text[:19])) != text:
        raise NotCosigned("invalid", "it names no size that it saw")
    if int(text) > checkpoint.size:
        newest = checkpoints.latest()
        if newest and int(text) <= newest.size:  # signed meanwhile: the next round asks about that
            raise NotCosigned("status", "it saw a newer checkpoint while it was asked about this one")
        raise NotCosigned(AHEAD, f"it says that it saw {text} entries")
    return int(text)


def _post(witness: Witness, checkpoint: Checkpoint, old: int) -> Answer:
    url, body = f"{witness.url}/add-checkpoint", request(checkpoint, old).encode()
    try:
        return outgoing.post(url, body, "text/plain", seconds=TIMEOUT, most=MAX_RESPONSE)
    except (OSError, HTTPException) as error:
        raise NotCosigned("away", f"it does not answer: {error}") from error


def request(checkpoint: Checkpoint, old: int) -> str:
    """The body of a request: the old size, the proof that the checkpoint extends it, and the note."""
    proof = ledger.consistency_proof(old, checkpoint.size)
    lines = [f"old {old}", *(base64.b64encode(node).decode() for node in proof), ""]
    return "".join(f"{line}\n" for line in lines) + checkpoint.note


def _line(witness: Witness, checkpoint: Checkpoint, answer: Answer) -> cosignatures.Line:
    try:
        line = cosignatures.line_in(answer.body.decode(), checkpoint.note, witness)
    except (verifier.Broken, UnicodeDecodeError) as problem:
        raise NotCosigned("invalid", f"its answer does not hold: {problem}") from problem
    earliest, latest = checkpoint.signed_at - CLOCK_TOLERANCE, timezone.now() + CLOCK_TOLERANCE
    if not earliest <= line.at <= latest:  # a witness that saw it before gives the line of that time
        raise NotCosigned("clock", f"its time is {line.at}")
    return line
