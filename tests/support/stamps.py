"""A timestamp authority with keys of each kind, each of whose answers can be wrong in one way."""

import hashlib
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any

from asn1crypto import algos, cms, core, tsp
from asn1crypto import x509 as asn1_x509
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec, ed25519, padding, rsa
from cryptography.x509.oid import ExtendedKeyUsageOID, NameOID

NOW = datetime(2026, 11, 23, 4, 0, tzinfo=UTC)
CURVES: dict[str, Callable[[], ec.EllipticCurve]] = {
    **{"p256": ec.SECP256R1, "p384": ec.SECP384R1, "p521": ec.SECP521R1},
    **{"p224": ec.SECP224R1, "k1": ec.SECP256K1, "brainpool": ec.BrainpoolP256R1},
}
Key = rsa.RSAPrivateKey | ec.EllipticCurvePrivateKey | ed25519.Ed25519PrivateKey
SALT = 32  # bytes


def algorithm(kind: str, digest: str) -> algos.SignedDigestAlgorithm:
    """How a key of this kind signs, in the terms of CMS."""
    if kind == "pss":
        hashed = {"algorithm": digest}
        mask = {"algorithm": "mgf1", "parameters": hashed}
        parameters = {"hash_algorithm": hashed, "mask_gen_algorithm": mask, "salt_length": SALT}
        return algos.SignedDigestAlgorithm({"algorithm": "rsassa_pss", "parameters": parameters})
    named = "rsassa_pkcs1v15" if kind.startswith("rsa") else "ed25519" if kind == "ed25519" else f"{digest}_ecdsa"
    return algos.SignedDigestAlgorithm({"algorithm": named})


def new_key(kind: str) -> Key:
    if kind == "ed25519":
        return ed25519.Ed25519PrivateKey.generate()
    if kind in CURVES:
        return ec.generate_private_key(CURVES[kind]())
    size, exponent = 1024 if kind == "rsa1024" else 2048, 3 if kind == "rsa3" else 65537
    return rsa.generate_private_key(public_exponent=exponent, key_size=size)


def signed_with(key: Key, data: bytes, digest: str = "sha256", *, pss: bool = False) -> bytes:
    hashed = getattr(hashes, digest.upper())()
    if isinstance(key, rsa.RSAPrivateKey):
        return key.sign(data, padding.PSS(padding.MGF1(hashed), SALT) if pss else padding.PKCS1v15(), hashed)
    return key.sign(data) if isinstance(key, ed25519.Ed25519PrivateKey) else key.sign(data, ec.ECDSA(hashed))


