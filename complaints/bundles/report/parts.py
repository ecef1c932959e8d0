"""The parts of the report's page: labels and texts in one language, from the values that report.typ has."""

from collections.abc import Callable, Iterable
from typing import Any, TypedDict

from .words import both, line

Rows = list[tuple[str, str]]  # label and text


class Part(TypedDict, total=False):
    """A part of a section: a heading, then whatever there is of the others in this order."""

    heading: str
    facts: Rows
    points: list[str]
    text: str  # in somebody's own words, with line ends
    small: str


def sections(facts: dict[str, Any]) -> Iterable[tuple[str, list[Part]]]:
    """Name and parts of each section, in the order of report.typ."""
    yield "police", _facts(facts["police"]["rows"])
    yield "summary", _facts(facts["summary"])
    yield "parties", _facts(facts["parties"])
    yield "complaint", _complaint(facts)
    yield "originals", [{"heading": line(one["question"]), "text": one["kept"]} for one in facts["originals"]]
    yield "enquiries", [part for one in facts["enquiries"] for part in _enquiry(one)]
    yield "proposals", [_dated(one, line(one["said"])) for one in facts["proposals"]]
    yield "notes", [_dated(one, one["by"]) for one in facts["notes"]]
    for name, part in _PARTS.items():
        yield name, [part(one) for one in facts[name]]
    yield (
        "factors",
        [{"heading": line(one["factor"]), "text": line(one["place"])} for one in facts["factors"]["rows"]],
    )


def rows(rows: list[dict[str, str]]) -> Rows:
    return [(line(both(one["zh"], one["en"])), one["value"]) for one in rows]


def _facts(listed: list[dict[str, str]]) -> list[Part]:
    return [{"facts": rows(listed)}] if listed else []


def pairs(*pairs: tuple[str, str, str]) -> Rows:
    """Label in Chinese, label in English, text: those with a text."""
    return [(line(both(zh, en)), text) for zh, en, text in pairs if text]


def _digest(one: dict[str, Any]) -> str:
    return f"SHA-256 {one['sha256']}"


def _complaint(facts: dict[str, Any]) -> list[Part]:
    wishes = [line(one) for one in facts["wishes"]]
    parts: list[Part] = [
        {"heading": line(both("法院", "Court")), "facts": rows(facts["court"])},
        {"heading": line(both("对方的行为", "What they did")), "points": [line(one) for one in facts["conduct"]]},
        {
            "heading": line(both("陈述（提交时原文）", "Statement, as filed")),
            "text": facts["story"],
            "small": f"SHA-256 {facts['statement_sha256']}",
        },
        {
            "heading": line(both("投诉人的诉求", "What the borrower asks for")),
            "points": wishes,
            "text": facts["other_wish"],
        },
        *(_contact(one) for one in facts["contacts"]),
    ]
    return [part for part in parts if any(part.get(name) for name in ("facts", "points", "text", "small"))]


def _contact(one: dict[str, str]) -> Part:
    said = {"answered": both("接通", "answered"), "disclosed": both("提到欠款", "debt mentioned")}
    parts = ("precision", "channel", "direction", "number", "claimed", "speaker", "reached")
    answers = [f"{line(label)}: {one[name]}" for name, label in said.items() if one[name]]
    label = line(both("催收记录", "Contact"))
    return {
        "heading": " · ".join(filter(None, [f"{label} C-{one['contact']}", one["when"]])),
        "small": " · ".join([*filter(None, (one[name] for name in parts)), *answers]),
        "text": one["said"],
    }


def _enquiry(one: dict[str, Any]) -> list[Part]:
    asked = [
        " · ".join(filter(None, [line(each["name"]), each["note"], each["state"], each["reason"]]))
        for each in one["asked"]
    ]
    facts = pairs(
        ("发出时间", "Sent", one["sent"]),
        ("答复期限", "Answer due", one["due"]),
        ("是否告知投诉人姓名", "The borrower was named", one["named"]),
    )
    about = f"{one['reference']} {one['to']}"
    answers = [_answer(each) for each in one["answers"]]
    return [
        {"heading": about, "facts": facts, "points": asked, "text": one["text"], "small": _digest(one)},
        *answers,
    ]


def _answer(one: dict[str, Any]) -> Part:
    heading = " · ".join([line(both("对方的答复", "Their answer")), one["at"], one["came"]])
    return {"heading": heading, "facts": _came_along(one), "text": one["text"], "small": _digest(one)}


def _came_along(one: dict[str, Any]) -> Rows:
    return pairs(("随附证据", "Exhibits that came along", one["exhibits"]))


