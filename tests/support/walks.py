"""A walk through every page outside the office, and what each page must fulfil.

`STOPS` is the table of pages. A new page is one more row: its name, how to get there, and as whom.
"""

from collections.abc import Callable
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import timedelta
from itertools import pairwise
from typing import Any, Literal, get_args
from uuid import uuid4

from django.utils import timezone
from playwright.sync_api import Browser, BrowserContext

from complaints.bundles import exports, grants
from complaints.bundles.options import Options
from complaints.cases import extensions, lifecycle, notes, todo
from complaints.clocks import running
from complaints.decisions import referrals, undertakings
from complaints.drafts import drafts as all_drafts
from complaints.enquiries import links
from complaints.models import CallBack, Case, Role, StaffMember
from complaints.safety import callbacks
from complaints.views.public.guides import TITLES
from evidence import ledger
from evidence.checking import sealing

from . import cast, conversation, office, other_side
from .cast import Filed
from .windows import ChromiumWindow, Window

LOCALES = {"en": "en-GB", "zh-hans": "zh-CN"}
Theme = Literal["light", "dark"]
THEMES: tuple[Theme, ...] = get_args(Theme)
HEIGHT = {320: 640, 1280: 900}
PHONE = 360, 740
LARGE_TEXT = "addEventListener('DOMContentLoaded', () => document.documentElement.style.fontSize = '200%')"
RULES = {"rules": {"target-size": {"enabled": True}}, "resultTypes": ["violations"]}

# Runs in the page: elements that are too wide, and the headings in order.
SHAPE = """() => ({
  wide: document.scrollingElement.scrollWidth - document.documentElement.clientWidth,
  headings: [...document.querySelectorAll("h1, h2, h3, h4")].filter(one => one.offsetParent)
    .map(one => Number(one.tagName[1])),
  nameless: [...document.querySelectorAll("input:not([type=hidden], [type=submit]), textarea, select")]
    .filter(one => !one.labels.length && !one.getAttribute("aria-label") && !one.getAttribute("aria-labelledby"))
    .map(one => one.outerHTML),
  lost: [...document.querySelectorAll("a[href^='#']")]
    .filter(one => !document.getElementById(one.hash.slice(1))).map(one => one.outerHTML),
  small: [...document.querySelectorAll("body:not(.desk) :is(button, .button, .exit)")]
    .filter(one => one.offsetParent)
    .filter(one => !one.classList.contains("unseen") && one.getBoundingClientRect().height < 44)
    .map(one => one.outerHTML),
})"""


@dataclass(frozen=True)
class Way:
    """How a walk is made: language, width, theme, with or without JavaScript, with letters of twice the size."""

    language: str
    width: int
    theme: Theme = "light"
    scripts: bool = True
    large: bool = False

    def __str__(self) -> str:
        scripts, large = "" if self.scripts else "-plain", "-large" if self.large else ""
        return f"{self.language}-{self.width}-{self.theme}{scripts}{large}"


@dataclass
class Walker:
    """A browser on its walk, and what it holds."""

    window: Window
    way: Way
    drafts: dict[str, str]  # "empty", "ready" -> draft code
    cases: dict[str, Filed]  # "filed", "answered"
    asked: tuple[int, str]  # the key of a case with an enquiry, and the code of its link
    lent: tuple[str, str]  # the link and the passphrase of a grant whose bundle is made

    def opens(self, address: str) -> None:
        self.window.opens(address)

    def presses(self, selector: str) -> None:
        self.window.presses(selector)

    def takes_up(self, draft: str) -> None:
        """Hold this draft instead of anything held before."""
        self.window.forgets()
        self.opens("/complaints/begin/")
        self.window.fills("[name=code]", self.drafts[draft])
        self.presses("[name=continue]")

    def follows(self, case: str) -> None:
        self.window.forgets()
        self.opens("/follow/")
        self.window.fills("[name=code]", self.cases[case].code)
        self.presses("main form .button")


@dataclass(frozen=True)
class Stop:
    name: str
    go: Callable[[Walker], None]
    short: bool = False  # whether the short walk of `make test` includes it


def at(address: str) -> Callable[[Walker], None]:
    """A page opened by its address, holding nothing."""

    def go(walker: Walker) -> None:
        walker.window.forgets()
        walker.opens(address)

    return go


def on(address: str) -> Callable[[Walker], None]:
    """A page opened by its address, holding what the stop before held."""
    return lambda walker: walker.opens(address)