@dataclass
class Authority:
    """The root, the signer and, if `middle`, an authority between them; and their flaws.

    `lives` has when the "root", the "middle" or the "signer" is valid, `more` its further extensions and whether
    they are critical.
    """

    kind: str = "p256"
    purposes: tuple[x509.ObjectIdentifier, ...] = (ExtendedKeyUsageOID.TIME_STAMPING,)
    critical: bool = True
    ends: datetime = NOW + timedelta(days=300)
    root_is_authority: bool = True
    name: str = "Test"
    middle: bool = False
    path_length: int | None = None
    lives: tuple[tuple[str, tuple[datetime, datetime]], ...] = ()
    more: tuple[tuple[str, x509.ExtensionType, bool], ...] = ()
    root_key: Key = field(init=False)
    key: Key = field(init=False)

    def __post_init__(self) -> None:
        self.root_key, self.key = new_key(self.kind), new_key(self.kind)
        issuer = "middle" if self.middle else "root"
        self.root = self._certificate("root", "root", self.root_key, self.root_key)
        between = new_key(self.kind) if self.middle else self.root_key
        self.between = [self._certificate("middle", "root", between, self.root_key)] if self.middle else []
        self.signer = self._certificate("signer", issuer, self.key, between)

    def _name(self, what: str) -> x509.Name:
        return x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, f"{self.name} {what}")])

    def _certificate(self, what: str, issuer: str, key: Key, issuer_key: Key) -> x509.Certificate:
        usual = NOW - timedelta(days=300), NOW + timedelta(days=3000) if what == "root" else self.ends
        begins, ends = dict(self.lives).get(what, usual)
        ca = what != "signer" and (self.root_is_authority or what != "root")
        builder = (
            x509.CertificateBuilder(self._name(issuer), self._name(what), key.public_key())
            .serial_number(x509.random_serial_number())
            .not_valid_before(begins)
            .not_valid_after(ends)
            .add_extension(x509.BasicConstraints(ca, self.path_length if ca else None), critical=True)
        )
        if what == "signer" and self.purposes:
            builder = builder.add_extension(x509.ExtendedKeyUsage(self.purposes), critical=self.critical)
        for whose, extension, critical in self.more:
            builder = builder.add_extension(extension, critical=critical) if whose == what else builder
        ed = isinstance(issuer_key, ed25519.Ed25519PrivateKey)
        pss = padding.PSS(padding.MGF1(hashes.SHA256()), SALT) if self.kind == "pss" else None
        return builder.sign(issuer_key, None if ed else hashes.SHA256(), rsa_padding=pss)

    def answer(self, digest: bytes, **wrong: Any) -> bytes:
        """A TimeStampResp for the digest.

        `wrong` replaces parts of it: fields of the TSTInfo, imprint, hash, names, status, content_type,
        message_digest, signature. `attributes` changes the list of signed attributes, `sign` signs, and `change`
        changes the SignedData after it was signed.
        """
        told: dict[str, Any] = {name: wrong[name] for name in ("accuracy", "tsa", "extensions") if name in wrong}
        info = tsp.TSTInfo(
            {
                **told,
                "version": "v1",
                "policy": wrong.get("policy", "1.2.3.4"),
                "message_imprint": {
                    "hash_algorithm": algos.DigestAlgorithm({"algorithm": wrong.get("imprint", "sha256")}),
                    "hashed_message": digest,
                },
                "serial_number": 7,
                "gen_time": wrong.get("gen_time", NOW),
                "nonce": wrong.get("nonce", 4217),
            }
        )
        signed = self._signed(info.dump(), wrong)
        wrong.get("change", lambda _: None)(signed)
        token = cms.ContentInfo({"content_type": "signed_data", "content": signed})
        status = {"status": wrong.get("status", "granted")}
        return bytes(tsp.TimeStampResp({"status": status, "time_stamp_token": token}).dump())

    def _signed(self, content: bytes, wrong: dict[str, Any]) -> cms.SignedData:
        digest = wrong.get("hash", "sha256")
        known = [self.signer, *self.between]
        known_der = [one.public_bytes(serialization.Encoding.DER) for one in known]
        certificate, *between = map(asn1_x509.Certificate.load, known_der)
        usual = [
            {"type": "content_type", "values": [wrong.get("content_type", "tst_info")]},
            {
                "type": "message_digest",
                "values": [wrong.get("message_digest", hashlib.new(digest, content).digest())],
            },
            *_naming(certificate, wrong.get("names", "v2")),
        ]
        attributes = cms.CMSAttributes(wrong.get("attributes", list)(usual))
        pss = self.kind == "pss"
        sign = wrong.get("sign", lambda data: signed_with(self.key, data, digest, pss=pss))
        signer = {
            "version": "v1",
            "sid": cms.SignerIdentifier(
                {
                    "issuer_and_serial_number": {
                        "issuer": certificate.issuer,
                        "serial_number": certificate.serial_number,
                    }
                }
            ),
            "digest_algorithm": {"algorithm": digest},
            "signed_attrs": attributes,
            "signature_algorithm": wrong.get("algorithm") or algorithm(self.kind, digest),
            "signature": wrong.get("signature") or sign(attributes.dump()),
        }
        return cms.SignedData(
            {
                "version": "v3",
                "digest_algorithms": [{"algorithm": digest}],
                "encap_content_info": {"content_type": "tst_info", "content": core.ParsableOctetString(content)},
                "certificates": [certificate, *between],
                "signer_infos": [cms.SignerInfo(signer)],
            }
        )


def _naming(certificate: asn1_x509.Certificate, how: str) -> list[dict[str, Any]]:
    """The ESSCertID: version 1 or 2, version 2 with SHA-1, of another certificate ("wrong"), or none ("")."""
    if not how:
        return []
    raw = certificate.dump() + (b"x" if how == "wrong" else b"")
    if how == "v1":
        one = tsp.SigningCertificate({"certs": [tsp.ESSCertID({"cert_hash": hashlib.sha1(raw).digest()})]})
        return [{"type": "signing_certificate", "values": [one]}]
    digest = "sha1" if how == "v2 sha1" else "sha256"
    two = tsp.ESSCertIDv2(
        {
            "hash_algorithm": algos.DigestAlgorithm({"algorithm": digest}),
            "cert_hash": hashlib.new(digest, raw).digest(),
        }
    )
    return [{"type": "signing_certificate_v2", "values": [tsp.SigningCertificateV2({"certs": [two]})]}]