def _finding(one: dict[str, Any]) -> Part:
    norms = [f"{line(norm)}\n{line(norm['cited'])}" for norm in one["norms"]]
    facts = pairs(
        ("第几次办理", "Round", "" if one["round"] == "1" else one["round"]),
        ("结论", "Finding", one["outcome"]),
        ("理由", "Reasons", one["reasons"]),
        ("办案中发现的依据", "Found by the office because", one["added_because"]),
        *(("偏离的规则", "Rule departed from", norm) for norm in (*norms, one["other_rule"])),
        ("依据的证据", "Relied on", one["relied_on"]),
        ("未采用的证据", "Set aside", "\n".join(filter(None, [one["set_aside"], one["why_set_aside"]]))),
        ("缺少什么", "What is missing", one["missing"]),
        ("谁没有提供", "Not supplied by", line(one["missing_from"])),
        ("要求提供而未提供", "Asked for and not supplied", "\n".join(line(each) for each in one["not_supplied"])),
        ("作出时间", "Made", one["at"]),
        ("认定人", "Made by", one["by"]),
        ("确认人", "Confirmed by", one["confirmed_by"]),
    )
    return {"heading": line(one["allegation"]), "facts": facts, "small": _digest(one)}


def _undertaken(one: dict[str, Any]) -> Part:
    facts = pairs(
        ("要做什么", "What is to be done", one["what"]),
        ("金额", "Amount", one["amount"]),
        ("由谁负责", "Who sees to it", one["owner"]),
        ("期限", "By", one["due_on"]),
        ("结果", "What became of it", " · ".join(filter(None, [line(one["outcome"]), one["ended_on"]]))),
        ("证明", "Proof", "\n".join(filter(None, [one["proof"], one["exhibit"]]))),
    )
    return {"heading": line(one["kind"]), "facts": facts, "small": _digest(one)}


def _referral(one: dict[str, Any]) -> Part:
    facts = pairs(
        ("性质", "Kind", line(one["to"])),
        ("日期", "Day", one["referred_on"]),
        ("对方编号", "Their number", one["number"]),
        ("理由", "Reasons", one["reasons"]),
        ("是否附投诉人身份", "With who the borrower is", one["with_identity"]),
    )
    return {"heading": one["authority"], "facts": facts, "small": _digest(one)}


def _extension(one: dict[str, Any]) -> Part:
    facts = pairs(
        ("申请时间", "Asked", one["asked"]),
        ("类别", "Kind", line(one["category"])),
        ("申请理由", "Why more time was asked for", one["why"]),
        ("结果", "Outcome", " · ".join(filter(None, [line(one["outcome"]), one["decided"]]))),
        ("新的期限", "New date", one["due"]),
        ("决定理由", "Why it was decided so", one["why_decided"]),
    )
    return {"heading": line(one["clock"]), "facts": facts, "small": _digest(one)}


def _dated(one: dict[str, str], *said: str) -> Part:
    return {"heading": " · ".join([one["at"], *said]), "text": one["text"], "small": _digest(one)}


def _message(one: dict[str, Any]) -> Part:
    heading = " · ".join([line(one["kind"]), one["at"], one["by"]])
    return {"heading": heading, "facts": _came_along(one), "text": one["text"], "small": _digest(one)}


def _withdrawal(one: dict[str, Any]) -> Part:
    facts = pairs(
        ("申请时间", "Asked", one["asked"]),
        ("最早生效", "Effect at the earliest", one["effect"]),
        ("结果", "Outcome", line(one["outcome"])),
    )
    return {"facts": facts, "small": _digest(one)}


def _consent(one: dict[str, Any]) -> Part:
    facts = pairs(("同意", "Given", one["given"]), ("收回", "Withdrawn", one["withdrawn"]))
    return {"heading": line(one["recipient"]), "facts": facts}


def _step(one: dict[str, Any]) -> Part:
    return {"heading": f"{one['at']} · {line(one['what'])}", "text": one["said"], "small": one["source"]}


def _entry(one: dict[str, Any]) -> Part:
    what = " ".join(filter(None, [line(one["event"]), one["exhibit"]]))
    return {"small": f"{one['entry']} · {one['at']} · {what} · {one['by']}"}


_PARTS: dict[str, Callable[[dict[str, Any]], Part]] = {  # name of a section and of its values -> a part of it
    **{"findings": _finding, "redress": _undertaken, "measures": _undertaken, "referrals": _referral},
    **{"extensions": _extension, "messages": _message, "reviews": _dated, "retaliations": _dated},
    **{"withdrawals": _withdrawal, "consents": _consent, "course": _step, "custody": _entry},
}
