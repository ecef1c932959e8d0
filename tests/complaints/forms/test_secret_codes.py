"""No answer keeps a code that opens something, wherever it is typed and however it is written."""

from collections.abc import Iterator
from itertools import product

import pytest
from django.core.exceptions import ValidationError
from django.urls import reverse
from hypothesis import given
from hypothesis import strategies as some

from complaints import codes
from complaints.bundles import grants
from complaints.bundles.options import Options
from complaints.drafts import drafts
from complaints.forms import secret_codes
from complaints.forms.base import Step, Words
from complaints.models import Draft, Message
from tests.support import cast
from tests.support.pages import begun, code_of, follows, step, text

pytestmark = pytest.mark.django_db
SAID = "There was a code in this text"


def all_forms(of: type[Step] = Step) -> Iterator[type[Step]]:
    for form in of.__subclasses__():
        yield form
        yield from all_forms(form)


def test_every_field_for_words_of_every_form_refuses_a_code(borrower: cast.Filed) -> None:
    assert reverse("follow_lost")  # with the addresses, all forms are there
    fields = [field for form in all_forms() for field in form.base_fields.values() if isinstance(field, Words)]
    refused = []
    for field in fields:
        if not field.takes_codes:
            with pytest.raises(ValidationError) as caught:
                field.to_python(f"My code: {borrower.code}.")
            refused.append(caught.value.code)
    assert len(refused) > 25
    assert set(refused) <= {"secret", "too_long"}


AROUND = (
    "{}",
    "我的查询码是{}，谢谢",
    "code:{}!",
    "({})",
    "a{}b",
    "{}, and then more words behind it",
    "12 {} 34",
)


def test_an_access_code_is_recognised_however_it_is_written(borrower: cast.Filed) -> None:
    while sum(map(str.isdigit, borrower.code)) < 2:  # one in 190; letters beside such a code hide it
        borrower = cast.file_a_complaint()
    for around, between in product(AROUND, (" ", "", "–", "\u200b", "\n", ".", "_")):
        code = borrower.code.replace(" ", between)
        wide = "".join(chr(ord(one) + 0xFEE0) if one.isalnum() else one for one in code)
        for spelled in (code, code.lower(), wide, code.replace("0", "O").replace("1", "l")):
            assert secret_codes.without(around.replace("{}", spelled)) == around.replace("{}", "…")


def test_a_passphrase_and_a_draft_code_are_recognised(borrower: cast.Filed) -> None:
    terms = grants.Terms(recipient="王律师", days=1, downloads=1)
    given_ = grants.give(borrower.case, Options.usual("legal_aid").kept(), terms, language="en")
    _draft, code = drafts.begin("en")
    said = f"暗语 {given_.phrase.lower()}，草稿码 {code}。"
    assert secret_codes.without(said) == "暗语 …，草稿码 …。"


@given(some.text(max_size=300))
def test_any_other_text_stays_as_it_is(said: str) -> None:
    assert secret_codes.without(said) == said


def test_codes_that_open_nothing_stay() -> None:
    assert secret_codes.without(said := f"{codes.fresh()} wxid_7kq4m2xt9rdvhc3wp8na") == said


def test_a_draft_keeps_no_code_and_says_so_and_goes_on_without_it() -> None:
    client = begun()
    said = f"他们半夜打来。{code_of(client)}"
    page = client.post(step("story"), {"story": said})
    assert SAID in text(page)
    assert code_of(client) not in page.context["form"]["story"].value()
    assert "story" not in Draft.objects.get().answers
    saved = client.post(reverse("autosave", args=["story"]), {"story": said})
    assert (saved.status_code, SAID in saved.content.decode()) == (422, True)
    client.post(step("story"), {"story": page.context["form"]["story"].value()})
    assert Draft.objects.get().answers["story"]["story"] == "他们半夜打来。…"


def test_a_message_keeps_no_code_and_says_so(borrower: cast.Filed) -> None:
    client = follows(borrower.code)
    page = client.post(reverse("add"), {"what": "addendum"}).headers["Location"]
    answer = client.post(page, {"text": f"My code is {borrower.code}.", "go": "send", "whole": "1"})
    assert SAID in text(answer)
    assert not Message.objects.exists()
    assert borrower.code not in str([draft.answers for draft in Draft.objects.all()])
