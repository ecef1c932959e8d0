"""A lawyer's grant, from the borrower's phone to the lawyer's desk, and what everybody else meets."""

import hashlib
import re
from contextlib import nullcontext
from datetime import timedelta
from functools import partial
from typing import Any

import pyrage
import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from complaints.bundles import age_encryption, exports, grants
from complaints.bundles.options import Options
from complaints.cases import consents
from complaints.models import Case, Export, Grant, StaffMember, Team
from complaints.refusal import Refused
from evidence import ledger
from evidence.storage import vault
from tests.support import cast, handed
from tests.support.at_once import at_once, fails, slowly
from tests.support.bundles import opened, seal_all
from tests.support.office import last_of, routed, told
from tests.support.pages import follows, somebody, text

GIVE = {"audience": "legal_aid", "language": "both", "exhibits": ["1"], "hidden": "", "go": "give"}
TO = {"recipient": "王律师", "days": "7", "downloads": "2", "age_key": ""}


@pytest.fixture
def case(borrower: cast.Filed) -> Case:
    seal_all(borrower.case)
    return borrower.case


@pytest.fixture
def phone(borrower: cast.Filed) -> Client:
    return follows(borrower.code)


def secrets_of(answer: Any) -> tuple[str, str]:
    """The link and the passphrase, as the page shows them once."""
    link, phrase = re.findall(r'<code class="copied">([^<]+)</code>', text(answer))
    return link.removeprefix("http://testserver"), phrase


def given(phone: Client, **chosen: Any) -> tuple[str, str]:
    answer = phone.post(reverse("follow_give"), {**GIVE, **TO, **chosen})
    assert answer.status_code == 200, text(answer)
    exports.make_waiting()
    return secrets_of(answer)


def enters(link: str, phrase: str) -> Client:
    desk = somebody()
    desk.post(link, {"phrase": phrase})
    return desk


def fetched(desk: Client, link: str) -> Any:
    return desk.post(link, {"go": "fetch"}, follow=True)


@pytest.mark.parametrize("agreed", ["on", ""])
def test_the_police_learn_who_filed_if_the_borrower_agrees_where_they_give_it(
    case: Case, phone: Client, agreed: str
) -> None:
    link, phrase = given(phone, audience="police", agreed=agreed)
    bag = opened(handed.read(fetched(enters(link, phrase), link)))
    assert bag.json("proofs/export.json")["audience"] == "police"
    assert ("data/documents/reporter.json" in bag.files) is bool(agreed)
    assert ("police" in consents.in_force(case)) is bool(agreed)


def test_a_lawyer_fetches_what_the_borrower_gave(case: Case, phone: Client) -> None:
    link, phrase = given(phone, agreed="on")
    desk = enters(link, phrase.lower().replace(" ", ""))
    assert "王律师" in text(desk.get(link))
    bag = opened(handed.read(fetched(desk, link)))
    assert bag.json("data/documents/reporter.json")["name"] == "李小梅"
    assert bag.json("proofs/export.json")["audience"] == "legal_aid"
    assert told(case)[-5:] == [
        "consent.given",
        "grant.given",
        "bundle.exported",
        "grant.opened",
        "bundle.downloaded",
    ]
    assert last_of(case, "bundle.downloaded")["by"] == {"role": "recipient", "id": str(Grant.objects.get().pk)}
    page = text(phone.get(reverse("follow_case")))
    assert "The recipient downloaded the case bundle" in page


def test_whoever_has_the_bundle_can_compare_it_by_telephone(case: Case, phone: Client) -> None:
    link, phrase = given(phone)
    desk = enters(link, phrase)
    lent = opened(handed.read(fetched(desk, link)))
    assert hashlib.sha256(lent.files["tagmanifest-sha256.txt"]).hexdigest() in text(desk.get(link))
    own = opened(handed.read(handed.own(phone, case)))
    page = text(phone.get(reverse("follow_bundle_made", args=[handed.newest(case).pk])))
    assert hashlib.sha256(own.files["tagmanifest-sha256.txt"]).hexdigest() in page


