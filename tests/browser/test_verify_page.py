"""How the verifier's page is to use: large bundles, the keyboard, both languages; and that it sends nothing."""

import base64
import copy
import hashlib
import re
import zipfile
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path

import pytest
from playwright.sync_api import Browser, FileChooser, Page, TimeoutError, expect

from evidence import holdfast_verify as verifier
from evidence.holdfast_verify import canonical
from evidence.ledger import rfc3339, signing
from evidence.timestamps import builtin, timestamping
from tests.support.attacks import CASE, ORIGINAL, RECEIPT
from tests.support.bundles import Opened, chained, remake
from tests.support.verify_pages import Pristine, Verifier, written

pytest_plugins = ["tests.support.verify_fixtures"]
pytestmark = [pytest.mark.browser, pytest.mark.sqlite_only, pytest.mark.django_db]

MEGABYTES = 300
DROP = """async ([target, files]) => {
    const carried = new DataTransfer();
    for (const [name, text] of files) {
        carried.items.add(new File([Uint8Array.from(atob(text), one => one.charCodeAt(0))], name));
    }
    const event = new DragEvent("drop", { dataTransfer: carried, bubbles: true, cancelable: true });
    document.querySelector(target).dispatchEvent(event);
}"""


# -- large bundles


def grown(bag: Opened, content: bytes) -> Opened:
    """The bundle as if its first exhibit had been this large all along."""
    told = {"sha256": hashlib.sha256(content).hexdigest(), "size": len(content)}
    entries, case, receipt = bag.entries(), bag.json(CASE), bag.json(RECEIPT)
    item = case["exhibits"][0]["item"]
    entries[0]["data"]["exhibits"][0]["sha256"] = told["sha256"]
    for entry in (one for one in entries if one["data"].get("item") == item):
        changed = {"from": told["sha256"]} if entry["kind"] == "evidence.derived" else told
        entry["data"].update({name: value for name, value in changed.items() if name in entry["data"]})
        if entry["kind"] == "evidence.sealed":
            entry["data"]["tokens"] = case["exhibits"][0]["timestamps"] = [stamped_anew(bag, content)]
    case["exhibits"][0].update(told)
    receipt["files"][0].update(told)
    bag.files[ORIGINAL], bag.files[CASE], bag.files[RECEIPT] = content, canonical(case), canonical(receipt)
    remake(bag, chained(entries))
    return bag


def stamped_anew(bag: Opened, content: bytes) -> dict[str, str]:
    """What a seal says of a new token for the first exhibit."""
    digest = hashlib.sha256(content).digest()
    query = timestamping.request(digest, 1)
    response = builtin.issue(query)
    bag.files["proofs/timestamps/E-001.builtin.tsq"] = query
    bag.files["proofs/timestamps/E-001.builtin.tsr"] = response
    root = verifier.certificates_in(builtin.root_pem(), "root.pem")
    time, _ = verifier.check_timestamp(response, query, digest, root)
    return {"authority": "builtin", "sha256": hashlib.sha256(response).hexdigest(), "gen_time": rfc3339(time)}


