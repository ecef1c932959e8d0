"""The tables of the evidence: items, their seals and timestamps, and the ledger.

No table refers to a complaint or a person: `thread`, `holder` and `subject` are strings that only the caller
understands.
"""

import uuid
from datetime import timedelta
from typing import ClassVar

from django.db import models
from django.db.models import CheckConstraint, F, Q, UniqueConstraint
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from . import holdfast_verify, names

SHA256_HEX = r"^[0-9a-f]{64}$"


class Kind(models.TextChoices):
    AUDIO = "audio", _("Recording")
    IMAGE = "image", _("Picture")
    VIDEO = "video", _("Video")
    DOCUMENT = "document", _("Document")
    TABLE = "table", _("Call records")
    TEXT = "text", _("Text")


class Fault(models.TextChoices):
    """What is wrong with the stored bytes, as of the last re-hash."""

    NONE = "", _("none")
    MISSING = "missing", _("missing from storage")
    ALTERED = "altered", _("altered in storage")
    UNREADABLE = "unreadable", _("unreadable in storage")


# A lease that ends later than this was taken while a clock ran ahead, and counts for nothing.
LONGEST_LEASE = timedelta(hours=6)


class EvidenceItemQuerySet(models.QuerySet["EvidenceItem"]):
    def admitted(self) -> "EvidenceItemQuerySet":
        """Items that belong to a case. A draft's items have no thread yet and can still be removed."""
        return self.exclude(thread="")

    def awaiting_seal(self) -> "EvidenceItemQuerySet":
        """Items of a case that have no seal, and no known fault."""
        return self.admitted().filter(seal__isnull=True, fault=Fault.NONE)

    def awaiting_scan(self) -> "EvidenceItemQuerySet":
        return self.admitted().filter(scan__isnull=True, fault=Fault.NONE)

    def awaiting_inspection(self) -> "EvidenceItemQuerySet":
        """Items whose previews were never made, or whose worker died while it made them. Those of a draft too.

        Items with a fault or in quarantine are not among them.
        """
        now = timezone.now()
        is_leased = Q(inspection__leased_until__range=(now, now + LONGEST_LEASE))
        unfinished = Q(inspection__made_at=None) & ~is_leased
        open_ = self.filter(Q(inspection=None) | unfinished, fault=Fault.NONE)
        return open_.exclude(scan__state="infected", scan__released_at=None)