def test_without_the_borrowers_yes_their_name_stays_out(case: Case, phone: Client) -> None:
    link, phrase = given(phone)
    bag = opened(handed.read(fetched(enters(link, phrase), link)))
    assert "data/documents/reporter.json" not in bag.files
    assert "consent.given" not in told(case)


def test_the_ledger_knows_the_recipient_by_a_salted_digest_alone(case: Case, phone: Client) -> None:
    given(phone)
    grant, entry = Grant.objects.get(), last_of(case, "grant.given")
    assert entry["data"]["grant"] == hashlib.sha256(grant.document).hexdigest()
    assert "王律师" in bytes(grant.document).decode()
    assert "王律师" not in str([ledger.content_of(one) for one in ledger.history(case.thread)])
    grants = b"".join(opened(handed.read(handed.own(phone, case))).files.values())
    assert "王律师".encode() not in grants


def test_the_secrets_are_kept_nowhere(case: Case, phone: Client) -> None:
    link, phrase = given(phone)
    kept = str(Grant.objects.values().get()) + str(Export.objects.values().get())
    assert link.split("/")[2] not in kept
    assert phrase not in kept
    assert phrase not in text(phone.get(reverse("follow_bundle")))


@pytest.mark.parametrize(
    ("terms", "refused"),
    [
        ({}, False),
        ({"recipient": "  "}, True),
        ({"days": 1, "downloads": 1}, False),
        ({"days": 0}, True),
        ({"downloads": 0}, True),
        ({"days": 30, "downloads": 20}, False),
        ({"days": 31}, True),
        ({"downloads": 21}, True),
    ],
    ids=str,
)
def test_a_grant_has_a_recipient_and_an_end(case: Case, terms: dict[str, Any], refused: bool) -> None:
    wanted = grants.Terms(**{"recipient": "王律师", "days": 7, "downloads": 2, **terms})
    options = Options.usual("legal_aid").kept()
    with pytest.raises(Refused, match="who it is for") if refused else nullcontext():
        grants.give(case, options, wanted, language="en")
    assert Grant.objects.exists() is not refused


def test_downloads_are_counted_and_a_broken_one_goes_on(case: Case, phone: Client) -> None:
    link, phrase = given(phone, downloads="1")
    desk = enters(link, phrase)
    whole = handed.read(fetched(desk, link))
    rest = desk.get(f"{link}file/", headers={"range": "bytes=100-"})
    assert (rest.status_code, handed.read(rest)) == (206, whole[100:])
    assert fetched(desk, link).status_code == 409
    assert "This did not open" in text(somebody().post(link, {"phrase": phrase}))
    assert Grant.objects.get().downloads == 1


def test_a_counted_download_taken_again_is_on_the_ledger_and_ends_after_some_hours(
    case: Case, phone: Client
) -> None:
    link, phrase = given(phone, downloads="1")
    desk = enters(link, phrase)
    whole = handed.read(fetched(desk, link))
    desk.head(f"{link}file/")
    assert told(case).count("bundle.downloaded") == 1
    for again in ({}, {"range": "bytes=0-"}):
        assert handed.read(desk.get(f"{link}file/", headers=again)) == whole
    assert told(case).count("bundle.downloaded") == 3
    assert Grant.objects.get().downloads == 1
    session = desk.session
    session["counted"][str(Grant.objects.get().pk)]["at"] -= 7 * 60 * 60
    session.save()
    for further in ({}, {"range": "bytes=100-"}):
        assert desk.get(f"{link}file/", headers=further).status_code == 302


@pytest.mark.parametrize(
    "spelt", ["bytes=1-", "bytes=00-", "Bytes=0-", "bytes=-9999999999", "bytes=0-0,1-", "items=1-"]
)
def test_no_spelling_of_a_range_takes_a_second_whole_unrecorded(case: Case, phone: Client, spelt: str) -> None:
    link, phrase = given(phone, downloads="1")
    desk = enters(link, phrase)
    handed.read(fetched(desk, link))
    for _ in range(5):
        handed.read(desk.get(f"{link}file/", headers={"range": spelt}))
    assert told(case).count("bundle.downloaded") == 6
    assert Grant.objects.get().downloads == 1


