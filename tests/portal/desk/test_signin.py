"""Signing in to the desk: by password and second factor, and by nothing less."""

import re
from typing import Any

import pytest
import segno
from allauth.mfa.models import Authenticator
from django.test import Client

from complaints.models import CodeTries, StaffMember
from complaints.staff import second_factor
from evidence import ledger
from tests.support import cast
from tests.support.signing_in import (
    CODE,
    GO_ON,
    LOGIN,
    SET_UP,
    all_the_way,
    goes_on,
    now,
    sets_up,
    with_the_password,
)

DESK = "/admin/complaints/case/"


def about(member: StaffMember) -> list[str]:
    """The kinds of what the ledger says of a member."""
    return [entry.kind for entry in ledger.history("portal") if entry.subject == f"staff:{member.uid}"]


def test_the_first_time_one_sets_up_the_second_factor_and_sees_the_recovery_codes_once(
    investigator: StaffMember,
) -> None:
    client = with_the_password(investigator)
    assert goes_on(client) == SET_UP
    codes = sets_up(client)
    assert len(set(codes)) == 10
    assert client.get(GO_ON)["Location"] == "/admin/"
    assert client.get(DESK).status_code == 200
    assert second_factor.recovery_codes_left(investigator) == 10
    assert about(investigator) == ["staff.second_factor_set"]
    for page in (client.get("/admin/own/"), client.get(SET_UP, follow=True)):
        assert not any(code in page.content.decode() for code in codes)


def test_the_picture_is_for_the_one_who_sets_up(investigator: StaffMember) -> None:
    client = with_the_password(investigator)
    page = client.get(SET_UP).content.decode()
    assert f'src="{SET_UP}qr.svg"' in page
    picture = client.get(f"{SET_UP}qr.svg")
    assert (picture.status_code, picture["Content-Type"]) == (200, "image/svg+xml")
    secret = client.session["signing_in"]["secret"]
    assert secret in page.replace(" ", "")
    assert drawn(picture.content) == coded(second_factor.address(investigator, secret))
    assert Client().get(f"{SET_UP}qr.svg")["Location"] == GO_ON


def coded(text: str) -> set[tuple[int, int]]:
    """The row and column of each dark square of a text's QR code."""
    rows = enumerate(segno.make(text, error="m", micro=False).matrix)
    return {(row, column) for row, squares in rows for column, dark in enumerate(squares) if dark}


def drawn(picture: bytes) -> set[tuple[int, int]]:
    """The same of a picture, in which one line jumps (M, m) and draws (h) over a border of four squares."""
    (line,) = re.findall(r'stroke="#000" d="([^"]+)"', picture.decode())
    dark, x, y = set(), 0, 0.0
    for command, along, down in re.findall(r"([Mmh])(-?\d+)(?: (-?[\d.]+))?", line):
        if command == "h":
            dark |= {(int(y) - 4, x + step - 4) for step in range(int(along))}
        x, y = (int(along), float(down)) if command == "M" else (x + int(along), y + float(down or 0))
    return dark


def test_a_phone_reads_the_portals_name_and_the_username_from_it(investigator: StaffMember, settings: Any) -> None:
    settings.SITE_NAME = "Office of Example"
    written = second_factor.address(investigator, "ABCD")
    assert written == "otpauth://totp/investigator?secret=ABCD&issuer=Office%20of%20Example"


def test_at_the_next_sign_in_the_second_factor_is_asked_for(investigator: StaffMember) -> None:
    all_the_way(investigator)
    client = with_the_password(investigator)
    assert goes_on(client) == CODE
    assert client.get(DESK).status_code == 302
    client.post(CODE, {"code": second_factor.code_now(investigator)})
    assert goes_on(client) == "/admin/"
    assert client.get(DESK).status_code == 200


def test_the_password_alone_opens_nothing(investigator: StaffMember) -> None:
    client = with_the_password(investigator)
    for address in ("/admin/", DESK, "/admin/own/", "/admin/password_change/"):
        assert client.get(address)["Location"].startswith(LOGIN)
    assert "_auth_user_id" not in client.session


