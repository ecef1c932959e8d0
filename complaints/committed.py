"""Documents that the ledger knows only by digest: frozen as canonical JSON, salted against guessing."""

import hashlib
import secrets
from typing import Any

import rfc8785


def document(kind: str, **fields: Any) -> tuple[bytes, str]:
    """The document's bytes (RFC 8785, version 1) and their SHA-256 in hex."""
    body = rfc8785.dumps({"v": 1, "kind": kind, **fields, "salt": secrets.token_hex(16)})
    return body, hashlib.sha256(body).hexdigest()