def test_a_second_whole_in_small_pieces_is_recorded_too(case: Case, phone: Client) -> None:
    link, phrase = given(phone, downloads="1")
    desk = enters(link, phrase)
    whole = len(handed.read(fetched(desk, link)))
    for at in range(0, whole, 10000):
        handed.read(desk.get(f"{link}file/", headers={"range": f"bytes={at}-{at + 9999}"}))
    assert told(case).count("bundle.downloaded") == 2


def test_a_download_that_breaks_often_is_one_download(case: Case, phone: Client) -> None:
    link, phrase = given(phone, downloads="1")
    desk = enters(link, phrase)
    answer: Any = desk.post(link, {"go": "fetch"}, follow=True)
    taken, parts, size = b"", 0, Grant.objects.get().export.size or 0
    while True:
        taken, parts = taken + next(answer._iterator), parts + 1
        answer._iterator.close()
        if len(taken) >= size:
            break
        answer = desk.get(f"{link}file/", headers={"range": f"bytes={len(taken)}-"})
    assert opened(taken)
    assert parts > 3
    assert told(case).count("bundle.downloaded") == 1


def test_encrypted_it_always_leaves_whole_and_is_recorded_so(case: Case, phone: Client) -> None:
    key = pyrage.x25519.Identity.generate().to_public()
    link, phrase = given(phone, downloads="1", age_key=str(key))
    desk = enters(link, phrase)
    handed.read(fetched(desk, link))
    handed.read(desk.get(f"{link}file/", headers={"range": "bytes=5-"}))
    assert told(case).count("bundle.downloaded") == 2


def test_who_leaves_a_case_leaves_what_else_was_opened_in_the_browser(case: Case, phone: Client) -> None:
    link, phrase = given(phone)
    phone.post(link, {"phrase": phrase})
    handed.read(fetched(phone, link))
    phone.post(reverse("leave_case"))
    assert phone.get(f"{link}file/").status_code == 302
    assert "王律师" not in text(phone.get(link))


def test_a_grant_taken_back_opens_nothing_even_where_it_was_open(case: Case, phone: Client) -> None:
    link, phrase = given(phone)
    desk = enters(link, phrase)
    fetched(desk, link)
    phone.post(reverse("follow_revoke", args=[Grant.objects.get().pk]))
    assert desk.get(f"{link}file/").status_code == 302
    assert "王律师" not in text(desk.get(link))
    assert "This did not open" in text(desk.post(link, {"phrase": phrase}))
    assert told(case)[-1] == "grant.revoked"


