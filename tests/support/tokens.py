"""Tokens with one trait each, and what every judge must say of them: the portal and both verifiers.

Most are made by one authority, so that the table is quick.
"""

import functools
import hashlib
from collections.abc import Callable
from datetime import timedelta
from typing import Any, NamedTuple

from asn1crypto import algos, cms, core, tsp
from asn1crypto import x509 as asn1_x509
from cryptography import x509
from cryptography.hazmat.primitives.asymmetric import rsa
from cryptography.hazmat.primitives.serialization import Encoding
from cryptography.x509.oid import ExtendedKeyUsageOID, NameOID

from evidence.timestamps import timestamping

from .stamps import NOW, Authority, algorithm, signed_with

DIGEST = hashlib.sha256(b"what was filed").digest()
QUERY = timestamping.request(DIGEST, 4217)
DAYS = timedelta(days=1)
TRUSTED_ROOT, NOT_VALID = "does not lead to a trusted root", "was not valid at the token's time"
BUILT, MALFORMED, CURVE = "not built as it should be", "malformed", "on a curve not known"
ALONE, CRITICAL, WRONG = "for timestamps alone", "critical extension not known", "a signature is wrong"
STAMPING, CODE = ExtendedKeyUsageOID.TIME_STAMPING, ExtendedKeyUsageOID.CODE_SIGNING


class Asked(NamedTuple):
    """What is judged: a response to a query for a digest, and the root (PEM) that is trusted."""

    response: bytes
    query: bytes
    digest: bytes
    root: bytes


by = functools.cache(Authority)


def judged(response: bytes, authority: Authority, query: bytes = QUERY) -> Asked:
    return Asked(response, query, DIGEST, authority.root.public_bytes(Encoding.PEM))


def told(**wrong: Any) -> Callable[[], Asked]:
    """A token of the usual authority with one part replaced."""
    return lambda: judged(by().answer(DIGEST, **wrong), by())


def of(hashed: str = "sha256", **flaws: Any) -> Callable[[], Asked]:
    """A usual token of an authority with a flaw."""
    return lambda: judged(by(**flaws).answer(DIGEST, hash=hashed), by(**flaws))


def lives(what: str, begins: timedelta, ends: timedelta) -> Callable[[], Asked]:
    return of(middle=what == "middle", lives=((what, (NOW + begins, NOW + ends)),))


def more(what: str, extension: x509.ExtensionType, *, critical: bool, **flaws: Any) -> Callable[[], Asked]:
    return of(**flaws, more=((what, extension, critical),))


def bytes_of(change: Callable[[bytes], bytes]) -> Callable[[], Asked]:
    """A good response whose bytes are changed afterwards."""
    return lambda: judged(change(by().answer(DIGEST)), by())


def signed(change: Callable[[cms.SignedData], None]) -> Callable[[], Asked]:
    """A good response whose SignedData is changed afterwards."""
    return told(change=change)


def attributes(change: Callable[[list[dict[str, Any]]], list[dict[str, Any]]]) -> Callable[[], Asked]:
    return told(attributes=change)


# -- times


def written(time: bytes) -> Callable[[], Asked]:
    """A token whose time is written so."""
    element = core.GeneralizedTime()
    element.contents = time
    return told(gen_time=element)


# -- names


def name(text: str, kind: str = "utf8_string") -> asn1_x509.Name:
    kinds = {"utf8_string": core.UTF8String, "printable_string": core.PrintableString}
    value = asn1_x509.DirectoryString(kind, kinds[kind](text))
    pair = asn1_x509.NameTypeAndValue({"type": "common_name", "value": value})
    return asn1_x509.Name("", asn1_x509.RDNSequence([asn1_x509.RelativeDistinguishedName([pair])]))


def called(text: str, kind: str = "utf8_string") -> Callable[[], Asked]:
    """A token that says this name of its authority. The certificate's is “Test signer”."""
    return told(tsa=asn1_x509.GeneralName("directory_name", name(text, kind)))


def also_called(kind: str, value: Any) -> Callable[[], Asked]:
    """A token that says another kind of name, and a certificate that has “tsa.example” as such a name."""
    own = x509.SubjectAlternativeName([x509.DNSName("tsa.example")])
    authority = functools.partial(by, more=(("signer", own, False),))
    return lambda: judged(authority().answer(DIGEST, tsa=asn1_x509.GeneralName(kind, value)), authority())


