"""Tokens with one trait each: the portal keeps those that its verifier accepts, and no others."""

import subprocess
from calendar import timegm
from pathlib import Path

import pytest

from evidence import holdfast_verify as verifier
from evidence.timestamps import timestamping
from evidence.timestamps.authorities import Authority
from tests.support.stamps import NOW
from tests.support.tokens import HOLDS, TRAITS, Asked

# The portal and `openssl ts` try one root of a name; the verifiers try some, since a reader may hold old ones too.
SEVERAL_ROOTS = {"as many roots of one name as are tried"}
UNKNOWN_TO_OPENSSL = {"key pss", "key ed25519", *SEVERAL_ROOTS}  # to its `ts`, that is


@pytest.fixture
def asked(request: pytest.FixtureRequest) -> Asked:
    return TRAITS[request.param][0]()


def verifier_says(asked: Asked) -> str:
    """Why the verifier refuses the token; HOLDS if it accepts it."""
    try:
        verifier.check_timestamp(*asked[:3], verifier.certificates_in(asked.root, "root.pem"))
    except verifier.Broken as broken:
        return str(broken)
    return HOLDS


def portal_says(asked: Asked) -> str:
    """Why the portal does not keep the token; HOLDS if it does."""
    named = Authority("test", "", asked.root)
    try:
        timestamping.verify(*asked[:3], authority=named, now=NOW)
    except timestamping.NotStamped as error:
        return str(error)
    return HOLDS


@pytest.mark.parametrize(
    ("asked", "says"), [(one, TRAITS[one][1]) for one in TRAITS if one not in SEVERAL_ROOTS], indirect=["asked"]
)
def test_the_portal_and_the_verifier_judge_a_token_alike(asked: Asked, says: str) -> None:
    told = verifier_says(asked)
    assert bool(told) == bool(says)
    assert says in told
    assert portal_says(asked) == (f"the answer of test does not hold: {told}" if told else HOLDS)


@pytest.mark.parametrize(
    "asked", [one for one in TRAITS if TRAITS[one][1] == HOLDS and one not in UNKNOWN_TO_OPENSSL], indirect=True
)
def test_openssl_accepts_what_they_accept(asked: Asked, tmp_path: Path) -> None:
    for name, content in (("q.tsq", asked.query), ("r.tsr", asked.response), ("root.pem", asked.root)):
        (tmp_path / name).write_bytes(content)
    files = ["-queryfile", "q.tsq", "-in", "r.tsr", "-CAfile", "root.pem"]
    command = ["openssl", "ts", "-verify", "-attime", str(timegm(NOW.timetuple())), *files]
    done = subprocess.run(command, cwd=tmp_path, capture_output=True, text=True, check=False)
    assert "Verification: OK" in done.stdout + done.stderr, done.stderr


@pytest.mark.parametrize(
    ("trait", "microsecond"),
    [("usual", 0), ("half a second", 500_000), ("milliseconds", 123_000), ("nanoseconds", 123_456)],
)
def test_the_portal_takes_the_time_that_the_verifier_reads(trait: str, microsecond: int) -> None:
    asked = TRAITS[trait][0]()
    kept = timestamping.verify(*asked[:3], authority=Authority("test", "", asked.root), now=NOW)
    assert kept.gen_time == NOW.replace(microsecond=microsecond)