@pytest.fixture(scope="module")
def large(pristine: Pristine, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    path = tmp_path_factory.mktemp("large") / "large.zip"
    grown(copy.deepcopy(pristine.bag), bytes(MEGABYTES << 20)).zip(path)
    yield path
    path.unlink()


def peak_memory(browser: Browser) -> dict[int, int]:
    """Process -> the most memory it ever held, in MiB: pages with their workers, the browser, its helpers."""
    processes = browser.new_browser_cdp_session().send("SystemInfo.getProcessInfo")["processInfo"]
    status = {one["id"]: Path(f"/proc/{one['id']}/status").read_text() for one in processes}
    return {pid: int(re.findall(r"VmHWM:\s+(\d+)", text)[0]) // 1024 for pid, text in status.items()}


WATCH = """() => {
    window.seen = { shares: [], words: [], gap: 0, whole: 0 };
    const begun = performance.now();
    let last = begun;
    setInterval(() => {
        const bar = document.querySelector("progress");
        if (bar?.value) seen.shares.push(bar.value);
        if (bar) seen.words.push(document.querySelector(".running .facts").textContent);
        seen.gap = Math.max(seen.gap, performance.now() - last);
        last = performance.now();
        if (bar) seen.whole = last - begun;
    }, 20);
}"""


def test_a_large_bundle_is_read_in_pieces_with_progress_while_the_page_stays_alive(
    online: Verifier, browser: Browser, bundle: Path, large: Path
) -> None:
    online.checks(bundle)  # warm: what code and page take is taken
    before = peak_memory(browser)
    online.page.evaluate(WATCH)
    online.chooses("subject", large)
    expect(online.page.get_by_role("progressbar", name="Checking")).to_be_visible()
    assert online.ends() == "self-consistent only"
    assert all(ok for _, ok, _ in online.rows)
    seen = online.page.evaluate("seen")
    assert len(set(seen["shares"])) > 3
    assert seen["shares"] == sorted(seen["shares"])
    assert any(
        re.match(r"Reading data/originals/E-001.png: [\d.]+ MB of 3\d\d[\d.]* MB", one) for one in seen["words"]
    )
    assert seen["gap"] < seen["whole"] / 3, "the longest time in which the page did not answer"
    grew = {pid: peak - before[pid] for pid, peak in peak_memory(browser).items() if pid in before}
    assert max(grew.values()) < 32, grew


def test_a_run_can_be_stopped_and_begun_anew(offline: Verifier, bundle: Path, large: Path) -> None:
    offline.begins(large)
    offline.page.get_by_role("button", name="停止").click()
    expect(offline.page.locator("#verifier")).to_have_attribute("data-state", "stopped")
    assert "没有读到的部分不作结论" in offline.text(".result")
    offline.chooses("subject", bundle)
    assert offline.ends() == "self-consistent only"
    assert len(offline.rows) == 15


# -- how files come to it


def carried(*files: Path) -> list[list[str]]:
    return [[file.name, base64.b64encode(file.read_bytes()).decode()] for file in files]


def test_a_bundle_and_a_receipt_dropped_together_are_held_against_each_other(
    online: Verifier, offline: Verifier, bundle: Path, receipt: Path
) -> None:
    for page in (online, offline):
        for files in ((bundle, receipt), (receipt, bundle)):
            page.page.goto(page.address)
            page.page.evaluate(DROP, ["body", carried(*files)])
            page.page.wait_for_selector("#verifier[data-result=verified]")
            assert page.rows[0][0] == "kept kept.json"


def test_a_file_dropped_on_the_second_field_is_kept_for_comparison(
    online: Verifier, bundle: Path, receipt: Path
) -> None:
    online.page.goto(online.address)
    online.page.evaluate(DROP, ["[data-zone=held]", carried(receipt)])
    expect(online.page.locator("[data-zone=held] [data-kind=receipt]")).to_be_visible()
    assert online.result == ""
    online.chooses("subject", bundle)
    assert online.ends() == "verified"
    online.page.get_by_role("button", name="Remove kept.json").click()
    expect(online.page.locator("#verifier")).to_have_attribute("data-result", "self-consistent only")


def test_a_spreadsheet_is_a_file_not_a_bundle(online: Verifier, tmp_path: Path) -> None:
    path = tmp_path / "calls.xlsx"
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("xl/workbook.xml", "<x/>")
    online.checks(path)
    assert "file to look for" in online.text()


def pressed_until_it_asks(page: Page) -> FileChooser:
    """A headless Chromium now and then swallows the first key that would open its own window."""
    for _attempt in range(5):
        with suppress(TimeoutError), page.expect_file_chooser(timeout=3000) as chooser:
            page.keyboard.press("Enter")
            return chooser.value
    raise AssertionError("no file chooser opens")


def test_the_keyboard_is_enough(online: Verifier, bundle: Path) -> None:
    page = online.page
    page.goto(online.address)
    page.wait_for_selector("[data-zone]")
    page.locator("#main").focus()
    page.keyboard.press("Tab")
    expect(page.locator("[data-zone=subject] input[type=file]")).to_be_focused()
    pressed_until_it_asks(page).set_files(bundle)
    online.ends()
    assert page.evaluate("document.activeElement.closest('[data-zone]').dataset.zone") == "subject"
    page.get_by_label("The ledger’s key, if you have it").focus()
    page.keyboard.type(signing.vkey())
    page.keyboard.press("Enter")
    expect(page.locator("#verifier")).to_have_attribute("data-result", "self-consistent only")
    assert "whose key signed it" not in online.text(".verdict")
    assert "timestamp authorities" in online.text(".verdict")


def test_root_certificates_in_pem_and_in_der_are_taken(
    online: Verifier, bundle: Path, roots: Path, tmp_path: Path
) -> None:
    (root,) = verifier.certificates_in((roots / "root.pem").read_bytes(), "root.pem")
    for file in (roots / "root.pem", written(tmp_path / "root.cer", root.raw)):
        assert online.checks(bundle, held=(roots / "ledger.vkey", file)) == "verified"
        assert ("roots", True, "1 ledger key(s) and 1 timestamp root(s) that you hold") in online.rows
        assert online.page.locator("[data-zone=held] [data-kind=root]").count() == 1
    assert online.checks(bundle, held=(written(tmp_path / "bad.cer", root.raw[:-1]),)) == "unreadable"
    assert ("roots", False, "what you hold has neither a ledger key nor a root certificate") in online.rows


def test_the_sites_own_key_comes_with_a_caution(online: Verifier, bundle: Path) -> None:
    online.checks(bundle)
    online.page.get_by_role("button", name="Use the key and the roots that this site publishes").click()
    expect(online.page.locator("#verifier")).to_have_attribute("data-result", "verified")
    assert "They cannot show what this site itself may have changed." in online.text("[data-zone=held]")


def test_a_genuine_receipt_is_one_press_away_from_the_published_key(online: Verifier, receipt: Path) -> None:
    online.checks(receipt)
    expect(online.page.locator("#verifier")).to_have_attribute("data-result", "self-consistent only")
    said = online.text(".result .notice")
    assert f"{online.address.removesuffix('verify/').removeprefix('http://')}ledger/key" in said
    assert "It cannot show what the site itself may have done" in said
    online.page.get_by_role("button", name="Check with the published key").click()
    expect(online.page.locator("#verifier")).to_have_attribute("data-result", "verified")
    assert online.page.get_by_role("button", name="Check with the published key").count() == 0
    assert "They cannot show what this site itself may have changed." in online.text("[data-zone=held]")


def test_dates_name_their_zone_in_words(online: Verifier, bundle: Path) -> None:
    online.checks(bundle)
    facts = online.page.locator(".exhibits").first.inner_text()
    assert "GMT+" not in facts
    assert "China Standard Time" in facts or "Coordinated Universal Time" in facts


def test_a_malformed_key_is_named(online: Verifier, bundle: Path) -> None:
    online.checks(bundle)
    field = online.page.get_by_label("The ledger’s key, if you have it")
    field.fill("holdfast+nonsense")
    field.press("Enter")
    expect(online.page.locator("#verifier")).to_have_attribute("data-result", "unreadable")
    assert ("roots", False, "what you hold has neither a ledger key nor a root certificate") in online.rows


# -- how it speaks


def test_the_file_speaks_both_languages_and_changes_in_the_middle(offline: Verifier, bundle: Path) -> None:
    offline.checks(bundle)
    assert "前后一致，还差一步" in offline.text("main")
    offline.page.get_by_role("button", name="English").click()
    assert "Self-consistent only" in offline.text("main")
    assert offline.page.locator("html").get_attribute("lang") == "en"
    assert not re.search("[\u4e00-\u9fff]", offline.text("main"))
    offline.page.get_by_role("button", name="简体中文").click()
    assert "前后一致，还差一步" in offline.text("main")


def test_the_result_is_announced_to_screen_readers(online: Verifier, bundle: Path) -> None:
    online.checks(bundle)
    assert online.page.get_by_role("status").text_content() == "Self-consistent only"


def test_a_name_in_a_file_is_shown_as_text_and_runs_nothing(
    online: Verifier, offline: Verifier, badly_named: Pristine, tmp_path: Path
) -> None:
    path = tmp_path / "bundle.zip"
    path.write_bytes(badly_named.bundle)
    for page in (online, offline):
        page.checks(path)
        assert "<img src=x onerror=alert(1)>" in page.text("main")
        assert "\u202e" not in page.text("main")
        assert page.page.locator("main img").count() == 0


def test_nothing_is_sent_while_it_checks(online: Verifier, bundle: Path, receipt: Path) -> None:
    asked: list[str] = []
    online.page.on("request", lambda request: asked.append(f"{request.method} {request.url}"))
    online.checks(bundle, held=(receipt,))
    own = online.address.removesuffix("verify/")
    assert asked
    assert not [one for one in asked if not re.match(rf"GET ({own}(static|verify)/|blob:)", one)]


@pytest.mark.long
def test_no_page_is_wider_than_a_phone(offline: Verifier, bundle: Path) -> None:
    offline.checks(bundle)
    assert offline.page.evaluate("document.documentElement.scrollWidth <= innerWidth")
