"""Rows of the evidence house: items, their seals and timestamps, and the ledger. No complaints, no people."""

import uuid
from typing import ClassVar

from django.db import models
from django.db.models import CheckConstraint, F, Q, UniqueConstraint
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from . import names

SHA256_HEX = r"^[0-9a-f]{64}$"


class Kind(models.TextChoices):
    AUDIO = "audio", _("Recording")
    IMAGE = "image", _("Picture")
    VIDEO = "video", _("Video")
    DOCUMENT = "document", _("Document")
    TABLE = "table", _("Call records")
    TEXT = "text", _("Text")


class Fault(models.TextChoices):
    """What the re-hash of the stored bytes found wrong."""

    NONE = "", _("none")
    MISSING = "missing", _("missing from storage")
    ALTERED = "altered", _("altered in storage")
    UNREADABLE = "unreadable", _("unreadable in storage")


class EvidenceItemQuerySet(models.QuerySet["EvidenceItem"]):
    def admitted(self) -> "EvidenceItemQuerySet":
        """Evidence of some case, and no longer a draft's to remove."""
        return self.exclude(thread="")

    def awaiting_seal(self) -> "EvidenceItemQuerySet":
        """Admitted to a case, whole as far as we know, and not sealed yet."""
        return self.admitted().filter(seal__isnull=True, fault=Fault.NONE)

    def awaiting_scan(self) -> "EvidenceItemQuerySet":
        return self.admitted().filter(scan__isnull=True, fault=Fault.NONE)

    def awaiting_inspection(self) -> "EvidenceItemQuerySet":
        """Nobody has looked for previews, or who began did not come to an end; and not in quarantine."""
        unfinished = Q(inspection__made_at=None, inspection__leased_until__lt=timezone.now())
        open_ = self.admitted().filter(Q(inspection=None) | unfinished, fault=Fault.NONE)
        return open_.exclude(scan__state="infected", scan__released_at=None)


class EvidenceItem(models.Model):
    """One file as received: the untouched bytes and their digest. `thread` is empty until it is admitted."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    name = models.CharField(_("name as given"), max_length=255)
    kind = models.CharField(max_length=10, choices=Kind.choices)
    media_type = models.CharField(max_length=100)  # sniffed from the bytes
    extension = models.CharField(max_length=8)  # without the dot, by media type; for exported names
    size = models.BigIntegerField()  # bytes
    sha256 = models.CharField("SHA-256", max_length=64)
    crc32 = models.BigIntegerField()  # of the receiving pass, for ZIP export
    received_at = models.DateTimeField()
    thread = models.CharField(max_length=100, blank=True, default="")  # ledger thread, "" while staged
    fault = models.CharField(max_length=10, choices=Fault.choices, blank=True, default=Fault.NONE)
    checked_at = models.DateTimeField(null=True, blank=True)  # last re-hash of the stored bytes

    objects: ClassVar = EvidenceItemQuerySet.as_manager()

    class Meta:
        indexes = [
            models.Index(fields=["thread"]),
            models.Index(fields=["checked_at"]),  # the integrity sweep takes the one checked longest ago
        ]
        constraints = [
            CheckConstraint(condition=Q(sha256__regex=SHA256_HEX), name="item_sha256_is_64_hex"),
            CheckConstraint(condition=Q(size__gt=0), name="item_is_not_empty"),
            CheckConstraint(condition=Q(kind__in=Kind.values), name="item_kind_is_known"),
            CheckConstraint(condition=Q(fault__in=Fault.values), name="item_fault_is_known"),
        ]

    def __str__(self) -> str:
        return str(self.id)

    @property
    def display_name(self) -> str:
        """The name to show on pages and in reports: it cannot turn the direction of writing or break a line."""
        return names.shown(self.name)

    @property
    def state(self) -> str:
        """`received`, `sealed`, or the fault: the word, colour and place are the same on every page."""
        if self.fault:
            return self.fault
        return "sealed" if hasattr(self, "seal") else "received"

    @property
    def is_quarantined(self) -> bool:
        """Kept and sealed, but opened for nobody."""
        scan = getattr(self, "scan", None)
        return scan is not None and scan.state == "infected" and scan.released_at is None


class PendingUploadQuerySet(models.QuerySet["PendingUpload"]):
    def going(self) -> "PendingUploadQuerySet":
        return self.filter(expires_at__gt=timezone.now())

    def arrived(self) -> "PendingUploadQuerySet":
        """All bytes are there; who was to take them did not come to it."""
        return self.going().filter(offset=F("size"))


class PendingUpload(models.Model):
    """A file that arrives in pieces. What is in this row counts: bytes beyond `offset` never arrived.

    The staged file has the whole frames below `offset`, `tail` the frame being filled. It becomes the item of the
    same id.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    holder = models.CharField(max_length=100, db_index=True)  # whose it is, e.g. "draft:<uuid>"; opaque here
    name = models.CharField(max_length=255)
    metadata = models.TextField(blank=True, default="")  # the sender's own words, given back as they came
    size = models.BigIntegerField()  # bytes announced
    offset = models.BigIntegerField(default=0)  # bytes on disk
    tail = models.BinaryField(default=bytes)  # sealed; empty where `offset` is at the end of a frame
    expires_at = models.DateTimeField(db_index=True)

    objects: ClassVar = PendingUploadQuerySet.as_manager()

    class Meta:
        constraints = [
            CheckConstraint(condition=Q(offset__gte=0, offset__lte=F("size")), name="upload_is_within_its_size"),
            CheckConstraint(condition=Q(size__gt=0), name="upload_is_not_empty"),
        ]

    def __str__(self) -> str:
        return f"{self.offset}/{self.size}"