def test_sign_in_leads_to_the_page_that_was_asked_for(investigator: StaffMember) -> None:
    client = Client()
    sent = {"username": "investigator", "password": cast.PASSWORD, "next": f"{DESK}?queue=open"}
    client.post(LOGIN, sent)
    sets_up(client)
    assert goes_on(client) == f"{DESK}?queue=open"


def test_sign_in_leads_to_no_other_site(investigator: StaffMember) -> None:
    client = Client()
    client.post(LOGIN, {"username": "investigator", "password": cast.PASSWORD, "next": "https://example.org/"})
    sets_up(client)
    assert goes_on(client) == "/admin/"


def test_a_wrong_code_opens_nothing(investigator: StaffMember) -> None:
    all_the_way(investigator)
    client = with_the_password(investigator)
    right = second_factor.code_now(investigator)
    for wrong in ("", "000000" if right != "000000" else "111111", "一二三四五六", "\0", right + "0", "9" * 500):
        page = client.post(CODE, {"code": wrong})
        assert page.status_code == 200
        assert 'role="alert"' in page.content.decode()
        assert goes_on(client) == CODE


def test_a_code_counts_once(investigator: StaffMember) -> None:
    all_the_way(investigator)
    code = second_factor.code_now(investigator)
    assert second_factor.accepts(investigator, code)
    assert not second_factor.accepts(investigator, code)


@pytest.mark.parametrize(
    "spelled",
    ["{0}{1}", "{0} {1}", "{0}\u00a0{1}", "{0}\u200b{1}", "{0}–{1}", "验证码：{0}{1}。", "code: {0}.{1}"],
)
@pytest.mark.parametrize("is_wide", [False, True])
def test_a_code_counts_however_it_is_written(spelled: str, is_wide: bool, investigator: StaffMember) -> None:
    all_the_way(investigator)
    client = with_the_password(investigator)
    code = second_factor.code_now(investigator)
    wide = "".join(chr(ord(one) + 0xFEE0) for one in code) if is_wide else code
    client.post(CODE, {"code": spelled.format(wide[:3], wide[3:])})
    assert goes_on(client) != CODE


def test_the_code_of_the_set_up_does_not_count_again(investigator: StaffMember) -> None:
    client = with_the_password(investigator)
    client.get(SET_UP)
    secret = client.session["signing_in"]["secret"]
    code = second_factor.code_of(secret, now())
    client.post(SET_UP, {"code": code})
    assert not second_factor.accepts(investigator, code)


def test_a_recovery_code_counts_once_and_is_typed_as_it_comes(investigator: StaffMember) -> None:
    code = sets_up(with_the_password(investigator))[3]
    assert second_factor.accepts(investigator, f" {code[:4]}\u200b–{code[4:]}。")
    assert not second_factor.accepts(investigator, code)
    assert second_factor.recovery_codes_left(investigator) == 9


def test_whoever_has_a_second_factor_sets_up_no_other(investigator: StaffMember) -> None:
    slow = with_the_password(investigator)
    slow.get(SET_UP)
    secret = slow.session["signing_in"]["secret"]
    all_the_way(investigator)
    assert slow.post(SET_UP, {"code": second_factor.code_of(secret, now())})["Location"] == GO_ON
    assert goes_on(slow) == CODE
    assert second_factor.set_up(investigator, secret, second_factor.code_of(secret, now())) == []


def test_after_five_wrong_codes_one_waits_wherever_one_sits(investigator: StaffMember) -> None:
    all_the_way(investigator)
    for number in range(5):
        client = with_the_password(investigator, Client(REMOTE_ADDR=f"192.0.2.{number}"))
        assert client.post(CODE, {"code": "nonsense"}).status_code == 200
    page = client.post(CODE, {"code": second_factor.code_now(investigator)})
    assert (page.status_code, goes_on(client)) == (429, CODE)
    assert "Please wait" in page.content.decode()
    CodeTries.objects.update(not_before=None)
    assert client.post(CODE, {"code": second_factor.code_now(investigator)})["Location"] == GO_ON
    assert CodeTries.objects.get().misses == 0


