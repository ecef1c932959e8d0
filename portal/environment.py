"""How settings are read from the environment.

Each function raises ImproperlyConfigured with one sentence that names the setting and says what it must be.
"""

import base64
import hashlib
import os
import secrets
from pathlib import Path

import environ
from django.core.exceptions import ImproperlyConfigured

env = environ.Env()
DEMO: bool = env.bool("HOLDFAST_DEMO", default=False)


def required(name: str, demo: str) -> str:
    """The environment's value of a setting; `demo` stands in for it in the demo only."""
    value: str = env.str(name, default="")
    if value:
        return value
    if DEMO:
        return demo
    raise ImproperlyConfigured(f"{name} is not set. Set it in the environment (README, Settings).")


def kept_secret(name: str, data: Path) -> str:
    """A 32-byte secret (base64) from the environment; the demo makes one once and keeps it in `data` (mode
    0600)."""
    value: str = env.str(name, default="")
    if value or not DEMO:
        if len(value or required(name, "")) < 32:
            raise ImproperlyConfigured(
                f"{name} is too short to be a secret: it needs 32 random characters or more."
            )
        return value
    path = data / "keys" / name.lower()
    path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    fresh = path.with_name(f".{path.name}.{os.getpid()}")
    fresh.touch(mode=0o600)
    fresh.write_text(base64.b64encode(secrets.token_bytes(32)).decode())
    try:
        os.link(fresh, path)  # the first process to arrive decides; the others read what it kept
    except FileExistsError:
        pass
    finally:
        fresh.unlink()
    return path.read_text().strip()


def quiet_hours(text: str) -> tuple[int, int] | None:
    """22-8: from ten at night until eight in the morning. None for never."""
    begins, dash, ends = text.partition("-")
    if not text:
        return None
    if not (dash and begins.isdecimal() and ends.isdecimal() and int(begins) < 24 and int(ends) < 24):
        raise ImproperlyConfigured("QUIET_HOURS must be two hours, such as 22-8, or empty.")
    return int(begins), int(ends)


def master_keys(text: str) -> list[bytes]:
    """The keys that wrap the keys of stored files: 32 bytes in base64 each, comma separated, the current first."""
    try:
        keys = [base64.b64decode(part.strip(), validate=True) for part in text.split(",")]
    except ValueError:
        keys = []
    if not keys or {len(key) for key in keys} != {32} or len(set(keys)) != len(keys):
        raise ImproperlyConfigured(
            "VAULT_MASTER_KEYS must be different keys of 32 bytes in base64, comma separated, the current first."
        )
    return keys


def socket_in(folder: Path) -> str:
    """Path of the demo's Redis socket; a long one would be cut silently at 107 bytes (sun_path)."""
    path = folder / "redis.sock"
    if len(os.fsencode(path)) <= 100:
        return str(path)
    digest = hashlib.sha256(os.fsencode(folder)).hexdigest()[:16]
    return f"/tmp/holdfast-{os.getuid()}-{digest}.sock"  # noqa: S108 (Redis itself sets mode 700)