class ItemKey(models.Model):
    """The key of one stored file, whatever it is the file of, wrapped by a master key. Destroyed with the file."""

    file = models.UUIDField(primary_key=True)
    wrapped = models.BinaryField(max_length=60)  # nonce, AES-256-GCM of the 32 bytes, tag
    master = models.CharField(max_length=16)  # which master key: `item_keys.name`
    made_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        indexes = [
            models.Index(fields=["master"]),  # the rotation looks for those of another
            models.Index(fields=["made_at"]),  # the sweep for those of files that nobody took
        ]

    def __str__(self) -> str:
        return str(self.file)


class LedgerEntry(models.Model):
    """One leaf of the append-only log: canonical bytes kept verbatim. Triggers refuse UPDATE and DELETE."""

    index = models.BigIntegerField(primary_key=True)  # from 0, without gaps
    id = models.UUIDField(unique=True)
    at = models.DateTimeField()
    kind = models.CharField(max_length=50)
    thread = models.CharField(max_length=100)  # whose history, e.g. "case:<uuid>"; opaque here
    seq = models.IntegerField()  # place in the thread, from 1
    subject = models.CharField(max_length=100)  # what it is about, e.g. "item:<uuid>"; opaque here
    body = models.BinaryField()  # canonical JSON (RFC 8785), UTF-8
    leaf_hash = models.BinaryField(max_length=32)  # RFC 9162 leaf hash of `body`

    class Meta:
        ordering = ["index"]
        verbose_name_plural = "ledger entries"
        indexes = [models.Index(fields=["subject"])]
        constraints = [UniqueConstraint(fields=["thread", "seq"], name="thread_has_no_twins")]

    def __str__(self) -> str:
        return f"#{self.index} {self.kind}"


class LedgerNode(models.Model):
    """Hash of a complete subtree of 2**level leaves (level 1 and up), starting at leaf position * 2**level."""

    level = models.SmallIntegerField()
    position = models.BigIntegerField()
    hash = models.BinaryField(max_length=32)

    class Meta:
        constraints = [UniqueConstraint(fields=["level", "position"], name="one_node_a_place")]

    def __str__(self) -> str:
        return f"{self.level}/{self.position}"


class LedgerHead(models.Model):
    """The single row that appending locks: size of the log and hashes of its complete subtrees."""

    id = models.SmallIntegerField(primary_key=True, default=1)
    size = models.BigIntegerField(default=0)
    peaks = models.BinaryField(default=bytes)  # 32 bytes each, largest subtree first

    class Meta:
        constraints = [CheckConstraint(condition=Q(id=1), name="one_ledger")]

    def __str__(self) -> str:
        return str(self.size)


class Checkpoint(models.Model):
    """A signed statement of the ledger's size and root (C2SP signed note), kept before it is published."""

    size = models.BigIntegerField(primary_key=True)
    root = models.BinaryField(max_length=32)
    note = models.TextField()
    signed_at = models.DateTimeField()

    class Meta:
        ordering = ["size"]

    def __str__(self) -> str:
        return str(self.size)


class ShownCheckpoint(models.Model):
    """That somebody got a paper of a thread under this checkpoint: later papers prove that they extend it."""

    thread = models.CharField(max_length=100)
    checkpoint = models.ForeignKey(Checkpoint, on_delete=models.PROTECT, related_name="+")

    class Meta:
        constraints = [UniqueConstraint(fields=["thread", "checkpoint"], name="shown_once")]

    def __str__(self) -> str:
        return f"{self.thread} {self.checkpoint_id}"


class PinnedRoot(models.Model):
    """A root that an authority's tokens were held against: kept when the settings no longer know it."""

    authority = models.CharField(max_length=100)  # its name at the time
    sha256 = models.CharField("SHA-256", max_length=64)  # of the certificate's DER
    pem = models.TextField()
    local_clock = models.BooleanField()

    class Meta:
        constraints = [UniqueConstraint(fields=["authority", "sha256"], name="a_root_is_pinned_once")]

    def __str__(self) -> str:
        return f"{self.authority} {self.sha256[:8]}"


class Token(models.Model):
    """A verified RFC 3161 response, kept whole with its query."""

    authority = models.CharField(max_length=100)
    root = models.ForeignKey(PinnedRoot, on_delete=models.PROTECT, related_name="+")  # that it was held against
    query = models.BinaryField()  # DER TimeStampReq
    response = models.BinaryField()  # DER TimeStampResp
    gen_time = models.DateTimeField()
    certificate_ends = models.DateTimeField()  # of the certificate that signed it
    kept_at = models.DateTimeField(default=timezone.now)  # by our clock

    class Meta:
        abstract = True

    def __str__(self) -> str:
        return f"{self.authority} {self.gen_time:%Y-%m-%d %H:%M:%S}"


