"""report.pdf: the case in Chinese and English for a person to read, as PDF/A-2a and PDF/UA-1."""

from datetime import datetime
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

from django.conf import settings
from django.utils import translation
from django.utils.encoding import force_str
from django.utils.functional import Promise

from evidence import authorities, names, signing
from evidence.holdfast_verify import Entry, documents_of
from evidence.models import CheckpointToken

from .. import conduct, typesetting
from ..models import Case, Finding
from ..wishes import WISHES
from . import words
from .papers import Attached, Papers
from .words import Bilingual, both

TEMPLATE = Path(__file__).with_name("report.typ")


def made(papers: Papers) -> bytes:
    """The PDF; the same papers make the same bytes."""
    return typesetting.pdf(TEMPLATE, facts(papers), papers.made_at)


def facts(papers: Papers) -> dict[str, Any]:
    """What the template prints."""
    case, statement = papers.case, papers.document("statement")
    local = papers.made_at.astimezone(_zone())
    return {
        "title": f"{case.reference} 案卷报告 Case file",
        "site": settings.SITE_NAME,
        "reference": case.reference,
        "date": {"year": local.year, "month": local.month, "day": local.day},
        "footer": words.AS_OF % {"size": papers.checkpoint.size},
        "promise": words.PROMISE,
        "cautions": [words.LOCAL_CLOCK] if any(root.local_clock for root in papers.roots) else [],
        "cover": _cover(papers),
        "parties": _parties(papers, statement),
        "conduct": [translated(conduct.BY_CODE[code].label) for code in statement["conduct"]],
        "story": statement["story"],
        "statement_sha256": papers.entries[0].data["statement"],
        "wishes": [translated(WISHES[code]) for code in statement["wishes"]],
        "other_wish": statement["other_wish"],
        "exhibits": [_exhibit(one) for one in papers.attached],
        "findings": [_finding(papers, name) for name in papers.documents if name.startswith("finding")],
        "messages": [_message(papers, name) for name in papers.documents if name.startswith("message")],
        "custody_note": words.CUSTODY,
        "custody": [_custody_row(papers, entry) for entry in papers.entries],
        "verify": words.VERIFY,
        "key": signing.vkey(),
        "ledger_size": str(papers.checkpoint.size),
        "root": bytes(papers.checkpoint.root).hex(),
        "authorities": authorities.told(papers.roots),
        "anchors": [_anchor(anchor) for anchor in papers.anchors],
    }


def translated(text: str | Promise) -> Bilingual:
    """A text of the interface in both languages."""
    with translation.override("zh-hans"):
        chinese = force_str(text)
    with translation.override("en"):
        return both(chinese, force_str(text))


def _in_a_line(text: Bilingual) -> str:
    return text["zh"] if text["zh"] == text["en"] else f"{text['zh']} / {text['en']}"


def _row(zh: str, en: str, value: str) -> dict[str, str]:
    return {"zh": zh, "en": en, "value": value}


def _cover(papers: Papers) -> list[dict[str, str]]:
    sealed = sum(one.seal is not None for one in papers.attached)
    return [
        _row("提交时间", "Filed", _when(papers.entries[0].content["at"])),
        _row("案件状态", "State", _in_a_line(translated(Case.State(papers.state).label))),
        _row("证据", "Exhibits", f"{len(papers.attached)} · 已封存 sealed {sealed}"),
        _row("制作时间", "Made", _when_of(papers.made_at)),
        _row("提供给", "For", words.AUDIENCES[papers.audience]),
    ]


def _parties(papers: Papers, statement: dict[str, Any]) -> list[dict[str, str]]:
    rows = [
        _row(zh, en, statement[name] or words.UNKNOWN)
        for name, zh, en in (
            ("lender", "出借方", "Lender"),
            ("platform", "平台", "Platform"),
            ("agency", "催收机构", "Collection agency"),
        )
    ]
    return [*rows, *_reporter(papers)]