class EvidenceItem(models.Model):
    """One file as it was received. The vault has its bytes, unchanged, under the same id."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    name = models.CharField(_("name as given"), max_length=255)
    kind = models.CharField(max_length=10, choices=Kind.choices)
    media_type = models.CharField(max_length=100)  # found from the bytes, never from the name
    extension = models.CharField(max_length=8)  # of the media type, without the dot; for names of exported files
    size = models.BigIntegerField()  # bytes
    sha256 = models.CharField("SHA-256", max_length=64)
    crc32 = models.BigIntegerField()  # a ZIP needs it before the bytes
    received_at = models.DateTimeField()
    thread = models.CharField(max_length=100, blank=True, default="")  # of the ledger; "" until admitted
    sender = models.CharField(
        max_length=64, blank=True, default=""
    )  # whose turn it is while it waits to be opened; only compared, and then forgotten
    fault = models.CharField(max_length=10, choices=Fault.choices, blank=True, default=Fault.NONE)
    checked_at = models.DateTimeField(null=True, blank=True)  # time of the last re-hash of the stored bytes

    objects: ClassVar = EvidenceItemQuerySet.as_manager()

    class Meta:
        indexes = [
            models.Index(fields=["thread"]),
            models.Index(fields=["sender"]),
            models.Index(fields=["checked_at"]),  # the integrity sweep begins with the oldest check
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
        """The name for pages and reports, without marks that reverse the direction of writing or break a line."""
        return names.displayable(self.name)

    @property
    def state(self) -> str:
        """`received`, `sealed`, or the fault. Templates and style sheets use the word as a key."""
        if self.fault:
            return self.fault
        return "sealed" if hasattr(self, "seal") else "received"

    @property
    def is_quarantined(self) -> bool:
        """Whether the scanner found malware. The item is kept and sealed, but cannot be opened or downloaded."""
        scan = getattr(self, "scan", None)
        return scan is not None and scan.state == "infected" and scan.released_at is None


class PendingUploadQuerySet(models.QuerySet["PendingUpload"]):
    def unexpired(self) -> "PendingUploadQuerySet":
        return self.filter(expires_at__gt=timezone.now())

    def complete(self) -> "PendingUploadQuerySet":
        """Uploads whose bytes have all arrived, but which have not become an item yet."""
        return self.unexpired().filter(offset=F("size"))


class PendingUpload(models.Model):
    """A file that arrives in pieces. Bytes count once `offset` includes them, even if more are on disk.

    The staged file contains the complete frames below `offset`; `tail` is the frame that is being filled. The item
    made of the upload gets the same id.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    holder = models.CharField(max_length=100, db_index=True)  # the owner, e.g. "draft:<uuid>"; only compared here
    sender = models.CharField(
        max_length=64, blank=True, default="", db_index=True
    )  # of which network; only compared
    name = models.CharField(max_length=255)
    metadata = models.TextField(blank=True, default="")  # Upload-Metadata of tus, returned as it was sent
    size = models.BigIntegerField()  # bytes announced
    place = models.BigIntegerField(default=0)  # among the holder's files; only carried along
    offset = models.BigIntegerField(default=0)  # bytes on disk
    tail = models.BinaryField(default=bytes)  # encrypted; empty where `offset` is at the end of a frame
    expires_at = models.DateTimeField(db_index=True)

    objects: ClassVar = PendingUploadQuerySet.as_manager()

    class Meta:
        constraints = [
            CheckConstraint(condition=Q(offset__gte=0, offset__lte=F("size")), name="upload_is_within_its_size"),
            CheckConstraint(condition=Q(size__gt=0), name="upload_is_not_empty"),
        ]

    def __str__(self) -> str:
        return f"{self.offset}/{self.size}"


class Reservation(models.Model):
    """Bytes of a form that is arriving, for which room is kept on the disk (`receiving.room`)."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    bytes = models.BigIntegerField()  # that have not arrived yet
    until = models.DateTimeField(db_index=True)  # then its process was killed

    def __str__(self) -> str:
        return f"{self.bytes} bytes"


class ItemKey(models.Model):
    """The key of one stored file, encrypted by a master key. Deleting the row makes the file unreadable."""

    file = models.UUIDField(primary_key=True)  # the id of an item, a derivative or a bundle
    wrapped = models.BinaryField(max_length=60)  # nonce, AES-256-GCM of the 32 bytes, tag
    master = models.CharField(max_length=16)  # the name of the master key: `item_keys.master_name`
    made_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        indexes = [
            models.Index(fields=["master"]),  # the rotation searches for keys of earlier master keys
            models.Index(fields=["made_at"]),  # the sweep searches for old keys whose file has no row
        ]

    def __str__(self) -> str:
        return str(self.file)


class LedgerEntry(models.Model):
    """One leaf of the append-only log. Database triggers refuse UPDATE and DELETE."""

    index = models.BigIntegerField(primary_key=True)  # from 0, without gaps
    id = models.UUIDField(unique=True)
    at = models.DateTimeField()
    kind = models.CharField(max_length=50)
    thread = models.CharField(max_length=100)  # the history it belongs to, e.g. "case:<uuid>"; only compared here
    seq = models.IntegerField()  # place in the thread, from 1
    subject = models.CharField(max_length=100)  # what it is about, e.g. "item:<uuid>"; only compared here
    body = models.BinaryField()  # canonical JSON (RFC 8785) in UTF-8: the bytes that are hashed
    leaf_hash = models.BinaryField(max_length=32)  # RFC 9162 leaf hash of `body`

    class Meta:
        ordering = ["index"]
        verbose_name_plural = "ledger entries"
        indexes = [models.Index(fields=["subject"])]
        constraints = [UniqueConstraint(fields=["thread", "seq"], name="thread_has_no_twins")]

    def __str__(self) -> str:
        return f"#{self.index} {self.kind}"

    def opened(self) -> holdfast_verify.Entry:
        """The entry as the verifier reads its bytes. Raises holdfast_verify.Broken or UnicodeDecodeError."""
        return holdfast_verify.open_entry(self.index, bytes(self.body).decode())


class LedgerNode(models.Model):
    """Hash of a complete subtree: the 2**level leaves from leaf position * 2**level on. Level is 1 or more."""

    level = models.SmallIntegerField()
    position = models.BigIntegerField()
    hash = models.BinaryField(max_length=32)

    class Meta:
        constraints = [UniqueConstraint(fields=["level", "position"], name="one_node_a_place")]

    def __str__(self) -> str:
        return f"{self.level}/{self.position}"


class LedgerHead(models.Model):
    """The single row that appending locks: the size of the log and the hashes of its complete subtrees."""

    id = models.SmallIntegerField(primary_key=True, default=1)
    size = models.BigIntegerField(default=0)
    peaks = models.BinaryField(default=bytes)  # 32 bytes each, largest subtree first

    class Meta:
        constraints = [CheckConstraint(condition=Q(id=1), name="one_ledger")]

    def __str__(self) -> str:
        return str(self.size)


class Checkpoint(models.Model):
    """A signed statement of the ledger's size and root (C2SP signed note). It is stored before it is published."""

    size = models.BigIntegerField(primary_key=True)
    root = models.BinaryField(max_length=32)
    note = models.TextField()
    signed_at = models.DateTimeField()

    class Meta:
        ordering = ["size"]

    def __str__(self) -> str:
        return str(self.size)

    @property
    def cosigned(self) -> str:
        """The note with the lines of all witnesses so far. A timestamp is over the note without them."""
        return self.note + "".join(one.line for one in self.cosignatures.all())


