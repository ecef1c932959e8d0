"""Sending files from a phone in a real browser: over a bad network, after a reload, from another phone."""

import hashlib
import random
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, Route, expect

from tests.support import browser as chromium
from tests.support import media
from tests.support.browser import PHONE, shoot
from tests.support.services import wait_until
from tests.support.web import Web, serving

pytestmark = [pytest.mark.browser, pytest.mark.sqlite_only]

MIB = 1024 * 1024
RECORDING = b"#!AMR\n" + random.Random(41).randbytes(4 * MIB)
SLOW = 500 * 1024  # bytes a second
DIGEST = hashlib.sha256(RECORDING).hexdigest()


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    with chromium.a_browser() as browser:
        yield browser


@pytest.fixture(scope="module")
def web(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Web]:
    with serving(fresh=tmp_path_factory.mktemp("uploads")) as web:
        yield web


class Phone:
    """A phone with a draft open at the evidence page; notes where each piece it sends begins."""

    def __init__(self, browser: Browser, web: Web) -> None:
        options: Any = {"viewport": PHONE, "locale": "zh-CN", "is_mobile": True, "has_touch": True}
        self.context: BrowserContext = browser.new_context(base_url=web.address, **options)
        self.page: Page = self.context.new_page()
        self.page.on("request", self._note)
        self.errors: list[str] = []
        self.page.on("pageerror", lambda error: self.errors.append(str(error)))
        self.offsets: list[int] = []
        self._network = self.context.new_cdp_session(self.page)

    def _note(self, request: Any) -> None:
        if request.method == "PATCH":
            self.offsets.append(int(request.headers["upload-offset"]))

    def begins(self) -> str:
        """The draft's code."""
        self.page.goto("/complaints/begin/")
        self.page.get_by_role("button", name="开始").first.click()
        self.page.goto("/complaints/new/")
        code = self.page.locator("output.code").inner_text()
        self.page.goto("/complaints/new/evidence/")
        return code

    def goes_on(self, code: str) -> None:
        self.page.goto("/complaints/begin/")
        self.page.locator("[name=code]").fill(code)
        self.page.get_by_role("button", name="继续").first.click()
        self.page.goto("/complaints/new/evidence/")

    def network(self, bytes_a_second: int = -1, *, gone: bool = False) -> None:
        """Slow, fast (-1), or none at all."""
        speed = {"downloadThroughput": bytes_a_second, "uploadThroughput": bytes_a_second}
        self._network.send("Network.emulateNetworkConditions", {"offline": gone, "latency": 0, **speed})
        self.context.set_offline(gone)

    def chooses(self, *files: Path) -> None:
        self.page.locator("#files").set_input_files([*files])

    def waits_until_some_has_arrived(self) -> None:
        bar = self.page.locator("#uploads progress")
        wait_until(lambda: bar.evaluate("bar => bar.value") > 3 * MIB // 2, "a part has arrived")

    def has_kept(self, digest: str) -> None:
        card = self.page.locator("[data-exhibit]").filter(has_text=digest[:4])
        expect(card).to_be_visible()
        assert "".join((card.locator(".digest").text_content() or "").split()[1:]).startswith(digest[:8])
        assert not self.errors


@pytest.fixture
def phone(browser: Browser, web: Web) -> Iterator[Phone]:
    phone = Phone(browser, web)
    yield phone
    phone.context.close()


@pytest.fixture
def recording(tmp_path: Path) -> Path:
    path = tmp_path / "催收电话 11-20.amr"
    path.write_bytes(RECORDING)
    return path


def test_the_network_is_lost_in_mid_upload_and_the_rest_follows_by_itself(phone: Phone, recording: Path) -> None:
    phone.begins()
    phone.network(SLOW)
    phone.chooses(recording)
    phone.waits_until_some_has_arrived()
    expect(phone.page.locator("[data-state]")).to_contain_text("每秒")
    shoot(phone.page, "upload-going")
    phone.network(gone=True)
    expect(phone.page.locator("[data-state]")).to_contain_text("自动重试")
    expect(phone.page.locator("#upload-news")).to_contain_text("网络断开")
    shoot(phone.page, "upload-no-network")
    phone.network()
    phone.has_kept(DIGEST)
    shoot(phone.page, "upload-kept")
    assert phone.offsets.count(0) == 1  # what had arrived was not sent again


@pytest.mark.long
def test_after_a_reload_the_same_file_goes_on_where_it_stood(phone: Phone, recording: Path) -> None:
    phone.begins()
    phone.network(SLOW)
    phone.chooses(recording)
    phone.waits_until_some_has_arrived()
    phone.page.reload()
    expect(phone.page.locator("#uploads li")).to_contain_text("还没传完")
    shoot(phone.page, "upload-after-reload")
    phone.offsets.clear()
    phone.network()
    phone.chooses(recording)
    phone.has_kept(DIGEST)
    assert min(phone.offsets) >= MIB
    expect(phone.page.locator("#uploads li")).to_have_count(0)


@pytest.mark.long
def test_another_phone_goes_on_with_the_draft_s_code(
    phone: Phone, browser: Browser, web: Web, recording: Path
) -> None:
    code = phone.begins()
    phone.network(SLOW)
    phone.chooses(recording)
    phone.waits_until_some_has_arrived()
    phone.context.close()
    other = Phone(browser, web)
    other.goes_on(code)
    other.chooses(recording)
    other.has_kept(DIGEST)
    assert min(other.offsets) >= MIB
    other.context.close()


@pytest.mark.long
def test_the_server_is_killed_in_mid_upload_and_started_again(phone: Phone, web: Web, recording: Path) -> None:
    phone.begins()
    phone.network(SLOW)
    phone.chooses(recording)
    phone.waits_until_some_has_arrived()
    web.kill()
    expect(phone.page.locator("[data-state]")).to_contain_text("自动重试")
    web.start()
    phone.network()
    phone.has_kept(DIGEST)
    assert phone.offsets.count(0) == 1


def test_paused_it_waits_and_cancelled_it_is_gone(phone: Phone, recording: Path) -> None:
    phone.begins()
    phone.network(SLOW)
    phone.chooses(recording)
    phone.waits_until_some_has_arrived()
    phone.page.get_by_role("button", name="暂停").click()
    expect(phone.page.locator("[data-state]")).to_contain_text("已暂停")
    expect(phone.page.get_by_role("button", name="继续传", exact=True)).to_be_focused()
    sent = len(phone.offsets)
    phone.page.wait_for_timeout(700)
    assert len(phone.offsets) == sent
    phone.page.get_by_role("button", name="继续传", exact=True).click()
    expect(phone.page.locator("[data-state]")).to_contain_text("每秒")
    with phone.page.expect_response(lambda answer: answer.request.method == "DELETE") as forgotten:
        phone.page.get_by_role("button", name="取消").click()
        phone.network()
    assert forgotten.value.status == 204
    phone.page.reload()
    expect(phone.page.locator("#uploads li")).to_have_count(0)


def test_paused_and_resumed_at_every_moment_it_is_sent_once_and_whole(phone: Phone, recording: Path) -> None:
    phone.begins()
    phone.network(4 * SLOW)
    phone.chooses(recording)
    for moment in range(6):
        phone.page.evaluate("document.querySelector('[data-pause]')?.click()")
        phone.page.wait_for_timeout(5 * moment)
        phone.page.evaluate("document.querySelector('[data-resume]')?.click()")
        phone.page.wait_for_timeout(100 * moment)
    phone.network()
    phone.has_kept(DIGEST)
    phone.page.reload()
    expect(phone.page.locator("[data-exhibit]")).to_have_count(1)
    expect(phone.page.locator("#uploads li")).to_have_count(0)


def test_when_the_answer_to_the_announcement_is_lost_no_second_upload_is_begun(
    phone: Phone, recording: Path
) -> None:
    phone.begins()
    lost: list[int] = []

    def lose(route: Route) -> None:
        lost.append(route.fetch().status)
        route.abort()

    phone.page.route(re.compile(r"/uploads/\?"), lose, times=1)
    phone.chooses(recording)
    phone.has_kept(DIGEST)
    phone.page.reload()
    assert lost == [201]
    expect(phone.page.locator("#uploads li")).to_have_count(0)


def test_what_is_wrong_at_our_end_is_not_called_a_lost_connection(phone: Phone, recording: Path) -> None:
    phone.begins()
    full = {"status": 507, "content_type": "text/plain; charset=utf-8", "body": "存储空间满了。"}
    phone.page.route(re.compile(r"/uploads/\?"), lambda route: route.fulfill(**full), times=1)
    phone.chooses(recording)
    expect(phone.page.locator("[data-state]")).to_contain_text("存储空间满了。")
    phone.has_kept(DIGEST)


def test_several_at_once_each_with_its_own_end_and_what_is_typed_stays(phone: Phone, tmp_path: Path) -> None:
    phone.begins()
    files = {"a.png": media.picture("PNG"), "chat.zip": media.REFUSED["zip"][0](), "log.txt": media.LOG.encode()}
    for name, content in files.items():
        (tmp_path / name).write_bytes(content)
    phone.chooses(tmp_path / "a.png")
    phone.has_kept(hashlib.sha256(files["a.png"]).hexdigest())
    phone.page.locator(".about > summary").first.click()
    phone.page.locator("[data-exhibit] input").first.fill("他们发来的照片")
    phone.chooses(tmp_path / "chat.zip", tmp_path / "log.txt")
    phone.has_kept(hashlib.sha256(files["log.txt"]).hexdigest())
    expect(phone.page.locator("#uploads .bad")).to_contain_text("解压")
    assert phone.page.locator("[data-exhibit] input").first.input_value() == "他们发来的照片"
    phone.page.get_by_role("button", name="关闭").click()
    phone.page.get_by_role("button", name="继续", exact=True).click()
    phone.page.goto("/complaints/new/evidence/")
    assert phone.page.locator("[data-exhibit] input").first.input_value() == "他们发来的照片"
    expect(phone.page.locator("[data-exhibit]")).to_have_count(2)


def test_a_phone_offers_its_camera_and_recorder(phone: Phone) -> None:
    phone.begins()
    expect(phone.page.get_by_text("拍照", exact=True)).to_be_visible()
    assert phone.page.locator("input[capture]").count() == 2
    phone.page.locator("input[accept='audio/*']").set_input_files(
        {"name": "now.amr", "mimeType": "audio/amr", "buffer": RECORDING[:5000]}
    )
    phone.has_kept(hashlib.sha256(RECORDING[:5000]).hexdigest())


def test_what_is_chosen_before_the_script_is_there_is_sent_too(phone: Phone, recording: Path) -> None:
    phone.begins()
    held: list[Route] = []
    phone.page.route("**/upload*.js", lambda route: held.append(route))  # noqa: PLW0108 (asks how many it takes)
    with phone.page.expect_request("**/upload*.js"):
        phone.page.goto("/complaints/new/evidence/", wait_until="commit")
    phone.chooses(recording)
    for script in held:
        script.continue_()
    phone.has_kept(DIGEST)
    assert phone.offsets  # in pieces


def test_files_stand_as_they_were_chosen_and_are_moved_in_place(phone: Phone, tmp_path: Path) -> None:
    phone.begins()
    sizes = [3 * MIB, 5000, MIB, 6000]
    files = [tmp_path / f"{number}.amr" for number in range(1, 5)]
    for number, (file, size) in enumerate(zip(files, sizes, strict=True)):
        file.write_bytes(b"#!AMR\n" + random.Random(number).randbytes(size))
    phone.chooses(*files)
    cards = phone.page.locator("[data-exhibit] h2")
    expect(cards).to_have_text([f"{number} {number}.amr" for number in range(1, 5)])
    expect(phone.page.locator("#upload-total")).to_have_text("已收到 4 个文件中的 4 个")
    shoot(phone.page, "upload-numbered")
    down = phone.page.locator("[data-way=down]").first
    down.click()
    expect(cards).to_have_text(["1 2.amr", "2 1.amr", "3 3.amr", "4 4.amr"])
    expect(phone.page.locator("[data-exhibit]").nth(1).locator("[data-way=down]")).to_be_focused()
    phone.page.reload()
    expect(cards).to_have_text(["1 2.amr", "2 1.amr", "3 3.amr", "4 4.amr"])


def test_pictures_are_pasted_into_the_page(phone: Phone) -> None:
    phone.begins()
    phone.page.evaluate(
        """() => {
          const data = new DataTransfer();
          for (const name of ["a", "b"]) data.items.add(new File([`10月19日 ${name}`], `${name}.txt`));
          dispatchEvent(new ClipboardEvent("paste", { clipboardData: data }));
        }"""
    )
    expect(phone.page.locator("[data-exhibit]")).to_have_count(2)


UNREADABLE = "这台设备已读不到这个文件，请重新选择。"
NOT_SENT = "这个文件没能传上来，请重新选择。"


def is_said_in_red_and_aloud(phone: Phone, sentence: str) -> None:
    state = phone.page.locator("#uploads [data-state]")
    expect(state).to_have_text(sentence)
    expect(state).to_have_class("facts bad")
    expect(phone.page.locator("#upload-news")).to_contain_text(sentence)


@pytest.mark.parametrize(
    "array_buffer",
    [
        "() => Promise.reject(new DOMException('gone', 'NotReadableError'))",
        "() => { throw new DOMException('gone', 'NotReadableError'); }",
        "() => Promise.resolve(new ArrayBuffer(0))",
    ],
)
def test_a_file_that_the_device_does_not_give_back_is_named(
    phone: Phone, recording: Path, array_buffer: str
) -> None:
    phone.page.add_init_script(f"Blob.prototype.arrayBuffer = {array_buffer};")
    phone.begins()
    phone.chooses(recording)
    is_said_in_red_and_aloud(phone, UNREADABLE)


@pytest.mark.long
def test_a_file_that_is_deleted_in_mid_upload_is_named_and_the_others_arrive(
    phone: Phone, recording: Path, tmp_path: Path
) -> None:
    phone.begins()
    phone.network(SLOW)
    phone.chooses(recording)
    phone.waits_until_some_has_arrived()
    recording.unlink()
    is_said_in_red_and_aloud(phone, UNREADABLE)
    phone.network()
    (tmp_path / "log.txt").write_text(media.LOG)
    phone.chooses(tmp_path / "log.txt")
    phone.has_kept(hashlib.sha256(media.LOG.encode()).hexdigest())


def test_an_exception_that_nobody_foresaw_ends_in_a_sentence(phone: Phone, recording: Path) -> None:
    phone.page.add_init_script("crypto.subtle.digest = () => Promise.reject(new TypeError('unforeseen'));")
    phone.begins()
    phone.chooses(recording)
    is_said_in_red_and_aloud(phone, NOT_SENT)


def test_continue_asks_before_it_leaves_a_file_behind(phone: Phone, recording: Path) -> None:
    phone.page.add_init_script("Blob.prototype.arrayBuffer = () => Promise.reject(new TypeError('gone'));")
    phone.begins()
    phone.chooses(recording)
    is_said_in_red_and_aloud(phone, UNREADABLE)
    question = phone.page.get_by_role("alertdialog")
    for leaves in (
        phone.page.get_by_role("button", name="继续", exact=True),
        phone.page.locator("footer").get_by_role("link", name="首页"),
    ):
        leaves.click()
        expect(question).to_contain_text(recording.name)
        phone.page.get_by_role("button", name="留在这里").click()
        expect(question).to_be_hidden()
        expect(leaves).to_be_focused()
    expect(phone.page.locator("#uploads .bad")).to_be_visible()
    phone.page.get_by_role("button", name="继续", exact=True).click()
    shoot(phone.page, "upload-asks-before-leaving")
    phone.page.get_by_role("button", name="不等了，继续").click()
    expect(phone.page).not_to_have_url(re.compile("evidence"))


@pytest.mark.long
def test_continue_asks_about_the_unfinished_file_of_an_earlier_visit_too(phone: Phone, recording: Path) -> None:
    phone.begins()
    phone.network(SLOW)
    phone.chooses(recording)
    phone.waits_until_some_has_arrived()
    phone.page.reload()
    phone.network()
    phone.page.get_by_role("button", name="继续", exact=True).click()
    expect(phone.page.get_by_role("alertdialog")).to_contain_text(recording.name)
    phone.page.get_by_role("button", name="不等了，继续").click()
    expect(phone.page).not_to_have_url(re.compile("evidence"))


def test_the_same_bytes_are_noticed_before_they_are_sent(phone: Phone, tmp_path: Path) -> None:
    phone.begins()
    for name in ("微信截图.png", "copy.png", "again.png"):
        (tmp_path / name).write_bytes(media.picture("PNG"))
    phone.chooses(tmp_path / "微信截图.png")
    expect(phone.page.locator("[data-exhibit]")).to_have_count(1)
    phone.offsets.clear()
    phone.chooses(tmp_path / "copy.png", tmp_path / "again.png")
    rows = phone.page.locator("#uploads li")
    expect(rows.first).to_contain_text("它和第 1 个文件“微信截图.png”完全一样，所以没有再传。")
    expect(rows.last).to_contain_text("完全一样")
    shoot(phone.page, "upload-twins")
    assert not phone.offsets
    rows.last.get_by_role("button", name="关闭").click()
    rows.first.get_by_role("button", name="还是要传").click()
    expect(phone.page.locator("[data-exhibit]").nth(1)).to_contain_text("它和第 1 个文件“微信截图.png”完全一样")
    assert phone.offsets == [0] and not phone.errors


def test_a_card_is_removed_and_put_back_and_what_is_typed_saves_itself(phone: Phone, tmp_path: Path) -> None:
    phone.begins()
    for name in ("a.txt", "b.txt", "c.txt"):
        (tmp_path / name).write_text(f"10月19日 {name}")
    phone.chooses(*(tmp_path / name for name in ("a.txt", "b.txt", "c.txt")))
    cards = phone.page.locator("[data-exhibit]")
    expect(cards).to_have_count(3)
    second = cards.nth(1)
    second.locator("summary").first.click()
    second.locator("input").first.fill("第二个")
    expect(phone.page.locator("#saved")).to_contain_text("已保存")
    second.get_by_role("button", name="移除").click()
    expect(cards.nth(1)).to_contain_text("已移除：b.txt")
    back = cards.nth(1).get_by_role("button", name="放回来")
    expect(back).to_be_focused()
    expect(cards.nth(2).locator(".place")).to_have_text("2")
    shoot(phone.page, "upload-removed")
    back.click()
    expect(cards.nth(1).locator("h2")).to_have_text("2 b.txt")
    expect(cards.nth(1).locator(".said")).to_have_text("第二个")
    assert not phone.errors