def test_the_secret_is_encrypted_in_the_database(investigator: StaffMember) -> None:
    client = with_the_password(investigator)
    client.get(SET_UP)
    secret = client.session["signing_in"]["secret"]
    client.post(SET_UP, {"code": second_factor.code_of(secret, now())})
    kept = Authenticator.objects.get(type="totp").data["secret"]
    assert secret not in kept
    assert second_factor.Adapter().decrypt(kept) == secret
    assert "secret" not in client.session.get("signing_in", {})


def test_the_secret_survives_another_key_of_the_portal(investigator: StaffMember, settings: Any) -> None:
    all_the_way(investigator)
    settings.SECRET_KEY_FALLBACKS, settings.SECRET_KEY = (
        [settings.SECRET_KEY],
        "another key, long enough for anything",
    )
    assert second_factor.accepts(investigator, second_factor.code_now(investigator))


def test_a_session_that_saw_no_second_factor_is_nobodys(investigator: StaffMember) -> None:
    client = Client()
    client.force_login(investigator)
    assert client.get(DESK).status_code == 302


def test_who_is_on_the_way_too_long_begins_again(investigator: StaffMember) -> None:
    client = with_the_password(investigator)
    session = client.session
    session["signing_in"] = {**session["signing_in"], "until": 1}
    session.save()
    assert goes_on(client) == LOGIN


def test_who_is_deactivated_on_the_way_gets_no_further(investigator: StaffMember) -> None:
    client = with_the_password(investigator)
    StaffMember.objects.update(is_active=False)
    assert goes_on(client) == LOGIN


@pytest.mark.parametrize("language", ["en", "zh-CN"])
def test_the_pages_of_the_way_have_no_inline_script_or_style(investigator: StaffMember, language: str) -> None:
    client = Client(headers={"accept-language": language})
    pages = [client.get(LOGIN)]
    with_the_password(investigator, client)
    pages.append(client.get(SET_UP))
    secret = client.session["signing_in"]["secret"]
    pages.append(client.post(SET_UP, {"code": second_factor.code_of(secret, now())}))
    goes_on(client)
    pages.append(client.get("/admin/own/"))
    for page in pages:
        text = page.content.decode()
        assert page.status_code == 200
        assert not re.search(r"<style|\sstyle=|\son[a-z]+=|javascript:|data:", text)
        assert "no-store" in page["Cache-Control"]
        assert ('lang="zh-hans"' in text) == (language == "zh-CN")


def test_giving_up_half_way_ends_it(investigator: StaffMember) -> None:
    client = with_the_password(investigator)
    client.post("/admin/logout/")
    assert goes_on(client) == LOGIN


def test_the_demo_says_the_code_with_which_one_sets_up_and_only_the_demo(
    investigator: StaffMember, settings: Any
) -> None:
    client = with_the_password(investigator)
    settings.DEMO = False
    assert client.get(SET_UP).context["demo_code"] == ""
    settings.DEMO = True
    page = client.get(SET_UP)
    code = page.context["demo_code"]
    assert code in page.content.decode()
    assert client.post(SET_UP, {"code": code}).context["codes"]


def test_only_the_demo_says_the_code(investigator: StaffMember, settings: Any) -> None:
    all_the_way(investigator)
    settings.DEMO = False
    client = with_the_password(investigator)
    assert second_factor.code_now(investigator) not in client.get(CODE).content.decode()
    settings.DEMO = True
    assert second_factor.code_now(investigator) in client.get(CODE).content.decode()


def test_a_changed_secret_key_is_named_instead_of_an_error(investigator: StaffMember, settings: Any) -> None:
    first = with_the_password(investigator)
    goes_on(first)
    sets_up(first)
    code, key = second_factor.code_now(investigator), settings.SECRET_KEY
    settings.SECRET_KEY = "another secret key that nobody kept the first beside"
    client = with_the_password(investigator)
    page = client.post(CODE, {"code": code})
    assert page.status_code == 503
    assert "SECRET_KEY_FALLBACKS" in page.content.decode()
    settings.SECRET_KEY_FALLBACKS = [key]
    assert client.post(CODE, {"code": code}).status_code == 302
