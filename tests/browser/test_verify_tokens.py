"""Timestamp tokens in the browser's verifier: what holdfast_verify.py says of them, word for word."""

import base64
import hashlib
import random
from collections.abc import Iterable
from datetime import UTC, datetime

import pytest
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import padding
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat
from playwright.sync_api import Page

from evidence import holdfast_verify as verifier
from tests.browser.test_verify_scripts import page, told
from tests.evidence.verifier.test_holdfast_verify import pss, rsa_key
from tests.support.effort import examples
from tests.support.tokens import HOLDS, TRAITS, Asked

__all__ = ["page"]
pytestmark = [pytest.mark.browser, pytest.mark.sqlite_only, pytest.mark.long]

JUDGE = """async list => {
    const { certificatesIn } = await import("/static/verify/certificates.js");
    const { told } = await import("/static/verify/words.js");
    return list.map(asked => {
        const [response, query, digest, root] = asked.map(one => bytes.unbase64(one, "it"));
        try {
            return module.checkTimestamp(response, query, digest, certificatesIn(root, "root.pem")).time;
        } catch (error) {
            return told(error.says, "en");
        }
    });
}"""


def base64_of(parts: Iterable[bytes]) -> list[str]:
    return [base64.b64encode(part).decode() for part in parts]


def said(asked: Asked) -> str | int:
    """The time in microseconds since 1970, or why the token is refused."""
    try:
        roots = verifier.certificates_in(asked.root, "root.pem")
        time, _ = verifier.check_timestamp(asked.response, asked.query, asked.digest, roots)
    except verifier.Broken as broken:
        return str(broken)
    since = time - datetime(1970, 1, 1, tzinfo=UTC)
    return (since.days * 86400 + since.seconds) * 10**6 + since.microseconds


def test_each_token_of_the_table_is_judged_as_the_other_verifier_judges_it(page: Page) -> None:
    table = {trait: make() for trait, (make, _) in TRAITS.items()}
    found = told(page, "tokens", JUDGE, [base64_of(asked) for asked in table.values()])
    assert dict(zip(table, found, strict=True)) == {trait: said(asked) for trait, asked in table.items()}
    assert [isinstance(one, int) for one in found] == [says == HOLDS for _, says in TRAITS.values()]


@examples(500)
def test_damaged_tokens_are_judged_as_the_other_verifier_judges_them(page: Page, examples: int) -> None:
    dice, good = random.Random(8), [make() for make, says in TRAITS.values() if says == HOLDS]
    damaged = [one_damaged(dice.choice(good), dice) for _ in range(examples)]
    found = told(page, "tokens", JUDGE, [base64_of(asked) for asked in damaged])
    assert found == [said(asked) for asked in damaged]


def one_damaged(asked: Asked, dice: random.Random) -> Asked:
    """The token, its query or its root with up to three bytes changed, dropped or added."""
    part = dice.choice(["response", "response", "response", "query", "root"])
    content = bytearray(getattr(asked, part))
    for _ in range(dice.randint(1, 3)):
        at = dice.randrange(len(content))
        content[at : at + dice.choice((0, 1, 1, 1))] = dice.randbytes(dice.choice((0, 1, 1, 1)))
    return asked._replace(**{part: bytes(content)})


def test_hashes_are_hashlibs(page: Page) -> None:
    given = [random.Random(7).randbytes(size) for size in [*range(0, 300, 7), 5000]]
    script = """list => list.map(text => {
        const all = bytes.unbase64(text);
        return [module.sha1(all), module.sha384(all)].map(bytes.hex);
    })"""
    expected = [[hashlib.sha1(one).hexdigest(), hashlib.sha384(one).hexdigest()] for one in given]
    assert told(page, "sha2", script, base64_of(given)) == expected


@pytest.mark.parametrize("bits", [2048, 2049, 2050])
def test_pss_signatures_are_judged_as_the_other_verifier_judges_them(page: Page, bits: int) -> None:
    """With these numbers of bits the encoded message fills its first byte in part, not at all, or by one bit."""
    key = rsa_key(bits)
    spki = key.public_key().public_bytes(Encoding.DER, PublicFormat.SubjectPublicKeyInfo)
    made = []
    for hashed, salt in (
        (hashes.SHA256(), 32),
        (hashes.SHA256(), 0),
        (hashes.SHA384(), 20),
        (hashes.SHA512(), 64),
    ):
        mark = key.sign(b"message", padding.PSS(padding.MGF1(hashed), salt), hashed)
        for said_salt, message, signature in (
            (salt, b"message", mark),
            (salt + 1, b"message", mark),
            (salt, b"messagf", mark),
            (salt, b"message", mark[:-1]),
            (salt, b"message", bytes(len(mark))),
        ):
            made.append((spki, pss(hashed.name, said_salt).raw, message, signature))
    script = """async list => {
        const { der, SEQUENCE } = await import("/static/verify/der.js");
        return list.map(row => {
            const [key, how, message, mark] = row.map(one => bytes.unbase64(one, "it"));
            try {
                module.checkSignature(der(key, SEQUENCE, "it"), der(how, SEQUENCE, "it"), message, mark);
                return true;
            } catch { return false }
        });
    }"""
    found: list[bool] = told(page, "signatures", script, [base64_of(row) for row in made])
    assert found == [good(*row) for row in made]
    assert found.count(True) == 4


def good(key: bytes, how: bytes, message: bytes, mark: bytes) -> bool:
    public, algorithm = (verifier.der(one, verifier.SEQUENCE, "it") for one in (key, how))
    try:
        verifier.check_signature(public, algorithm, message, mark)
    except verifier.Broken:
        return False
    return True
