"""Firefox and WebKit, driven by what Debian packages: Marionette, which is Firefox's own, and WebKitWebDriver.

Both speak the commands of W3C WebDriver: Marionette over a socket, WebKitWebDriver over HTTP. WebKitGTK needs a
display: Xvfb gives it one that nobody sees.
"""

import base64
import json
import os
import shutil
import socket
import subprocess
import urllib.error
import urllib.request
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from typing import Any

import pytest
from axe_playwright_python.base import AXE_SCRIPT

from tests.portal.test_up import a_free_port

from .browser import PATIENCE, SCREENSHOTS
from .services import end, wait_until

ELEMENT = "element-6066-11e4-a52e-4f735466cecf"  # the name that WebDriver gives references to elements
MINI_BROWSER = "webkit*gtk-*/MiniBrowser"  # of GTK 3 or GTK 4
Send = Callable[[str, dict[str, Any]], Any]  # a command of WebDriver by Marionette's name, and its parameters

# The commands over HTTP: method and path. {id} is an element's.
ROUTES = {
    "Navigate": ("POST", "/url"),
    "GetCurrentURL": ("GET", "/url"),
    "Back": ("POST", "/back"),
    "DeleteAllCookies": ("DELETE", "/cookie"),
    "FindElement": ("POST", "/element"),
    "ElementClick": ("POST", "/element/{id}/click"),
    "ElementClear": ("POST", "/element/{id}/clear"),
    "ElementSendKeys": ("POST", "/element/{id}/value"),
    "IsElementSelected": ("GET", "/element/{id}/selected"),
    "ExecuteScript": ("POST", "/execute/sync"),
    "ExecuteAsyncScript": ("POST", "/execute/async"),
    "SetWindowRect": ("POST", "/window/rect"),
    "SetTimeouts": ("POST", "/timeouts"),
    "TakeScreenshot": ("GET", "/screenshot"),
}
AXE = f"{AXE_SCRIPT}\nconst done = arguments[arguments.length - 1];\n" + (
    "axe.run(document, arguments[0]).then((found) => done(found.violations), (error) => done(String(error)));"
)
# Runs in the page: what it asked of other hosts, and whether it is a page of an error of the server.
ASKED = """() => ({ names: performance.getEntriesByType("resource").map((one) => one.name),
  status: (performance.getEntriesByType("navigation")[0] || {}).responseStatus || 200 })"""

# Run in the page before a click: WebKit's driver comes back from it while a form is still on its way, and what is
# opened next would stop the form.
WATCHES_FOR_LEAVING = """() => {
  const leaves = (event) => {
    const link = event.type === "click" && event.target.closest("a[href]");
    const elsewhere = link && !link.target && !link.hasAttribute("download") && !link.hash;
    if (!event.defaultPrevented && (event.type === "submit" || elsewhere)) window.leaving = true;
  };
  addEventListener("submit", leaves);
  addEventListener("click", leaves);
}"""
ARRIVED = "() => !window.leaving && document.readyState === 'complete'"


