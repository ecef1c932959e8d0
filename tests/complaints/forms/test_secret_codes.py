"""No answer keeps a code that opens something, wherever it is typed and however it is written."""

import base64
from collections.abc import Iterator
from itertools import product

import pytest
from django import forms
from django.core.exceptions import ValidationError
from django.urls import reverse
from django.utils import timezone, translation
from hypothesis import given
from hypothesis import strategies as some

from complaints import codes
from complaints.admin.forms import Text
from complaints.bundles import grants
from complaints.bundles.options import Options
from complaints.drafts import drafts
from complaints.forms import secret_codes
from complaints.forms.base import Step, Words
from complaints.models import Case, Draft, Message, Recovery
from complaints.rights import recovery
from evidence.models import EvidenceItem, PendingUpload
from tests.support import cast
from tests.support.pages import begun, code_of, follows, keep, step, text

pytestmark = pytest.mark.django_db
SAID = "This text had a code"


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
    for around, between in product(AROUND, (" ", "", "–", "\u200b", "\n", ".", "_")):
        code = borrower.code.replace(" ", between)
        wide = "".join(chr(ord(one) + 0xFEE0) if one.isalnum() else one for one in code)
        for spelled in (code, code.lower(), wide, code.replace("0", "O").replace("1", "l")):
            assert secret_codes.without(around.replace("{}", spelled)) == around.replace("{}", "…")


def test_a_code_without_digits_is_recognised_between_other_letters(borrower: cast.Filed) -> None:
    code = "QWER TYAS DFGH JKZX CVBN"
    Case.objects.update(code_digest=codes.digest(code))
    for spelled in (code, code.replace(" ", ""), code.replace(" ", "-").lower()):
        for around in AROUND:
            assert secret_codes.without(around.replace("{}", spelled)) == around.replace("{}", "…")


def test_the_portals_own_one_time_code_is_recognised_while_it_is_good(borrower: cast.Filed) -> None:
    asked = recovery.ask(borrower.case.reference, "mei@example.org")
    said = f"They sent me {codes.one_time(asked.pk)} just now."
    assert secret_codes.without(said) == "They sent me … just now."
    Recovery.objects.update(expires_at=timezone.now())
    assert secret_codes.without(said) == said


@pytest.mark.parametrize(
    ("said", "left"),
    [
        ("短信验证码是 483920，五分钟内有效", "短信验证码是 …，五分钟内有效"),
        ("【某银行】您的验证码：４８３ ９２０", "【某银行】您的验证码：…"),
        ("驗證碼為四八三九二零", "驗證碼為…"),
        ("483920是您的动态口令", "…是您的动态口令"),
        ("My verification code is 48-39-20.", "My verification code is …."),
        ("The authenticator app says: 2FA code 483 920", "The authenticator app says: 2FA code …"),
        ("483920 is your one-time passcode", "… is your one-time passcode"),
        ("OTP: 4839", "OTP: …"),
    ],
)
def test_one_time_codes_of_others_are_recognised_by_the_words_beside_them(said: str, left: str) -> None:
    assert secret_codes.without_one_time(said) == left


@pytest.mark.parametrize(
    "said",
    [
        "他们要我的验证码，我欠 12000 元",
        "他们打了 483920 次",
        "验证码2026年11月20日发来",
        "code 483920",
        "验证码 123",
    ],
)
def test_other_numbers_stay_in_a_message(said: str) -> None:
    assert secret_codes.without_one_time(said) == said


def fields_of_the_desk(of: type[forms.Form] = forms.Form) -> Iterator[forms.Field]:
    for form in of.__subclasses__():
        if form.__module__.startswith("complaints.admin"):
            yield from form.base_fields.values()
        yield from fields_of_the_desk(form)


NO_ANSWER = {
    "Search",
    "Reference of a case",
    "Lender",
    "Platform",
    "Collection agency",
}  # of a search, of a dry run


def test_every_field_for_words_at_the_desk_refuses_a_code(borrower: cast.Filed) -> None:
    assert reverse("admin:index")
    typed = [field for field in fields_of_the_desk() if type(field) is forms.CharField or isinstance(field, Text)]
    with translation.override("en"):
        shown = [one for one in typed if not one.widget.is_hidden and str(one.label) not in NO_ANSWER]
    assert len(shown) > 15
    for field in shown:
        with pytest.raises(ValidationError) as caught:
            field.to_python(f"Code: {borrower.code}")
        assert caught.value.code == "secret"
        assert borrower.code not in str(field.bound_data(f"Code: {borrower.code}", None))


def test_the_name_of_a_file_keeps_no_code_and_its_card_says_so() -> None:
    client = begun()
    code = code_of(client).replace(" ", "")
    keep(client, (f"证据_{code}.png", cast.a_screenshot()))
    assert EvidenceItem.objects.get().name == "证据_[code].png"
    assert "We removed the code from the name" in text(client.get(step("evidence")))


def test_nor_does_that_of_a_file_that_comes_in_pieces() -> None:
    client = begun()
    code = code_of(client)
    name = base64.b64encode(f"{code}.amr".encode()).decode()
    sent = {"Tus-Resumable": "1.0.0", "Upload-Length": "9", "Upload-Metadata": f"filename {name}"}
    assert client.generic("POST", "/uploads/", headers=sent).status_code == 201
    assert PendingUpload.objects.get().name == "[code].amr"


def test_a_message_keeps_no_one_time_code_but_a_story_may_tell_of_one(borrower: cast.Filed) -> None:
    client = follows(borrower.code)
    page = client.post(reverse("add"), {"what": "addendum"}).headers["Location"]
    answer = client.post(page, {"text": "验证码是 483920", "go": "send", "whole": "1"})
    assert "This text had a one-time code" in text(answer)
    assert not Message.objects.exists()
    assert Words(most=99).to_python("验证码是 483920")


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