def says_yes(walker: Walker) -> None:
    at("/complaints/safety/")(walker)
    for question in ("danger", "self_harm"):
        walker.window.ticks(f"#{question}-yes")
    walker.presses("main form .button")


def asks_for_a_call_without_a_number(walker: Walker) -> None:
    says_yes(walker)
    walker.presses("#call .actions .button")


def asks_for_a_call(walker: Walker) -> None:
    says_yes(walker)
    walker.window.fills("[name=reach]", "13800138000")
    walker.presses("#call .actions .button")


def takes_it_back(walker: Walker) -> None:
    asks_for_a_call(walker)
    walker.presses("[name=withdraw]")


def types_a_wrong_code(walker: Walker) -> None:
    at("/follow/")(walker)
    walker.window.fills("[name=code]", "1234")
    walker.presses("main form .button")


def takes_up(draft: str) -> Callable[[Walker], None]:
    return lambda walker: walker.takes_up(draft)


def follows(case: str) -> Callable[[Walker], None]:
    return lambda walker: walker.follows(case)


def continues_with_nothing(step: str) -> Callable[[Walker], None]:
    def go(walker: Walker) -> None:
        walker.opens(f"/complaints/new/{step}/")
        walker.presses("[name=go][value=on]")

    return go


def files(walker: Walker) -> None:
    walker.takes_up("ready")
    walker.opens("/complaints/new/check/")
    walker.presses("[name=go][value=file]")


def adds(what: str) -> Callable[[Walker], None]:
    """Begin an addition from the page of the followed case."""

    def go(walker: Walker) -> None:
        walker.opens("/follow/case/")
        walker.presses(f"[name=what][value={what}]")

    return go


def sends_nothing(walker: Walker) -> None:
    adds("message")(walker)
    walker.presses("[name=go][value=send]")


def lost_the_code(walker: Walker) -> None:
    at("/follow/lost/")(walker)
    walker.window.fills("[name=reference]", walker.cases["filed"].case.reference)
    walker.window.fills("[name=address]", "mei@example.org")
    walker.presses("main form .button")


def makes_a_bundle(walker: Walker) -> None:
    walker.opens("/follow/bundle/")
    walker.presses("form[method=post]:not([action]) .button")


def gives_to_nobody(walker: Walker) -> None:
    walker.opens("/follow/bundle/give/?audience=legal_aid")
    walker.presses("[name=go][value=give]")


def gives_to_a_lawyer(walker: Walker) -> None:
    walker.opens("/follow/bundle/give/?audience=legal_aid")
    walker.window.fills("[name=recipient]", "王律师")
    walker.presses("[name=go][value=give]")


def opens_what_was_lent(walker: Walker) -> None:
    link, phrase = walker.lent
    at(f"/handed/{link}/")(walker)
    walker.window.fills("[name=phrase]", phrase)
    walker.presses("main form .button")


def reads_it(walker: Walker) -> None:
    opens_what_was_lent(walker)
    walker.presses("[name=go][value=read]")


def opens_an_exhibit(walker: Walker) -> None:
    walker.opens(f"/handed/{walker.lent[0]}/read/1/")


def chooses_a_bundle(walker: Walker) -> None:
    walker.opens(f"/admin/complaints/case/{walker.cases['answered'].case.pk}/bundle/?audience=complaint")


def opens_the_enquiry(walker: Walker) -> None:
    at("/answer/")(walker)
    walker.window.fills("[name=code]", walker.asked[1])
    walker.presses("main form .button")


def begins_an_answer(walker: Walker) -> None:
    opens_the_enquiry(walker)
    walker.presses("form[action='/answer/begin/'] .button")


def refuses_without_a_reason(walker: Walker) -> None:
    begins_an_answer(walker)
    walker.window.chooses("[name=state_1]", "refused")
    walker.presses("[name=go][value=send]")


