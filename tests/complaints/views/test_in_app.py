"""Inside an app that saves no files, each page says so before it offers one."""

import pytest
from django.test import Client
from django.urls import reverse

from tests.support import cast
from tests.support.pages import answered, follows, text

pytestmark = pytest.mark.django_db
APPS = {
    "WeChat": "Mozilla/5.0 (Linux; Android 10; EBG-AN00) AppleWebKit/537.36 (KHTML, like Gecko) Version/4.0"
    " Chrome/107.0.5304.141 Mobile Safari/537.36 XWEB/5127 MMWEBSDK/20230405 MicroMessenger/8.0.35.2360"
    " WeChat/arm64 Weixin NetType/WIFI Language/zh_CN ABI/arm64",
    "QQ": "Mozilla/5.0 (iPhone; CPU iPhone OS 15_6 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko)"
    " Mobile/15E148 QQ/8.9.28.635 V1_IPH_SQ_8.9.28_1_APP_A Pixel/1125",
    "Alipay": "Mozilla/5.0 (iPhone; CPU iPhone OS 16_0 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko)"
    " Mobile/20A362 Ariver/1.1.0 AliApp(AP/10.3.50) Nebula WK RVKType(0) AlipayDefined AlipayClient/10.3.50",
    "Weibo": "Mozilla/5.0 (iPhone; CPU iPhone OS 16_1 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko)"
    " Mobile/15E148 Weibo (iPhone13,2__weibo__13.1.2__iphone__os16.1)",
    "Douyin": "Mozilla/5.0 (iPhone; CPU iPhone OS 15_5 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko)"
    " Mobile/15E148 aweme_24.2.0 JsSdk/2.0 NetType/WIFI Channel/App Store BytedanceWebview/d8a21c6",
}
BROWSERS = {
    "QQ's browser": "Mozilla/5.0 (Linux; U; Android 11; zh-cn; M2007J3SC) AppleWebKit/537.36 (KHTML, like Gecko)"
    " Version/4.0 Chrome/89.0.4389.72 MQQBrowser/12.8 Mobile Safari/537.36 COVC/046003",
    "Chrome": "Mozilla/5.0 (Linux; Android 13) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/120.0 Mobile"
    " Safari/537.36",
    "none": "",
}
DOWNLOADS = ("/follow/receipt", "/verify/verify.html", "/handed/")


def inside(client: Client, agent: str, address: str) -> str:
    return text(client.get(address, headers={"user-agent": agent}))


@pytest.mark.parametrize("app", APPS)
def test_each_app_is_known_by_what_it_says_of_itself(app: str, borrower: cast.Filed) -> None:
    page = inside(follows(borrower.code), APPS[app], reverse("follow_case"))
    assert f"You are reading this inside {app}," in page


@pytest.mark.parametrize("browser", BROWSERS)
def test_a_browser_of_its_own_is_not_sent_elsewhere(browser: str, borrower: cast.Filed) -> None:
    assert "You are reading this inside" not in inside(
        follows(borrower.code), BROWSERS[browser], reverse("follow_case")
    )


@pytest.mark.parametrize("where", ["follow_case", "verify"])
def test_it_is_said_before_the_first_download_is_offered(where: str, borrower: cast.Filed) -> None:
    page = inside(follows(borrower.code), APPS["WeChat"], reverse(where))
    main = page[page.index("<main") :]
    offered = [main.index(f'href="{address}') for address in DOWNLOADS if f'href="{address}' in main]
    assert offered
    assert main.index("Open in browser") < min(offered)


def test_it_is_said_where_bundles_are_made_and_fetched(borrower: cast.Filed) -> None:
    for client, where in ((follows(borrower.code), "/follow/bundle/"), (Client(), "/complaints/begin/")):
        page = inside(client, APPS["WeChat"], where)
        assert page.index("Open in browser") < page.index('<form method="post"', page.index("<main"))


def test_dates_are_written_down_where_no_calendar_file_can_be_saved(borrower: cast.Filed) -> None:
    page = inside(follows(borrower.code), APPS["WeChat"], reverse("follow_case"))
    assert "Write the dates down" in page
    assert reverse("follow_dates") not in page


def test_whoever_has_just_filed_is_reminded_that_the_browser_asks_for_the_code() -> None:
    client = answered()
    client.post(reverse("step", args=["check"]))
    page = inside(client, APPS["WeChat"], reverse("filed"))
    assert "The browser asks for your access code, so save the code first." in page
    assert page.index('id="access-code"') < page.index("Open in browser")


def test_it_is_said_in_chinese(borrower: cast.Filed) -> None:
    page = inside(follows(borrower.code, "zh-CN"), APPS["WeChat"], reverse("follow_case"))
    assert "微信" in page
    assert "在浏览器打开" in page


def test_what_a_cache_keeps_of_a_public_page_is_kept_for_the_browser_alone(db: None) -> None:
    assert "User-Agent" in Client().get(reverse("verify"))["Vary"]


def test_the_receipt_can_be_kept_without_a_download(borrower: cast.Filed) -> None:
    client = follows(borrower.code)
    picture = reverse("follow_receipt_picture")
    assert f'<img src="{picture}"' in text(client.get(reverse("follow_case")))
    answer = client.get(picture)
    assert answer["Content-Type"] == "image/png"
    assert "Content-Disposition" not in answer
    assert "no-store" in answer["Cache-Control"]
