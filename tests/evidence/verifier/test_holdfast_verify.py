"""The verifier's own arithmetic and reading: published vectors, other implementations, hostile bytes."""

import base64
import hashlib
import io
import json
import os
import struct
import subprocess
import sys
import zipfile
import zlib
from collections.abc import Callable
from contextlib import suppress
from datetime import datetime, timedelta
from functools import cache
from itertools import count
from pathlib import Path
from typing import Any, NoReturn

import pytest
import rfc8785
from asn1crypto import algos
from asn1crypto.core import ObjectIdentifier
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec, ed25519, padding, rsa
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from evidence import holdfast_verify as verifier
from evidence.holdfast_verify import Broken
from evidence.timestamps import timestamping
from tests.support import keys, stamps
from tests.support.effort import examples
from tests.support.services import ROOT

DIGEST = hashlib.sha256(b"what was filed").digest()
QUERY = timestamping.request(DIGEST, 4217)
JSON = st.recursive(
    st.none() | st.booleans() | st.integers(-(2**53) + 1, 2**53 - 1) | st.text(),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(), inner, max_size=4),
    max_leaves=12,
)

# RFC 8032, 7.1: secret key, public key, message, signature
ED25519_VECTORS = [
    (
        "d75a980182b10ab7d54bfed3c964073a0ee172f3daa62325af021a68f707511a",
        "",
        "e5564300c360ac729086e2cc806e828a84877f1eb8e5d974d873e065224901555fb8821590a33bacc61e39701cf9b46bd25bf5f0595b"
        "be24655141438e7a100b",
    ),
    (
        "3d4017c3e843895a92b70aa74d1b7ebc9c982ccf2ec4968cc0cd55f12af4660c",
        "72",
        "92a009a9f0d4cab8720e820b5f642540a2b27b5416503f8fb3762223ebdb69da085ac1e43e15996e458f3613d0f11d8c387b2eaeb430"
        "2aeeb00d291612bb0c00",
    ),
    (
        "fc51cd8e6218a1a38da47ed00230f0580816ed13ba3303ac5deb911548908025",
        "af82",
        "6291d657deec24024827e69c3abe01a30ce548a284743a445e3680d7db5ac3ac18ff9b538d16f290ae67f760984dc6594a7c15e9716e"
        "d28dc027beceea1ec40a",
    ),
]


@given(JSON)
def test_canonical_json_is_that_of_rfc_8785(value: Any) -> None:
    try:
        expected = rfc8785.dumps(value)
    except (rfc8785.CanonicalizationError, UnicodeError):
        return  # lone surrogates
    assert verifier.canonical(value) == expected


@given(st.dictionaries(st.text(), JSON, max_size=5))
def test_canonical_json_reads_back_as_it_was(value: dict[str, Any]) -> None:
    assert verifier.load_json(verifier.canonical(value), "it") == value


@pytest.mark.parametrize(
    "text", ['{"a":1,"a":2}', '{"a":1.5}', '{"a":NaN}', "[]", "{", '{"a":' + "9" * 5000 + "}"]
)
def test_json_that_could_be_read_in_two_ways_is_refused(text: str) -> None:
    with pytest.raises(Broken):
        verifier.load_json(text.encode(), "it")


def test_deep_json_is_refused_without_a_crash() -> None:
    for deep in (b"[" * 10**6, b'{"a":' * 10**5 + b"1" + b"}" * 10**5):
        with pytest.raises(Broken):
            verifier.load_json(deep, "it")


@pytest.mark.parametrize("part", [b"[],", b'{"":0},', b"0,"])
def test_json_that_would_fill_the_memory_is_refused_before_it_is_read(part: bytes) -> None:
    """An empty list takes three bytes on disk and fifty in memory."""
    with pytest.raises(Broken, match="too many parts"):
        verifier.load_json(b'{"a":[' + part * 5_000_000 + b"0]}", "it")


def test_a_case_of_very_many_messages_is_read() -> None:
    content = {"kind": "case.replied", "data": {"message": "0" * 64}}
    entries = [verifier.Entry(place, b"", content) for place in range(20_000)]
    assert len(verifier.documents_of(entries)) == 20_000


@pytest.mark.parametrize(("public", "message", "signature"), ED25519_VECTORS)
def test_ed25519_accepts_the_vectors_of_rfc_8032(public: str, message: str, signature: str) -> None:
    key, text, mark = bytes.fromhex(public), bytes.fromhex(message), bytes.fromhex(signature)
    assert verifier.ed25519_verifies(key, text, mark)
    assert not verifier.ed25519_verifies(key, text + b"!", mark)
    for at in (0, 31, 32, 63):
        flipped = bytearray(mark)
        flipped[at] ^= 1
        assert not verifier.ed25519_verifies(key, text, bytes(flipped))