STOPS = [
    Stop("home", at("/"), short=True),
    Stop("questions", at("/complaints/new/"), short=True),
    Stop("numbers-after-a-yes", says_yes, short=True),
    Stop("call-errors", asks_for_a_call_without_a_number),
    Stop("call", asks_for_a_call, short=True),
    Stop("call-taken-back", takes_it_back),
    Stop("begin", at("/complaints/begin/"), short=True),
    *(Stop(f"guide-{topic}", at(f"/guide/{topic}/"), short=topic == "rights") for topic in TITLES),
    Stop("guide-numbers", at("/guide/numbers/")),
    Stop("about", at("/about/")),
    Stop("ledger", at("/ledger/")),
    Stop("witnesses", at("/ledger/witnesses/")),
    Stop("verify", at("/verify/")),
    Stop("missing", at("/no/such/page/")),
    Stop("gone", at("/complaints/new/wishes/")),
    Stop("draft-empty", takes_up("empty")),
    *(Stop(f"errors-{step}", continues_with_nothing(step)) for step in all_drafts.REQUIRED),
    Stop("check-missing", on("/complaints/new/check/")),
    Stop("draft", takes_up("ready"), short=True),
    *(Stop(f"step-{step}", on(f"/complaints/new/{step}/"), short=True) for step in all_drafts.STEPS),
    Stop("act", on("/complaints/new/contacts/new/")),
    Stop("filed", files, short=True),
    Stop("follow", at("/follow/")),
    Stop("follow-errors", types_a_wrong_code),
    Stop("lost", at("/follow/lost/")),
    Stop("lost-code", lost_the_code),
    Stop("case", follows("filed"), short=True),
    *(Stop(f"add-{what}", adds(what)) for what in ("message", "evidence", "addendum")),
    Stop("add-errors", sends_nothing),
    *(Stop(name, on(f"/follow/{name}/")) for name in ("withdraw", "since", "reach", "consents")),
    Stop("bundle", on("/follow/bundle/"), short=True),
    Stop("bundle-making", makes_a_bundle),
    Stop("give", on("/follow/bundle/give/?audience=complaint"), short=True),
    Stop("give-errors", gives_to_nobody),
    Stop("given", gives_to_a_lawyer),
    Stop("handed", at("/handed/nothing/")),
    Stop("handed-open", opens_what_was_lent),
    Stop("handed-read", reads_it, short=True),
    Stop("handed-exhibit", opens_an_exhibit, short=True),
    Stop("handed-again", lambda walker: walker.opens(f"/handed/{walker.lent[0]}/")),
    Stop("case-answered", follows("answered")),
    Stop("review", on("/follow/review/")),
    Stop("respond", at("/answer/")),
    Stop("respond-enquiry", opens_the_enquiry),
    Stop("respond-write", begins_an_answer),
    Stop("respond-errors", refuses_without_a_reason),
]


def shows_the_password(walker: Walker, username: str = "walker") -> None:
    """Sign in up to the page that asks for the second factor or sets it up."""
    at("/admin/")(walker)
    walker.window.fills("[name=username]", username)
    walker.window.fills("[name=password]", cast.PASSWORD)
    walker.presses("[type=submit].do")


def mistypes_the_code(walker: Walker) -> None:
    walker.window.fills("[name=code]", "nonsense")
    walker.presses("[type=submit].do")


def types_the_code(walker: Walker) -> None:
    """Enter the code that the demo's page shows."""
    walker.window.fills("[name=code]", walker.window.reads(".notice strong"))
    walker.presses("[type=submit].do")


def calls_back(walker: Walker) -> None:
    types_the_code(walker)
    walker.opens("/admin/complaints/callback/")


def gives_cases_away(walker: Walker) -> None:
    """Go to the page that asks to whom cases are assigned, and why."""
    walker.opens("/admin/complaints/case/?queue=open")
    walker.window.ticks("[name=select_across]")
    walker.presses("[name=action][value=assign]")


def follows_the_work(walker: Walker) -> None:
    walker.window.chooses_first("[name=to]")
    walker.window.fills("[name=reason]", "She knows this lender.")
    walker.presses("form.stack .do")


def pressing_case(walker: Walker) -> None:
    """Go from the page of deadlines to the first case for which more time is asked."""
    walker.opens("/admin/complaints/clock/?who=all&when=asked")
    address = walker.window.asks("() => document.querySelector('#content table a').getAttribute('href')")
    walker.opens(address.partition("#")[0])


def at_the_case(page: str = "") -> Callable[[Walker], None]:
    """A page at the desk of the case that has an enquiry."""
    return lambda walker: walker.opens(f"/admin/complaints/case/{walker.asked[0]}/{page}")


def looks_at_what_leaves(walker: Walker) -> None:
    at_the_case("enquiries/ask/")(walker)
    walker.window.ticks("[name=ask_recordings]")
    walker.presses("[name=go][value=look]")


