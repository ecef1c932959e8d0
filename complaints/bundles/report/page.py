"""The report as sections for a page in the browser, from the same values as report.typ, in one language.

The result is JSON: plain texts, never markup. A page in the browser shows what the report of the bundle says.
"""

import json
from typing import Any, TypedDict

from complaints.bundles.papers import Papers
from evidence.models import Cosignature

from . import parts, pictures, report, words
from .parts import Part, Rows
from .words import both, line

ENDINGS = {"image/webp": ".webp", "image/svg+xml": ".svg"}


class Section(TypedDict):
    name: str  # of its place in the page
    title: str
    folded: bool
    parts: list[Part]


class Page(TypedDict):
    heading: str
    facts: Rows
    cautions: list[str]
    sections: list[Section]
    exhibits: list[dict[str, Any]]
    proof: dict[str, Any]


def of(papers: Papers, language: str) -> Page:
    """The page in this language ("zh" or "en"), whatever the language of the report in the bundle is."""
    with words.written_in(language):
        facts = report.facts(papers)
        return Page(
            heading=line(facts["heading"]),
            facts=parts.rows(facts["cover"]),
            cautions=[line(one) for one in facts["cautions"]],
            sections=_in_order(dict(parts.sections(facts))),
            exhibits=[_exhibit(one) for one in facts["exhibits"]],
            proof=_proof(papers, facts),
        )


_TITLES = {  # in their order
    "police": both("报案要点", "The report in short"),
    "summary": both("摘要", "Summary"),
    "parties": both("当事人", "Parties"),
    "complaint": both("投诉", "The complaint"),
    "originals": both("实物原件由谁保管", "Where the physical originals are"),
    "enquiries": both("向对方的问询", "Enquiries to the other side"),
    "findings": both("认定", "Findings"),
    "redress": both("补救", "Redress"),
    "measures": both("问责", "Accountability"),
    "referrals": both("移送", "Referrals"),
    "proposals": both("认定的第二人确认", "Confirmation by a second person"),
    "extensions": both("延期", "More time for the office"),
    "notes": both("内部备注", "Internal notes of the office"),
    "messages": both("提交之后的往来", "What was written after filing"),
    "reviews": both("换人复核", "Reviews asked for"),
    "retaliations": both("投诉后遭到的报复", "Retaliation"),
    "withdrawals": both("撤回", "Withdrawal"),
    "consents": both("谁可以知道投诉人是谁", "Who may know who the borrower is"),
    "course": both("经过", "Course of events"),
    "custody": both("保管记录", "Custody"),
    "factors": both("法院审查什么，在本案卷何处", "What a court examines, and where it is"),
}
_FOLDED = ("course", "custody", "factors", "consents")


def _in_order(found: dict[str, list[Part]]) -> list[Section]:
    """The sections that have something."""
    return [
        Section(name=name, title=line(title), folded=name in _FOLDED, parts=found[name])
        for name, title in _TITLES.items()
        if found[name]
    ]


def _exhibit(one: dict[str, Any]) -> dict[str, Any]:
    """The values of one exhibit. `file` and `copies` are names in the bundle; `file` is "" if it is left out."""
    stamped = both("本机时钟，对运营者不具证明力", "local clock, proves nothing against the operator")
    stamps = [
        " · ".join([stamp["time"], stamp["authority"], *([line(stamped)] if stamp["local_clock"] else [])])
        for stamp in one["stamps"]
    ]
    facts = parts.pairs(
        ("来源", "Sent by", one["source"]),
        ("授权文件", "Authority to act", "✓" if one["authority"] else ""),
        *((fact["about"]["zh"], fact["about"]["en"], fact["answer"]) for fact in one["declared"]),
        ("类型与大小", "Type and size", f"{one['media_type']} · {one['bytes']}"),
        ("接收时间", "Received", one["received"]),
        ("封存时间", "Sealed", one["sealed"]),
        *(("可信时间戳", "Timestamp", stamp) for stamp in stamps),
        ("SHA-256", "SHA-256", one["sha256"]),
    )
    return {
        **{name: one[name] for name in ("number", "label", "name", "description", "transcript", "copies", "size")},
        "file": "" if one["left_out"] else one["file"],
        "left_out": line(one["left_out"]) if one["left_out"] else "",
        "partial": line(one["partial"]) if one["partial"] else "",
        "state": line(one["state"]),
        "media_type": one["media_type"],
        "facts": facts,
        "lists": [{**each, "said": line(each["said"])} for each in one["lists"]],
        "texts": [{**each, "said": line(each["said"]) if each["said"] else ""} for each in one["texts"]],
    }


def _proof(papers: Papers, facts: dict[str, Any]) -> dict[str, Any]:
    """What the ledger says of the proofs, as numbers: they are checked with the ZIP, not with the page."""
    taken = [one for one in papers.attached if not one.left_out]
    stamps = [stamp for one in facts["exhibits"] for stamp in one["stamps"]]
    return {
        "exhibits": len(papers.attached),
        "taken": len(taken),
        "sealed": sum(one.seal is not None for one in papers.attached),
        "authorities": sorted({stamp["authority"] for stamp in stamps if not stamp["local_clock"]}),
        "local_clock": any(stamp["local_clock"] for stamp in stamps),
        "witnesses": _witnesses(papers),
        "made": words.when_of(papers.made_at),
        "ledger_size": facts["ledger_size"],
        "root": facts["root"],
        "key": facts["key"],
    }


def _witnesses(papers: Papers) -> int:
    """How many witnesses cosigned a checkpoint that the bundle has."""
    lines = Cosignature.objects.filter(checkpoint_id__in=papers.cosigned, kept_at__lte=papers.read_at)
    return lines.order_by().values("vkey").distinct().count()


def files(papers: Papers) -> dict[str, bytes]:
    """The files of the page by name: the page in both languages, and small pictures of the exhibits."""
    thumbnails = {one.exhibit.number: small for one in papers.attached if (small := pictures.thumbnail(one))}
    names = {number: f"{number}{ENDINGS[media_type]}" for number, (media_type, _) in thumbnails.items()}
    found = {names[number]: content for number, (_, content) in thumbnails.items()}
    for language in ("zh", "en"):
        page = of(papers, language)
        for one in page["exhibits"]:
            one["thumbnail"] = names.get(one["number"], "")
        found[f"{language}.json"] = json.dumps(page, ensure_ascii=False).encode()
    return found