def test_ed25519_has_one_signature_for_a_message() -> None:
    """S plus the order is the same number to a lax verifier: a second signature that nobody made."""
    key, message, mark = (bytes.fromhex(part) for part in ED25519_VECTORS[1])
    s = int.from_bytes(mark[32:], "little") + verifier.ORDER25519
    assert not verifier.ed25519_verifies(key, message, mark[:32] + s.to_bytes(32, "little"))
    assert not verifier.ed25519_verifies(b"\xff" * 32, message, mark)
    assert not verifier.ed25519_verifies(key[:31], message, mark)


@given(st.binary(max_size=300), st.integers(0, 63), st.integers(0, 7))
@settings(max_examples=25)
def test_ed25519_agrees_with_another_implementation(message: bytes, at: int, bit: int) -> None:
    key = ed25519.Ed25519PrivateKey.generate()
    public = key.public_key().public_bytes_raw()
    mark = bytearray(key.sign(message))
    assert verifier.ed25519_verifies(public, message, bytes(mark))
    mark[at] ^= 1 << bit
    assert not verifier.ed25519_verifies(public, message, bytes(mark))


@cache
def key_of(kind: str) -> stamps.Key:
    return stamps.new_key(kind)


def spki(key: stamps.Key) -> verifier.Der:
    raw = key.public_key().public_bytes(
        serialization.Encoding.DER, serialization.PublicFormat.SubjectPublicKeyInfo
    )
    return verifier.der(raw, verifier.SEQUENCE, "a key")


def algorithm(oid: str) -> verifier.Der:
    raw = _der_oid(oid)
    return verifier.der(bytes([0x30, len(raw)]) + raw, verifier.SEQUENCE, "an algorithm")


def _der_oid(dotted: str) -> bytes:
    return bytes(ObjectIdentifier(dotted).dump())


def another_last(message: bytes) -> bytes:
    """A byte that is not the message's last one."""
    return bytes([message[-1] ^ 1]) if message else b"?"


@pytest.mark.parametrize("digest", ["sha256", "sha512"])
@pytest.mark.parametrize("kind", ["rsa", "p256", "p384", "p521"])
def test_rsa_and_ecdsa_agree_with_another_implementation(kind: str, digest: str) -> None:
    key, bare = key_of(kind), verifier.RSA if kind == "rsa" else verifier.EC
    for message in (b"", b"x" * 1000, os.urandom(64)):
        mark = stamps.signed_with(key, message, digest)
        verifier.check_signature(spki(key), algorithm(bare), message, mark, digest)
        for wrong in (message + b"!", message[:-1] + another_last(message)):
            with pytest.raises(Broken, match="signature is wrong"):
                verifier.check_signature(spki(key), algorithm(bare), wrong, mark, digest)


@pytest.mark.parametrize("kind", ["rsa", "p256", "p384", "p521"])
def test_no_changed_signature_is_accepted(kind: str) -> None:
    key, bare = key_of(kind), verifier.RSA if kind == "rsa" else verifier.EC
    mark = stamps.signed_with(key, b"message")
    for at in range(0, len(mark), 5):
        flipped = bytearray(mark)
        flipped[at] ^= 1
        with pytest.raises(Broken):
            verifier.check_signature(spki(key), algorithm(bare), b"message", bytes(flipped), "sha256")


def pss(digest: str, salt: int, mask: str = "") -> verifier.Der:
    """RSA-PSS with its parameters, as an AlgorithmIdentifier."""
    hashed = {"algorithm": digest}
    masked = {"algorithm": "mgf1", "parameters": {"algorithm": mask or digest}}
    parameters = {"hash_algorithm": hashed, "mask_gen_algorithm": masked, "salt_length": salt}
    raw = algos.SignedDigestAlgorithm({"algorithm": "rsassa_pss", "parameters": parameters}).dump()
    return verifier.der(raw, verifier.SEQUENCE, "an algorithm")


def rsa_key(bits: int) -> rsa.RSAPrivateKey:
    """Of exactly so many bits: OpenSSL makes keys of even numbers of bits alone."""
    if bits % 2 == 0:
        return rsa.generate_private_key(public_exponent=65537, key_size=bits)
    p, q = (rsa_key(bits + more).private_numbers().p for more in (1, -1))
    d = pow(65537, -1, (p - 1) * (q - 1))
    rest = (rsa.rsa_crt_dmp1(d, p), rsa.rsa_crt_dmq1(d, q), rsa.rsa_crt_iqmp(p, q))
    return rsa.RSAPrivateNumbers(p, q, d, *rest, rsa.RSAPublicNumbers(65537, p * q)).private_key()


