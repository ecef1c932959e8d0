"""The demo's six complaints. All people and companies are invented."""

from collections.abc import Callable
from dataclasses import dataclass, field
from functools import cache

from . import paper, sound


@dataclass(frozen=True)
class File:
    name: str
    description: str
    make: Callable[[], bytes]
    declared: dict[str, str] = field(default_factory=dict)


@dataclass(frozen=True)
class Decision:
    """Findings and reply. If the reply is empty, the one that the portal drafts from the findings is sent."""

    findings: tuple["StoryFinding", ...]
    reply: str = ""


@dataclass(frozen=True)
class StoryFinding:
    allegation: str
    outcome: str
    reasons: str
    relied_on: tuple[int, ...]  # exhibit numbers
    norms: tuple[str, ...] = ()
    missing: str = ""
    missing_from: str = ""


@dataclass(frozen=True)
class StoryUndertaking:
    """A measure or a promise of redress, due `days` after the decision. With a `proof` it is done."""

    sort: str
    kind: str
    what: str
    owner: str
    days: int
    amount: str = ""
    currency: str = "GBP"
    proof: str = ""


@dataclass(frozen=True)
class Story:
    """One borrower's complaint, and the state that its case is to reach (of Case.State)."""

    state: str
    language: str
    conduct: tuple[str, ...]
    parties: tuple[str, str, str]  # lender, platform, agency; "" where the borrower does not know
    text: str
    wishes: tuple[str, ...]
    reach: dict[str, str]
    files: tuple[File, ...]
    decision: Decision | None = None
    undertaken: tuple[StoryUndertaking, ...] = ()
    numbers: tuple[str, ...] = ()
    court: dict[str, str] = field(default_factory=lambda: {"court": "none"})
    contacts: tuple[dict[str, str], ...] = ()  # fields of questions.ActForm
    wants: dict[str, str] = field(default_factory=dict)  # amounts of money
    originals: dict[str, str] = field(default_factory=dict)
    may_see_name: str = "no"
    question: str = ""  # from the investigator, not answered yet


def _recording(seconds: int, seed: int, encode: Callable[[bytes], bytes]) -> Callable[[], bytes]:
    return cache(lambda: encode(sound.call(seconds, seed)))


def _messages(sender: str, clock: str, *messages: tuple[str, str]) -> Callable[[], bytes]:
    return cache(lambda: paper.screenshot(sender, clock, messages))


