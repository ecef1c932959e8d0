"""report.pdf: the case in Chinese and English for people, as PDF/A-2a and PDF/UA-1."""

from pathlib import Path
from typing import Any

from django.conf import settings
from django.db.models import TextChoices

from complaints.bundles import masking
from complaints.bundles.papers import Papers
from complaints.models import Message
from complaints.reference import regions
from complaints.reference.choices import (
    ORIGINALS,
    Answer,
    Channel,
    Court,
    Direction,
    Precision,
    Reached,
    Relation,
    Speaker,
)
from complaints.reference.wishes import WISHES
from complaints.typesetting import pdf
from evidence.holdfast_verify import CONTACTS_HEAD, Entry, documents_of
from evidence.ledger import kinds, signing
from evidence.models import CheckpointToken
from evidence.timestamps import authorities

from . import asked, copied, course, exhibits, factors, front, outcome, pictures, police, since, words
from .acts import act
from .words import Both, both, line, row, translated, when, when_of

TEMPLATE = Path(__file__).with_name("report.typ")
COLUMNS = {  # em of text, as the template has them
    **{
        "contacts": 9.5,
        "asked": 16,
        "name": 11,
        "custody": 10,
        "consents": 16,
        "cells": 8,
        "original": 7,
        "proves": 19,
    },
    **dict.fromkeys(("sha256", "statement_sha256", "root_sha256", "root", "key"), pdf.WHOLE),
}


def made(papers: Papers) -> bytes:
    """The PDF. The same papers always make the same bytes."""
    with words.written_in(papers.options.language):
        content, printed = facts(papers), pictures.of(papers.attached)
    return pdf.pdf(TEMPLATE, content, papers.made_at, columns=COLUMNS, pictures=printed)


def facts(papers: Papers) -> dict[str, Any]:
    """The template's values."""
    case, statement = papers.case, papers.document("statement")
    local = papers.made_at.astimezone(words.zone())
    named = copied.comparable(masking.collectors(statement))
    heading, others, who = police.heading(papers), _others(statement), _reporter(papers)
    return {
        "title": f"{case.reference} {line(heading, ' ')}",
        "heading": heading,
        "police": police.facts(papers, statement, who, others),
        "language": papers.options.language,
        "site": settings.SITE_NAME,
        "reference": case.reference,
        "date": {"year": local.year, "month": local.month, "day": local.day},
        "footer": line(words.AS_OF, " · ") % {"size": papers.checkpoint.size},
        "promise": words.PROMISE,
        "cautions": front.cautions(papers),
        "cover": front.cover(papers),
        "summary": front.summary(papers, statement),
        "declaration": _declaration(papers),
        "parties": [*others, *who],
        "debt": front.debt(statement),
        "court": _court(statement),
        "contacts": [_contact(one) for one in statement.get("contacts", [])],
        "conduct": [act(code) for code in statement["conduct"]],
        "course": course.facts(papers, statement),
        "story": statement["story"],
        "statement_sha256": papers.entries[0].data["statement"],
        "wishes": _wishes(statement),
        "other_wish": statement["other_wish"],
        "originals": [_original(one) for one in statement.get("originals", [])],
        "exhibits": [exhibits.facts(one, named) for one in papers.attached],
        "factors": {"introduction": factors.INTRODUCTION, "rows": factors.FACTORS},
        "findings": [_finding(papers, name) for name in papers.documents if name.startswith("finding")],
        "messages": [_message(papers, name) for name in papers.documents if name.startswith("message")],
        "enquiries": asked.facts(papers),
        **outcome.facts(papers),
        **since.facts(papers),
        **_proof(papers),
    }


def _proof(papers: Papers) -> dict[str, Any]:
    """Custody, and what the case is verified with."""
    return {
        "custody_note": words.CUSTODY,
        "custody": [_custody_row(papers, entry) for entry in papers.entries],
        "verify": words.VERIFY,
        "key": signing.vkey(),
        "ledger_size": str(papers.checkpoint.size),
        "root": bytes(papers.checkpoint.root).hex(),
        "authorities": [
            {**one, "name": words.authority(one["name"])} for one in authorities.described(papers.roots)
        ],
        "anchors": [_anchor(anchor) for anchor in papers.anchors],
    }


def _declaration(papers: Papers) -> list[Both]:
    """The custodian's declaration for a signature by hand. Its facts come from the ledger only."""
    faults = sum(entry.kind in (kinds.EVIDENCE_FAULT, kinds.EVIDENCE_COPY_FAULT) for entry in papers.entries)
    filled = {
        "site": settings.SITE_NAME,
        "size": papers.checkpoint.size,
        "reference": papers.case.reference,
        "filed": when(papers.entries[0].content["at"]),
        "exhibits": len(papers.attached),
        "sealed": sum(one.seal is not None for one in papers.attached),
        "taken": sum(not one.left_out for one in papers.attached),
        "faults": faults,
    }
    return [both(one["zh"] % filled, one["en"] % filled) for one in words.DECLARATION]


def _others(statement: dict[str, Any]) -> list[dict[str, str]]:
    """The other side and the debt, and what the borrower has to do with it."""
    rows = [
        row(zh, en, statement[name] or line(words.UNKNOWN, " "))
        for name, zh, en in (
            ("lender", "出借方", "Lender"),
            ("platform", "平台", "Platform"),
            ("agency", "催收机构", "Collection agency"),
        )
    ]
    numbers = statement.get("numbers", [])
    seen = [row("见过的号码或账号", "Numbers seen", " · ".join(numbers))] if numbers else []
    relation = Relation(statement["relation"]) if statement.get("relation") else None
    filer = (
        [row("提交人与债务的关系", "Relation to the debt", line(words.RELATIONS[relation]))] if relation else []
    )
    region = regions.NAMES.get(statement.get("region", ""))
    lives = [row("居住地", "Lives in", line(both(region[1], region[0]), " "))] if region else []
    return [*rows, *front.debt(statement), *seen, *filer, *lives]


