"""What pages show of an exhibit: copies, measures, claims and scan, in the same words at the desk and outside."""

from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from complaints.models import Exhibit
from evidence.models import Derivative, EvidenceItem, Inspection, Kind, Scan
from evidence.viewing import previews, reading, transcripts

Address = Callable[[Derivative], str]
Made = Derivative.Kind
PICTURED = (Made.SMALL, Made.POSTER, Made.PICTURE, Made.PAGE)  # what a list shows, in this order
NOT_VIEWED = (Made.TRANSCRIPT, Made.SMALL)


@dataclass(frozen=True)
class Viewing:
    """What a page shows of an exhibit. `urls` are those of copies that may be shown now, by kind; `pages` those of
    the pages of a PDF, or of the parts of a long picture."""

    urls: dict[str, str] = field(default_factory=dict)
    pages: list[str] = field(default_factory=list)
    texts: list[str] = field(default_factory=list)  # with their lines
    tables: list[list[list[str]]] = field(default_factory=list)  # by row and column
    partial: str = ""  # "Pages 1 to 20 of 60 are shown here", if not all are
    in_parts: bool = False  # `pages` are parts, not pages
    measured: str = ""  # "1:06 · 1080 × 2340"
    claims: list[tuple[str, str]] = field(default_factory=list)
    waiting: bool = False  # not inspected yet
    reason: str = ""  # why there is no preview
    short: str = ""  # "0:40 of 1:06" if the copy is shorter than the original
    quarantined: bool = False
    scan: str = ""
    can_be_shown: bool = False  # there are copies
    can_be_heard: bool = False
    transcripts: int = 0
    small: str = ""  # address of the small picture for lists


@dataclass(frozen=True)
class Brief:
    """What a list shows of an exhibit. The addresses are empty if there is no such copy, or in quarantine."""

    picture: str = ""  # address of the small picture; of older exhibits, of a large one
    waveform: str = ""
    sound: str = ""
    measured: str = ""
    waiting: bool = False
    quarantined: bool = False


def brief(exhibit: Exhibit, address: Address) -> Brief:
    """The exhibit as a list shows it. `address` gives the URL of a copy."""
    item = exhibit.item
    inspection = getattr(item, "inspection", None)
    copies = [] if item.is_quarantined else sorted(item.derivatives.all(), key=lambda one: -one.number)
    first = {one.kind: address(one) for one in copies}
    return Brief(
        picture=next((first[kind] for kind in PICTURED if kind in first), ""),
        waveform=first.get(Made.WAVEFORM, ""),
        sound=first.get(Made.SOUND, ""),
        measured=measured(inspection),
        waiting=not item.is_quarantined and (inspection is None or inspection.made_at is None),
        quarantined=item.is_quarantined,
    )


@dataclass(frozen=True)
class Sheet:
    """What one page shows of an exhibit's pictures: a page of a document, or all parts of a long picture."""

    pictures: list[str]  # addresses
    number: int = 1
    count: int = 1  # of pages, each shown alone

    @property
    def before(self) -> int:
        """The number of the page before this one; 0 if there is none."""
        return self.number - 1

    @property
    def after(self) -> int:
        """The number of the next page; 0 if there is none."""
        return self.number + 1 if self.number < self.count else 0


def sheet(shown: Viewing, number: int) -> Sheet:
    """The page of this number; the nearest if there is none of it."""
    if not shown.pages or shown.in_parts:
        one = shown.urls.get(Made.PICTURE)
        return Sheet(shown.pages or ([one] if one else []))
    number = max(1, min(number, len(shown.pages)))
    return Sheet([shown.pages[number - 1]], number, len(shown.pages))


def viewing(exhibit: Exhibit, address: Address | None) -> Viewing:
    """The exhibit's viewing. `address` gives the URL of a copy; without it there are no URLs."""
    item = exhibit.item
    inspection, made = getattr(item, "inspection", None), list(item.derivatives.all())
    viewable = [one for one in made if one.kind not in NOT_VIEWED]
    opened = address if address and not item.is_quarantined else None
    return Viewing(
        urls={one.kind: opened(one) for one in viewable} if opened else {},
        pages=pages(viewable, opened) if opened else [],
        texts=[reading.text(one) for one in viewable if one.kind == Made.TEXT] if opened else [],
        tables=[reading.rows(one) for one in viewable if one.kind == Made.TABLE] if opened else [],
        partial=partial(inspection, viewable),
        in_parts=bool(inspection and inspection.facts.get("pieces")),
        measured=measured(inspection),
        claims=claims(inspection),
        waiting=not item.is_quarantined and (inspection is None or inspection.made_at is None),
        reason=reason(inspection),
        short=short(inspection),
        quarantined=item.is_quarantined,
        scan=scan(item),
        can_be_shown=bool(viewable) and not item.is_quarantined,
        can_be_heard=item.kind in transcripts.WITH_SOUND and not item.is_quarantined,
        small=next((opened(one) for one in made if one.kind == Made.SMALL), "") if opened else "",
        transcripts=sum(one.kind == Made.TRANSCRIPT for one in made),
    )