@pytest.mark.parametrize("bits", [2048, 2049, 2050, 3072])
@pytest.mark.parametrize(("digest", "salt"), [("sha256", 32), ("sha256", 0), ("sha384", 20), ("sha512", 64)])
def test_a_pss_signature_of_another_implementation_holds_and_a_changed_one_does_not(
    bits: int, digest: str, salt: int
) -> None:
    key = rsa_key(bits)
    assert key.key_size == bits
    hashed = {"sha256": hashes.SHA256(), "sha384": hashes.SHA384(), "sha512": hashes.SHA512()}[digest]
    mark = key.sign(b"message", padding.PSS(padding.MGF1(hashed), salt), hashed)
    verifier.check_signature(spki(key), pss(digest, salt), b"message", mark)
    changed = bytes([mark[0], mark[1] ^ 1]) + mark[2:]
    for message, wrong, salt_size in (
        (b"messagf", mark, salt),
        (b"message", changed, salt),
        (b"message", mark, 1),
    ):
        with pytest.raises(Broken, match="signature is wrong"):
            verifier.check_signature(spki(key), pss(digest, salt_size), message, wrong)


def test_a_pss_signature_whose_leading_byte_is_not_zero_is_wrong() -> None:
    """Under 2049 bits the encoded message leaves the first byte free; RFC 8017, 8.1.2, wants it 0."""
    key = rsa_key(2049)
    n, d = key.public_key().public_numbers().n, key.private_numbers().d
    scheme = padding.PSS(padding.MGF1(hashes.SHA256()), 32)
    signatures = (int.from_bytes(key.sign(b"message", scheme, hashes.SHA256()), "big") for _ in count())
    encoded = (pow(signature, 65537, n) + (1 << 2048) for signature in signatures)
    forged = pow(next(one for one in encoded if one < n), d, n)
    with pytest.raises(Broken, match="signature is wrong"):
        verifier.check_signature(spki(key), pss("sha256", 32), b"message", forged.to_bytes(257, "big"))


def test_pss_with_weak_or_mixed_digests_is_refused() -> None:
    key = spki(key_of("rsa"))
    for how in (pss("sha1", 20), pss("sha256", 32, mask="sha1")):
        with pytest.raises(Broken, match="weak digest SHA-1"):
            verifier.check_signature(key, how, b"", b"")
    default = bytes.fromhex("300d06092a864886f70d01010a3000")  # where nothing is named it is SHA-1
    with pytest.raises(Broken, match="weak digest SHA-1"):
        verifier.check_signature(key, verifier.der(default, verifier.SEQUENCE, "it"), b"", b"")
    with pytest.raises(Broken, match="not known here"):
        verifier.check_signature(key, pss("sha256", 32, mask="sha512"), b"", b"")
    with pytest.raises(Broken, match="two digest algorithms"):
        verifier.check_signature(key, pss("sha256", 32), b"", b"", "sha512")


@pytest.mark.parametrize("oid", ["1.2.840.113549.1.1.5", "1.2.840.113549.1.1.4", "1.2.840.10045.4.1"])
def test_weak_signatures_are_refused_by_name(oid: str) -> None:
    with pytest.raises(Broken, match="weak digest"):
        verifier.check_signature(spki(key_of("rsa")), algorithm(oid), b"", b"")


def test_a_key_of_another_kind_does_not_fit() -> None:
    with pytest.raises(Broken, match="does not fit"):
        verifier.check_signature(spki(key_of("p256")), algorithm(verifier.RSA), b"", b"", "sha256")


def test_a_point_off_the_curve_is_refused() -> None:
    curve = verifier.CURVES["1.2.840.10045.3.1.7"]
    with pytest.raises(Broken, match="no point"):
        verifier.ecdsa_verifies(curve, b"\4" + b"\1" * 64, DIGEST, b"")


@cache
def authority() -> stamps.Authority:
    return stamps.Authority()


def roots(*trusted: stamps.Authority) -> list[verifier.Certificate]:
    return [
        found
        for one in trusted
        for found in verifier.certificates_in(one.root.public_bytes(serialization.Encoding.PEM), "root.pem")
    ]


@cache
def good_answer() -> bytes:
    return authority().answer(DIGEST)


@examples(300)
def test_no_changed_byte_of_a_response_crashes_the_verifier(examples: int) -> None:
    @settings(max_examples=examples)
    @given(st.integers(0, 10**6), st.integers(1, 255))
    def tried(at: int, change: int) -> None:
        hostile = bytearray(good_answer())
        hostile[at % len(hostile)] ^= change
        with suppress(Broken):
            verifier.check_timestamp(bytes(hostile), QUERY, DIGEST, roots(authority()))

    tried()