COLLEAGUES = Story(
    state="closed",
    language="zh-hans",
    conduct=("C04", "C06"),
    parties=("蓝田消费金融", "某某分期", "云图催收服务部"),
    text=(
        "我因为生病停工两个月，有一期没有按时还上，本金 3200 元。10 月 12 日起，对方换着号码每天打来十几次。"
        "10 月 19 日上午，他们打到我单位前台，说出了我的姓名和欠款，又给三位同事发了短信。"
        "我在短信里写明了请不要联系我的单位，也说了愿意分期还。我只希望他们直接和我谈。"
    ),
    wishes=("stop", "apology", "plan"),
    reach={"name": "李小梅", "phone": "199 0000 0001", "contact_note": "请在中午 12 点到 1 点之间联系。"},
    numbers=("0000 888 0040", "0000 888 0041", "1069 0000 0042"),
    contacts=(
        {
            **{"when": "2026-10-18 21:40", "precision": "exact", "channel": "call", "direction": "in"},
            **{"answered": "yes", "speaker": "human", "reached": "self", "number": "0000 888 0040"},
            "claimed": "某某分期委外部门，不肯说姓名",
            "said": "明天中午不还，就给你单位打电话。",
        },
        {
            **{"when": "2026-10-19 09:10", "precision": "about", "channel": "call", "direction": "in"},
            **{"answered": "yes", "reached": "employer", "disclosed": "yes"},
            "said": "打到前台，说了我的姓名和欠款。",
        },
        {"when": "2026-10-19", "precision": "day", "channel": "sms", "reached": "colleague", "disclosed": "yes"},
    ),
    originals={"phone": "手机我自己留着，没有刷机"},
    may_see_name="yes",
    files=(
        File(
            "通话录音 10-18 21-40.amr",
            "10 月 18 日晚上他们打来的电话",
            _recording(14, 1, sound.amr),
            {"captured": "2026-10-18 21:40", "present": "yes", "recorded_by": "self", "condition": "original"},
        ),
        File(
            "Screenshot_20261019-083102.png",
            "他们发给我的短信，说要联系我的同事",
            _messages(
                "1069 0000 0042",
                "08:31",
                (
                    "10月19日 08:12",
                    "【某某分期】李女士，您的欠款已逾期。中午12点前仍不处理，我们将继续联系您的单位和同事。",
                ),
                ("10月19日 08:20", ">请不要再联系我的单位和同事。我愿意分期还，请直接和我谈。"),
                ("10月19日 08:24", "前台已经知道您的情况了。尽快处理。"),
            ),
        ),
        File(
            "通话详单.csv",
            "从运营商下载的通话详单",
            lambda: paper.call_list(
                "某某移动 通话详单",
                ("起始时间", "对方号码", "呼叫类型", "时长(秒)"),
                [
                    (
                        f"2026-10-19 {8 + n // 3:02d}:{7 + 17 * (n % 3):02d}",
                        f"0000 888 {40 + n % 4:04d}",
                        "被叫",
                        f"{9 * n % 71}",
                    )
                    for n in range(16)
                ],
                "gb18030",
            ),
        ),
    ),
    decision=Decision(
        findings=(
            StoryFinding(
                allegation="C04",
                outcome="substantiated",
                reasons=(
                    "E-2 的短信写明将联系“单位和同事”，并在投诉人明确要求停止之后，于 08:24 确认已告知前台。"
                    "机构未能说明联系与债务无关的第三人的理由。"
                ),
                relied_on=(2,),
                norms=("cn-debtor-alone", "cn-third-parties"),
            ),
            StoryFinding(
                allegation="C06",
                outcome="substantiated",
                reasons="E-3 显示当天从 8 时起有 16 次来电，来自 4 个号码，与投诉人的陈述一致。",
                relied_on=(3,),
                norms=("cn-attempts",),
            ),
        ),
        reply=(
            "李女士：您好。我们认定，他们把您的欠款告诉您的单位和同事，这件事属实。"
            "我们已要求停止联系您以外的任何人，向您书面道歉，并由蓝田消费金融指定一位专员与您直接商定分期。"
            "如果还有人联系您的同事，请用查询码告诉我们。如果您不同意这个结果，可以请我们换一位人员重新查看，"
            "也可以向金融监管部门投诉。"
        ),
    ),
    undertaken=(
        StoryUndertaking(
            *("redress", "stopped", "停止联系本人以外的任何人。", "蓝田消费金融 客服主管", 3),
            proof="机构书面回函确认，号码已移出外呼名单。",
        ),
        StoryUndertaking("redress", "apology", "书面道歉。", "蓝田消费金融 客服主管", 15),
        StoryUndertaking("measure", "training", "全组重新培训：第三人联系的规则。", "催收管理部", 30),
    ),
)

NIGHT_CALLS = Story(
    state="replied",
    language="en",
    conduct=("C05", "C06"),
    parties=("Bluefield Consumer Finance (fictional)", "", "Harbourlight Recoveries (fictional)"),
    text=(
        "I fell behind by one instalment in September. Since then the phone rings late in the evening, often after"
        " eleven. On 20 October they called at 23:14, 23:31 and 23:52. My daughter sleeps in the same room."
        " I asked them to call in the daytime; the woman said they call when people are at home."
        " I am not asking to be let off the debt. I am asking to be left alone at night."
    ),
    wishes=("stop", "plan", "compensation"),
    reach={"name": "Anna Example", "email": "anna@example.org", "contact_note": "E-mail only, please."},
    numbers=("0000 777 0101",),
    contacts=tuple(
        {
            **{"when": f"2026-10-20 {time}", "precision": "exact", "channel": "call", "direction": "in"},
            **{"number": "0000 777 0101", "answered": answered, "reached": "self"},
        }
        for time, answered in (("23:14", "yes"), ("23:31", "no"), ("23:52", "no"))
    ),
    wants={"compensation_amount": "150.00", "currency": "GBP"},
    files=(
        File("Call 2026-10-20 23.14.m4a", "The first call of that night", _recording(12, 2, sound.m4a)),
        File(
            "call-list-october.csv",
            "My phone company's list of calls",
            lambda: paper.call_list(
                "Example Mobile, calls received",
                ("Time", "From", "Direction", "Seconds"),
                [
                    (f"2026-10-{day} {time}", "0000 777 0101", "incoming", str(20 + day))
                    for day in (14, 16, 20, 21)
                    for time in ("23:14", "23:31", "23:52")
                ],
                "utf-8",
            ),
        ),
    ),
    decision=Decision(
        findings=(
            StoryFinding(
                allegation="C05",
                outcome="substantiated",
                reasons=(
                    "E-2 shows twelve calls from one number on four evenings, all after 23:00. The recording E-1"
                    " was made at the time of the first call of 20 October."
                ),
                relied_on=(1, 2),
                norms=("uk-conduct",),
            ),
            StoryFinding(
                allegation="C06",
                outcome="insufficient",
                reasons="E-2 shows three calls an evening. Whether there were more by day cannot be told from it.",
                relied_on=(2,),
                missing="The agency's own log of calls, asked for and not sent.",
                missing_from="agency",
            ),
        ),
        reply=(
            "Dear Ms Example, we find that you were called late at night, again and again. We have told the lender"
            " that no calls may be made to you between 22:00 and 8:00, and that a repayment plan must be offered"
            " to you in writing. If a call comes at night again, tell us with your access code; you do not need"
            " to file anew. If you disagree with this answer, you can ask for a different person to look again."
        ),
    ),
    undertaken=(
        StoryUndertaking(
            "redress", "compensation", "For the disturbed nights.", "Customer Relations", 14, amount="150.00"
        ),
        StoryUndertaking("redress", "plan", "A repayment plan in writing.", "Customer Relations", 21),
    ),
)