def pages(made: list[Derivative], address: Address) -> list[str]:
    """The URLs of the pages, or of the parts of a picture that was cut, in their order."""
    pictures = [one for one in made if one.kind == Made.PICTURE]
    following = [one for one in made if one.kind == Made.PAGE] + (pictures if len(pictures) > 1 else [])
    return [address(one) for one in sorted(following, key=lambda one: one.number)]


def partial(inspection: Inspection | None, made: Sequence[Derivative]) -> str:
    """Sentences that say which part of the original the copies show; an empty string if they show all of it."""
    facts = inspection.facts if inspection else {}
    counts = Counter(one.kind for one in made)
    pictures, words = counts[Made.PAGE] + counts[Made.PICTURE], counts[Made.TEXT] + counts[Made.TABLE]
    pages, total, pieces = (
        facts.get("pages_shown", counts[Made.PAGE]),
        facts.get("pages", 0),
        facts.get("pieces", 0),
    )
    pages_sentence = _("Pages 1 to %(shown)d of %(total)d are shown here; the original has all.")
    parts_sentence = _("Parts 1 to %(shown)d of %(total)d are shown here; the original has all.")
    frames_sentence = _("The first of %(total)d pictures in this file is shown here; the original has all.")
    is_document = bool(inspection and inspection.item.kind == Kind.DOCUMENT)
    sentences = [
        (0 < pages < total and pictures, pages_sentence % {"shown": pages, "total": total}),
        (0 < counts[Made.PICTURE] < pieces, parts_sentence % {"shown": counts[Made.PICTURE], "total": pieces}),
        (pictures and facts.get("frames", 0) > 1, frames_sentence % {"total": facts.get("frames", 0)}),
        (
            pictures and facts.get("has_clip"),
            _("A short video belongs to this picture and is not shown here; the original has it."),
        ),
        (words and facts.get("is_cut"), _("Only the beginning is shown here; the original has all.")),
        (
            counts[Made.TEXT] and is_document,
            _("The text alone is shown here, without pictures and layout."),
        ),
    ]
    return " ".join(sentence for applies, sentence in sentences if applies)


def lacking(inspection: Inspection | None, made: Sequence[Derivative]) -> str:
    """Sentences that say what the copies lack of the original; an empty string if they lack nothing."""
    code = inspection.reason if inspection and made else ""
    why = str(previews.REASONS.get(code, previews.REASONS["failed"])) if code else ""
    return " ".join(part for part in (why, partial(inspection, made)) if part)


def measured(inspection: Inspection | None) -> str:
    """Duration, size in pixels and number of pages, as far as they are known."""
    facts = inspection.facts if inspection else {}
    is_claim = bool(inspection and inspection.claims.get("length"))
    length = facts.get("copied_milliseconds" if is_claim else "milliseconds")
    parts = [clock(length)] if length is not None else []
    if "width" in facts and "height" in facts:
        parts.append(f"{facts['width']} × {facts['height']}")
    if "pages" in facts:
        parts.append(ngettext("%(count)d page", "%(count)d pages", facts["pages"]) % {"count": facts["pages"]})
    return " · ".join(parts)


def claims(inspection: Inspection | None) -> list[tuple[str, str]]:
    claimed = inspection.claims if inspection else {}
    return [(str(label), claimed[name]) for name, label in previews.CLAIMS.items() if claimed.get(name)]


def reason(inspection: Inspection | None) -> str:
    code = inspection.reason if inspection and inspection.reason != "short" else ""
    return str(previews.REASONS.get(code, previews.REASONS["failed"])) if code else ""


def short(inspection: Inspection | None) -> str:
    if not inspection or inspection.reason != "short":
        return ""
    facts = inspection.facts
    lengths = {"copy": clock(facts.get("copied_milliseconds", 0)), "whole": clock(facts.get("milliseconds", 0))}
    return _("%(copy)s of %(whole)s") % lengths


def scan(item: EvidenceItem) -> str:
    """The result of the malware scan, or that there was none."""
    done = getattr(item, "scan", None)
    if done is None:
        return _("not scanned")
    if done.state == Scan.State.INFECTED and done.released_at:
        return _("infected, released: %(found)s") % {"found": done.found}
    return (
        _("infected: %(found)s") % {"found": done.found} if done.state == "infected" else done.get_state_display()
    )


def clock(milliseconds: int) -> str:
    """1:06, or 1:02:03."""
    minutes, seconds = divmod(round(milliseconds / 1000), 60)
    hours, minutes = divmod(minutes, 60)
    return f"{hours}:{minutes:02}:{seconds:02}" if hours else f"{minutes}:{seconds:02}"
