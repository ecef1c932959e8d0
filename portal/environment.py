"""Reads settings from the environment.

On a wrong value, each function raises ImproperlyConfigured with a sentence that names the setting.
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
    """The value of a setting. The demo uses `demo` if it is not set."""
    value: str = env.str(name, default="")
    if value:
        return value
    if DEMO:
        return demo
    raise ImproperlyConfigured(f"{name} is not set. Set it in the environment (README, Settings).")


def kept_secret(name: str, data: Path) -> str:
    """A secret of at least 32 characters. If it is not set, the demo makes one (32 bytes in base64) and keeps
    it in `data`, with mode 0600."""
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
        os.link(fresh, path)  # fails if another process was first: then its secret is read
    except FileExistsError:
        pass
    finally:
        fresh.unlink()
    return path.read_text().strip()


def quiet_hours(text: str) -> tuple[int, int] | None:
    """The two hours of `22-8`: no notices from 22:00 to 08:00. None if the text is empty."""
    begins, dash, ends = text.partition("-")
    if not text:
        return None
    if not (dash and begins.isdecimal() and ends.isdecimal() and int(begins) < 24 and int(ends) < 24):
        raise ImproperlyConfigured("QUIET_HOURS must be two hours, such as 22-8, or empty.")
    return int(begins), int(ends)


def master_keys(text: str) -> list[bytes]:
    """The keys that encrypt the keys of stored files: each 32 bytes in base64, separated by commas, the current
    first."""
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
    """The path of the demo's Redis socket. If it is long, one in /tmp, because the system cuts it at 107 bytes."""
    path = folder / "redis.sock"
    if len(os.fsencode(path)) <= 100:
        return str(path)
    digest = hashlib.sha256(os.fsencode(folder)).hexdigest()[:16]
    return f"/tmp/holdfast-{os.getuid()}-{digest}.sock"  # noqa: S108 (Redis itself sets mode 700)


def redis_client_url(url: str) -> str:
    """The URL in redis-py's form: `unix://PATH?db=0` for Celery's `redis+socket://PATH?virtual_host=0`."""
    return url.replace("redis+socket://", "unix://", 1).replace("virtual_host=", "db=", 1)