class DrivenWindow:
    """A window of Firefox or WebKit (tests.support.windows.Window). `errors` gives what stands in the console."""

    def __init__(self, send: Send, site: str, errors: Callable[[], list[str]] = list) -> None:
        self.send, self.site, self.errors = send, site, errors
        send("SetTimeouts", {"pageLoad": PATIENCE, "script": PATIENCE})

    def _found(self, selector: str) -> str:
        def find() -> str:
            try:
                return str(self.send("FindElement", {"using": "css selector", "value": selector})[ELEMENT])
            except WebDriverError:
                return ""

        wait_until(find, selector)
        return find()

    @property
    def address(self) -> str:
        return str(self.send("GetCurrentURL", {}))

    def opens(self, address: str) -> None:
        self.send("Navigate", {"url": address if "://" in address else self.site + address})

    def goes_back(self) -> None:
        self.send("Back", {})

    def presses(self, selector: str) -> None:
        element = self._found(selector)
        self.asks(WATCHES_FOR_LEAVING)
        self.send("ElementClick", {"id": element})
        wait_until(lambda: self.asks(ARRIVED), "the page is loaded")

    def fills(self, selector: str, text: str) -> None:
        element = self._found(selector)
        self.send("ElementClear", {"id": element})
        self.send("ElementSendKeys", {"id": element, "text": text})

    def ticks(self, selector: str) -> None:
        element = self._found(selector)
        if not self.send("IsElementSelected", {"id": element}):
            self.send("ElementClick", {"id": element})

    def chooses_first(self, selector: str) -> None:
        self.send("ElementClick", {"id": self._found(f"{selector} option")})

    def chooses(self, selector: str, value: str) -> None:
        self.send("ElementClick", {"id": self._found(f'{selector} option[value="{value}"]')})

    def takes(self, selector: str, path: str) -> None:
        self.send("ElementSendKeys", {"id": self._found(selector), "text": path})

    def reads(self, selector: str) -> str:
        return str(self.asks(f"() => document.querySelector({json.dumps(selector)}).innerText"))

    def asks(self, function: str) -> Any:
        return self.send("ExecuteScript", {"script": f"return ({function})()", "args": []})

    def forgets(self) -> None:
        self.send("DeleteAllCookies", {})

    def heard(self) -> list[str]:
        asked = self.asks(ASKED)
        heard = [f"asked somebody else: {name}" for name in asked["names"] if not name.startswith(self.site)]
        if asked["status"] >= 500:
            heard.append(f"{asked['status']} for {self.address}")
        return [*heard, *self.errors()]

    def barriers(self, options: dict[str, Any]) -> list[dict[str, Any]]:
        found = self.send("ExecuteAsyncScript", {"script": AXE, "args": [options]})
        assert isinstance(found, list), found
        return found

    def shoots(self, name: str) -> None:
        path = SCREENSHOTS / f"{name}.png"
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(base64.b64decode(self.send("TakeScreenshot", {})))


class WebDriverError(Exception):
    pass


# Firefox

PREFERENCES = {
    "marionette.port": 0,  # a free one, written to the profile
    "intl.accept_languages": "en-GB",
    "browser.shell.checkDefaultBrowser": False,
    "datareporting.policy.dataSubmissionEnabled": False,
    "network.captive-portal-service.enabled": False,
    "network.connectivity-service.enabled": False,
    "ui.prefersReducedMotion": 1,
}
NARROW = """const style = document.documentElement.style;
for (const side of ["min-width", "min-height"]) style.setProperty(side, "0", "important");"""
ERRORS = """const found = Services.console.getMessageArray().filter((one) => one instanceof Ci.nsIScriptError)
  .filter((one) => one.sourceName.startsWith("http") && (/security/i.test(one.category) || !(one.flags & 1)))
  .map((one) => `${one.category}: ${one.errorMessage}`);
Services.console.reset();
return found;"""


class Marionette:
    """Firefox's own protocol: JSON with its length before it, over a socket of this machine."""

    def __init__(self, port: int) -> None:
        self.socket = socket.create_connection(("127.0.0.1", port), timeout=PATIENCE / 1000)
        self.answers = self.socket.makefile("rb")
        self.number = 0
        self._answer()  # its greeting
        self("NewSession", {})

    def __call__(self, command: str, given: dict[str, Any], of: str = "WebDriver") -> Any:
        self.number += 1
        message = json.dumps([0, self.number, f"{of}:{command}", given]).encode()
        self.socket.sendall(b"%d:%s" % (len(message), message))
        _kind, _number, error, result = self._answer()
        if error:
            raise WebDriverError(f"{command}: {error['error']}: {error['message']}")
        return result["value"] if set(result) == {"value"} else result

    def _answer(self) -> Any:
        length = b"".join(iter(lambda: self.answers.read(1), b":"))
        return json.loads(self.answers.read(int(length)))

    def in_the_browser(self, script: str) -> Any:
        """Run a script in the browser itself, outside the page."""
        self("SetContext", {"value": "chrome"}, of="Marionette")
        try:
            return self("ExecuteScript", {"script": script, "args": []})
        finally:
            self("SetContext", {"value": "content"}, of="Marionette")