def within(
    whose: str = "middle", *, permitted: str | None = None, excluded: str | None = None, critical: bool = False
) -> Callable[[], Asked]:
    """A token under authorities, the name constraints of one of which permit or exclude this name."""

    def names(text: str | None) -> list[x509.GeneralName] | None:
        return [x509.DirectoryName(x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, text)]))] if text else None

    constraints = x509.NameConstraints(names(permitted), names(excluded))
    return more(whose, constraints, critical=critical, middle=True)


# -- signatures


def ecdsa(change: Callable[[int, int], tuple[int, int]]) -> Callable[[], Asked]:
    """A token whose ECDSA signature (r, s) is changed."""

    def sign(data: bytes) -> bytes:
        pair = algos.DSASignature.load(signed_with(by().key, data))
        r, s = change(pair["r"].native, pair["s"].native)
        return bytes(algos.DSASignature({"r": r, "s": s}).dump())

    return told(sign=sign)


ORDER = 0xFFFFFFFF00000000FFFFFFFFFFFFFFFFBCE6FAADA7179E84F3B9CAC2FC632551


def needless_zero(data: bytes) -> bytes:
    """A good signature, with a zero before r that DER forbids."""
    mark = signed_with(by().key, data)
    return bytes([0x30, mark[1] + 1, 2, mark[3] + 1, 0]) + mark[4:]