class Cosignature(models.Model):
    """A witness's signature line under a checkpoint (C2SP tlog-cosignature), verified before it was stored."""

    checkpoint = models.ForeignKey(Checkpoint, on_delete=models.PROTECT, related_name="cosignatures")
    vkey = models.CharField(max_length=300)  # the witness's verifier key
    line = models.CharField(max_length=400)  # with its line end
    at = models.DateTimeField()  # by the witness's clock
    kept_at = models.DateTimeField(default=timezone.now)  # by our clock

    class Meta:
        ordering = ["pk"]
        constraints = [UniqueConstraint(fields=["vkey", "checkpoint"], name="a_witness_cosigns_once")]

    def __str__(self) -> str:
        return f"{self.vkey.partition('+')[0]} {self.checkpoint_id}"


class WitnessState(models.Model):
    """Whether a witness answers: its failures in a row, since when and why, and until when it is not asked."""

    vkey = models.CharField(primary_key=True, max_length=300)
    failures = models.PositiveIntegerField(default=0)  # in a row
    failing_since = models.DateTimeField(null=True, blank=True)
    reason = models.CharField(max_length=20, blank=True, default="")  # of the last failure: `witnesses.REASONS`
    rests_until = models.DateTimeField(null=True, blank=True)
    answered_at = models.DateTimeField(null=True, blank=True)  # when it last cosigned, also what it had cosigned

    def __str__(self) -> str:
        return self.vkey.partition("+")[0]


class ShownCheckpoint(models.Model):
    """Records that a receipt or bundle of the thread was given out under this checkpoint.

    Later papers of the thread prove that their ledger extends it.
    """

    thread = models.CharField(max_length=100)
    checkpoint = models.ForeignKey(Checkpoint, on_delete=models.PROTECT, related_name="+")

    class Meta:
        constraints = [UniqueConstraint(fields=["thread", "checkpoint"], name="shown_once")]

    def __str__(self) -> str:
        return f"{self.thread} {self.checkpoint_id}"