@pytest.mark.django_db(transaction=True)
def test_a_grant_is_taken_back_though_the_storage_is_away_and_its_file_goes_later(
    case: Case, phone: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    given(phone)
    grant = Grant.objects.select_related("export").get()
    with monkeypatch.context() as patch:
        patch.setattr(vault, "delete", fails)
        assert phone.post(reverse("follow_revoke", args=[grant.pk])).status_code == 302
    grant.refresh_from_db()
    assert grant.revoked_at
    assert told(case)[-1] == "grant.revoked"
    exports.forget_old()
    assert not vault.exists(grant.export_id)


@pytest.mark.django_db(transaction=True)
def test_two_who_take_a_grant_back_in_the_same_instant_are_recorded_once(
    case: Case, phone: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    given(phone)
    grant = Grant.objects.get()
    monkeypatch.setattr(grants, "_record", slowly(grants._record))
    at_once(*[lambda: grants.revoke(grant)] * 2)
    assert told(case).count("grant.revoked") == 1


def a_page(phone: Client) -> dict[str, Any]:
    """The form of a page that gives a bundle, with its token."""
    page = phone.get(reverse("follow_give") + "?audience=legal_aid")
    return {**GIVE, **TO, "csrfmiddlewaretoken": token_of(page)}


def token_of(page: Any) -> str:
    return text(page).split('name="csrfmiddlewaretoken" value="')[1].split('"')[0]


def test_the_page_with_the_secrets_loaded_again_shows_the_same_ones(case: Case, phone: Client) -> None:
    sent = a_page(phone)
    first, again = (secrets_of(phone.post(reverse("follow_give"), sent)) for _time in range(2))
    assert first == again
    assert Grant.objects.count() == Export.objects.count() == 1
    assert told(case).count("grant.given") == 1


def test_other_terms_or_another_page_are_another_grant_with_other_secrets(case: Case, phone: Client) -> None:
    sent = a_page(phone)
    shown = [secrets_of(phone.post(reverse("follow_give"), {**sent, "days": days})) for days in ("7", "8")]
    shown.append(secrets_of(phone.post(reverse("follow_give"), a_page(phone))))
    assert len({link for link, _phrase in shown}) == len({phrase for _link, phrase in shown}) == 3
    assert Grant.objects.count() == 3


@pytest.mark.django_db(transaction=True)
def test_a_doubled_click_gives_once(case: Case, borrower: cast.Filed) -> None:
    phones = [follows(borrower.code), follows(borrower.code)]
    sent = a_page(phones[0])
    first, second = at_once(*[partial(phone.post, reverse("follow_give"), sent) for phone in phones])
    assert secrets_of(first) == secrets_of(second)
    assert Grant.objects.count() == 1


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("go", ["read", "fetch"])
def test_a_doubled_click_counts_and_records_one_use(case: Case, phone: Client, go: str) -> None:
    link, phrase = given(phone, downloads="2")
    desk = enters(link, phrase)
    sent = {"go": go, "csrfmiddlewaretoken": token_of(desk.get(link))}
    answers = at_once(*[partial(desk.post, link, sent)] * 2)
    assert {answer.status_code for answer in answers} == {302}
    assert (Grant.objects.get().downloads, told(case).count("bundle.downloaded")) == (1, 1)
    assert desk.get(answers[0].headers["Location"]).status_code == 200


@pytest.mark.django_db(transaction=True)
def test_a_doubled_click_on_the_own_bundle_records_one_download(case: Case, phone: Client) -> None:
    page = phone.post(reverse("follow_bundle")).headers["Location"]
    exports.make_waiting()
    sent = {"csrfmiddlewaretoken": token_of(phone.get(page))}
    answers = at_once(*[partial(phone.post, f"{page}fetch/", sent)] * 2)
    assert handed.read(phone.get(answers[0].headers["Location"])).startswith(b"PK")
    assert told(case).count("bundle.downloaded") == 1


def test_a_grant_whose_taking_back_cannot_be_recorded_is_not_taken_back(
    case: Case, phone: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    given(phone)
    monkeypatch.setattr(ledger, "append", fails)
    with pytest.raises(OSError, match="it fails"):
        grants.revoke(Grant.objects.get())
    assert Grant.objects.get().revoked_at is None


def test_a_download_that_cannot_be_counted_is_not_recorded_either(
    case: Case, phone: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    given(phone)
    monkeypatch.setattr(Grant, "save", fails)
    with pytest.raises(OSError, match="it fails"):
        grants.fetch(Grant.objects.get())
    assert "bundle.downloaded" not in told(case)


def test_a_used_up_grant_can_be_taken_back_from_who_used_it(case: Case, phone: Client) -> None:
    """It could take up its download again until the grant's end."""
    link, phrase = given(phone, downloads="1")
    desk = enters(link, phrase)
    fetched(desk, link)
    take_it_back = reverse("follow_revoke", args=[Grant.objects.get().pk])
    assert take_it_back in text(phone.get(reverse("follow_bundle")))
    phone.post(take_it_back)
    assert desk.get(f"{link}file/").status_code == 302
    assert take_it_back not in text(phone.get(reverse("follow_bundle")))


def test_wrong_unknown_over_and_taken_back_are_one_answer(case: Case, phone: Client) -> None:
    link, phrase = given(phone)
    unknown = text(somebody().get("/handed/nothing/"))
    known = text(somebody().get(link))
    assert re.sub("csrf.*?>", "", unknown).replace("/handed/nothing/", "") == re.sub(
        "csrf.*?>", "", known
    ).replace(link, "")
    for address, typed in ((link, "0000 0000"), ("/handed/nothing/", phrase), (link, "王"), (link, "\x00")):
        answer = somebody().post(address, {"phrase": typed})
        assert answer.status_code == 422
        assert "王律师" not in text(answer)
        assert case.reference not in text(answer)
    Grant.objects.update(expires_at=timezone.now() - timedelta(seconds=1))
    assert "This did not open" in text(somebody().post(link, {"phrase": phrase}))
    assert "grant.opened" not in told(case)


def test_guessing_is_asked_to_wait_and_a_right_phrase_always_opens(case: Case, phone: Client) -> None:
    link, phrase = given(phone)
    for _ in range(11):
        answer = somebody().post(link, {"phrase": "0000 0000"})
    assert "Too many codes were tried" in text(answer)
    assert "王律师" in text(enters(link, phrase).get(link))


def test_a_bundle_encrypted_to_the_recipients_key_opens_with_it_alone(case: Case, phone: Client) -> None:
    identity = pyrage.x25519.Identity.generate()
    link, phrase = given(phone, age_key=str(identity.to_public()))
    answer = fetched(enters(link, phrase), link)
    assert answer["Content-Disposition"].endswith('.zip.age"')
    sealed = handed.read(answer)
    assert opened(pyrage.decrypt(sealed, [identity])).reference == case.reference
    with pytest.raises(pyrage.DecryptError):
        pyrage.decrypt(sealed, [pyrage.x25519.Identity.generate()])


def test_an_error_while_it_is_encrypted_ends_it() -> None:
    def torn() -> Any:
        yield b"x" * 70_000
        raise RuntimeError("gone")

    key = str(pyrage.x25519.Identity.generate().to_public())
    with pytest.raises(RuntimeError):
        list(age_encryption.encrypted(torn(), key))
    endless = age_encryption.encrypted(iter(lambda: b"y" * 70_000, b""), key)
    next(endless)
    endless.close()  # type: ignore[attr-defined]  # who goes away ends the work


@pytest.mark.parametrize(
    "wrong",
    [
        {"recipient": ""},
        {"days": "0"},
        {"days": "31"},
        {"downloads": "0"},
        {"downloads": "many"},
        {"age_key": "age1nothing"},
        {"hidden": "王"},
        {"exhibits": ["9"]},
    ],
)
def test_what_no_grant_can_be_is_refused_and_nothing_is_made(
    case: Case, phone: Client, wrong: dict[str, Any]
) -> None:
    answer = phone.post(reverse("follow_give"), {**GIVE, **TO, **wrong})
    assert answer.status_code == 422
    assert not Export.objects.exists()


@pytest.mark.parametrize("audience", ["office", "borrower", "anybody", ""])
def test_the_borrower_gives_only_what_is_made_for_somebody_outside(
    case: Case, phone: Client, audience: str
) -> None:
    phone.post(reverse("follow_give"), {**GIVE, **TO, "audience": audience})
    assert not Export.objects.exists()


def test_nobody_takes_back_or_fetches_what_is_anothers(
    case: Case, phone: Client, second_borrower: cast.Filed
) -> None:
    given(phone)
    handed.own(phone, case)
    other, grant = follows(second_borrower.code), Grant.objects.get()
    assert other.post(reverse("follow_revoke", args=[grant.pk])).status_code == 404
    for export in Export.objects.all():
        assert other.get(reverse("follow_bundle_made", args=[export.pk])).status_code == 404
        assert other.post(reverse("follow_bundle_fetch", args=[export.pk])).status_code == 404
        assert other.get(reverse("follow_bundle_file", args=[export.pk])).status_code == 404
    assert phone.get(reverse("follow_bundle_file", args=[grant.export_id])).status_code == 404
    assert somebody().post(reverse("follow_give"), {**GIVE, **TO}).status_code == 404


def test_a_consent_taken_back_closes_the_grant_that_rests_on_it(case: Case, phone: Client) -> None:
    link, phrase = given(phone, agreed="on")
    consents.withdraw(case, "legal_aid")
    desk = enters(link, phrase)
    assert fetched(desk, link).status_code == 409
    assert Grant.objects.get().downloads == 0


# At the desk


def test_staff_give_a_link_and_take_it_back(
    case: Case, south: Team, investigator: StaffMember, auditor: StaffMember, investigator_north: StaffMember
) -> None:
    routed(case, south)
    desk, address = cast.signed_in(investigator), reverse("admin:case_bundle", args=[case.pk])
    for other, status in ((auditor, 403), (investigator_north, 404)):
        client = cast.signed_in(other)
        assert client.get(address).status_code == status
        assert client.post(address, {**GIVE, **TO}).status_code == status
    answer = desk.post(address, {**GIVE, **TO})
    exports.make_waiting()
    link, phrase = secrets_of(answer)
    assert handed.read(fetched(enters(link, phrase), link)).startswith(b"PK")
    grant = Grant.objects.get()
    revoke = reverse("admin:case_bundle_revoke", args=[case.pk, grant.pk])
    assert cast.signed_in(auditor).post(revoke).status_code == 403
    desk.post(revoke)
    assert not Grant.objects.get().is_open
    assert last_of(case, "grant.revoked")["by"]["role"] == "investigator"


def test_another_team_reaches_no_page_of_a_bundle(
    case: Case, south: Team, investigator: StaffMember, investigator_north: StaffMember, auditor: StaffMember
) -> None:
    routed(case, south)
    handed.at_the_desk(cast.signed_in(investigator), case)
    export = handed.newest(case)
    for member, status in ((investigator_north, 404), (auditor, 403)):
        client = cast.signed_in(member)
        for name, posts in (("made", False), ("file", False), ("fetch", True), ("approve", True)):
            address = reverse(f"admin:case_bundle_{name}", args=[case.pk, export.pk])
            assert (client.post if posts else client.get)(address).status_code == status, name


def test_a_file_is_only_had_by_the_step_that_is_recorded(
    case: Case, south: Team, investigator: StaffMember
) -> None:
    routed(case, south)
    desk = cast.signed_in(investigator)
    handed.at_the_desk(desk, case)
    address = reverse("admin:case_bundle_file", args=[case.pk, handed.newest(case).pk])
    assert desk.get(address).status_code == 200
    assert cast.signed_in(investigator).get(address).status_code == 403


def test_the_preview_says_which_exhibits_stay_because_their_words_show_who_filed(
    south: Team, investigator: StaffMember
) -> None:
    who = {"name": "李小梅", "phone": "199 0000 1234"}
    files = [("chat.txt", "李小梅，该还钱了".encode()), ("two.txt", "该还钱了".encode())]
    case = cast.file_a_complaint(files=files, story={"story": "我叫李小梅，他们每天打电话。"}, reach=who).case
    routed(case, south)
    desk, address = cast.signed_in(investigator), reverse("admin:case_bundle", args=[case.pk])
    page = text(desk.get(address, {"audience": "legal_aid"}))
    assert "left out, because the text shows who filed: E-1" in re.sub(r"\s+", " ", page)
    assert "李小梅" not in page.partition("They will get")[2]
    assert "because the text shows who filed" not in text(desk.get(address, {"audience": "office"}))


def test_the_preview_lists_what_leaves(case: Case, south: Team, investigator: StaffMember) -> None:
    routed(case, south)
    desk, address = cast.signed_in(investigator), reverse("admin:case_bundle", args=[case.pk])
    page = text(desk.get(address, {"audience": "regulator"}))
    assert "without your identity" in page
    assert "screenshot.png" in page
    looked = {**GIVE, "audience": "office", "go": "look", "hidden": "我的同事", "exhibits": []}
    page = text(desk.post(address, looked))
    assert "left out" in page
    assert "who filed, and how to reach them" in page
    assert "1 names" in page
    assert not Export.objects.exists()