def cube_root(number: int) -> int:
    low, high = 0, 1 << (number.bit_length() // 3 + 2)
    while low < high:
        middle = (low + high) // 2
        low, high = (middle + 1, high) if middle**3 < number else (low, middle)
    return low


def bleichenbacher() -> Asked:
    """A signature by nobody: with the exponent 3, a cube root begins like a signature (Bleichenbacher, 2006)."""
    authority = by(kind="rsa3")
    assert isinstance(authority.key, rsa.RSAPrivateKey)

    def forge(data: bytes) -> bytes:
        info = bytes.fromhex("3031300d060960864801650304020105000420") + hashlib.sha256(data).digest()
        begins = b"\0\1" + b"\xff" * 8 + b"\0" + info
        return cube_root(int.from_bytes(begins + bytes(256 - len(begins)), "big")).to_bytes(256, "big")

    return judged(authority.answer(DIGEST, sign=forge), authority)


# -- structures


def two_signers(data: cms.SignedData) -> None:
    one = data["signer_infos"][0]
    data["signer_infos"] = [one, one]


def no_signer(data: cms.SignedData) -> None:
    data["signer_infos"] = []


def no_certificate(data: cms.SignedData) -> None:
    data["certificates"] = []


def other_content(data: cms.SignedData) -> None:
    data["encap_content_info"]["content_type"] = "data"


def another_certificate(data: cms.SignedData) -> None:
    """Its certificate is replaced by one of the same key, name and number."""
    other = by()._certificate("signer", "root", by().key, by().root_key)
    certificate = asn1_x509.Certificate.load(other.public_bytes(Encoding.DER))
    certificate["tbs_certificate"]["serial_number"] = by().signer.serial_number
    data["certificates"] = [certificate]


def indefinite(response: bytes) -> bytes:
    """BER's indefinite length instead of DER's."""
    assert response[1] == 0x82
    return b"\x30\x80" + response[4:] + b"\0\0"


def long_length(response: bytes) -> bytes:
    assert response[1] == 0x82
    return b"\x30\x83\0" + response[2:]


def further(response: bytes) -> bytes:
    """The response has one element more."""
    size = int.from_bytes(response[2:4], "big") + 2
    return b"\x30\x82" + size.to_bytes(2, "big") + response[4:] + b"\5\0"


def extension(*, critical: bool) -> Callable[[], Asked]:
    one = {"extn_id": "1.3.6.1.4.1.99999.2", "critical": critical, "extn_value": core.OctetString(b"\5\0")}
    return told(extensions=tsp.Extensions([one]))


def asked(digest: bytes = DIGEST, nonce: int | None = 4217, **wrong: Any) -> Callable[[], Asked]:
    """A good token with another query."""
    query = tsp.TimeStampReq.load(timestamping.request(digest, nonce or 1))
    if nonce is None:
        query["nonce"] = None
    for part, value in wrong.items():
        query[part] = value
    return lambda: judged(by().answer(DIGEST), by(), query.dump(force=True))


def foreign(**flaws: Any) -> Callable[[], Asked]:
    """A token of one authority, with the root of another."""
    return lambda: judged(by().answer(DIGEST), Authority(**flaws))


def ess_serial(more: int, issuer: str = "") -> Callable[[], Asked]:
    """A token whose ESSCertID also names its certificate's issuer and number."""

    def change(usual: list[dict[str, Any]]) -> list[dict[str, Any]]:
        signer = asn1_x509.Certificate.load(by().signer.public_bytes(Encoding.DER))
        names = [asn1_x509.GeneralName("directory_name", name(issuer) if issuer else signer.issuer)]
        serial = tsp.IssuerSerial({"issuer": names, "serial_number": signer.serial_number + more})
        one = {"cert_hash": hashlib.sha256(signer.dump()).digest(), "issuer_serial": serial}
        value = tsp.SigningCertificateV2({"certs": [tsp.ESSCertIDv2(one)]})
        return [*usual[:-1], {"type": "signing_certificate_v2", "values": [value]}]

    return attributes(change)


def unreadable_beside(data: cms.SignedData) -> None:
    """A certificate of version 1 is beside the signer's, and before it."""
    old = asn1_x509.Certificate.load(by().root.public_bytes(Encoding.DER))
    del old["tbs_certificate"]["extensions"]
    old["tbs_certificate"]["version"] = "v1"
    data["certificates"] = [old, *data["certificates"]]


def roots_of_one_name(others: int) -> Callable[[], Asked]:
    """The token's root is behind others of the same name."""

    def make() -> Asked:
        good = judged(by().answer(DIGEST), by())
        foreign = b"".join(Authority().root.public_bytes(Encoding.PEM) for _ in range(others))
        return good._replace(root=foreign + good.root)

    return make


DNS = x509.SubjectAlternativeName([x509.DNSName("tsa.example")])
CRLS = x509.CRLDistributionPoints(
    [x509.DistributionPoint([x509.UniformResourceIdentifier("http://tsa.example/crl")], None, None, None)]
)
UNKNOWN = x509.UnrecognizedExtension(x509.ObjectIdentifier("1.3.6.1.4.1.99999.3"), b"\5\0")
NO_SIGNING = x509.KeyUsage(False, False, True, False, False, False, False, False, False)
NO_CERT_SIGN = x509.KeyUsage(True, False, False, False, False, False, False, False, False)
HOLDS = ""

# trait: (how to make it, what is said of it; HOLDS if it is accepted)
TRAITS: dict[str, tuple[Callable[[], Asked], str]] = {
    "usual": (told(), HOLDS),
    **{f"key {kind}": (of(kind=kind), HOLDS) for kind in ("rsa", "rsa3", "pss", "p384", "p521")},
    "key ed25519": (of(kind="ed25519", hashed="sha512"), HOLDS),
    "digest sha384": (of("sha384"), HOLDS),
    "digest sha512": (of("sha512", kind="rsa"), HOLDS),
    "an authority between": (of(middle=True), HOLDS),
    # times
    "half a second": (written(b"20261123040000.5Z"), HOLDS),
    "milliseconds": (written(b"20261123040000.123Z"), HOLDS),
    "nanoseconds": (written(b"20261123040000.123456789Z"), HOLDS),
    "a fraction with a zero at its end": (written(b"20261123040000.120Z"), HOLDS),
    "a fraction without digits": (written(b"20261123040000.Z"), MALFORMED),
    "a comma": (written(b"20261123040000,5Z"), MALFORMED),
    "no zone": (written(b"20261123040000"), MALFORMED),
    "another zone": (written(b"20261123120000+0800"), MALFORMED),
    "no seconds": (written(b"202611230400Z"), MALFORMED),
    "the 31st of November": (written(b"20261131040000Z"), MALFORMED),
    "a leap second": (written(b"20261123235960Z"), MALFORMED),
    "the year 0": (written(b"00001123040000Z"), MALFORMED),
    # keys
    "RSA of 1024 bits": (of(kind="rsa1024"), "an RSA key is weak or odd"),
    "secp256k1": (of(kind="k1"), CURVE),
    "P-224": (of(kind="p224"), CURVE),
    "brainpool": (of(kind="brainpool"), CURVE),
    # signatures
    "r = 0": (ecdsa(lambda _, s: (0, s)), WRONG),
    "s = 0": (ecdsa(lambda r, _: (r, 0)), WRONG),
    "s = n": (ecdsa(lambda r, _: (r, ORDER)), WRONG),
    "r + n": (ecdsa(lambda r, s: (r + ORDER, s)), WRONG),
    "s + n": (ecdsa(lambda r, s: (r, s + ORDER)), WRONG),
    "-s": (ecdsa(lambda r, s: (r, -s)), WRONG),
    "n - s": (ecdsa(lambda r, s: (r, ORDER - s)), HOLDS),  # as valid as s: everybody can make it of a signature
    "a needless zero in r": (told(sign=needless_zero), MALFORMED),
    "another signature": (told(sign=lambda data: signed_with(by().root_key, data)), WRONG),
    "a signature over other attributes": (told(sign=lambda data: signed_with(by().key, data + b"!")), WRONG),
    "a forgery with the exponent 3": (bleichenbacher, WRONG),
    "two digests": (told(algorithm=algorithm("p256", "sha512")), "two digest algorithms"),
    "SHA-1": (told(hash="sha1"), "weak digest SHA-1"),
    "MD5": (told(hash="md5", algorithm=algorithm("p256", "sha256"), sign=lambda _: b"\0"), "weak digest MD5"),
    "SHA-224": (told(hash="sha224", sign=lambda _: b"\0"), "not known here"),
    "RSA named for a key of P-256": (told(algorithm=algorithm("rsa", "sha256")), "does not fit its signature"),
    # signed attributes
    "no content type": (attributes(lambda usual: usual[1:]), "not over a timestamp"),
    "no message digest": (attributes(lambda usual: [usual[0], usual[2]]), "not what was signed"),
    "an attribute twice": (attributes(lambda usual: [*usual, usual[1]]), "there twice"),
    "an attribute with two values": (
        attributes(lambda usual: [usual[0], {**usual[1], "values": usual[1]["values"] * 2}, usual[2]]),
        "there twice",
    ),
    "another content type": (told(content_type="data"), "not over a timestamp"),
    "another message digest": (told(message_digest=b"x" * 32), "not what was signed"),
    "no ESSCertID": (told(names=""), "does not name the certificate"),
    "ESSCertID of another certificate": (told(names="wrong"), "names another certificate"),
    "ESSCertID with SHA-1": (told(names="v1"), HOLDS),  # RFC 2634 knows no other digest
    "ESSCertIDv2 with SHA-1": (told(names="v2 sha1"), "weak digest SHA-1"),
    "ESSCertIDv2 with issuer and number": (ess_serial(0), HOLDS),
    "ESSCertIDv2 with another number": (ess_serial(1), "names another certificate"),
    "ESSCertIDv2 with another issuer": (ess_serial(0, "Other root"), "names another certificate"),
    "another certificate of the key": (signed(another_certificate), "names another certificate"),
    # certificates
    "no purpose": (of(purposes=()), ALONE),
    "another purpose": (of(purposes=(CODE,)), ALONE),
    "two purposes": (of(purposes=(STAMPING, CODE)), ALONE),
    "a purpose that is not critical": (of(critical=False), ALONE),
    "a signer that may not sign": (more("signer", NO_SIGNING, critical=True), "may not sign"),
    "a signer that has ended": (lives("signer", -3 * DAYS, -DAYS), NOT_VALID),
    "a signer that has not begun": (lives("signer", DAYS, 3 * DAYS), NOT_VALID),
    "an authority that has ended": (lives("middle", -3 * DAYS, -DAYS), TRUSTED_ROOT),
    "an authority that has not begun": (lives("middle", DAYS, 3 * DAYS), TRUSTED_ROOT),
    "a root that has ended": (lives("root", -3 * DAYS, -DAYS), TRUSTED_ROOT),
    "a root that has not begun": (lives("root", DAYS, 3 * DAYS), TRUSTED_ROOT),
    "a root that is no authority": (of(root_is_authority=False), TRUSTED_ROOT),
    "a root that may not sign certificates": (more("root", NO_CERT_SIGN, critical=True), TRUSTED_ROOT),
    "more authorities than the root allows": (of(middle=True, path_length=0), TRUSTED_ROOT),
    "as many authorities as the root allows": (of(middle=True, path_length=1), HOLDS),
    "a foreign root of the same name": (foreign(), TRUSTED_ROOT),
    "a foreign root": (foreign(name="Other"), TRUSTED_ROOT),
    "an unknown extension of the signer": (more("signer", UNKNOWN, critical=False), HOLDS),
    "an unknown critical extension of the signer": (more("signer", UNKNOWN, critical=True), CRITICAL),
    "an unknown critical extension of the root": (more("root", UNKNOWN, critical=True), TRUSTED_ROOT),
    "names that exclude the signer": (within(excluded="Test signer"), TRUSTED_ROOT),
    "names of the root that exclude the signer": (within("root", excluded="Test signer"), TRUSTED_ROOT),
    "names that exclude it in capitals": (within(excluded="TEST  SIGNER"), TRUSTED_ROOT),
    "names that do not permit the signer": (within(permitted="Other"), TRUSTED_ROOT),
    "names that permit the signer": (within(permitted="Test signer"), HOLDS),
    "names that exclude others": (within(excluded="Other"), HOLDS),
    "critical other names of the signer": (more("signer", DNS, critical=True), HOLDS),
    "a critical place of revocations": (more("signer", CRLS, critical=True), HOLDS),
    "a certificate that cannot be read beside the signer's": (signed(unreadable_beside), HOLDS),
    "as many roots of one name as are tried": (roots_of_one_name(7), HOLDS),
    "more roots of one name than are tried": (roots_of_one_name(8), TRUSTED_ROOT),
    "critical names": (within(permitted="Test signer", critical=True), TRUSTED_ROOT),
    # what the token says
    "another digest": (lambda: judged(by().answer(hashlib.sha256(b"other").digest()), by()), "for other bytes"),
    "an imprint with SHA-1": (told(imprint="sha1"), "weak digest SHA-1"),
    "an imprint with SHA-512": (told(imprint="sha512"), "for other bytes"),
    "an imprint with SHA-3": (told(imprint="sha3_256"), "not known here"),
    "another nonce": (told(nonce=4218), "does not answer this query"),
    "no nonce": (told(nonce=None), "does not answer this query"),
    "no nonce in either": (
        lambda: judged(by().answer(DIGEST, nonce=None), by(), asked(nonce=None)().query),
        "does not answer this query",
    ),
    "a query for other bytes": (asked(digest=bytes(32)), "query is for other bytes"),
    "a query of version 2": (asked(version=2), "query is not of version 1"),
    "another policy than was asked for": (asked(req_policy="1.2.3.5"), "another policy"),
    "the policy that was asked for": (asked(req_policy="1.2.3.4"), HOLDS),
    "granted with changes": (told(status="granted_with_mods"), HOLDS),
    "not granted": (told(status="rejection"), "did not grant a token"),
    "its authority's name": (called("Test signer"), HOLDS),
    "its authority's name, written otherwise": (called(" test  SIGNER", "printable_string"), HOLDS),
    "the name of another": (called("National Time Service Center"), "names another authority"),
    "its authority's other name": (also_called("dns_name", "tsa.example"), HOLDS),
    "another other name": (also_called("dns_name", "ntsc.ac.cn"), "names another authority"),
    "a minute of accuracy": (told(accuracy=tsp.Accuracy({"seconds": 60})), HOLDS),
    "accuracy in all parts": (told(accuracy=tsp.Accuracy({"seconds": 1, "millis": 500, "micros": 100})), HOLDS),
    "more than a minute": (told(accuracy=tsp.Accuracy({"seconds": 60, "micros": 1})), "more than a minute"),
    "ten years of accuracy": (told(accuracy=tsp.Accuracy({"seconds": 315360000})), "more than a minute"),
    "less than no accuracy": (told(accuracy=tsp.Accuracy({"seconds": -1})), "more than a minute"),
    "an unknown extension": (extension(critical=False), HOLDS),
    "an unknown critical extension": (extension(critical=True), CRITICAL),
    # structure
    "two signers": (signed(two_signers), "exactly one signer"),
    "no signer": (signed(no_signer), "exactly one signer"),
    "no certificate": (signed(no_certificate), "does not hold the certificate"),
    "other content": (signed(other_content), "not a timestamp"),
    "indefinite length": (bytes_of(indefinite), "DER length is malformed"),
    "a length that is too long": (bytes_of(long_length), "not the shortest"),
    "bytes behind": (bytes_of(lambda response: response + b"\0"), "not the DER it should be"),
    "a further element": (bytes_of(further), "more parts than it should have"),
    "cut short": (bytes_of(lambda response: response[:-1]), "cut short"),
    "nothing": (bytes_of(lambda _: b""), "cut short or malformed"),
    "too large": (bytes_of(lambda response: response + bytes(1 << 20)), "too large"),
}