def works_on(step: str = "") -> Callable[[Walker], None]:
    """Open the answered case at the desk, or a page of it. The walker is signed in already."""
    return lambda walker: walker.opens(f"/admin/complaints/case/{walker.cases['answered'].case.pk}/{step}")


def saves_nothing(page: str) -> Callable[[Walker], None]:
    """Open a form of the desk and send it unchanged."""

    def go(walker: Walker) -> None:
        walker.opens(f"/admin/complaints/{page}/add/")
        walker.presses("[name=_save]")

    return go


def comes_as_administrator(walker: Walker) -> None:
    """Sign in as an administrator, who sees staff and teams but no cases."""
    shows_the_password(walker, "keeper")
    types_the_code(walker)
    walker.opens("/admin/sign-in/")
    walker.opens("/admin/complaints/staffmember/")


FORMS = ("absence", "declaration", "routingrule")
TRIED = "/admin/complaints/routingrule/try/?severity=2&language=en&conduct=C04&lender=Example"
DESK_STOPS = [
    Stop("desk-sign-in", at("/admin/")),
    Stop("desk-set-up", shows_the_password),
    Stop("desk-recovery-codes", types_the_code),
    Stop("desk-second-factor", shows_the_password),
    Stop("desk-second-factor-errors", mistypes_the_code),
    Stop("desk-call-backs", calls_back),
    Stop("desk-own-sign-in", on("/admin/own/")),
    Stop("desk-rules", on("/admin/complaints/routingrule/")),
    Stop("desk-rules-tried", on(TRIED)),
    Stop("desk-hands", works_on("hands/")),
    Stop("desk-severity", works_on("severity/")),
    Stop("desk-deadlines", on("/admin/complaints/clock/")),
    Stop("desk-case-clocks", pressing_case),
    Stop("desk-case-asked", at_the_case()),
    Stop("desk-ask", at_the_case("enquiries/ask/")),
    Stop("desk-ask-preview", looks_at_what_leaves),
    Stop("desk-enquiry", at_the_case("enquiries/1/")),
    Stop("desk-case-decided", works_on()),
    Stop("desk-findings", works_on("decide/")),
    Stop("desk-queue", on("/admin/complaints/case/?queue=open&sort=newest")),
    Stop("desk-found", on("/admin/complaints/case/?q=%E5%90%8C%E4%BA%8B")),
    Stop("desk-broken-filter", on("/admin/complaints/case/?story=x")),
    Stop("desk-bulk", gives_cases_away),
    Stop("desk-bulk-progress", follows_the_work),
    Stop("desk-bundle", chooses_a_bundle),
    *(Stop(f"desk-{page}-list", on(f"/admin/complaints/{page}/")) for page in ("absence", "declaration")),
    *(Stop(f"desk-{page}", on(f"/admin/complaints/{page}/add/")) for page in FORMS),
    *(Stop(f"desk-{page}-errors", saves_nothing(page)) for page in FORMS),
    Stop("desk-appointments", on("/admin/appointments/")),
    Stop("desk-password", on("/admin/password_change/")),
    Stop("desk-staff", comes_as_administrator),
    *(Stop(f"desk-{page}-new", on(f"/admin/complaints/{page}/add/")) for page in ("staffmember", "team")),
    *(Stop(f"desk-{page}-errors", saves_nothing(page)) for page in ("staffmember", "team")),
]


def late(filed: Filed, member: StaffMember) -> None:
    """Let some clocks of the case run out and another come near, ask the borrower, and ask for more time."""
    case = office.step(office.routed(filed.case, member.teams.get(), member), "begin", member)
    conversation.a_question(case, member, "When did they call?")
    extensions.ask(case.clocks.get(name="decide"), by=member, reasons="Forty recordings to hear.")
    office.time_passes(case, timedelta(days=13))
    running.watch()


def answered(case: Filed, member: StaffMember) -> Filed:
    """The case with sealed evidence, decided and answered, with a measure and redress."""
    from tests.complaints.views.follow.test_case import decided

    for exhibit in case.case.exhibits.select_related("item"):
        sealing.seal(exhibit.item)
    replied, today = decided(case.case, member), timezone.localdate()
    for sort, kind in (("redress", "apology"), ("redress", "stopped"), ("measure", "training")):
        wanted = undertakings.PlannedUndertaking(
            sort, kind, "一封道歉信 A letter.", "客户权益部 Customer Relations", today
        )
        made = undertakings.order(replied, by=member, wanted=wanted)
    undertakings.end(made, by=member, outcome="done", ended_on=today, proof="签到表 A list of who came.")
    handed = referrals.Handed("regulator", "金融监管局 The regulator", today, "情节严重 It is grave.", "JG-7")
    referrals.refer(replied, by=member, handed=handed)
    return case