class PinnedRoot(models.Model):
    """A root certificate that tokens were verified with. It is kept after the settings drop the authority."""

    authority = models.CharField(max_length=100)  # name of the authority at the time
    sha256 = models.CharField("SHA-256", max_length=64)  # of the certificate's DER
    pem = models.TextField()
    local_clock = models.BooleanField()

    class Meta:
        constraints = [UniqueConstraint(fields=["authority", "sha256"], name="a_root_is_pinned_once")]

    def __str__(self) -> str:
        return f"{self.authority} {self.sha256[:8]}"


class Token(models.Model):
    """An RFC 3161 response that was verified before it was stored, with the query it answers."""

    authority = models.CharField(max_length=100)
    root = models.ForeignKey(PinnedRoot, on_delete=models.PROTECT, related_name="+")  # it was verified with this
    query = models.BinaryField()  # DER TimeStampReq
    response = models.BinaryField()  # DER TimeStampResp
    gen_time = models.DateTimeField()
    certificate_ends = models.DateTimeField()  # when the signing certificate expires
    kept_at = models.DateTimeField(default=timezone.now)  # by our clock

    class Meta:
        abstract = True

    def __str__(self) -> str:
        return f"{self.authority} {self.gen_time:%Y-%m-%d %H:%M:%S}"


class TimestampToken(Token):
    """A token over an item's SHA-256."""

    item = models.ForeignKey(EvidenceItem, on_delete=models.PROTECT, related_name="tokens")

    class Meta:
        constraints = [UniqueConstraint(fields=["item", "authority"], name="one_token_an_authority")]


class CheckpointToken(Token):
    """A token over the SHA-256 of a checkpoint's signed note."""

    checkpoint = models.ForeignKey(Checkpoint, on_delete=models.PROTECT, related_name="tokens")

    class Meta:
        indexes = [models.Index(fields=["authority", "gen_time"])]  # to find an authority's newest token


class AuthorityState(models.Model):
    """Whether an authority answers: how often it failed in a row, since when, and until when it is not asked."""

    name = models.CharField(primary_key=True, max_length=100)
    failures = models.PositiveIntegerField(default=0)  # in a row
    failing_since = models.DateTimeField(null=True, blank=True)
    rests_until = models.DateTimeField(null=True, blank=True)

    def __str__(self) -> str:
        return self.name


class Seal(models.Model):
    """Records that the stored bytes were re-read and matched their digest, and that every authority stamped it."""

    item = models.OneToOneField(EvidenceItem, on_delete=models.PROTECT, related_name="seal")
    sealed_at = models.DateTimeField()
    entry = models.OneToOneField(LedgerEntry, on_delete=models.PROTECT, related_name="+")

    def __str__(self) -> str:
        return f"{self.item_id}"


class Derivative(models.Model):
    """A copy made for viewing; it is not evidence. The vault has its bytes under the derivative's own id."""

    class Kind(models.TextChoices):
        SOUND = "sound", _("Playable copy")
        WAVEFORM = "waveform", _("Waveform")
        PICTURE = "picture", _("Preview")
        PAGE = "page", _("Page")
        VIDEO = "video", _("Playable copy")
        POSTER = "poster", _("Still picture")
        TRANSCRIPT = "transcript", _("Transcript")
        TEXT = "text", _("Text")
        TABLE = "table", _("Table")
        SMALL = "small", _("Small picture")  # for lists; not on the ledger, and not in bundles

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    item = models.ForeignKey(EvidenceItem, on_delete=models.PROTECT, related_name="derivatives")
    kind = models.CharField(max_length=10, choices=Kind.choices)
    number = models.PositiveIntegerField(default=1)  # of the page, or of the transcript's version
    media_type = models.CharField(max_length=100)
    size = models.BigIntegerField()  # bytes
    sha256 = models.CharField("SHA-256", max_length=64)
    made_at = models.DateTimeField()
    by = models.JSONField(default=dict)  # the maker, as `by` of a ledger entry
    fault = models.CharField(max_length=10, choices=Fault.choices, blank=True, default=Fault.NONE)
    checked_at = models.DateTimeField(null=True, blank=True)  # time of the last re-hash of the stored bytes

    class Meta:
        ordering = ["kind", "number"]
        indexes = [models.Index(fields=["checked_at"])]  # the integrity sweep begins with the oldest check
        constraints = [
            UniqueConstraint(fields=["item", "kind", "number"], name="one_derivative_a_place"),
            CheckConstraint(condition=Q(sha256__regex=SHA256_HEX), name="derivative_sha256_is_64_hex"),
            CheckConstraint(condition=Q(fault__in=Fault.values), name="derivative_fault_is_known"),
        ]

    def __str__(self) -> str:
        return f"{self.item_id} {self.kind} {self.number}"


