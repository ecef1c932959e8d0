"""A case in which nearly everything happened, for tests of all its papers."""

import uuid
from datetime import timedelta

from django.utils import timezone

from complaints.cases import consents, extensions, notes
from complaints.conversation import messaging
from complaints.decisions import findings, referrals, undertakings
from complaints.decisions.undertakings import PlannedUndertaking
from complaints.enquiries import asking
from complaints.models import Case, Role, StaffMember, Team
from complaints.reference.conduct import Severity
from complaints.rights import retaliations, reviews, withdrawals
from portal.demo import sound

from . import cast, conversation, office, other_side
from .bundles import a_copy, seal_all

NOTE = "先听录音，再问催收公司要外呼日志。Their log is due on Friday."
MORE_TIME = "要核对四十段录音。The lender’s log came late."
GRANTED = "四十段录音确实需要时间。"
STORY = (
    "他们半夜给我打电话，还打给我的同事小王（13912345678）。\n"
    "They said “we’ll come to your child’s school” — and they didn’t stop…\n"
    "我写信请他们停止，没有用。"
)


def by_an_office_of_its_own() -> Case:
    south = cast.a_team("South")
    investigator = cast.staff("investigator", Role.INVESTIGATOR, south)
    return worked_on(south, investigator, cast.staff("supervisor", Role.SUPERVISOR))


def worked_on(south: Team, investigator: StaffMember, supervisor: StaffMember) -> Case:
    """A case with files and notes, after questions, an extension, a decision, an answer and a review."""
    due = timezone.localdate() + timedelta(days=10)
    files = [("半夜来电 23:41.amr", sound.amr(sound.call(2, seed=3))), ("同事收到的短信.png", cast.a_screenshot())]
    filed = cast.file_a_complaint(files=files, story={"story": STORY}).case
    consents.begin(filed, ["legal_aid", "regulator"])
    Case.objects.filter(pk=filed.pk).update(severity=Severity.URGENT)  # so that the decision takes two people
    case = office.step(office.routed(office.now(filed), south, investigator), "begin", investigator)
    a_copy(case.exhibits.get(number=1).item, "transcript", "[0:01] 我们要去你孩子的学校。".encode())
    notes.write(case, NOTE, by=investigator, once=uuid.uuid4())
    asked = extensions.ask(case.clocks.get(name="decide"), by=investigator, reasons=MORE_TIME)
    extensions.decide(asked, by=supervisor, approve=True, reasons=GRANTED)
    enquiry = other_side.sent(office.now(case), investigator)
    says = {"1": {"state": "partly", "reason": "只找到一段。"}}
    log = b"time,number\n2026-11-20 23:41,057188880001\n"
    other_side.answered(enquiry, "随函附上通话记录。It’s all we have.", [("calls.csv", log)], says=says)
    asking.mark_overdue()
    conversation.from_the_office(office.now(case), investigator, "我们正在核实。")
    question = conversation.a_question(office.now(case), investigator, "同事是几点接到电话的？")
    assert question
    seal_all(case)
    promised = PlannedUndertaking("redress", "apology", "一封道歉信。", "客户权益部", due)
    undertakings.order(office.now(case), by=investigator, wanted=promised)
    undertakings.order(
        office.now(case),
        by=investigator,
        wanted=PlannedUndertaking("measure", "training", "催收员停岗培训。", "催收管理部", due),
    )
    found = [
        office.written(
            outcome="partly",
            norms=["cn-debtor-alone"],
            set_aside=[case.exhibits.get(number=2)],
            why_set_aside="看不清号码。",
        ),
        office.written("C05", outcome="insufficient", missing="外呼系统日志。", missing_from="agency"),
    ]
    findings.decide(office.now(case), by=investigator, written=found)
    case = office.confirmed(office.now(case), by=supervisor)
    messaging.reply(case, by=investigator, text="已经查完。You’ll get a letter.")
    made = office.now(case).undertakings.get(sort="redress")
    undertakings.end(made, by=investigator, outcome="done", ended_on=timezone.localdate(), proof="挂号信 4711。")
    handed = referrals.Handed("regulator", "金融监管局", timezone.localdate(), "情节严重。", "JG-7")
    referrals.refer(office.now(case), by=investigator, handed=handed)
    reviews.ask(office.now(case), reasons="没有人听过第二段录音。")
    retaliations.report(office.now(case), text="他们又来了。")
    withdrawals.ask(office.now(case), pressed="no", pressure_words="")
    withdrawals.take_back(office.now(case))
    return office.now(case)
