"""The parts of django-allauth that its authors do not promise to keep, for `second_factor` alone.

They come from modules named `internal`, so any release may move or change them. Before another version is pinned,
somebody compares these seven names with that version and then writes its number into `LOOKED_AT`; a test holds
`requirements.txt` to it.
"""

from allauth.mfa.recovery_codes.internal.auth import RecoveryCodes
from allauth.mfa.totp.internal.auth import (
    TOTP,
    compare_user_code,
    format_hotp_value,
    generate_totp_secret,
    hotp_value,
    yield_hotp_counters_from_time,
)

LOOKED_AT = "65.21.1"  # the version whose internal modules were read

__all__ = [
    "LOOKED_AT",
    "TOTP",
    "RecoveryCodes",
    "compare_user_code",
    "format_hotp_value",
    "generate_totp_secret",
    "hotp_value",
    "yield_hotp_counters_from_time",
]
