"""The browser's verifier judges the dates of a ledger as the other one does, in the same words."""

import copy
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Page

from evidence import holdfast_verify as verifier
from tests.evidence.verifier.test_dates import with_a_reply
from tests.support import dates
from tests.support.bundles import Opened
from tests.support.verify_pages import Verifier, check

pytest_plugins = ["tests.support.verify_fixtures"]
pytestmark = [pytest.mark.browser, pytest.mark.sqlite_only, pytest.mark.django_db, pytest.mark.long]
LOAD = """async ([entries, anchors]) => {
    const [words, ledger, stamps, { Report }] = await Promise.all(
        ["words", "ledger", "stamps", "report"].map(name => import(`/static/verify/${name}.js`)));
    const report = new Report(() => {});
    const tried = run => { try { run(); return ""; } catch (error) { return words.told(error.says, "en"); } };
    const order = tried(() => ledger.checkDates(entries));
    const acts = tried(() => stamps.dateTheActs(report, { entries }, anchors));
    const noted = report.cautions.map(one => words.told(one, "en")).join(" ");
    return [order, acts ? `BROKEN ${acts}` : noted, report.isDated];
}"""


@pytest.fixture
def page(online: Verifier) -> Iterator[Page]:
    online.page.goto(online.address)
    yield online.page


@pytest.mark.parametrize("history", [*dates.ORDERS, *dates.ACTS])
def test_a_history_is_judged_as_by_the_other_verifier(history: str, page: Page) -> None:
    lines, anchors, _ = dates.ACTS.get(history) or (dates.ORDERS[history][0], [], "")
    microseconds = [{"size": size, "time": dates.after(at).timestamp() * 10**6} for size, at in anchors]
    found = page.evaluate(LOAD, [dates.as_js(dates.entries(lines)), microseconds])
    assert found == [dates.refusal(lines), *dates.noted(lines, anchors)]


OWN = """async ([name, document, entry, before]) => {
    const [words, own] = await Promise.all(["words", "own_dates"].map(one => import(`/static/verify/${one}.js`)));
    try {
        const caution = own.checkOwnDate(name, document, entry, before);
        return caution ? words.told(caution, "en") : "";
    } catch (error) { return `BROKEN ${words.told(error.says, "en")}`; }
}"""


@pytest.mark.parametrize("name", dates.OWN_DATES)
def test_the_date_in_a_document_is_compared_as_by_the_other_verifier(name: str, page: Page) -> None:
    own, at, before, _ = dates.OWN_DATES[name]
    called, document, entry = dates.own_date(own, at)
    earlier = None if before is None else dates.as_js(dates.entries([("case.begun", before)]))[0]
    assert page.evaluate(OWN, [called, document, dates.as_js([entry])[0], earlier]) == dates.said_of(name)


def test_every_act_has_a_word_in_both(page: Page) -> None:
    found: dict[str, Any] = page.evaluate("import('/static/verify/words.js').then(({ ACTS }) => ACTS)")
    told = {kind: word for kind, word in verifier.DATED.items() if kind != "complaint.filed"}
    assert {f"act_{kind}": word for kind, word in told.items()} == {name: one[0] for name, one in found.items()}
    lists = page.evaluate("import('/static/verify/ledger.js').then(one => [one.DATED, one.BEGUN_BEFORE])")
    assert [set(one) for one in lists] == [set(verifier.DATED), verifier.BEGUN_BEFORE]


def next_year(bag: Opened) -> None:
    with_a_reply(bag, 60)


def thirty_days_back(bag: Opened) -> None:
    with_a_reply(bag, -30)


def made_in_2019(bag: Opened) -> None:
    bag.made_at("2019-01-01T00:00:00.000000Z")


@pytest.mark.parametrize("change", [next_year, thirty_days_back, made_in_2019], ids=lambda one: one.__name__)
def test_a_bundle_whose_dates_cannot_be_is_broken_in_the_same_words(
    change: Any, spare: Opened, online: Verifier, offline: Verifier, tmp_path: Path
) -> None:
    change(spare)
    path = spare.zip(tmp_path / "bundle.zip")
    assert check((online, offline), path) == {"broken"}
    report = verifier.verify(str(path))
    assert online.first_broken == tuple(report.first_broken or ())[:3]


def test_a_bundle_of_a_time_to_come_is_noted_by_both(spare: Opened, online: Verifier, tmp_path: Path) -> None:
    bag = copy.deepcopy(spare)
    bag.made_at("2199-01-01T00:00:00.000000Z")
    path = bag.zip(tmp_path / "bundle.zip")
    assert online.checks(path) == "self-consistent only"
    (told,) = [one for one in verifier.verify(str(path)).cautions if "still to come" in one]
    assert told in online.text(".verdict")