@contextmanager
def firefox(site: str, folder: Path, width: int, height: int) -> Iterator[DrivenWindow]:
    program = _wanted("firefox-esr", shutil.which("firefox-esr") or shutil.which("firefox"))
    lines = (f"user_pref({json.dumps(name)}, {json.dumps(value)});\n" for name, value in PREFERENCES.items())
    (folder / "user.js").write_text("".join(lines))
    options = [
        "--headless",
        "--marionette",
        "--remote-allow-system-access",
        "--no-remote",
        "--profile",
        str(folder),
    ]
    process = _started([program, *options], HOME=str(folder))
    port = folder / "MarionetteActivePort"
    try:
        wait_until(lambda: port.exists() and port.read_text(), "Firefox listens")
        marionette = Marionette(int(port.read_text()))
        with closing(marionette.socket):
            marionette.in_the_browser(NARROW)
            marionette("SetWindowRect", {"width": width, "height": height})
            yield DrivenWindow(marionette, site, lambda: list(marionette.in_the_browser(ERRORS)))
    finally:
        end(process)


# WebKit


class Http:
    """WebDriver over HTTP."""

    def __init__(self, port: int, **capabilities: Any) -> None:
        self.base = f"http://127.0.0.1:{port}/session"
        session = self._asked("POST", "", {"capabilities": {"alwaysMatch": capabilities}})
        self.base += f"/{session['sessionId']}"

    def __call__(self, command: str, given: dict[str, Any]) -> Any:
        method, path = ROUTES[command]
        return self._asked(method, path.format(id=given.get("id")), given if method == "POST" else None)

    def _asked(self, method: str, path: str, given: dict[str, Any] | None = None) -> Any:
        body = None if given is None else json.dumps(given).encode()
        headers = {"Content-Type": "application/json"}
        request = urllib.request.Request(self.base + path, body, headers, method=method)
        try:
            with urllib.request.urlopen(request, timeout=PATIENCE / 1000) as answer:
                return json.load(answer)["value"]
        except urllib.error.HTTPError as error:
            raise WebDriverError(error.read().decode()) from error

    def ends(self) -> None:
        self._asked("DELETE", "")


@contextmanager
def webkit(site: str, folder: Path, width: int, height: int) -> Iterator[DrivenWindow]:
    driver = _wanted("webkit2gtk-driver", shutil.which("WebKitWebDriver"))
    browser = _wanted("webkit2gtk-driver", next(map(str, Path("/usr/lib").glob(f"*/{MINI_BROWSER}")), None))
    with a_display(width, height) as display:
        port = a_free_port()
        process = _started(
            [driver, f"--port={port}"], DISPLAY=display, HOME=str(folder), LIBGL_ALWAYS_SOFTWARE="1"
        )
        try:
            wait_until(lambda: _listens(port), "WebKitWebDriver listens")
            http = Http(port, **{"webkitgtk:browserOptions": {"binary": browser, "args": ["--automation"]}})
            http("SetWindowRect", {"width": width, "height": height})
            yield DrivenWindow(http, site)
            http.ends()
        finally:
            end(process)


@contextmanager
def a_display(width: int, height: int) -> Iterator[str]:
    """A display of X that nobody sees."""
    program = _wanted("xvfb", shutil.which("Xvfb"))
    ours, its = os.pipe()
    size = f"{width + 100}x{height + 200}x24"
    options = ["-displayfd", str(its), "-screen", "0", size, "-nolisten", "tcp"]
    process = subprocess.Popen([program, *options], pass_fds=[its], stderr=subprocess.DEVNULL)
    os.close(its)
    try:
        with os.fdopen(ours) as said:
            yield f":{said.readline().strip()}"
    finally:
        end(process)


def _started(command: list[str], **environment: str) -> subprocess.Popen[bytes]:
    quiet = subprocess.DEVNULL
    return subprocess.Popen(command, env={**os.environ, **environment}, stdout=quiet, stderr=quiet)


def _listens(port: int) -> bool:
    with socket.socket() as tried:
        return tried.connect_ex(("127.0.0.1", port)) == 0


def _wanted(package: str, path: str | None) -> str:
    """The path. Without one, the test is skipped, except in CI, which installs the package."""
    if path is None:
        skip = pytest.fail if os.environ.get("CI") else pytest.skip
        skip(f"not installed; on Debian: apt install {package}")
    assert path
    return path
