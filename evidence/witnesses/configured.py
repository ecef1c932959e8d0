"""The witnesses of the settings: outsiders who cosign the ledger's checkpoints (C2SP tlog-witness).

Also how each of them is doing: pauses for one that fails, and what it says that an operator must know.
"""

from collections.abc import Iterator
from datetime import datetime, timedelta

from django.conf import settings
from django.db.models import F, Q
from django.db.models.functions import Coalesce
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from evidence import holdfast_verify as verifier
from evidence.ledger import signing
from evidence.models import Cosignature, WitnessState

from .cosignatures import Witness, witness_of

FIRST_REST = timedelta(seconds=10)  # after the first failure; each further one doubles it
LONGEST_REST = timedelta(hours=1)
ASKED_FOR = timedelta(minutes=2)  # after this another worker may ask: the first one was killed
AWAY_AFTER = timedelta(minutes=10)  # of failures: until then it is not said
MOST = 15  # readers of notes must take 16 signatures, and one is the ledger's
LONGEST_KEY = 300  # letters, of which the database has room for so many
AHEAD, CONFLICT = "ahead", "conflict"
REASONS = {
    "away": _("it does not answer"),
    "invalid": _("its answer holds no valid signature of its key"),
    "clock": _("its clock is not right"),
    "malformed": _("it says that the request is malformed"),
    "key": _("it does not know the ledger’s key"),
    "unknown": _("it does not know this ledger"),
    "status": _("it answers with an error"),
    AHEAD: _(
        "it has seen a larger ledger than this one: entries are lost here, or somebody else signs with the key"
    ),
    CONFLICT: _("it has seen another ledger, of which this one is no continuation"),
}
GRAVE = (AHEAD, CONFLICT)  # not a fault of the network: the ledger may have been rewritten


def configured() -> list[Witness]:
    """The witnesses of WITNESSES, without those whose keys cannot be used: `problems` says why."""
    return [witness for witness, problem in _read() if witness and not problem]


def problems() -> list[str]:
    """A sentence for each entry of WITNESSES that cannot be used."""
    found = [problem for _witness, problem in _read() if problem]
    return found if len(settings.WITNESSES) <= MOST else [*found, f"WITNESSES names more than {MOST} witnesses."]


def _read() -> Iterator[tuple[Witness | None, str]]:
    """Each witness of the settings, with what is wrong with its entry ("": nothing)."""
    seen: set[bytes] = set()
    for entry in settings.WITNESSES[:MOST]:
        try:
            verifier.ensure(len(entry["vkey"]) <= LONGEST_KEY, "it is too long")
            witness = witness_of(entry["vkey"], entry["url"])
        except verifier.Broken as broken:
            yield None, f"WITNESSES has the key {entry['vkey']!r}: {broken}."
            continue
        if witness.key.public == signing.public_key():
            yield witness, f"WITNESSES names the ledger's own key as that of {witness.name}: it proves nothing."
        elif witness.key.public in seen:
            yield witness, f"WITNESSES names the key of {witness.name} twice: it would count as two witnesses."
        else:
            yield witness, ""
        seen.add(witness.key.public)


def begin(witness: Witness) -> bool:
    """Take the turn to ask the witness. False while it rests, or while another worker asks it. A longer rest than
    there is began while a clock ran ahead, and does not count."""
    now = timezone.now()
    WitnessState.objects.get_or_create(vkey=witness.vkey)
    is_free = Q(rests_until=None) | Q(rests_until__lte=now) | Q(rests_until__gt=now + LONGEST_REST)
    return bool(WitnessState.objects.filter(is_free, vkey=witness.vkey).update(rests_until=now + ASKED_FOR))


def record_failure(witness: Witness, reason: str) -> None:
    """Pause the witness, longer after each failure in a row. `reason` is a key of REASONS.

    That it has seen another ledger is kept until it cosigns again, even if it stops answering.
    """
    state, now = WitnessState.objects.get(vkey=witness.vkey), timezone.now()
    if state.reason in GRAVE and reason not in GRAVE:
        reason = state.reason
    rest = min(FIRST_REST * 2 ** min(state.failures, 20), LONGEST_REST)
    WitnessState.objects.filter(pk=state.pk).update(
        failures=F("failures") + 1,
        rests_until=now + rest,
        failing_since=Coalesce("failing_since", now),
        reason=reason,
    )


def record_answer(witness: Witness) -> None:
    """End the witness's turn and what was wrong with it."""
    well = {"failures": 0, "failing_since": None, "reason": "", "rests_until": None}
    WitnessState.objects.filter(vkey=witness.vkey).update(**well, answered_at=timezone.now())


def has_answered_since(witness: Witness, at: datetime) -> bool:
    """Whether the witness cosigned, for the first time or again, after that time."""
    return WitnessState.objects.filter(vkey=witness.vkey, answered_at__gt=at).exists()


def failing() -> list[WitnessState]:
    """Those that have not cosigned for AWAY_AFTER, the longest first."""
    return [state for state in _failing() if state.reason not in GRAVE and _is_long(state)]


def contradicting() -> list[WitnessState]:
    """Those that say they have seen another ledger than this one. One such answer is enough."""
    return [state for state in _failing() if state.reason in GRAVE]


def listed() -> list[dict[str, object]]:
    """For a page: each witness, its newest cosignature, and whether it says that it has seen another ledger."""
    contradict = {state.vkey for state in contradicting()}
    newest = Cosignature.objects.order_by("-checkpoint_id")
    return [
        {"witness": one, "last": newest.filter(vkey=one.vkey).first(), "contradicts": one.vkey in contradict}
        for one in configured()
    ]


def _failing() -> list[WitnessState]:
    named = [witness.vkey for witness in configured()]
    rows = WitnessState.objects.filter(vkey__in=named, failing_since__isnull=False)
    return list(rows.order_by("failing_since"))


def _is_long(state: WitnessState) -> bool:
    return state.failing_since is not None and state.failing_since < timezone.now() - AWAY_AFTER