@given(st.binary(max_size=200) | st.binary(max_size=60).map(lambda body: bytes([0x30, len(body)]) + body))
@settings(max_examples=400, suppress_health_check=[HealthCheck.too_slow])
def test_hostile_bytes_are_refused_with_a_sentence(data: bytes) -> None:
    readers: list[Callable[[bytes], Any]] = [
        verifier.parse_response,
        verifier.parse_query,
        verifier.certificate,
        lambda raw: verifier.certificates_in(raw, "it"),
        lambda raw: verifier.parse_note(raw.decode("utf-8", "replace")),
        lambda raw: verifier.load_json(raw, "it"),
    ]
    for read in readers:
        with pytest.raises(Broken):
            read(data)


@pytest.mark.parametrize(
    "raw",
    ["3080020101", "30820001", "308101ff", "1f8101", "30", "308500000000010101", "3003020200", ""],
)
def test_der_has_one_encoding(raw: str) -> None:
    with pytest.raises(Broken):
        verifier.der_elements(verifier.der(bytes.fromhex(raw), verifier.SEQUENCE, "it"))


def test_a_der_structure_of_more_than_a_thousand_parts_is_refused() -> None:
    def nulls(count: int) -> verifier.Der:
        body = b"\5\0" * count
        return verifier.der(b"\x30\x82" + len(body).to_bytes(2, "big") + body, verifier.SEQUENCE, "it")

    assert len(verifier.der_elements(nulls(1000))) == 1000
    with pytest.raises(Broken, match="too many parts"):
        verifier.der_elements(nulls(1001))


def test_a_query_of_another_version_is_refused() -> None:
    first = b"\2\1\1"  # the number 1, with which the query begins
    assert QUERY[2:5] == first
    with pytest.raises(Broken, match="not of version 1"):
        verifier.parse_query(QUERY.replace(first, b"\2\1\2", 1))


@pytest.mark.parametrize("dotted", ["1.2.840.113549.1.9.16.1.4", "2.5.29.37", "2.16.840.1.101.3.4.2.1", "2.999.1"])
def test_oids_are_read_as_others_write_them(dotted: str) -> None:
    assert verifier.der_oid(verifier.der(_der_oid(dotted), verifier.OID, "it")) == dotted


def test_a_chain_of_intermediate_authorities_is_followed_to_the_root() -> None:
    chain = a_chain(3)
    known = [verifier.certificate(one.public_bytes(serialization.Encoding.DER)) for one in chain]
    root = verifier.chain_root(known[-1], known[1:-1], known[:1], stamps.NOW)
    assert root == known[0]
    with pytest.raises(Broken, match="trusted root"):
        verifier.chain_root(known[-1], known[2:-1], known[:1], stamps.NOW)


def test_an_authority_that_may_have_none_below_it_is_not_passed() -> None:
    chain = a_chain(3, path_length=0)
    known = [verifier.certificate(one.public_bytes(serialization.Encoding.DER)) for one in chain]
    with pytest.raises(Broken, match="trusted root"):
        verifier.chain_root(known[-1], known[1:-1], known[:1], stamps.NOW)


def test_an_authority_that_was_renewed_hides_no_way_to_the_root() -> None:
    """Tokens of public authorities bring the certificate that ended and the one that followed it."""
    keys = chain_keys(2)
    root, valid, leaf = (der_of(one) for one in a_chain(2, keys=keys))
    ended = der_of(a_chain(2, keys=keys, ends=stamps.NOW - timedelta(hours=1))[1])
    for pool in ([ended, valid], [valid, ended]):
        assert verifier.chain_root(leaf, pool, [root], stamps.NOW) == root
    with pytest.raises(Broken, match="trusted root"):
        verifier.chain_root(leaf, [ended], [root], stamps.NOW)


def der_of(one: x509.Certificate) -> verifier.Certificate:
    return verifier.certificate(one.public_bytes(serialization.Encoding.DER))


def chain_keys(length: int) -> list[ec.EllipticCurvePrivateKey]:
    return [ec.generate_private_key(ec.SECP256R1()) for _ in range(length + 1)]


