"""What monitors and witnesses of the ledger fetch: tiles of its tree, and each signed checkpoint with stamps."""

from typing import Any

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import get_object_or_404
from django.urls import reverse

from complaints import digits
from complaints.web import ANY_SITE, KEPT_FOR_EVER
from evidence.ledger import rfc3339, tiles
from evidence.models import Checkpoint, CheckpointToken

from .pages import plain

FORMAT = "holdfast-checkpoints/1"
ON_A_PAGE = 100
STAMP_TYPES = {"tsq": "application/timestamp-query", "tsr": "application/timestamp-reply"}  # RFC 3161, 3.4


def tile(request: HttpRequest, address: str) -> HttpResponse:
    """A tile of the signed tree (C2SP tlog-tiles). A full one is read from the database only once."""
    hashes = tiles.content(address)
    if hashes is None:
        raise Http404
    return HttpResponse(hashes, content_type="application/octet-stream", headers=KEPT_FOR_EVER | ANY_SITE)


def listed(request: HttpRequest) -> JsonResponse:
    """Every signed checkpoint with its stamps and cosignatures, the smallest first, ON_A_PAGE at a time.

    `after` is the size behind which the page begins.
    """
    after = digits.number(request.GET.get("after", "0"))
    if after is None:
        raise Http404
    rows = Checkpoint.objects.filter(size__gt=after).order_by("size")
    found = list(rows.prefetch_related("tokens", "cosignatures")[: ON_A_PAGE + 1])
    page = found[:ON_A_PAGE]
    more = f"{reverse('checkpoints')}?after={page[-1].size}" if len(found) > ON_A_PAGE else None
    content = {
        "format": FORMAT,
        "origin": settings.LEDGER_ORIGIN,
        "checkpoints": [_shown(checkpoint) for checkpoint in page],
        "next": more,
    }
    return JsonResponse(content, headers={"Cache-Control": "no-cache"} | ANY_SITE)


def _shown(checkpoint: Checkpoint) -> dict[str, Any]:
    return {
        "size": checkpoint.size,
        "signed_at": rfc3339(checkpoint.signed_at),
        "note": checkpoint.note,
        "address": reverse("checkpoint_of", args=[checkpoint.size]),
        "stamps": [_stamp(token) for token in checkpoint.tokens.all()],
        "cosignatures": [
            {"vkey": one.vkey, "at": rfc3339(one.at), "line": one.line} for one in checkpoint.cosignatures.all()
        ],
    }


def _stamp(token: CheckpointToken) -> dict[str, str]:
    return {
        "authority": token.authority,
        "gen_time": rfc3339(token.gen_time),
        "query": reverse("checkpoint_stamp", args=[token.pk, "tsq"]),
        "response": reverse("checkpoint_stamp", args=[token.pk, "tsr"]),
    }


def checkpoint(request: HttpRequest, size: str) -> HttpResponse:
    """The note of one checkpoint as it was signed, which timestamps are over: without cosignatures."""
    return plain(get_object_or_404(Checkpoint, size=digits.number(size)).note)


def stamp(request: HttpRequest, number: str, end: str) -> HttpResponse:
    """A timestamp over a checkpoint, or its query (RFC 3161, DER)."""
    if end not in STAMP_TYPES:
        raise Http404
    token = get_object_or_404(CheckpointToken, pk=digits.key(number))
    der = bytes(token.query if end == "tsq" else token.response)
    return HttpResponse(der, content_type=STAMP_TYPES[end], headers={"Cache-Control": "no-cache"} | ANY_SITE)
