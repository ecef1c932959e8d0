"""The verifiers' limits against files that cost too much: the portal makes nothing that is beyond them."""

import re
from pathlib import Path

import pytest
from django.conf import settings

from complaints.drafts import contacts, questions
from complaints.forms.base import Step, Words
from evidence import holdfast_verify as verifier

PAGE = Path(__file__).parents[3] / "static" / "verify"
SHARED = {
    "canonical.js": ("DEEPEST", "MAX_NESTED"),
    "certificates.js": ("MOST_OF_A_NAME",),
    "parts.js": ("MAX_LETTERS", "MAX_WORDS"),
    "stamps.js": ("MOST_AUTHORITIES",),
    "zip.js": ("MAX_MEMBERS", "MOST_UNPACKED"),
}


@pytest.mark.parametrize(("file", "name"), [(file, name) for file in SHARED for name in SHARED[file]])
def test_both_verifiers_have_the_same_limit(file: str, name: str) -> None:
    found = re.search(rf"const {name} = ([0-9_* ]+);", (PAGE / file).read_text(encoding="utf-8"))
    assert found and eval(found[1]) == getattr(verifier, name)  # of numbers


def letters(form: type[Step]) -> int:
    return sum(one.most for one in form.base_fields.values() if isinstance(one, Words))


def steps(form: type[Step]) -> list[type[Step]]:
    return [form, *(below for one in form.__subclasses__() for below in steps(one))]


def test_the_longest_statement_of_the_portal_is_not_too_long() -> None:
    """A letter has at most two UTF-16 units in canonical JSON. Besides, there are names of fields, codes and what
    is said of each file."""
    acts = contacts.MOST * (letters(questions.ActForm) + 300)
    files = settings.MAX_DRAFT_FILES * 3_000
    once = sum(letters(form) for form in steps(Step) if form is not questions.ActForm and letters(form) < 100_000)
    assert 800_000 < 2 * (acts + files + once) < verifier.MAX_LETTERS


def test_the_documents_of_a_long_case_are_not_too_long_together() -> None:
    statement, message = 1_000_000, 20_000
    assert statement + 150 * message < verifier.MAX_WORDS


def test_the_largest_file_of_the_portal_may_be_one_of_silence() -> None:
    """Zeros deflate to a thousandth, so that a program packs the file to almost nothing."""
    assert settings.MAX_FILE_BYTES <= verifier.MOST_UNPACKED