def a_chain(
    length: int,
    path_length: int | None = None,
    keys: list[ec.EllipticCurvePrivateKey] | None = None,
    ends: datetime = stamps.NOW + timedelta(days=1),
) -> list[x509.Certificate]:
    """Root, intermediate authorities and leaf."""
    keys = keys or chain_keys(length)
    names = [x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, f"level {at}")]) for at in range(length + 1)]
    return [
        x509.CertificateBuilder(names[max(at - 1, 0)], name, keys[at].public_key())
        .serial_number(at + 1)
        .not_valid_before(stamps.NOW - timedelta(days=1))
        .not_valid_after(ends)
        .add_extension(
            x509.BasicConstraints(ca=at < length, path_length=path_length if at < length else None), critical=True
        )
        .sign(keys[max(at - 1, 0)], hashes.SHA256())
        for at, name in enumerate(names)
    ]


def a_note(key: ed25519.Ed25519PrivateKey, name: str = "example.org/log", body: str = "") -> tuple[str, str]:
    """A signed note and its verifier key, by the text of the specification."""
    public = b"\1" + key.public_key().public_bytes_raw()
    key_id = hashlib.sha256(f"{name}\n".encode() + public).digest()[:4]
    text = body or f"{name}\n5\n{base64.b64encode(DIGEST).decode()}\n"
    mark = base64.b64encode(key_id + key.sign(text.encode())).decode()
    return f"{text}\n— {name} {mark}\n", f"{name}+{key_id.hex()}+{base64.b64encode(public).decode()}"


def test_a_checkpoint_is_read_and_its_signature_checked() -> None:
    note, vkey = a_note(ed25519.Ed25519PrivateKey.generate())
    assert verifier.check_note(note, vkey)[1:4] == ("example.org/log", 5, DIGEST)
    with pytest.raises(Broken, match="signature is wrong"):
        verifier.check_note(note.replace("\n5\n", "\n6\n"), vkey)
    with pytest.raises(Broken, match="not signed with the ledger's key"):
        verifier.check_note(note, a_note(ed25519.Ed25519PrivateKey.generate())[1])


def test_a_witness_that_cosigned_is_left_aside() -> None:
    note, vkey = a_note(ed25519.Ed25519PrivateKey.generate())
    witness = base64.b64encode(b"wxyz" + bytes(72)).decode()
    assert verifier.check_note(f"{note}— witness.example {witness}\n", vkey).size == 5


@pytest.mark.parametrize(
    "body", ["a\n05\nAAAA\n", "a\n-1\nAAAA\n", "a\n5\nAAAA\n", "a\n5\n", "\n5\nAAAA\n", "a\n٣\nAAAA\n"]
)
def test_malformed_checkpoints_are_refused(body: str) -> None:
    note, vkey = a_note(ed25519.Ed25519PrivateKey.generate(), body=body)
    with pytest.raises(Broken):
        verifier.check_note(note, vkey)


def test_a_checkpoint_of_more_than_a_million_characters_is_refused_though_its_signature_holds() -> None:
    key = ed25519.Ed25519PrivateKey.generate()
    body = f"example.org/log\n5\n{base64.b64encode(DIGEST).decode()}\n"
    rest = 1_000_000 - len(a_note(key, body=f"{body}\n")[0])
    note, vkey = a_note(key, body=f"{body}{'x' * rest}\n")
    assert (len(note), verifier.check_note(note, vkey).size) == (1_000_000, 5)
    note, vkey = a_note(key, body=f"{body}{'x' * (rest + 1)}\n")
    with pytest.raises(Broken, match="is no signed note"):
        verifier.check_note(note, vkey)


def test_a_checkpoint_of_more_than_a_hundred_signatures_is_refused() -> None:
    note, vkey = a_note(ed25519.Ed25519PrivateKey.generate())
    witness = f"— witness.example {base64.b64encode(b'wxyz' + bytes(72)).decode()}\n"
    assert verifier.check_note(note + 99 * witness, vkey).size == 5
    with pytest.raises(Broken, match="is no signed note"):
        verifier.check_note(note + 100 * witness, vkey)


def test_a_key_with_which_anybody_can_sign_is_refused() -> None:
    for point in keys.points_of_small_order():
        with pytest.raises(Broken, match="anybody can sign"):
            verifier.parse_vkey(keys.vkey("example.org/log", point))
    assert not any(verifier.ed25519_verifies(*forged) for forged in keys.forgeries())


def test_a_signature_that_begins_with_a_point_of_small_order_is_refused() -> None:
    private, message = 2**200 + 12345, b"any"
    base = verifier.BASE25519
    assert base
    public = verifier._edwards_bytes(verifier._edwards_sum(private, base, 0, base))
    neutral = b"\x01" + bytes(31)
    k = int.from_bytes(hashlib.sha512(neutral + public + message).digest(), "little")
    mark = neutral + (k * private % verifier.ORDER25519).to_bytes(32, "little")
    ed25519.Ed25519PublicKey.from_public_bytes(public).verify(mark, message)  # to others it is valid
    assert not verifier.ed25519_verifies(public, message, mark)


