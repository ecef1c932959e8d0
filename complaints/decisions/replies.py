"""The reply that is offered to begin with: what was found, what is done, and what the borrower can do now.

It is written in the borrower's language, from a template a language, and edited before it is sent. Nobody of the
staff is named, and nothing in it calls what a borrower said untrue.
"""

from typing import Any

from django.template.loader import render_to_string
from django.utils import timezone, translation

from complaints.cases.lifecycle import State
from complaints.clocks import book
from complaints.models import Case, Finding, Undertaking
from complaints.reference import conduct, sources
from complaints.reference.bilingual import in_chinese

BREAK = "---"  # a line of the template that begins a new paragraph; blank ones fall away
# Where somebody can go besides us: ids of sources.toml, in the order in which the reply names them.
ROUTES = ("cn-12378", "cn-nifa", "cn-mediation")


def drafted(case: Case) -> str:
    """A suggested reply, once the case is decided; empty before and after."""
    if case.state != State.DECIDED:
        return ""
    template = "reply/zh_hans.txt" if case.language.startswith("zh") else "reply/en.txt"
    with translation.override(case.language):
        text = render_to_string(template, _context(case))
    lines = (line.strip() for line in text.splitlines())
    return "\n".join("" if line == BREAK else line for line in lines if line)


def _context(case: Case) -> dict[str, Any]:
    found = sorted((one for one in case.findings.all() if one.round == case.round), key=lambda one: one.pk)
    undertaken = [one for one in case.undertakings.all() if one.round == case.round]  # the page has them already
    measures = [one for one in undertaken if one.sort == Undertaking.Sort.MEASURE and one.borrower_may_know]
    known = sources.all_by_id()
    return {
        "reference": case.reference,
        "name": case.reporter.name,
        "review": case.round > 1,
        "findings": [_finding(one) for one in found],
        "redress": [one for one in undertaken if one.sort == Undertaking.Sort.REDRESS],
        "measures": list(dict.fromkeys(one.get_kind_display() for one in measures)),
        "until": timezone.localdate(book.due("review_window", timezone.now())),
        "routes": [str(known[name]) for name in ROUTES],
    }


def _finding(one: Finding) -> dict[str, Any]:
    content, language = one.content, "zh" if in_chinese() else "en"
    return {
        "allegation": conduct.named(one.allegation),
        "outcome": one.outcome,
        "reasons": one.reasons,
        "missing": one.missing,
        "missing_from": one.get_missing_from_display(),
        "rules": [
            *(norm[language] for norm in content.get("norms", [])),
            *filter(None, [content.get("other_rule", "")]),
        ],
        "exhibits": [each["exhibit"] for each in content["relied_on"]],
    }