def _reporter(papers: Papers) -> list[dict[str, str]]:
    if "reporter" not in papers.documents:
        return [_row("投诉人", "Borrower", words.WITHHELD)]
    reporter = papers.document("reporter")
    told = (
        ("name", "投诉人", "Borrower"),
        ("phone", "电话", "Telephone"),
        ("email", "电子邮件", "E-mail"),
        ("contact_note", "联系时注意", "When and how it is safe to reach them"),
    )
    return [_row(zh, en, reporter[name] or words.NOT_GIVEN) for name, zh, en in told]


def _exhibit(one: Attached) -> dict[str, Any]:
    exhibit = one.exhibit
    clocks = {token.authority: token.root.local_clock for token in one.kept_tokens}
    return {
        "number": exhibit.number,
        "label": exhibit.label,
        "name": names.shown(one.name),
        "description": one.description or words.NOT_GIVEN,
        "file": f"data/{one.file}",
        "media_type": exhibit.media_type,
        "size": _readable_size(exhibit.size),
        "bytes": f"{exhibit.size:,} B",
        "sha256": exhibit.sha256,
        "received": _when(exhibit.received_at),
        "state": words.SEALED if one.seal else words.PENDING,
        "sealed": _when(one.seal.content["at"]) if one.seal else _in_a_line(words.PENDING),
        "copies": [f"data/{copy.file}" for copy in one.copies],
        "stamps": [
            {
                "authority": token["authority"],
                "time": _when(token["gen_time"]),
                "local_clock": clocks.get(token["authority"], False),
            }
            for token in one.tokens
        ],
    }


def _finding(papers: Papers, name: str) -> dict[str, Any]:
    finding = papers.document(name)
    relied_on = ", ".join(one["exhibit"] for one in finding["relied_on"])
    return {
        "allegation": translated(conduct.BY_CODE[finding["allegation"]].label),
        "outcome": _in_a_line(translated(Finding.Outcome(finding["outcome"]).label)),
        "reasons": finding["reasons"],
        "relied_on": relied_on or words.NONE,
        "at": _when(finding["found_at"]),
        "by": finding["found_by"],
        "sha256": _digest(papers, name),
    }


def _message(papers: Papers, name: str) -> dict[str, Any]:
    message, entry = papers.document(name), papers.entry_of(name)
    came_along = ", ".join(f"E-{one['number']}" for one in message.get("exhibits", []))
    return {
        "kind": words.EVENTS.get(entry.kind, both(entry.kind, "")),
        "text": message["text"],
        "exhibits": came_along,
        "at": _when(message["written_at"]),
        "by": _by(entry),
        "sha256": _digest(papers, name),
    }


def _digest(papers: Papers, name: str) -> str:
    return documents_of(papers.entries)[name]


def _custody_row(papers: Papers, entry: Entry) -> dict[str, Any]:
    content = entry.content
    exhibit = papers.exhibits.get(str(content["subject"]).removeprefix("item:"))
    return {
        "entry": str(entry.place),
        "at": _when(content["at"]),
        "event": words.EVENTS.get(entry.kind, both(entry.kind, "")),
        "exhibit": exhibit.label if exhibit else "",
        "by": _by(entry),
    }


def _by(entry: Entry) -> str:
    by = entry.content["by"]
    return " ".join(filter(None, [words.ROLES.get(by.get("role"), by.get("role", "")), by.get("id", "")[:8]]))


def _anchor(token: CheckpointToken) -> dict[str, Any]:
    return {
        "size": str(token.checkpoint_id),
        "time": _when_of(token.gen_time),
        "authority": token.authority,
        "local_clock": token.root.local_clock,
    }


def _zone() -> ZoneInfo:
    return ZoneInfo(settings.TIME_ZONE)


def _when(text: str) -> str:
    """A ledger time in the office's zone, with the zone."""
    return _when_of(datetime.fromisoformat(text))


def _when_of(moment: datetime) -> str:
    local = moment.astimezone(_zone())
    return f"{local:%Y-%m-%d %H:%M:%S} UTC{local.isoformat()[-6:]}"


def _readable_size(size: int) -> str:
    units = (("MB", 10**6), ("KB", 10**3))
    return next((f"{size / unit:.1f} {name}" for name, unit in units if size >= unit), f"{size} B")
