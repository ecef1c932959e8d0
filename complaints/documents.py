"""Documents that the ledger knows only by digest: frozen as canonical JSON, salted against guessing."""

import hashlib
import json
import secrets
from typing import Any

import rfc8785

from evidence import holdfast_verify as verifier


def document(kind: str, **fields: Any) -> tuple[bytes, str]:
    """The document's bytes (RFC 8785, version 1) and their SHA-256 in hex."""
    body = rfc8785.dumps({"v": 1, "kind": kind, **fields, "salt": secrets.token_hex(16)})
    return body, hashlib.sha256(body).hexdigest()


def parts(*documents: bytes | memoryview) -> dict[str, Any]:
    """What an entry says beside the digests of documents that may leave masked: the root over each one's parts."""
    whole = [bytes(one) for one in documents]
    roots = {hashlib.sha256(one).hexdigest(): verifier.parts_root(json.loads(one)) for one in whole}
    return {"parts": roots}
