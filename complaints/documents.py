"""Frozen documents: salted canonical JSON. The ledger keeps only their digests."""

import hashlib
import json
import secrets
from typing import Any

import rfc8785

from evidence import holdfast_verify as verifier


def document(kind: str, **fields: Any) -> tuple[bytes, str]:
    """The document's bytes (RFC 8785) and their SHA-256 in hex. The salt prevents that somebody guesses the text
    from the digest."""
    body = rfc8785.dumps({"v": 1, "kind": kind, **fields, "salt": secrets.token_hex(16)})
    return body, hashlib.sha256(body).hexdigest()


def parts(*documents: bytes | memoryview) -> dict[str, Any]:
    """What a ledger entry says of documents of which masked copies may be given out: the root over the parts of
    each, by its digest."""
    whole = [bytes(one) for one in documents]
    roots = {hashlib.sha256(one).hexdigest(): verifier.parts_root(json.loads(one)) for one in whole}
    return {"parts": roots}
