"""The demo's own timestamp authority. Its RFC 3161 tokens are valid, but by this machine's clock and key.

They prove nothing against the operator, who controls both; the certificate says so. Outside the demo,
TIMESTAMP_AUTHORITIES must name authorities of other organisations.
"""

import hashlib
import secrets
import shutil
import tempfile
from datetime import UTC, datetime, timedelta
from functools import lru_cache
from pathlib import Path

from asn1crypto import algos, cms, core, tsp
from asn1crypto import x509 as asn1_x509
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import padding, rsa
from cryptography.x509.oid import ExtendedKeyUsageOID, NameOID
from django.conf import settings

POLICY = "1.3.6.1.4.1.99999.1.1"  # not registered; it means "local clock"
CLAIM = "local clock, proves nothing against the operator"
YEARS = 10


def root_pem() -> bytes:
    """The root certificate. The first call makes it, with the keys."""
    return (_folder() / "root.pem").read_bytes()


def issue(query: bytes) -> bytes:
    """The DER TimeStampResp for a DER TimeStampReq, with this machine's time."""
    asked = tsp.TimeStampReq.load(query)
    key, certificate = _signer(_folder())
    info = tsp.TSTInfo(
        {
            "version": "v1",
            "policy": POLICY,
            "message_imprint": asked["message_imprint"],
            "serial_number": secrets.randbits(63),
            "gen_time": datetime.now(UTC).replace(microsecond=0),
            "accuracy": tsp.Accuracy({"seconds": 1}),
            "nonce": asked["nonce"].native,
        }
    )
    token = cms.ContentInfo({"content_type": "signed_data", "content": _signed(info, key, certificate)})
    status = tsp.PKIStatusInfo({"status": "granted"})
    response: bytes = tsp.TimeStampResp({"status": status, "time_stamp_token": token}).dump()
    return response


def _signed(info: tsp.TSTInfo, key: rsa.RSAPrivateKey, certificate: asn1_x509.Certificate) -> cms.SignedData:
    """CMS SignedData (RFC 5652) over the TSTInfo, with the signed attributes that RFC 3161 and 5816 require."""
    content = info.dump()
    attributes = cms.CMSAttributes(
        [
            {"type": "content_type", "values": ["tst_info"]},
            {"type": "message_digest", "values": [hashlib.sha256(content).digest()]},
            {"type": "signing_certificate_v2", "values": [_signing_certificate_attribute(certificate)]},
        ]
    )
    signer = cms.SignerInfo(
        {
            "version": "v1",
            "sid": cms.SignerIdentifier(
                {
                    "issuer_and_serial_number": {
                        "issuer": certificate.issuer,
                        "serial_number": certificate.serial_number,
                    }
                }
            ),
            "digest_algorithm": {"algorithm": "sha256"},
            "signed_attrs": attributes,
            "signature_algorithm": {"algorithm": "rsassa_pkcs1v15"},
            "signature": key.sign(attributes.dump(), padding.PKCS1v15(), hashes.SHA256()),
        }
    )
    return cms.SignedData(
        {
            "version": "v3",
            "digest_algorithms": [{"algorithm": "sha256"}],
            "encap_content_info": {"content_type": "tst_info", "content": core.ParsableOctetString(content)},
            "certificates": [certificate],
            "signer_infos": [signer],
        }
    )


def _signing_certificate_attribute(certificate: asn1_x509.Certificate) -> tsp.SigningCertificateV2:
    digest = hashlib.sha256(certificate.dump()).digest()
    named = {"hash_algorithm": algos.DigestAlgorithm({"algorithm": "sha256"}), "cert_hash": digest}
    return tsp.SigningCertificateV2({"certs": [tsp.ESSCertIDv2(named)]})


@lru_cache
def _signer(folder: Path) -> tuple[rsa.RSAPrivateKey, asn1_x509.Certificate]:
    key = serialization.load_pem_private_key((folder / "signer.key").read_bytes(), password=None)
    if not isinstance(key, rsa.RSAPrivateKey):
        raise TypeError("the demo authority's key is not RSA")
    certificate = x509.load_pem_x509_certificate((folder / "signer.pem").read_bytes())
    return key, asn1_x509.Certificate.load(certificate.public_bytes(serialization.Encoding.DER))


def _folder() -> Path:
    """The folder of the authority's keys. It is made completely or not at all, even by two processes at once."""
    folder: Path = settings.DATA_DIR / "authority"
    if not folder.exists():
        settings.DATA_DIR.mkdir(parents=True, exist_ok=True)
        fresh = Path(tempfile.mkdtemp(dir=settings.DATA_DIR, prefix=".authority-"))
        _make_keys(fresh)
        try:
            fresh.rename(folder)
        except OSError:  # another process was first
            shutil.rmtree(fresh)
    return folder


def _make_keys(folder: Path) -> None:
    root_key, signer_key = (rsa.generate_private_key(public_exponent=65537, key_size=3072) for _ in range(2))
    root_name, signer_name = _name("root"), _name("signer")
    root = _certificate(root_name, root_name, root_key, root_key, is_root=True)
    signer = _certificate(signer_name, root_name, signer_key, root_key, is_root=False)
    (folder / "root.pem").write_bytes(root.public_bytes(serialization.Encoding.PEM))
    (folder / "signer.pem").write_bytes(signer.public_bytes(serialization.Encoding.PEM))
    secret = folder / "signer.key"
    secret.touch(mode=0o600)
    secret.write_bytes(
        signer_key.private_bytes(
            serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
        )
    )  # the root's key is not saved, so nobody can certify a second signer


def _name(what: str) -> x509.Name:
    return x509.Name(
        [
            x509.NameAttribute(NameOID.ORGANIZATION_NAME, "Holdfast demo"),
            x509.NameAttribute(NameOID.ORGANIZATIONAL_UNIT_NAME, CLAIM),
            x509.NameAttribute(NameOID.COMMON_NAME, f"Demo timestamp {what}"),
        ]
    )


def _certificate(
    subject: x509.Name, issuer: x509.Name, key: rsa.RSAPrivateKey, issuer_key: rsa.RSAPrivateKey, *, is_root: bool
) -> x509.Certificate:
    now = datetime.now(UTC).replace(microsecond=0)
    builder = (
        x509.CertificateBuilder()
        .subject_name(subject)
        .issuer_name(issuer)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - timedelta(minutes=1))
        .not_valid_after(now + timedelta(days=365 * YEARS))
        .add_extension(x509.BasicConstraints(ca=is_root, path_length=None), critical=True)
        .add_extension(x509.SubjectKeyIdentifier.from_public_key(key.public_key()), critical=False)
    )
    usage = (
        x509.KeyUsage(False, False, False, False, False, True, True, False, False)
        if is_root
        else x509.KeyUsage(True, True, False, False, False, False, False, False, False)
    )
    builder = builder.add_extension(usage, critical=True)
    if not is_root:
        stamping = x509.ExtendedKeyUsage([ExtendedKeyUsageOID.TIME_STAMPING])
        issuer_id = x509.AuthorityKeyIdentifier.from_issuer_public_key(issuer_key.public_key())
        builder = builder.add_extension(stamping, critical=True).add_extension(issuer_id, critical=False)
    return builder.sign(issuer_key, hashes.SHA256())