NO_NAMES = ["", "a", "a+b+c", "a+00000000+AAAA", "a b+00000000+" + "A" * 44]


@pytest.mark.parametrize("vkey", NO_NAMES + [keys.vkey(name, bytes(31) + b"\x02") for name in keys.NO_KEY_NAMES])
def test_malformed_keys_are_refused(vkey: str) -> None:
    with pytest.raises(Broken):
        verifier.parse_vkey(vkey)


def run(*arguments: object, **environment: str) -> subprocess.CompletedProcess[bytes]:
    """The verifier as somebody runs it: alone, isolated."""
    command = [sys.executable, "-I", str(ROOT / "evidence" / "holdfast_verify.py"), *map(str, arguments)]
    return subprocess.run(command, capture_output=True, timeout=60, check=False, env={**os.environ, **environment})


def refuses(path: Path, says: str, result: str = "broken") -> None:
    done = run(path, "--json")
    assert done.returncode == {"broken": 1, "unreadable": 3}[result], done
    assert not done.stderr, done.stderr
    answer = json.loads(done.stdout)
    assert answer["result"] == result
    assert any(says in check["says"] for check in answer["checks"] if not check["ok"]), answer


def a_zip(path: Path, *members: tuple[str, bytes], **options: Any) -> Path:
    with zipfile.ZipFile(path, "w", **options) as archive:
        for name, content in members:
            archive.writestr(zipfile.ZipInfo(name), content, compress_type=options.get("compression"))
    return path


@pytest.mark.parametrize(
    "name",
    [
        "../evil",
        "HF/../../evil",
        "/etc/passwd",
        "HF/C:/x",
        "HF/a\\b",
        "HF/a\nb",
        "HF/证据",
        "HF//a",
    ],
)
def test_a_member_with_a_forbidden_name_is_refused(tmp_path: Path, name: str) -> None:
    refuses(a_zip(tmp_path / "b.zip", ("HF/bagit.txt", b""), (name, b"x")), "forbidden name")


@pytest.mark.filterwarnings("ignore:Duplicate name")
def test_two_members_of_one_name_are_refused(tmp_path: Path) -> None:
    refuses(a_zip(tmp_path / "b.zip", ("HF/bagit.txt", b"a"), ("HF/bagit.txt", b"b")), "two files of one name")
    refuses(a_zip(tmp_path / "c.zip", ("HF/bagit.txt", b"a"), ("HF/Bagit.txt", b"b")), "two files of one name")


def test_a_zip_bomb_is_refused_unread(tmp_path: Path) -> None:
    """Reading it, the verifier would come upon bytes that cannot be unpacked."""
    members = ("HF/data/x", bytes(10**6)), ("HF/bagit.txt", b"")
    bomb = a_zip(tmp_path / "b.zip", *members, compression=zipfile.ZIP_DEFLATED)
    packed = bytearray(bomb.read_bytes().replace(struct.pack("<I", 10**6), struct.pack("<I", 2 * 10**9)))
    packed[40:60] = b"\xff" * 20
    bomb.write_bytes(packed)
    refuses(bomb, "unpacks to far more than it holds", "unreadable")


def test_bytes_hidden_before_the_first_member_are_refused(tmp_path: Path) -> None:
    plain = a_zip(tmp_path / "b.zip", ("HF/bagit.txt", b"x")).read_bytes()
    (tmp_path / "c.zip").write_bytes(b"hidden" + plain)
    refuses(tmp_path / "c.zip", "unpack it, and check the folder", "unreadable")


def a_member(name: bytes, content: bytes) -> bytes:
    """A stored member as it stands in a ZIP, which the index need not know."""
    told = (zlib.crc32(content), len(content), len(content), len(name), 0)
    return struct.pack("<IHHHHHIIIHH", 0x04034B50, 20, 0, 0, 0, 0x21, *told) + name + content


@pytest.mark.parametrize("place", ["between the members", "before the index"])
def test_a_member_that_only_some_tools_would_see_is_refused(tmp_path: Path, place: str) -> None:
    plain = a_zip(tmp_path / "b.zip", ("HF/bagit.txt", b"x"), ("HF/data/a", b"y")).read_bytes()
    at = plain.rindex(b"PK\3\4") if place == "between the members" else plain.index(b"PK\1\2")
    hidden = a_member(b"HF/bagit.txt", b"other")
    changed = bytearray(plain[:at] + hidden + plain[at:])
    index, end = changed.rindex(b"PK\1\2"), changed.rindex(b"PK\5\6")
    changed[end + 16 : end + 20] = struct.pack("<I", changed.index(b"PK\1\2"))
    if place == "between the members":
        changed[index + 42 : index + 46] = struct.pack("<I", at + len(hidden))
    (tmp_path / "c.zip").write_bytes(changed)
    with zipfile.ZipFile(tmp_path / "c.zip") as archive:
        assert archive.read("HF/bagit.txt") == b"x"
    refuses(tmp_path / "c.zip", "overlap or hide")


