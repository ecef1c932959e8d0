"""The cover of the report and the case on half a page."""

from typing import Any

from django.conf import settings

from complaints.bundles.papers import Papers
from complaints.cases import wording
from complaints.cases.readers import BY_CONSENT
from complaints.models import Case, Finding

from . import words
from .acts import act
from .words import Both, both, line, row, translated, when, when_of


def cover(papers: Papers) -> list[dict[str, str]]:
    return [
        row("提交时间", "Filed", when(papers.entries[0].content["at"])),
        row("案件状态", "State", line(translated(Case.State(papers.state).label))),
        row("证据", "Exhibits", sealed_in_short(papers)),
        row("制作时间", "Made", when_of(papers.made_at)),
        row("提供给", "For", line(words.AUDIENCES[papers.audience], " ")),
        *_office(),
    ]


def _office() -> list[dict[str, str]]:
    """Who runs the portal and decides, as far as the settings say it."""
    rows = (
        ("办理单位", "Office", settings.OFFICE_NAME),
        ("地址", "Address", settings.OFFICE_ADDRESS),
        ("统一社会信用代码", "Registration code", settings.OFFICE_CODE),
    )
    return [row(zh, en, value) for zh, en, value in rows if value]


def cautions(papers: Papers) -> list[Both]:
    """Warnings that a reader must see first."""
    less = ", ".join(papers.left_out)
    found = [both(words.LESS["zh"] + less, words.LESS["en"] + less)] if less else []
    found += [words.MASKED] if papers.options.masked else []
    found += [] if papers.knows_the_borrower else [words.UNNAMED]
    found += [words.SHOW_WHO] if not papers.knows_the_borrower and papers.audience in BY_CONSENT else []
    return found + ([words.LOCAL_CLOCK] if any(root.local_clock for root in papers.roots) else [])


def summary(papers: Papers, statement: dict[str, Any]) -> list[dict[str, str]]:
    """The case on half a page."""
    found = [papers.document(name) for name in papers.documents if name.startswith("finding")]
    outcomes = [f"{line(allegation(one))}: {outcome(one)}" for one in found]
    conducts = [line(act(code)) for code in statement["conduct"]]
    return [
        row("指称的行为", "Conduct alleged", "\n".join(conducts) or line(words.NONE, " ")),
        row("催收记录", "Contacts", contacts_in_short(statement)),
        row("证据", "Exhibits", sealed_in_short(papers)),
        row("认定", "Findings", "\n".join(outcomes) or line(words.NONE, " ")),
        row("提交之后的信件", "Letters since filing", str(len(papers.numbered("message")))),
    ]


def debt(statement: dict[str, Any]) -> list[dict[str, str]]:
    """What the borrower says of the debt, with the names that lawyers use."""
    said = statement.get("debt", {})
    claimed = {"amount": said.get("claimed", ""), "currency": said.get("currency", "")}
    sums = {"claimed": line(words.money(claimed))} if said.get("claimed") else {}
    shown = {**said, **sums}
    labels = {name: translated(label) for name, label in wording.DEBT.items() if shown.get(name)}
    return [row(label["zh"], label["en"], shown[name]) for name, label in labels.items()]


def contacts_in_short(statement: dict[str, Any]) -> str:
    """How many contacts the borrower listed, each of several in a row counted, and their first and last day."""
    contacts = statement.get("contacts", [])
    count = sum(int(one.get("times") or 1) for one in contacts)
    days = sorted(one[name][:10] for one in contacts for name in ("when", "until") if one.get(name))
    return f"{count} · {' – '.join(dict.fromkeys([days[0], days[-1]]))}" if days else str(count)


def sealed_in_short(papers: Papers) -> str:
    """How many exhibits there are, and how many wait for their timestamp."""
    count, late = len(papers.attached), sum(one.seal is None for one in papers.attached)
    if not count:
        return "0"
    all_sealed = both(f"{count} 份，均已封存", f"{count}, all sealed")
    waiting = both(f"{count} 份，其中 {late} 份等待时间戳", f"{count}, of which {late} wait for a timestamp")
    return line(waiting if late else all_sealed)


def allegation(finding: dict[str, Any]) -> Both:
    return act(finding["allegation"])


def outcome(finding: dict[str, Any]) -> str:
    return line(translated(Finding.Outcome(finding["outcome"]).label))
