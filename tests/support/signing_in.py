"""Signs in through all pages: password, second factor, what follows. `cast.signed_in` is the short way."""

from django.test import Client
from playwright.sync_api import BrowserContext, Page

from complaints.models import StaffMember
from complaints.staff import second_factor
from complaints.staff.allauth_mfa import yield_hotp_counters_from_time

from . import cast

LOGIN = "/admin/login/"
GO_ON = "/admin/sign-in/"
CODE = f"{GO_ON}code/"
SET_UP = f"{GO_ON}set-up/"


def with_the_password(member: StaffMember, client: Client | None = None, password: str = cast.PASSWORD) -> Client:
    """A browser that has entered the right password and nothing else."""
    client = client or Client()
    response = client.post(LOGIN, {"username": member.username, "password": password})
    assert response["Location"] == GO_ON, response.content.decode()
    return client


def goes_on(client: Client) -> str:
    """The address of the next step."""
    return str(client.get(GO_ON)["Location"])


def sets_up(client: Client) -> list[str]:
    """Set up a second factor with the secret of the QR code. Returns the recovery codes of the page."""
    client.get(SET_UP)
    secret = client.session["signing_in"]["secret"]
    page = client.post(SET_UP, {"code": second_factor.code_of(secret, now())})
    return list(page.context["codes"])


def now() -> int:
    """The present period of thirty seconds, for which a code is valid."""
    _before, step, _after = yield_hotp_counters_from_time()
    return int(step)


def all_the_way(member: StaffMember, password: str = cast.PASSWORD) -> Client:
    """Sign in with password and second factor, which is set up if there is none."""
    client = with_the_password(member, password=password)
    if second_factor.is_set_up(member):
        client.post(CODE, {"code": second_factor.code_now(member)})
    else:
        sets_up(client)
    assert goes_on(client) == "/admin/"
    return client


def sits_down(browser: BrowserContext, site: str, member: StaffMember) -> None:
    """Sign in a real browser without the pages."""
    cookie = cast.signed_in(member).cookies["sessionid"]
    browser.add_cookies([{"name": "sessionid", "value": cookie.value, "url": site}])


def signs_in_at_the_demo(page: Page, username: str, password: str = "holdfast-demo") -> None:
    """Sign in by hand with the code on the demo's page. A person has two codes in thirty seconds."""
    page.goto("/admin/")
    page.locator("[name=username]").fill(username)
    page.locator("[name=password]").fill(password)
    page.locator("[type=submit].do").click()
    page.locator("[name=code]").fill(page.locator(".notice strong").inner_text())
    sets_it_up = SET_UP in page.url
    page.locator("[type=submit].do").click()
    if sets_it_up:
        page.locator(".recovery-codes").wait_for()
        page.locator("a.do").click()
    page.wait_for_url(lambda url: GO_ON not in url)  # only then is the browser signed in
