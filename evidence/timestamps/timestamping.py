"""RFC 3161 timestamps: asks an authority and verifies the answer.

rfc3161-client checks status, signature, chain to the pinned root, key usage, nonce, policy and the imprint's
bytes. This file also checks that the imprint is SHA-256, that the token has the nonce, that the signature uses a
strong digest, that the signed attributes name the signing certificate (ESSCertID, RFC 5816), that the certificate
was valid at the token's time, and that this time is near the local clock.
"""

import hashlib
import secrets
import time
from dataclasses import dataclass
from datetime import datetime, timedelta
from http.client import HTTPException
from urllib.parse import urlsplit
from urllib.request import Request, urlopen

import rfc3161_client
from asn1crypto import algos, cms, core, tsp
from asn1crypto import x509 as asn1_x509
from cryptography import x509
from django.utils import timezone

from . import authorities, builtin
from .authorities import BUILTIN, Authority

TIMEOUT = 15  # seconds for the whole of one answer
MAX_RESPONSE = 1 << 20  # bytes; usual answers have a few thousand
CLOCK_TOLERANCE = timedelta(minutes=5)
STRONG_DIGESTS = {"sha256", "sha384", "sha512"}


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
    nonce = secrets.randbits(63) | 1
    query = request(digest, nonce)
    try:
        response = _ask(authority, query)
        verified = verify(response, digest, nonce=nonce, authority=authority, now=timezone.now())
    except NotStamped:
        authorities.record_failure(authority)
        raise
    authorities.record_answer(authority)
    return Stamp(query=query, response=response, **vars(verified))


def request(digest: bytes, nonce: int) -> bytes:
    """The DER query for a SHA-256 digest. It asks for the signing certificate, too."""
    imprint = tsp.MessageImprint(
        {"hash_algorithm": algos.DigestAlgorithm({"algorithm": "sha256"}), "hashed_message": digest}
    )
    query = tsp.TimeStampReq({"version": 1, "message_imprint": imprint, "nonce": nonce, "cert_req": True})
    encoded: bytes = query.dump()
    return encoded


def _ask(authority: Authority, query: bytes) -> bytes:
    if authority.url == BUILTIN:
        return builtin.issue(query)
    if urlsplit(authority.url).scheme not in ("http", "https"):
        raise NotStamped(f"{authority.name} has no http address")
    asked = Request(authority.url, data=query, headers={"Content-Type": "application/timestamp-query"})  # noqa: S310
    try:
        return _read_in_time(asked)
    except (OSError, HTTPException) as error:
        raise NotStamped(f"{authority.name} does not answer: {error}") from error


def _read_in_time(asked: Request) -> bytes:
    """The whole answer. Raises OSError after TIMEOUT, even if bytes still arrive slowly."""
    deadline = time.monotonic() + TIMEOUT
    received = bytearray()
    with urlopen(asked, timeout=TIMEOUT / 3) as answer:  # noqa: S310 (scheme checked)
        while block := answer.read1(65536):
            received += block
            if len(received) > MAX_RESPONSE or time.monotonic() > deadline:
                raise OSError("the answer is too long or too slow")
    return bytes(received)


def verify(response: bytes, digest: bytes, *, nonce: int, authority: Authority, now: datetime) -> Verified:
    """The token's times, if the response passes every check. Raises NotStamped with the reason."""
    try:
        answer = rfc3161_client.decode_timestamp_response(response)
        builder = rfc3161_client.VerifierBuilder(nonce=nonce).add_root_certificate(
            x509.load_pem_x509_certificate(authority.root)
        )
        if authority.policy:
            builder = builder.policy_id(x509.ObjectIdentifier(authority.policy))
        builder.build().verify(answer, digest)
        certificate_ends = _check_what_the_library_does_not(response, nonce)
    except (ValueError, TypeError, KeyError, rfc3161_client.VerificationError) as error:
        raise NotStamped(f"the answer of {authority.name} does not hold: {error}") from error
    gen_time = answer.tst_info.gen_time
    if abs(gen_time - now) > CLOCK_TOLERANCE:
        raise NotStamped(f"the time of {authority.name} is {gen_time - now} away from this clock")
    return Verified(gen_time, certificate_ends)


def _check_what_the_library_does_not(response: bytes, nonce: int) -> datetime:
    """Make the other checks of the module docstring. Returns the signing certificate's expiry; raises
    ValueError."""
    signed: cms.SignedData = tsp.TimeStampResp.load(response, strict=True)["time_stamp_token"]["content"]
    info: tsp.TSTInfo = signed["encap_content_info"]["content"].parsed
    (signer,) = signed["signer_infos"]
    certificate = _signing_certificate(signed, signer)
    if info["message_imprint"]["hash_algorithm"]["algorithm"].native != "sha256":
        raise ValueError("the imprint is not SHA-256")
    if info["nonce"].native != nonce:
        raise ValueError("the nonce is not ours")
    if signer["digest_algorithm"]["algorithm"].native not in STRONG_DIGESTS:
        raise ValueError("the signature uses a weak digest")
    if not _names_certificate(signer, certificate):
        raise ValueError("the signed attributes do not name the signing certificate")
    validity = certificate["tbs_certificate"]["validity"]
    if not validity["not_before"].native <= info["gen_time"].native <= validity["not_after"].native:
        raise ValueError("the certificate was not valid at the token's time")
    ends: datetime = validity["not_after"].native
    return ends


def _signing_certificate(signed: cms.SignedData, signer: cms.SignerInfo) -> asn1_x509.Certificate:
    wanted = signer["sid"].chosen
    for choice in signed["certificates"]:
        certificate = choice.chosen
        if (certificate.issuer, certificate.serial_number) == (wanted["issuer"], wanted["serial_number"].native):
            return certificate
    raise ValueError("the signing certificate is missing")


def _names_certificate(signer: cms.SignerInfo, certificate: asn1_x509.Certificate) -> bool:
    """Whether ESSCertID or ESSCertIDv2 (RFC 5035, 5816) has the digest of the signing certificate."""
    for attribute in signer["signed_attrs"]:
        if attribute["type"].native in ("signing_certificate", "signing_certificate_v2"):
            first = attribute["values"][0]["certs"][0]
            return bool(first["cert_hash"].native == _certificate_digest(first, certificate))
    return False


def _certificate_digest(named: core.Sequence, certificate: asn1_x509.Certificate) -> bytes:
    is_v2 = isinstance(named, tsp.ESSCertIDv2)
    algorithm = named["hash_algorithm"]["algorithm"].native if is_v2 else "sha1"
    return hashlib.new(
        algorithm, certificate.dump()
    ).digest()  # version 1 of the attribute always uses SHA-1 (RFC 2634)
