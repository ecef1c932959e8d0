"""A timestamp authority with keys of each kind, each of whose answers can be wrong in one way."""

import hashlib
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
Key = rsa.RSAPrivateKey | ec.EllipticCurvePrivateKey | ed25519.Ed25519PrivateKey
SALT = 32  # bytes


def algorithm(kind: str, digest: str) -> algos.SignedDigestAlgorithm:
    """How a key of this kind signs, in the terms of CMS."""
    if kind == "pss":
        hashed = {"algorithm": digest}
        mask = {"algorithm": "mgf1", "parameters": hashed}
        parameters = {"hash_algorithm": hashed, "mask_gen_algorithm": mask, "salt_length": SALT}
        return algos.SignedDigestAlgorithm({"algorithm": "rsassa_pss", "parameters": parameters})
    named = {"rsa": "rsassa_pkcs1v15", "ed25519": "ed25519"}.get(kind, f"{digest}_ecdsa")
    return algos.SignedDigestAlgorithm({"algorithm": named})


def new_key(kind: str) -> Key:
    if kind in ("rsa", "pss"):
        return rsa.generate_private_key(public_exponent=65537, key_size=2048)
    if kind == "ed25519":
        return ed25519.Ed25519PrivateKey.generate()
    return ec.generate_private_key({"p256": ec.SECP256R1(), "p384": ec.SECP384R1(), "p521": ec.SECP521R1()}[kind])


def signed_with(key: Key, data: bytes, digest: str = "sha256", *, pss: bool = False) -> bytes:
    hashed = {"sha1": hashes.SHA1(), "sha256": hashes.SHA256(), "sha512": hashes.SHA512()}[digest]
    if isinstance(key, rsa.RSAPrivateKey):
        return key.sign(data, padding.PSS(padding.MGF1(hashed), SALT) if pss else padding.PKCS1v15(), hashed)
    return key.sign(data) if isinstance(key, ed25519.Ed25519PrivateKey) else key.sign(data, ec.ECDSA(hashed))


@dataclass
class Authority:
    """The root, the signer, and their flaws."""

    kind: str = "p256"
    purposes: tuple[x509.ObjectIdentifier, ...] = (ExtendedKeyUsageOID.TIME_STAMPING,)
    critical: bool = True
    ends: datetime = NOW + timedelta(days=300)
    root_is_authority: bool = True
    name: str = "Test"
    root_key: Key = field(init=False)
    key: Key = field(init=False)

    def __post_init__(self) -> None:
        self.root_key, self.key = new_key(self.kind), new_key(self.kind)
        self.root = self._certificate("root", self.root_key, is_root=True)
        self.signer = self._certificate("signer", self.key, is_root=False)

    def _name(self, what: str) -> x509.Name:
        return x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, f"{self.name} {what}")])

    def _certificate(self, what: str, key: Key, *, is_root: bool) -> x509.Certificate:
        ca = is_root and self.root_is_authority
        builder = (
            x509.CertificateBuilder(self._name("root"), self._name(what), key.public_key())
            .serial_number(x509.random_serial_number())
            .not_valid_before(NOW - timedelta(days=300))
            .not_valid_after(NOW + timedelta(days=3000) if is_root else self.ends)
            .add_extension(x509.BasicConstraints(ca=ca, path_length=None), critical=True)
        )
        if not is_root and self.purposes:
            builder = builder.add_extension(x509.ExtendedKeyUsage(self.purposes), critical=self.critical)
        ed = isinstance(self.root_key, ed25519.Ed25519PrivateKey)
        pss = padding.PSS(padding.MGF1(hashes.SHA256()), SALT) if self.kind == "pss" else None
        return builder.sign(self.root_key, None if ed else hashes.SHA256(), rsa_padding=pss)

    def answer(self, digest: bytes, **wrong: Any) -> bytes:
        """A TimeStampResp for the digest.

        `wrong` replaces parts of it: gen_time, nonce, imprint, hash, names, status, content_type, message_digest,
        signature.
        """
        info = tsp.TSTInfo(
            {
                "version": "v1",
                "policy": "1.2.3.4",
                "message_imprint": {
                    "hash_algorithm": algos.DigestAlgorithm({"algorithm": wrong.get("imprint", "sha256")}),
                    "hashed_message": digest,
                },
                "serial_number": 7,
                "gen_time": wrong.get("gen_time", NOW),
                "nonce": wrong.get("nonce", 4217),
            }
        )
        token = cms.ContentInfo({"content_type": "signed_data", "content": self._signed(info.dump(), wrong)})
        status = {"status": wrong.get("status", "granted")}
        return bytes(tsp.TimeStampResp({"status": status, "time_stamp_token": token}).dump())

    def _signed(self, content: bytes, wrong: dict[str, Any]) -> cms.SignedData:
        digest = wrong.get("hash", "sha256")
        certificate = asn1_x509.Certificate.load(self.signer.public_bytes(serialization.Encoding.DER))
        attributes = cms.CMSAttributes(
            [
                {"type": "content_type", "values": [wrong.get("content_type", "tst_info")]},
                {
                    "type": "message_digest",
                    "values": [wrong.get("message_digest", hashlib.new(digest, content).digest())],
                },
                *_naming(certificate, wrong.get("names", "v2")),
            ]
        )
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
            "signature_algorithm": algorithm(self.kind, digest),
            "signature": wrong.get("signature")
            or signed_with(self.key, attributes.dump(), digest, pss=self.kind == "pss"),
        }
        return cms.SignedData(
            {
                "version": "v3",
                "digest_algorithms": [{"algorithm": digest}],
                "encap_content_info": {"content_type": "tst_info", "content": core.ParsableOctetString(content)},
                "certificates": [certificate],
                "signer_infos": [cms.SignerInfo(signer)],
            }
        )


def _naming(certificate: asn1_x509.Certificate, how: str) -> list[dict[str, Any]]:
    """The ESSCertID: version 1 or 2, of another certificate ("wrong"), or none ("")."""
    if not how:
        return []
    raw = certificate.dump() + (b"x" if how == "wrong" else b"")
    if how == "v1":
        one = tsp.SigningCertificate({"certs": [tsp.ESSCertID({"cert_hash": hashlib.sha1(raw).digest()})]})
        return [{"type": "signing_certificate", "values": [one]}]
    two = tsp.ESSCertIDv2(
        {
            "hash_algorithm": algos.DigestAlgorithm({"algorithm": "sha256"}),
            "cert_hash": hashlib.sha256(raw).digest(),
        }
    )
    return [{"type": "signing_certificate_v2", "values": [tsp.SigningCertificateV2({"certs": [two]})]}]