def _reporter(papers: Papers) -> list[dict[str, str]]:
    if "reporter" not in papers.documents:
        return [row("投诉人", "Borrower", line(words.WITHHELD, " "))]
    reporter = papers.document([name for name in papers.documents if name.startswith("reporter")][-1])
    rows = (
        ("name", "投诉人", "Borrower"),
        ("phone", "电话", "Telephone"),
        ("email", "电子邮件", "E-mail"),
        ("contact_note", "联系时注意", "When and how it is safe to reach them"),
    )
    agreed = words.MAY if papers.is_agreed_for("lender") else words.MAY_NOT
    return [
        *(row(zh, en, reporter[name] or line(words.NOT_GIVEN, " ")) for name, zh, en in rows),
        *([row("代为投诉的对象", "Files for", reporter["acting_for"])] if reporter.get("acting_for") else []),
        row("出借方可否看到姓名", "The lender may see the name", line(agreed, " ")),
    ]


def _court(statement: dict[str, Any]) -> list[dict[str, str]]:
    """The borrower's answers about a court; empty if they were not asked."""
    court = statement.get("court", {})
    if not court.get("court"):
        return []
    return [
        row("法院文书或日期", "Court paper or date", line(translated(Court(court["court"]).label))),
        *([row("日期", "Day", court["on"])] if court["on"] else []),
        *([row("文书内容", "What it says", court["note"])] if court["note"] else []),
    ]


def _contact(contact: dict[str, Any]) -> dict[str, str]:
    """One row of the table of contacts. Choices are in both languages, other text as it was written."""
    choices: dict[str, type[TextChoices]] = {
        **{"precision": Precision, "channel": Channel, "direction": Direction, "speaker": Speaker},
        **{"reached": Reached, "answered": Answer, "disclosed": Answer},
    }
    values = {
        name: line(words.chosen(choices[name](value))) if name in choices else str(value)
        for name, value in contact.items()
    }
    values["when"] = course.span(contact)
    values["channel"] = " · ".join(filter(None, [values.get("channel", ""), line(course.times(contact))]))
    return {name: values.get(name, "") for name in CONTACTS_HEAD}


def _wishes(statement: dict[str, Any]) -> list[Both]:
    """What the borrower asks for, each with its sum if they named one."""
    sums = {one["wish"]: words.money(one) for one in statement.get("amounts", [])}
    named = [translated(WISHES[code]) for code in statement["wishes"]]
    return [
        both(f"{name['zh']} · {sums[code]['zh']}", f"{name['en']} · {sums[code]['en']}") if code in sums else name
        for code, name in zip(statement["wishes"], named, strict=True)
    ]


def _original(thing: dict[str, str]) -> dict[str, Any]:
    return {"question": translated(ORIGINALS[thing["kind"]]), "kept": thing["kept"]}


def _finding(papers: Papers, name: str) -> dict[str, Any]:
    finding = papers.document(name)
    return {
        "allegation": front.allegation(finding),
        "round": str(finding.get("round", 1)),
        "outcome": front.outcome(finding),
        "reasons": finding["reasons"],
        "relied_on": outcome.labels(finding["relied_on"]) or line(words.NONE, " "),
        **outcome.of_finding(finding),
        "at": when(finding["found_at"]),
        "by": _person(papers, finding["found_by"], finding.get("found_by_name", "")),
        "confirmed_by": _person(papers, finding.get("confirmed_by", ""), finding.get("confirmed_by_name", "")),
        "sha256": _digest(papers, name),
    }


def _person(papers: Papers, uid: str, name: str) -> str:
    """A member of staff, with the opaque id of the custody table, where their other acts are listed."""
    acted = (entry.content["by"] for entry in reversed(papers.entries))
    return words.whom(next((who for who in acted if who.get("id") == uid), {"id": uid}), name)


def _message(papers: Papers, name: str) -> dict[str, Any]:
    message, entry = papers.document(name), papers.entry_of(name)
    came_along = ", ".join(f"E-{one['number']}" for one in message.get("exhibits", []))
    return {
        "kind": translated(Message.Kind(message["kind"]).label),
        "text": message["text"],
        "exhibits": came_along,
        "at": when(message["written_at"]),
        "by": words.by(entry),
        "sha256": _digest(papers, name),
    }


def _digest(papers: Papers, name: str) -> str:
    return documents_of(papers.entries)[name]


def _custody_row(papers: Papers, entry: Entry) -> dict[str, Any]:
    content = entry.content
    exhibit = papers.exhibits.get(str(content["subject"]).removeprefix("item:"))
    return {
        "entry": str(entry.place),
        "at": when(content["at"]),
        "event": words.EVENTS.get(entry.kind, both(entry.kind, "")),
        "exhibit": exhibit.label if exhibit else "",
        "by": words.by(entry),
    }


def _anchor(token: CheckpointToken) -> dict[str, Any]:
    return {
        "size": str(token.checkpoint_id),
        "time": when_of(token.gen_time),
        "authority": words.authority(token.authority),
        "local_clock": token.root.local_clock,
    }