class TimestampToken(Token):
    """Over an item's SHA-256."""

    item = models.ForeignKey(EvidenceItem, on_delete=models.PROTECT, related_name="tokens")

    class Meta:
        constraints = [UniqueConstraint(fields=["item", "authority"], name="one_token_an_authority")]


class CheckpointToken(Token):
    """Over the SHA-256 of a checkpoint's signed note."""

    checkpoint = models.ForeignKey(Checkpoint, on_delete=models.PROTECT, related_name="tokens")

    class Meta:
        indexes = [models.Index(fields=["authority", "gen_time"])]  # the newest of an authority


class AuthorityState(models.Model):
    """How an authority has been answering of late."""

    name = models.CharField(primary_key=True, max_length=100)
    failures = models.PositiveIntegerField(default=0)  # one after the other
    rests_until = models.DateTimeField(null=True, blank=True)

    def __str__(self) -> str:
        return self.name


class Seal(models.Model):
    """That the stored bytes were re-read, still had the digest, and every authority stamped it."""

    item = models.OneToOneField(EvidenceItem, on_delete=models.PROTECT, related_name="seal")
    sealed_at = models.DateTimeField()
    entry = models.OneToOneField(LedgerEntry, on_delete=models.PROTECT, related_name="+")

    def __str__(self) -> str:
        return f"{self.item_id}"


class Derivative(models.Model):
    """A copy made for viewing, never called evidence. Its bytes lie in the vault under its own id."""

    class Kind(models.TextChoices):
        SOUND = "sound", _("Playable copy")
        WAVEFORM = "waveform", _("Waveform")
        PICTURE = "picture", _("Preview")
        PAGE = "page", _("Page")
        VIDEO = "video", _("Playable copy")
        POSTER = "poster", _("Still picture")
        TRANSCRIPT = "transcript", _("Transcript")

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    item = models.ForeignKey(EvidenceItem, on_delete=models.PROTECT, related_name="derivatives")
    kind = models.CharField(max_length=10, choices=Kind.choices)
    number = models.PositiveIntegerField(default=1)  # of a page; of a transcript's version
    media_type = models.CharField(max_length=100)
    size = models.BigIntegerField()  # bytes
    sha256 = models.CharField("SHA-256", max_length=64)
    made_at = models.DateTimeField()
    by = models.JSONField(default=dict)  # who made it, as the ledger names them
    fault = models.CharField(max_length=10, choices=Fault.choices, blank=True, default=Fault.NONE)
    checked_at = models.DateTimeField(null=True, blank=True)  # last re-hash of the stored bytes

    class Meta:
        ordering = ["kind", "number"]
        indexes = [models.Index(fields=["checked_at"])]  # the integrity sweep takes the one checked longest ago
        constraints = [
            UniqueConstraint(fields=["item", "kind", "number"], name="one_derivative_a_place"),
            CheckConstraint(condition=Q(sha256__regex=SHA256_HEX), name="derivative_sha256_is_64_hex"),
            CheckConstraint(condition=Q(fault__in=Fault.values), name="derivative_fault_is_known"),
        ]

    def __str__(self) -> str:
        return f"{self.item_id} {self.kind} {self.number}"


class Inspection(models.Model):
    """One look at an item's bytes in the confined child: what was measured, what the file claims of itself, and
    why there is no preview or not a whole one. `made_at` is empty while a worker holds it."""

    item = models.OneToOneField(EvidenceItem, on_delete=models.PROTECT, related_name="inspection")
    attempts = models.PositiveSmallIntegerField(default=0)
    leased_until = models.DateTimeField()  # then another worker may try
    made_at = models.DateTimeField(null=True, blank=True)
    reason = models.CharField(max_length=20, blank=True, default="")  # a code of previews.REASONS
    facts = models.JSONField(default=dict)
    claims = models.JSONField(default=dict)

    def __str__(self) -> str:
        return str(self.item_id)


class Scan(models.Model):
    """What the malware scanner said. An infected item is in quarantine until somebody decides to release it."""

    class State(models.TextChoices):
        CLEAN = "clean", _("clean")
        INFECTED = "infected", _("infected")
        TOO_LARGE = "too_large", _("not scanned: too large for the scanner")

    item = models.OneToOneField(EvidenceItem, on_delete=models.PROTECT, related_name="scan")
    state = models.CharField(max_length=10, choices=State.choices)
    found = models.CharField(max_length=200, blank=True, default="")  # the scanner's name of what it found
    engine = models.CharField(max_length=200, blank=True, default="")
    scanned_at = models.DateTimeField()
    released_at = models.DateTimeField(null=True, blank=True)  # who and why is on the ledger

    class Meta:
        constraints = [
            CheckConstraint(condition=Q(state__in=["clean", "infected", "too_large"]), name="scan_state_is_known"),
            CheckConstraint(
                condition=Q(released_at=None) | Q(state="infected"), name="only_the_infected_is_released"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.item_id} {self.state}"