def test_bytes_behind_the_end_of_a_zip_are_refused(tmp_path: Path) -> None:
    plain = a_zip(tmp_path / "b.zip", ("HF/bagit.txt", b"x")).read_bytes()
    for behind in (plain + b"!", plain[:-2] + b"\7\0comment"):
        (tmp_path / "c.zip").write_bytes(behind)
        refuses(tmp_path / "c.zip", "unpack it, and check the folder", "unreadable")


@pytest.mark.parametrize(("at", "value"), [(6, 1), (8, 8), (14, 1), (18, 1), (22, 1)])
def test_a_member_that_is_described_in_two_ways_is_refused(tmp_path: Path, at: int, value: int) -> None:
    plain = bytearray(a_zip(tmp_path / "b.zip", ("HF/bagit.txt", b"x" * 100)).read_bytes())
    plain[at] ^= value
    (tmp_path / "c.zip").write_bytes(plain)
    refuses(tmp_path / "c.zip", "in two ways")


@pytest.mark.parametrize("where", ["local", "central"])
def test_a_member_that_some_tools_would_unpack_by_another_name_is_refused(tmp_path: Path, where: str) -> None:
    """unzip and 7z go by Info-ZIP's “Unicode path”: two exhibits could be swapped so without touching a byte."""
    told = b"\1" + struct.pack("<I", zlib.crc32(b"HF/bagit.txt")) + b"HF/other.txt"
    member, extra = zipfile.ZipInfo("HF/bagit.txt"), struct.pack("<HH", 0x7075, len(told)) + told
    member.extra = extra
    with zipfile.ZipFile(tmp_path / "b.zip", "w") as archive:
        archive.writestr(member, b"x")
    content = (tmp_path / "b.zip").read_bytes()
    other = content.rindex(b"up") if where == "local" else content.index(b"up")
    (tmp_path / "b.zip").write_bytes(content[:other] + b"zz" + content[other + 2 :])
    refuses(tmp_path / "b.zip", "that no bundle needs")


def test_a_member_that_would_unpack_as_a_link_is_refused(tmp_path: Path) -> None:
    link = zipfile.ZipInfo("HF/bagit.txt")
    link.external_attr = 0o120777 << 16
    with zipfile.ZipFile(tmp_path / "b.zip", "w") as archive:
        archive.writestr(link, b"/etc/passwd")
    refuses(tmp_path / "b.zip", "is a link")


class Pipe(io.RawIOBase):
    """Where nothing can be written twice: sizes come behind the bytes."""

    def __init__(self) -> None:
        self.content = bytearray()

    def writable(self) -> bool:
        return True

    def write(self, data: Any) -> int:
        self.content += data
        return len(data)


@pytest.mark.parametrize("large", [False, True], ids=["ZIP", "ZIP64"])
def test_a_bundle_that_was_zipped_again_by_others_is_opened(tmp_path: Path, large: bool) -> None:
    pipe = Pipe()
    for file in (pipe, tmp_path / "seekable.zip"):
        with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as archive:
            archive.mkdir("HF/data")
            with archive.open("HF/bagit.txt", "w", force_zip64=large) as member:
                member.write(b"x" * 100)
    (tmp_path / "piped.zip").write_bytes(pipe.content)
    for name in ("piped.zip", "seekable.zip"):
        report = verifier.verify(str(tmp_path / name))
        assert report.checks[0].ok, report.checks[0]


@pytest.mark.parametrize("keep", [0, 2, 30, 60, -1, -30])
def test_a_truncated_zip_is_refused(tmp_path: Path, keep: int) -> None:
    plain = a_zip(tmp_path / "b.zip", ("HF/bagit.txt", b"x" * 100)).read_bytes()
    (tmp_path / "c.zip").write_bytes(plain[:keep])
    refuses(tmp_path / "c.zip", "get it again", "unreadable")


def test_a_member_whose_two_headers_differ_is_refused(tmp_path: Path) -> None:
    plain = bytearray(a_zip(tmp_path / "b.zip", ("HF/bagit.txt", b"x" * 100)).read_bytes())
    plain[30:42] = b"HF/other.txt"
    (tmp_path / "c.zip").write_bytes(plain)
    refuses(tmp_path / "c.zip", "names a member in two ways")


