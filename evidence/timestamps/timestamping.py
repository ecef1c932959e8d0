"""RFC 3161 timestamps: asks an authority and verifies the answer.

`holdfast_verify.check_timestamp` is the only judge: the portal keeps no token that it would refuse. Besides, the
token's time must be near the local clock.
"""

import secrets
from dataclasses import dataclass
from datetime import datetime, timedelta
from http import HTTPStatus
from http.client import HTTPException
from urllib.parse import urlsplit

from asn1crypto import algos, tsp
from django.utils import timezone

from evidence import holdfast_verify as verifier
from evidence import outgoing

from . import authorities, builtin
from .authorities import BUILTIN, Authority

QUERY_TYPE = "application/timestamp-query"
TIMEOUT = 15  # seconds for the whole of one answer
MAX_RESPONSE = 1 << 20  # bytes; usual answers have a few thousand
CLOCK_TOLERANCE = timedelta(minutes=5)


class NotStamped(Exception):
    """The authority did not answer, or its answer is not valid."""


@dataclass(frozen=True)
class Stamp:
    """A verified answer and its query. The fields are the columns of `models.Token`; the times are UTC."""

    query: bytes  # DER TimeStampReq
    response: bytes  # DER TimeStampResp
    gen_time: datetime
    certificate_ends: datetime


@dataclass(frozen=True)
class Verified:
    """The times (UTC) of a token that passed every check."""

    gen_time: datetime
    certificate_ends: datetime


def stamp(authority: Authority, digest: bytes) -> Stamp:
    """A verified token over the SHA-256 digest. Raises NotStamped, and at once if the authority is paused."""
    if authorities.is_resting(authority):
        raise NotStamped(f"{authority.name} failed a moment ago and is left alone")
    query = request(digest, secrets.randbits(63) | 1, authority.policy)
    try:
        response = _ask(authority, query)
        verified = verify(response, query, digest, authority=authority, now=timezone.now())
    except NotStamped:
        authorities.record_failure(authority)
        raise
    authorities.record_answer(authority)
    return Stamp(query=query, response=response, **vars(verified))


def request(digest: bytes, nonce: int, policy: str | None = None) -> bytes:
    """The DER query for a SHA-256 digest. It asks for the signing certificate and for the policy (an OID)."""
    imprint = tsp.MessageImprint(
        {"hash_algorithm": algos.DigestAlgorithm({"algorithm": "sha256"}), "hashed_message": digest}
    )
    asked = {"version": 1, "message_imprint": imprint, "req_policy": policy, "nonce": nonce, "cert_req": True}
    encoded: bytes = tsp.TimeStampReq(asked).dump()
    return encoded


def _ask(authority: Authority, query: bytes) -> bytes:
    if authority.url == BUILTIN:
        return builtin.issue(query)
    if urlsplit(authority.url).scheme not in ("http", "https"):
        raise NotStamped(f"{authority.name} has no http address")
    try:
        answer = outgoing.post(authority.url, query, QUERY_TYPE, seconds=TIMEOUT, most=MAX_RESPONSE)
    except (OSError, HTTPException) as error:
        raise NotStamped(f"{authority.name} does not answer: {error}") from error
    if answer.status != HTTPStatus.OK:
        raise NotStamped(f"{authority.name} does not answer: status {answer.status}")
    return answer.body


def verify(response: bytes, query: bytes, digest: bytes, *, authority: Authority, now: datetime) -> Verified:
    """The token's times, if the response passes every check. Raises NotStamped with the reason."""
    try:
        root = verifier.certificates_in(authority.root, "the authority's root")[0]
        gen_time, _ = verifier.check_timestamp(response, query, digest, [root])
        certificate_ends = verifier.parse_response(response).signer.not_after
    except verifier.Broken as error:
        raise NotStamped(f"the answer of {authority.name} does not hold: {error}") from error
    if abs(gen_time - now) > CLOCK_TOLERANCE:
        raise NotStamped(f"the time of {authority.name} is {gen_time - now} away from this clock")
    return Verified(gen_time, certificate_ends)