LETTER = Story(
    state="decided",
    language="zh-hans",
    conduct=("C08", "C09"),
    parties=("青麦小额贷款", "松果借", ""),
    text=(
        "我收到一份 PDF“律师催告函”，落款是某某律师事务所，没有律师姓名和执业证号，写着逾期将“移送司法机关”，"
        "会影响孩子上学。接着有人发短信，自称法务，让我三天内全部还清。我打了信上的电话，没有人说得出律师的名字。"
        "我很害怕孩子受影响，想知道这封信是不是真的。"
    ),
    wishes=("stop", "correction"),
    reach={"name": "", "phone": "199 0000 0003", "contact_note": "家里老人不知道这件事，请只打我的手机。"},
    court={"court": "unsure", "court_on": "", "court_note": "信上说要“移送司法机关”，没有写法院名称和案号。"},
    originals={"letter": "信只有电子版", "phone": "短信在我手机里"},
    files=(
        File(
            "律师催告函.pdf",
            "他们发来的“律师函”",
            lambda: paper.letter(
                sender="某某律师事务所（催告部）",
                address="虚构市示例路 1 号　电话 0000-8880000",
                title="律师催告函",
                to="致：王某某",
                parts=(
                    "受青麦小额贷款委托，就您在“松果借”平台的借款逾期一事，特致函如下。",
                    "请您于收到本函之日起三日内一次性结清全部款项。逾期未结清的，我方将依法移送司法机关处理，"
                    "由此可能对您本人及子女的升学、就业产生影响，后果由您自行承担。",
                    "特此函告。",
                ),
                date="2026 年 10 月 12 日",
            ),
        ),
        File(
            "IMG_20261014.png",
            "自称法务的人发来的短信",
            _messages(
                "1069 0000 0315",
                "19:06",
                ("10月14日 18:47", "王先生您好，我是法务部的。函件已送达，请在三天内结清，避免影响孩子上学。"),
                ("10月14日 18:55", ">请问是哪家律所，哪位律师？"),
                ("10月14日 19:02", "这个您不用问，按函上的要求办就可以。"),
            ),
        ),
    ),
    decision=Decision(
        findings=(
            StoryFinding(
                allegation="C08",
                outcome="partly",
                reasons=(
                    "E-1 的落款没有律师姓名和执业证号，E-2 中发信人拒绝说明身份，足以认定以律师名义施压。"
                    "出函的是否为该机构自己的人员，现有材料还不能确定。"
                ),
                relied_on=(1, 2),
                norms=("cn-prohibited",),
            ),
            StoryFinding(
                allegation="C09",
                outcome="substantiated",
                reasons="E-1 写明逾期可能影响“子女的升学、就业”，E-2 又说“避免影响孩子上学”。这样的后果并不存在。",
                relied_on=(1, 2),
                norms=("cn-no-violence",),
            ),
        ),
    ),
    undertaken=(
        StoryUndertaking(
            "redress", "correction", "书面说明该函件不具法律效力，并更正催收记录。", "客户权益部", 20
        ),
        StoryUndertaking("measure", "suspension", "暂停该机构委案，直至说明函件来源。", "外包管理岗", 10),
    ),
)

