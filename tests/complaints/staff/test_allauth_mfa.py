"""What django-allauth does not promise to keep is used in one file, in a version that somebody has read."""

import re

import pytest

from complaints.staff import allauth_mfa
from tests.support.services import ROOT

INTERNAL = re.compile(r"\ballauth\.[\w.]*\binternal\b")
HERE = "complaints/staff/allauth_mfa.py"


def test_one_file_imports_allauths_internal_modules() -> None:
    files = [
        file for room in ("complaints", "evidence", "portal", "tests") for file in (ROOT / room).rglob("*.py")
    ]
    found = [str(file.relative_to(ROOT)) for file in files if INTERNAL.search(file.read_text())]
    assert found == [HERE]


def test_the_pinned_allauth_is_the_version_whose_internal_modules_were_read() -> None:
    pinned = re.search(r"^django-allauth\[mfa\]==(\S+)$", (ROOT / "requirements.txt").read_text(), re.M)
    assert pinned is not None, "requirements.txt pins no django-allauth[mfa]"
    assert pinned[1] == allauth_mfa.LOOKED_AT, (
        f"requirements.txt pins django-allauth {pinned[1]}, and {HERE} was written for {allauth_mfa.LOOKED_AT}. "
        "Compare the names that file imports with the new version, then write its number into LOOKED_AT."
    )


@pytest.mark.parametrize(("count", "code"), [(0, "755224"), (1, "287082"), (9, "520489")])
def test_its_codes_are_those_of_rfc_4226(count: int, code: str) -> None:
    secret = "GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ"  # "12345678901234567890", as appendix D has it
    assert allauth_mfa.format_hotp_value(allauth_mfa.hotp_value(secret, count)) == code