class Inspection(models.Model):
    """The result of opening an item in the confined child process.

    `facts` were measured, `claims` are what the file says about itself, `reason` is why a preview is missing or
    incomplete. `made_at` is empty until a worker has finished.
    """

    ADVICE: ClassVar = {  # to its sender, who may still have a better file
        **dict.fromkeys(
            ("damaged", "cut", "short", "noise"),
            _("This file seems damaged or incomplete. If you still have it, upload it again."),
        ),
        "empty": _("We found nothing to play or show in this file. If you have another copy, upload that too."),
        "encrypted": _(
            "This file has a password. If you can, also upload a copy without one, or write the password below."
        ),
    }

    item = models.OneToOneField(EvidenceItem, on_delete=models.PROTECT, related_name="inspection")
    attempts = models.PositiveSmallIntegerField(default=0)
    leased_until = models.DateTimeField()  # after this another worker may try
    made_at = models.DateTimeField(null=True, blank=True)
    reason = models.CharField(max_length=20, blank=True, default="")  # a code of previews.REASONS
    facts = models.JSONField(default=dict)
    claims = models.JSONField(default=dict)

    def __str__(self) -> str:
        return str(self.item_id)

    @property
    def advice(self) -> str:
        return str(self.ADVICE.get(self.reason, ""))


class Scan(models.Model):
    """The malware scanner's answer. An infected item is in quarantine until a staff member releases it."""

    class State(models.TextChoices):
        CLEAN = "clean", _("clean")
        INFECTED = "infected", _("infected")
        TOO_LARGE = "too_large", _("not scanned: too large for the scanner")

    item = models.OneToOneField(EvidenceItem, on_delete=models.PROTECT, related_name="scan")
    state = models.CharField(max_length=10, choices=State.choices)
    found = models.CharField(max_length=200, blank=True, default="")  # the scanner's name for the malware
    engine = models.CharField(max_length=200, blank=True, default="")
    scanned_at = models.DateTimeField()
    released_at = models.DateTimeField(null=True, blank=True)  # the ledger has who released it, and why

    class Meta:
        constraints = [
            CheckConstraint(condition=Q(state__in=["clean", "infected", "too_large"]), name="scan_state_is_known"),
            CheckConstraint(
                condition=Q(released_at=None) | Q(state="infected"), name="only_the_infected_is_released"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.item_id} {self.state}"


class Counter(models.Model):
    """How often something happened until `ends_at`, counted while Redis does not answer (`counting`)."""

    name = models.CharField(max_length=100, primary_key=True)
    count = models.PositiveIntegerField(default=0)
    ends_at = models.DateTimeField(db_index=True)

    def __str__(self) -> str:
        return f"{self.name}: {self.count}"


class Trouble(models.Model):
    """Something that is wrong with the whole portal, until it is right again (`troubles`)."""

    name = models.CharField(max_length=20, primary_key=True)  # what it is about, such as "storage"
    code = models.CharField(max_length=30, blank=True)  # of its sentence; "": not bad enough yet
    count = models.PositiveIntegerField(default=0)  # how often in a row
    since = models.DateTimeField()
    mailed_at = models.DateTimeField(null=True)

    def __str__(self) -> str:
        return f"{self.name}: {self.code}"


class Pulse(models.Model):
    """When a worker last did something for a queue (`pulses`)."""

    queue = models.CharField(max_length=30, primary_key=True)
    at = models.DateTimeField()

    def __str__(self) -> str:
        return f"{self.queue} {self.at}"