def asked(case: Filed, member: StaffMember) -> tuple[int, str]:
    """The case with a partly answered enquiry, a note and a task; and the code of the link."""
    routed = office.routed(case.case, cast.a_team("South"), member)
    enquiry = other_side.sent(routed, member)
    other_side.answered(enquiry, "Here is a part.", says={"1": {"state": "partly", "reason": "The rest is gone."}})
    notes.write(routed, "Ring them.", by=member, once=uuid4())
    todo.give(routed, title="Ring", owner=member, due_on=timezone.localdate(), by=member, once=uuid4())
    return routed.pk, links.code(enquiry)


def lent(case: Case) -> tuple[str, str]:
    """The link and the passphrase of a bundle of the case that is made for a lawyer."""
    options = Options.usual("legal_aid", masked=True).kept()
    given = grants.give(case, options, grants.Terms("王律师", 7, 20, agreed=True), language="en")
    exports.make_waiting()
    return given.link, given.phrase


def prepared(language: str, member: StaffMember) -> dict[str, Any]:
    """What a walker holds: two drafts and two cases. Two people also wait for a call."""
    for reach in ("13800138000", "@mei"):
        callbacks.ask(language=language, channel="phone", reach=reach, say="说是快递", danger=True)
    CallBack.objects.filter(reach="@mei").update(due_at=timezone.now())
    drafts = {"empty": all_drafts.begin(language)[1], "ready": cast.a_draft(language=language)[1]}
    late(cast.file_a_complaint(language=language), member)
    cases = {
        "filed": cast.file_a_complaint(language=language),
        "routed": cast.file_a_complaint(language=language),
        "answered": answered(cast.file_a_complaint(language=language), member),
    }
    team = member.teams.get()
    cast.staff("colleague", Role.INVESTIGATOR, team)
    lifecycle.advance(cases["routed"].case, "route", by=ledger.SYSTEM, changes={"team": team})
    return {
        "drafts": drafts,
        "cases": cases,
        "asked": asked(cast.file_a_complaint(language=language), member),
        "lent": lent(cases["answered"].case),
    }


@contextmanager
def walking(browser: Browser, site: str, way: Way, held: dict[str, Any]) -> Any:
    context: BrowserContext = browser.new_context(
        base_url=site,
        viewport={"width": way.width, "height": HEIGHT.get(way.width, PHONE[1])},
        locale=LOCALES[way.language],
        color_scheme=way.theme,
        java_script_enabled=way.scripts,
        reduced_motion="reduce",
    )
    if way.large:
        context.add_init_script(LARGE_TEXT)
    yield Walker(ChromiumWindow(context.new_page(), site), way, **held)
    context.close()


def faults(window: Window, *, barriers: bool) -> list[str]:
    """The faults of the present page, a sentence each. With `barriers`, axe checks it too."""
    found = window.heard()
    shape: dict[str, Any] = window.asks(SHAPE)
    if shape["wide"] > 0:
        found.append(f"{shape['wide']} pixels stick out")
    levels = shape["headings"]
    if levels.count(1) != 1 or any(after > one + 1 for one, after in pairwise(levels)):
        found.append(f"headings out of order: {levels}")
    found += [f"no label: {control}" for control in shape["nameless"]]
    found += [f"leads nowhere: {link}" for link in shape["lost"]]
    found += [f"too small to touch: {control}" for control in shape["small"]]
    if barriers:
        found += [_told(violation) for violation in window.barriers(RULES)]
    return found


def _told(violation: dict[str, Any]) -> str:
    nodes = "; ".join(f"{node['html'][:200]} ({node['failureSummary']})" for node in violation["nodes"][:3])
    return f"axe, {violation['id']}: {violation['help']}: {nodes}"


def walk(
    walker: Walker, stops: list[Stop], *, barriers: bool = False, pictures: bool = False
) -> dict[str, list[str]]:
    """Go to every stop. Returns the faults by the name of the stop."""
    found = {}
    for stop in stops:
        stop.go(walker)
        if faulty := faults(walker.window, barriers=barriers):
            found[stop.name] = faulty
        if pictures:
            walker.window.shoots(f"{walker.way}/{stop.name}")
    return found
