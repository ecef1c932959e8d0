"""Public proofs of the ledger: leaf hashes and paths, never the content of an entry."""

from django.http import Http404, HttpRequest, JsonResponse

from complaints.web import ANY_SITE, KEPT_FOR_EVER
from evidence import ledger
from evidence.ledger import checkpoints
from evidence.models import LedgerEntry


def leaf(request: HttpRequest, index: int, size: int) -> JsonResponse:
    """The hash of leaf `index` and its path in the tree of the first `size` leaves (RFC 9162, 2.1.3), in hex."""
    _signed_or_404(size)
    if index >= size:
        raise Http404
    entry = LedgerEntry.objects.get(index=index)
    return _kept({"leaf": bytes(entry.leaf_hash).hex(), "proof": _hex(ledger.inclusion_proof(index, size))})


def consistency(request: HttpRequest, old: int, new: int) -> JsonResponse:
    """The proof that the tree of the first `new` leaves extends that of the first `old` (RFC 9162, 2.1.4); hex."""
    _signed_or_404(new)
    if old > new:
        raise Http404
    return _kept({"proof": _hex(ledger.consistency_proof(old, new))})


def _signed_or_404(size: int) -> None:
    """Raises Http404 unless a checkpoint covers `size` entries."""
    latest = checkpoints.latest()
    if latest is None or size > latest.size:
        raise Http404


def _hex(path: list[bytes]) -> list[str]:
    return [node.hex() for node in path]


def _kept(proof: dict[str, object]) -> JsonResponse:
    """An answer that caches may keep, because a proof never changes."""
    return JsonResponse(proof, headers=KEPT_FOR_EVER | ANY_SITE)
