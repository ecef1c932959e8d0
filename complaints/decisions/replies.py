"""Drafts the reply to the borrower: what was found, what will be done, and what the borrower can do now.

There is one template for each language. Somebody of the office edits the draft before it is sent. It names no
member of staff and never calls what the borrower said untrue.
"""

from typing import Any

from django.conf import settings
from django.template.loader import render_to_string
from django.utils import timezone, translation

from complaints.cases.lifecycle import State
from complaints.clocks import book
from complaints.models import Case, Finding, Undertaking
from complaints.reference import conduct, sources
from complaints.reference.bilingual import in_chinese

BREAK = "---"  # this line of a template becomes an empty line; empty lines of a template are dropped
# By country, ids in sources.toml of other places that the borrower can turn to, in the order of the reply.
ROUTES = {"CN": ("cn-12378", "cn-nifa", "cn-mediation"), "US": ("us-cfpb",)}


def drafted(case: Case) -> str:
    """A suggested reply in the language of the case. Empty unless the case is decided and not yet answered."""
    if case.state != State.DECIDED:
        return ""
    template = "reply/zh_hans.txt" if case.language.startswith("zh") else "reply/en.txt"
    with translation.override(case.language):
        text = render_to_string(template, _context(case))
    lines = (line.strip() for line in text.splitlines())
    return "\n".join("" if line == BREAK else line for line in lines if line)


def _context(case: Case) -> dict[str, Any]:
    found = sorted((one for one in case.findings.all() if one.round == case.round), key=lambda one: one.pk)
    undertaken = [one for one in case.undertakings.all() if one.round == case.round]  # already loaded by the page
    measures = [one for one in undertaken if one.sort == Undertaking.Sort.MEASURE and one.borrower_may_know]
    known = sources.all_by_id()
    return {
        "reference": case.reference,
        "name": case.reporter.name,
        "review": case.round > 1,
        "findings": [_finding(one, case.complaint.relation) for one in found],
        "redress": [one for one in undertaken if one.sort == Undertaking.Sort.REDRESS],
        "measures": list(dict.fromkeys(one.get_kind_display() for one in measures)),
        "until": timezone.localdate(book.due("review_window", timezone.now())),
        "routes": [str(known[name]) for name in ROUTES.get(settings.COUNTRY, ())],
    }


def _finding(one: Finding, relation: str) -> dict[str, Any]:
    content, language = one.content, "zh" if in_chinese() else "en"
    return {
        "allegation": conduct.named(one.allegation, relation),
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
