"""What a walk needs of a browser's window, whichever engine draws it; and Chromium's, driven by Playwright."""

from typing import Any, Protocol

from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import ConsoleMessage, Page, Request, Response

from .browser import shoot


class Window(Protocol):
    """A selector names the first element that fits it. Addresses are relative to the site."""

    @property
    def address(self) -> str: ...

    def opens(self, address: str) -> None: ...

    def goes_back(self) -> None: ...

    def presses(self, selector: str) -> None:
        """Click, and wait until the page that follows is loaded."""

    def fills(self, selector: str, text: str) -> None: ...

    def ticks(self, selector: str) -> None: ...

    def chooses_first(self, selector: str) -> None:
        """Choose the first option of a select."""

    def chooses(self, selector: str, value: str) -> None: ...

    def takes(self, selector: str, path: str) -> None:
        """Choose a file of this machine."""

    def reads(self, selector: str) -> str:
        """The visible text."""

    def asks(self, function: str) -> Any:
        """What a JavaScript function without arguments returns in the page."""

    def forgets(self) -> None:
        """Delete the site's cookies."""

    def heard(self) -> list[str]:
        """Script errors, violations of the policy, responses of 500 and requests to other hosts, each once."""

    def barriers(self, options: dict[str, Any]) -> list[dict[str, Any]]:
        """The violations that axe finds on the page."""

    def shoots(self, name: str) -> None:
        """Keep a picture of the page."""


class ChromiumWindow:
    def __init__(self, page: Page, site: str) -> None:
        self.page, self.site = page, site
        self._heard: list[str] = []
        page.on("console", self._said)
        page.on("pageerror", lambda error: self._heard.append(str(error)))
        page.on("request", self._asked)
        page.on("response", self._answered)

    def _said(self, message: ConsoleMessage) -> None:
        ours = not message.location["url"].endswith("/favicon.ico") and "status of 4" not in message.text
        if message.type in ("error", "warning") and ours:
            self._heard.append(message.text)

    def _asked(self, request: Request) -> None:
        if not request.url.startswith((self.site, "data:", "blob:")):
            self._heard.append(f"asked somebody else: {request.url}")

    def _answered(self, response: Response) -> None:
        if response.status >= 500:
            self._heard.append(f"{response.status} for {response.url}")

    @property
    def address(self) -> str:
        return self.page.url

    def opens(self, address: str) -> None:
        self.page.goto(address)

    def goes_back(self) -> None:
        self.page.go_back()

    def presses(self, selector: str) -> None:
        self.page.locator(selector).first.click()
        self.page.wait_for_load_state()

    def fills(self, selector: str, text: str) -> None:
        self.page.locator(selector).first.fill(text)

    def ticks(self, selector: str) -> None:
        self.page.locator(selector).first.check()

    def chooses_first(self, selector: str) -> None:
        self.page.locator(selector).first.select_option(index=0)

    def chooses(self, selector: str, value: str) -> None:
        self.page.locator(selector).first.select_option(value)

    def takes(self, selector: str, path: str) -> None:
        self.page.locator(selector).first.set_input_files(path)

    def reads(self, selector: str) -> str:
        return self.page.locator(selector).first.inner_text()

    def asks(self, function: str) -> Any:
        return self.page.evaluate(function)

    def forgets(self) -> None:
        self.page.context.clear_cookies()

    def heard(self) -> list[str]:
        heard, self._heard = self._heard, []
        return heard

    def barriers(self, options: dict[str, Any]) -> list[dict[str, Any]]:
        violations: list[dict[str, Any]] = Axe().run(self.page, options=options).response["violations"]
        self._heard.clear()  # requests that axe itself made
        return violations

    def shoots(self, name: str) -> None:
        shoot(self.page, name)