INSULTS = Story(
    state="investigating",
    language="zh-hans",
    conduct=("C07", "C13"),
    parties=("某某银行信用卡中心（虚构）", "", "北山资产管理"),
    text=(
        "从上个月开始，同一个男的几乎每天打来，骂得很难听，还说我不还就应该找父母借、找网贷先垫上。"
        "10 月 22 日的电话我录了音。我父亲有心脏病，我不想让他知道。"
        "我欠的钱我认，但是我也是人，希望他们能好好说话。"
    ),
    wishes=("stop", "apology"),
    reach={"name": "陈某", "phone": "199 0000 0004", "contact_note": "发短信就好，不方便接电话。"},
    numbers=("0000 666 0198",),
    contacts=(
        {
            **{"when": "2026-10-22 15:30", "precision": "exact", "channel": "call", "direction": "in"},
            **{"answered": "yes", "speaker": "human", "reached": "self", "number": "0000 666 0198"},
            "claimed": "说是银行委托的，不报工号",
            "said": "没钱就去别的平台借。",
        },
    ),
    files=(
        File("REC_20261022_1530.amr", "10 月 22 日下午的电话，从第 3 秒开始骂人", _recording(16, 4, sound.amr)),
        File(
            "微信图片_20261022.png",
            "同一个人发来的短信",
            _messages(
                "0000 666 0198",
                "15:52",
                ("10月22日 15:41", "没钱就去别的平台借，先把我们这边垫上。"),
                ("10月22日 15:44", "让你爸妈拿点出来，一家人总能凑齐吧。"),
                ("10月22日 15:48", ">请不要骂人，也不要联系我的父母。"),
            ),
        ),
    ),
    question="您好。10 月 22 日之后，他们还打来过吗？如果有，请写下大概的时间和号码，也可以附上通话记录的截图。",
)

PERSONAL_ACCOUNT = Story(
    state="routed",
    language="en",
    conduct=("C12", "C10"),
    parties=("", "Stepwise Instalments (fictional)", ""),
    text=(
        "A man called and said my loan could be closed at a discount today if I first paid a 'settlement fee'"
        " of 600 into an account in a private name. He would not give his company or his own name. When I"
        " asked for an offer in writing he sent the text in the picture. I have not paid. I want to know who"
        " this is, and I want the company to tell me what I really owe."
    ),
    wishes=("stop", "correction"),
    reach={"name": "", "email": "m.sample@example.org", "contact_note": ""},
    numbers=("0000 555 0142",),
    files=(
        File(
            "text message.png",
            "The text asking for the fee",
            _messages(
                "0000 555 0142",
                "14:09",
                (
                    "22 Oct 13:55",
                    "Discount ends at 6 pm. First send the settlement fee of 600 to Mr Doe, account 0000 0000.",
                ),
                ("22 Oct 13:58", ">Which company are you with? Please send a written offer."),
                ("22 Oct 14:05", "No fee, no discount. You will regret waiting."),
            ),
        ),
        File(
            "Recording 7.m4a",
            "What I recorded of the call, from the middle on",
            _recording(10, 5, sound.m4a),
            {"captured": "2026-10-22", "present": "yes", "recorded_by": "self", "condition": "original"},
        ),
    ),
)

NOT_SURE = Story(
    state="filed",
    language="zh-hans",
    conduct=(),  # no rule matches, so that one case waits for a supervisor
    parties=("", "某某分期", ""),
    text=(
        "我不确定这算不算违规，想请你们帮我看一看。我和客服说好了从下个月起每月还 500 元，对方也答应了。"
        "可是第二天又有不同号码发来同样的短信，说没有这回事。我把通话和短信都留着。"
    ),
    wishes=("correction", "plan"),
    reach={"name": "赵某", "phone": "199 0000 0006", "contact_note": "晚上 7 点以后方便。"},
    files=(
        File("和客服的通话.mp3", "客服答应每月还 500 元的通话", _recording(12, 6, sound.mp3)),
        File(
            "短信.png",
            "第二天收到的短信",
            _messages(
                "1069 0000 0077",
                "10:20",
                ("10月23日 09:30", "【某某分期】系统没有您的还款协议，请按原金额今日内处理。"),
                ("10月23日 10:15", "【某某分期】系统没有您的还款协议，请按原金额今日内处理。"),
            ),
        ),
    ),
)

STORIES = (COLLEAGUES, NIGHT_CALLS, LETTER, INSULTS, PERSONAL_ACCOUNT, NOT_SURE)
