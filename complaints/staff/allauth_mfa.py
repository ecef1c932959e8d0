"""The internal parts of django-allauth that `second_factor` uses.

They come from modules named `internal`, so any release may move or change them. Before you pin another version,
compare these seven names with it and write its number into `LOOKED_AT`. A test compares that with
`requirements.txt`.
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

LOOKED_AT = "65.21.1"  # the version whose internal modules were compared

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
