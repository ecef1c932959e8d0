"""The exhibits of a bundle, and their copies for viewing that are undamaged when the bundle is made."""

import hashlib
import zlib
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cached_property
from typing import Any
from uuid import UUID

from evidence import holdfast_verify as verifier
from evidence.models import Derivative, EvidenceItem, TimestampToken
from evidence.receiving.texts import decode_text
from evidence.storage import vault

from . import masking

# Kind of copy -> file extension. Copies help readers of the case; no document calls them evidence.
COPIES: dict[str, str] = {
    Derivative.Kind.SOUND: "m4a",
    Derivative.Kind.VIDEO: "mp4",
    Derivative.Kind.PICTURE: "webp",
    Derivative.Kind.PAGE: "webp",
    Derivative.Kind.TRANSCRIPT: "txt",
    Derivative.Kind.TEXT: "txt",
    Derivative.Kind.TABLE: "txt",
}
LOOKED_THROUGH = 1 << 20  # bytes of a text without a copy in words
WORDS = (Derivative.Kind.TRANSCRIPT, Derivative.Kind.TEXT, Derivative.Kind.TABLE)


@dataclass(frozen=True)
class Copy:
    """A copy for viewing whose stored bytes are undamaged."""

    made: Derivative
    file: str
    crc32: int


@dataclass(frozen=True)
class Attached:
    """An exhibit, the row of its file, and the ledger entry that sealed it, if there is one."""

    exhibit: verifier.Exhibit
    item: EvidenceItem
    name: str
    description: str
    declared: dict[str, str]  # the borrower's answers about where it comes from
    authority: bool  # whether it is the paper that lets somebody act for the borrower
    seal: verifier.Entry | None
    known_copies: frozenset[str]  # SHA-256 of the copies that the ledger names
    left_out: str = ""  # the reason why it is not in the bundle, if it is not
    mask: masking.Mask | None = None  # for its name, description and transcript

    @property
    def file(self) -> str:
        """Its path below the bundle's data/ folder; "" if it is left out."""
        return "" if self.left_out else f"originals/{self.exhibit.stem}.{self.item.extension}"

    @property
    def tokens(self) -> list[dict[str, str]]:
        """The timestamp tokens that the ledger entry of the seal lists."""
        return self.seal.data["tokens"] if self.seal else []

    @cached_property
    def kept_tokens(self) -> list[TimestampToken]:
        """The rows of those tokens, ordered by authority."""
        wanted = [token["authority"] for token in self.tokens]
        kept = [token for token in self.item.tokens.all() if token.authority in wanted]
        return sorted(kept, key=lambda token: token.authority)

    @cached_property
    def copies(self) -> list[Copy]:
        """The copies that go into the bundle.

        Each is read once; damaged ones are left out, since no proof needs them.
        """
        found = [(one, _read(one)) for one in self.made(COPIES) if not self._is_masked(one)]
        return [Copy(one, self._copy(one), crc32) for one, crc32 in found if crc32 is not None]

    def made(self, kinds: Iterable[str]) -> list[Derivative]:
        """The copies of these kinds that the ledger names, or none if the exhibit is left out."""
        if self.left_out:
            return []
        made = [one for one in self.item.derivatives.all() if one.sha256 in self.known_copies]
        return sorted((one for one in made if one.kind in kinds), key=lambda one: (one.kind, one.number))

    @cached_property
    def transcript(self) -> str:
        """The newest typed transcript, masked if the bundle is masked; "" if there is none."""
        typed = self.made([Derivative.Kind.TRANSCRIPT])
        text = _text(typed[-1]) if typed else ""
        return self.mask.text(text) if self.mask else text

    def has_in_words(self, mask: masking.Mask) -> bool:
        """Whether its copies in words, or its own text if it has none, may have something that the mask masks."""
        texts = [_text(made) for made in self.made(WORDS)]
        if not texts and self.file and self.item.media_type.startswith("text/"):
            if self.item.size > LOOKED_THROUGH:
                return True  # nobody knows
            texts = [decode_text(_bytes(self.item.pk)) or ""]
        return any(mask.text(text) != text for text in texts)

    def _is_masked(self, made: Derivative) -> bool:
        """Whether it is a copy in words with something that the bundle masks."""
        if self.mask is None or made.kind not in WORDS:
            return False
        return self.mask.text(_text(made)) != _text(made)

    def _copy(self, made: Derivative) -> str:
        stem = verifier.copy_stem(self.exhibit.stem, made.kind, made.number)
        return f"copies/{stem}.{COPIES[made.kind]}"


def _text(made: Derivative) -> str:
    """The text of a copy in words; "" if its file is missing or damaged."""
    return _bytes(made.pk).decode(errors="replace")


def _bytes(key: UUID) -> bytes:
    """A stored file; b"" if it is missing or damaged."""
    try:
        return b"".join(vault.read(key))
    except (vault.Missing, vault.Altered):
        return b""


def _read(made: Derivative) -> int | None:
    """The CRC-32 of a copy; None if its file is missing or damaged."""
    sha256, crc32 = hashlib.sha256(), 0
    try:
        for block in vault.read(made.pk):
            sha256.update(block)
            crc32 = zlib.crc32(block, crc32)
    except (vault.Missing, vault.Altered):
        return None
    return crc32 if sha256.hexdigest() == made.sha256 else None


def as_json(one: Attached) -> dict[str, Any]:
    """The object for an exhibit in case.json."""
    exhibit = one.exhibit
    return {
        "exhibit": exhibit.label,
        "item": exhibit.item,
        "file": one.file,
        "name": one.name,
        "description": one.description,
        "declared": one.declared,
        "authority": one.authority,
        "source": exhibit.source,
        "size": exhibit.size,
        "media_type": exhibit.media_type,
        "sha256": exhibit.sha256,
        "received_at": exhibit.received_at,
        "sealed_at": one.seal.content["at"] if one.seal else "",
        "timestamps": one.tokens,
        "copies": [{"file": copy.file, "kind": copy.made.kind, "sha256": copy.made.sha256} for copy in one.copies],
    }