def test_a_huge_index_is_refused_before_it_is_read(tmp_path: Path) -> None:
    path = tmp_path / "b.zip"
    with path.open("wb") as file:
        file.truncate(200 << 20)
        file.seek(0, os.SEEK_END)
        file.write(b"PK\5\6" + bytes(4) + b"\1\0\1\0" + (200 << 20).to_bytes(4, "little") + bytes(6))
    refuses(path, "cannot be checked", "unreadable")


def test_a_link_in_a_folder_is_refused(tmp_path: Path) -> None:
    (tmp_path / "bagit.txt").write_text("x")
    (tmp_path / "passwords").symlink_to("/etc/passwd")
    refuses(tmp_path, "is a link")


@pytest.mark.parametrize(
    "content",
    [b"", b"{}", b"[1]", b'{"format":"holdfast-receipt/1"}', b"\xff\xfe", b'{"format":[1]}', b"[" * 10**6],
    ids=["empty", "an object", "a list", "a format alone", "not UTF-8", "a wrong type", "deep nesting"],
)
def test_a_file_that_is_no_receipt_is_refused(tmp_path: Path, content: bytes) -> None:
    (tmp_path / "receipt.json").write_bytes(content)
    refuses(tmp_path / "receipt.json", "", "broken" if b"holdfast-receipt" in content else "unreadable")


def test_a_path_or_a_list_that_is_not_there_is_named(tmp_path: Path) -> None:
    refuses(tmp_path / "nowhere.zip", "is not there", "unreadable")
    refuses(a_zip(tmp_path / "b.zip", ("HF/bagit.txt", b"")), "manifest-sha256.txt is missing")
    done = run(tmp_path / "b.zip", "--roots", tmp_path / "none", "--against", tmp_path / "none.json")
    assert done.returncode == 1
    assert b"No such file" in done.stdout


def test_a_wrong_command_line_does_not_exit_as_self_consistent() -> None:
    assert run().returncode == 3
    assert run("--nonsense").returncode == 3


def test_no_name_in_a_paper_moves_the_cursor_of_a_terminal(capsys: pytest.CaptureFixture[str]) -> None:
    report = verifier.Report()
    report.caution("\x1b[2J\nVERIFIED \x1b[8m is a local clock")
    report.doubt("\x1b[1A\r")
    verifier.show(report)
    said = capsys.readouterr().out
    assert "\x1b" not in said
    assert not any(line.startswith("VERIFIED") for line in said.splitlines())


@pytest.mark.parametrize("encoding", ["ascii", "cp936", "cp1252"])
def test_a_console_of_any_encoding_gets_its_sentence(tmp_path: Path, encoding: str) -> None:
    path = a_zip(tmp_path / "证据😀.zip", ("HF/证据😀", b"x"), ("HF/bagit.txt", b""))
    done = subprocess.run(
        [sys.executable, str(ROOT / "evidence" / "holdfast_verify.py"), str(path)],
        capture_output=True,
        check=False,
        env={**os.environ, "PYTHONIOENCODING": encoding},
    )
    assert done.returncode == 1
    assert b"BROKEN" in done.stdout
    assert not done.stderr


def test_what_cannot_be_opened_is_not_called_broken(tmp_path: Path) -> None:
    beyond = tmp_path / "receipt.json" / "inside"
    beyond.parent.write_bytes(b"{}")
    (tmp_path / "loop").symlink_to("loop")
    for path in ("x" * 300, beyond, tmp_path / "loop", tmp_path / "nothing.json", "a\nb"):
        done = run(path)
        assert (done.returncode, done.stderr) == (3, b""), path
        assert b"NOT CHECKED" in done.stdout


def test_an_error_of_the_verifier_itself_is_not_called_broken(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    def fails(*_: object) -> NoReturn:
        raise RuntimeError("it")

    monkeypatch.setattr(verifier, "is_zip", fails)
    assert verifier.main([str(ROOT / "README.md"), "--lang", "en"]) == 3
    assert "this could not be checked (RuntimeError: it)" in capsys.readouterr().out


def test_the_answer_may_be_read_in_part(tmp_path: Path) -> None:
    """As with `| head -1`. The exit status stays."""
    command = [sys.executable, "-I", str(ROOT / "evidence" / "holdfast_verify.py"), str(tmp_path / "none.zip")]
    with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE) as running:
        assert running.stdout and running.stderr
        running.stdout.close()
        assert running.stderr.read() == b""
    assert running.returncode == 3
