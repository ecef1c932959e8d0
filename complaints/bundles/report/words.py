"""The words of the report in both languages."""

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from datetime import datetime
from typing import TypedDict
from zoneinfo import ZoneInfo

from django.conf import settings
from django.utils import translation
from django.utils.encoding import force_str
from django.utils.functional import Promise

from complaints.models import event_kinds
from complaints.reference.bilingual import Bilingual
from complaints.reference.choices import Relation
from evidence.holdfast_verify import Entry
from evidence.ledger import kinds


class Both(TypedDict):
    zh: str
    en: str


def both(zh: str, en: str) -> Both:
    """A text in both languages."""
    return {"zh": zh, "en": en}


def translated(text: str | Promise | Bilingual) -> Both:
    """A text of the interface in both languages."""
    with translation.override("zh-hans"):
        chinese = force_str(text)
    with translation.override("en"):
        return both(chinese, force_str(text))


# The language of the report that is being made: "zh", "en" or "both".
LANGUAGE: ContextVar[str] = ContextVar("LANGUAGE", default="both")


@contextmanager
def written_in(language: str) -> Iterator[None]:
    """Write a report in this language ("zh", "en" or "both") while the block runs."""
    token = LANGUAGE.set(language)
    try:
        yield
    finally:
        LANGUAGE.reset(token)


def line(text: Both, between: str = " / ") -> str:
    """One line of text in the report's language, or in both with `between` between them."""
    if LANGUAGE.get() == "both":
        return text["zh"] if text["zh"] == text["en"] else f"{text['zh']}{between}{text['en']}"
    return text["en"] if LANGUAGE.get() == "en" else text["zh"]


def row(zh: str, en: str, value: str) -> dict[str, str]:
    """A label in both languages, and its value."""
    return {"zh": zh, "en": en, "value": value}


def zone() -> ZoneInfo:
    """The office's time zone."""
    return ZoneInfo(settings.TIME_ZONE)


def when(text: str) -> str:
    """A ledger time in the office's time zone, with the zone."""
    return when_of(datetime.fromisoformat(text))


def when_of(moment: datetime) -> str:
    """A time in the office's zone, with the zone."""
    local = moment.astimezone(zone())
    return f"{local:%Y-%m-%d %H:%M:%S} UTC{local.isoformat()[-6:]}"


UNKNOWN = both("不知道", "not known")
NOT_GIVEN = both("未填写", "not given")
NONE = both("无", "none")
YES = both("是", "yes")
NO = both("否", "no")
MAY = both("可以", "yes")
MAY_NOT = both("不可以", "no")
WITHHELD = both("本份案卷不含投诉人身份", "left out of this bundle")
AS_OF = both("账本 %(size)d 条时的案卷", "as of %(size)d ledger entries")
SEALED = both("已封存", "sealed")
PENDING = both("等待时间戳", "waiting for the timestamp")

AUDIENCES = {
    "borrower": both("投诉人本人", "the borrower"),
    "office": both("办案部门", "the office"),
    "legal_aid": both("法律援助", "legal aid"),
    "court": both("法院", "a court"),
    "complaint": both("监管机构（投诉）", "the regulator, as a complaint"),
    "regulator": both("监管机构（举报）", "the regulator, as a report"),
}
ROLES = {
    "borrower": both("投诉人", "borrower"),
    "investigator": both("办案人", "investigator"),
    "supervisor": both("主管", "supervisor"),
    "auditor": both("审计", "auditor"),
    "administrator": both("管理员", "administrator"),
    "system": both("系统", "system"),
    "recipient": both("接收人", "recipient"),
    "respondent": both("对方（凭链接）", "other side, by the link"),
}
SOURCES = {
    "borrower": both("投诉人", "the borrower"),
    "office": both("办案部门", "the office"),
    "respondent": both("对方", "the other side"),
}
EVENTS = {
    event_kinds.COMPLAINT_FILED: both("提交投诉", "complaint filed"),
    kinds.EVIDENCE_RECEIVED: both("收到证据，计算摘要", "evidence received, digest taken"),
    kinds.EVIDENCE_SEALED: both("封存：重新核对字节，取得时间戳", "sealed: bytes read again, timestamp obtained"),
    kinds.EVIDENCE_FAULT: both("存储的文件缺失、被改动或读不出", "stored file missing, altered or unreadable"),
    kinds.EVIDENCE_RESTORED: both("存储的文件恢复完好", "stored file whole again"),
    kinds.EVIDENCE_COPY_FAULT: both(
        "存储的副本缺失、被改动或读不出", "stored copy missing, altered or unreadable"
    ),
    kinds.EVIDENCE_COPY_RESTORED: both("存储的副本恢复完好", "stored copy whole again"),
    event_kinds.DOCUMENT_FAULT: both(
        "数据库里的文书缺失或被改动", "document missing from the database, or altered"
    ),
    event_kinds.DOCUMENT_RESTORED: both("数据库里的文书恢复完好", "document whole again in the database"),
    kinds.EVIDENCE_DERIVED: both("制作供查看的副本", "copy made for viewing"),
    event_kinds.EVIDENCE_VIEWED: both("查看", "looked at"),
    kinds.EVIDENCE_QUARANTINED: both("病毒扫描发现问题，隔离", "quarantined: the malware scanner found something"),
    kinds.EVIDENCE_RELEASED: both("解除隔离", "released from quarantine"),
    event_kinds.EVIDENCE_DOWNLOADED: both("下载原件", "original downloaded"),
    event_kinds.CASE_ROUTED: both("分派", "routed to a team"),
    event_kinds.CASE_ASSIGNED: both("指定办案人", "investigator assigned"),
    event_kinds.CLOCK_OVERDUE: both("期限已过，已通知主管", "a clock ran out; supervisors told"),
    event_kinds.CLOCK_EXTENSION_ASKED: both("申请延期", "more time asked for"),
    event_kinds.CLOCK_EXTENDED: both("批准延期", "more time given"),
    event_kinds.CLOCK_EXTENSION_DECLINED: both("不同意延期", "no more time given"),
    event_kinds.CASE_BEGUN: both("开始调查", "investigation begun"),
    event_kinds.FINDING_MADE: both("就一项投诉作出认定", "finding made on one allegation"),
    event_kinds.CASE_PROPOSED: both(
        "提出认定方案，待第二人确认", "decision proposed, for a second person to confirm"
    ),
    event_kinds.CASE_SENT_BACK: both("认定方案退回", "proposed decision sent back"),
    event_kinds.CASE_DECIDED: both("作出决定", "decided"),
    event_kinds.MEASURE_ORDERED: both("确定问责措施", "accountability measure ordered"),
    event_kinds.MEASURE_ENDED: both("问责措施办结", "accountability measure settled"),
    event_kinds.REDRESS_PROMISED: both("承诺补救", "redress promised"),
    event_kinds.REDRESS_ENDED: both("补救办结", "redress settled"),
    event_kinds.CASE_REFERRED: both("移送有关机关", "referred to an authority"),
    event_kinds.CASE_REPLIED: both("答复投诉人", "reply sent to the borrower"),
    event_kinds.CASE_CLOSED: both("结案", "case closed"),
    event_kinds.CASE_WITHDRAWN: both("按投诉人意愿撤回，结案", "closed: withdrawn by the borrower"),
    event_kinds.CASE_REOPENED: both("重新打开", "opened again"),
    event_kinds.WITHDRAWAL_ASKED: both("投诉人申请撤回", "the borrower asked to withdraw"),
    event_kinds.WITHDRAWAL_TAKEN_BACK: both("投诉人收回撤回申请", "the borrower took the withdrawal back"),
    event_kinds.WITHDRAWAL_DECLINED: both("主管决定不撤回，继续办理", "a supervisor kept the case open"),
    event_kinds.REVIEW_ASKED: both("投诉人申请换人复核", "the borrower asked for a review"),
    event_kinds.RETALIATION_REPORTED: both("投诉人反映遭到报复", "the borrower reported retaliation"),
    event_kinds.REPORTER_CHANGED: both("投诉人更改联系方式", "the borrower changed how to be reached"),
    event_kinds.CONSENT_GIVEN: both("投诉人同意", "the borrower agreed"),
    event_kinds.CONSENT_WITHDRAWN: both("投诉人收回同意", "the borrower withdrew consent"),
    event_kinds.CODE_RENEWED: both("投诉人更换查询码", "the borrower renewed the access code"),
    event_kinds.MESSAGE_WRITTEN: both("留言", "message written"),
    event_kinds.MESSAGE_READ: both("办案部门已读", "read by the office"),
    event_kinds.QUESTION_ASKED: both("向投诉人提问", "question to the borrower"),
    event_kinds.QUESTION_ANSWERED: both("投诉人回答提问", "question answered"),
    event_kinds.ADDENDUM_ADDED: both("补充说明", "addendum to the statement"),
    event_kinds.EVIDENCE_ADDED: both("补充证据", "evidence added"),
    event_kinds.BUNDLE_EXPORTED: both("导出案卷包", "case bundle exported"),
    event_kinds.BUNDLE_APPROVED: both("第二人批准导出", "export approved by a second person"),
    event_kinds.BUNDLE_DOWNLOADED: both("下载案卷包", "case bundle downloaded"),
    event_kinds.GRANT_GIVEN: both("授权他人领取案卷包", "somebody was allowed to fetch a case bundle"),
    event_kinds.GRANT_OPENED: both("接收人打开链接", "the recipient opened the link"),
    event_kinds.GRANT_REVOKED: both("收回授权", "the grant was taken back"),
    event_kinds.ENQUIRY_SENT: both("向对方发出问询", "enquiry sent to the other side"),
    event_kinds.ENQUIRY_PRINTED: both("取出问询函", "letter of the enquiry taken"),
    event_kinds.ENQUIRY_OPENED: both("通过链接打开问询", "enquiry opened by its link"),
    event_kinds.ENQUIRY_REMINDED: both("催促答复", "reminded of the enquiry"),
    event_kinds.ENQUIRY_ANSWERED: both("对方答复", "the other side answered"),
    event_kinds.ENQUIRY_OVERDUE: both("到期未全部提供", "not everything came in time"),
    event_kinds.ENQUIRY_ASSESSED: both("认定对方提供的情况", "state of something asked set by the office"),
    event_kinds.ENQUIRY_REVOKED: both("停用问询链接", "link of the enquiry ended"),
    event_kinds.ENQUIRY_RENEWED: both("更换问询链接", "link of the enquiry renewed"),
    event_kinds.NOTE_WRITTEN: both("内部备注", "internal note written"),
    event_kinds.TASK_SET: both("设定任务", "task set"),
    event_kinds.TASK_DONE: both("任务完成", "task done"),
}


def by(entry: Entry) -> str:
    """Who caused the entry: the role and the beginning of an opaque id."""
    return whom(entry.content["by"])


def whom(who: dict[str, str]) -> str:
    """The role and the beginning of the opaque id of an actor in the ledger."""
    role = who.get("role", "")
    known = line(ROLES[role], " ") if role in ROLES else role
    return " ".join(filter(None, [known, who.get("id", "")[:8]]))


RELATIONS = {
    Relation.DEBTOR: both("债务人（对方所称）", "the debtor, as the other side says"),
    Relation.CONTACTED: both("因他人债务被联系的第三人", "contacted about somebody else’s debt"),
    Relation.ACTING: both("代他人投诉", "acts for somebody else"),
}
WAVEFORM = both("波形图", "waveform")
DECLARED = {
    "captured": both("形成时间", "Made or received"),
    "present": both("投诉人是否参与对话", "The borrower took part"),
    "recorded_by": both("录制人", "Recorded by"),
    "condition": both("原件或复制件", "Original or copy"),
}
LEFT_OUT = {
    "chosen": both("未选入", "not chosen for this recipient"),
    "missing": both("本站存储的文件缺失", "the stored file is missing"),
    "altered": both("本站存储的文件被改动", "the stored file was altered"),
    "unreadable": both("本站读不出存储的文件", "the stored file could not be read"),
    "quarantined": both("病毒扫描发现问题", "the malware scanner found something"),
}
MASKED = both(
    "本份案卷遮盖了第三人的号码、邮箱和姓名。被遮盖的文书见 data/masked，每份都注明账本所记原文书的摘要，"
    "并可据此核验：留下的文字就是当初提交的文字。",
    "Numbers, e-mail addresses and names of third parties are masked in this bundle. Masked documents are in "
    "data/masked, each with the digest of the one that the ledger knows and a proof of the words left in it.",
)
LESS = both("以下证据未收入本案卷：", "These exhibits are left out of this bundle: ")

PROMISE = both(
    "本案卷包内的每份原件都是收到时的原始字节。收到、封存、查看和处理的每一步都记在一本只能追加的账本里，"
    "任何人都可以离线核验，不必信任本站。",
    "Every original in this bundle is the bytes that were received. Each step (received, sealed, opened, decided) "
    "is an entry of an append-only ledger that anybody can check offline, without trusting the portal.",
)
LOCAL_CLOCK = both(
    "本案卷的时间戳由本机时钟签发，对运营者不具证明力。",
    "The timestamps of this bundle come from a local clock: it proves nothing against the operator.",
)
CUSTODY = both(
    "以下各行全部由账本条目得出；data/custody.csv 有完整内容。",
    "All rows follow from the ledger’s entries; data/custody.csv has them whole.",
)
DECLARATION = [
    both(
        "本人负责保管%(site)s的电子证据。以下各项出自其账本（共 %(size)s 条，根哈希见“怎样核验”）：",
        "I am a custodian of the electronic evidence kept by %(site)s. What follows is taken from its ledger "
        "(%(size)s entries; the root is under “How to verify”):",
    ),
    both(
        "投诉 %(reference)s 于 %(filed)s 通过网络提交，由系统自动接收。",
        "The complaint %(reference)s was filed over the network on %(filed)s and received by the system itself.",
    ),
    both(
        "收到证据 %(exhibits)s 份，接收时即计算 SHA-256；其中 %(sealed)s 份已重新读取、核对一致并取得可信时间戳。",
        "%(exhibits)s exhibits were received, their SHA-256 taken on receipt; %(sealed)s of them were read again, "
        "found the same, and timestamped.",
    ),
    both(
        "本案卷收入原件 %(taken)s 份。制作时逐一重新读取，摘要与接收时一致。",
        "This bundle has %(taken)s originals. Each was read again when it was made and had the digest of its "
        "receipt.",
    ),
    both(
        "存储期间发现的问题：%(faults)s。每次接收、查看、下载和导出都列在“保管记录”。",
        "Faults found in storage: %(faults)s. Each receipt, viewing, download and export is listed under Custody.",
    ),
    both(
        "原件加密保存，系统不提供修改的途径；本声明所述可由任何人按“怎样核验”核对。",
        "Originals are kept encrypted, and the system has no way to change them; anybody can check what is said "
        "here as described under “How to verify”.",
    ),
]
VERIFY = [
    both(
        "从本案卷包以外的地方取得核验程序 holdfast_verify.py、账本公钥（*.vkey）和时间戳根证书（*.pem），"
        "例如向本站账本页、监管机构或其他持有人索取。",
        "Get the verifier (holdfast_verify.py), the ledger’s key (*.vkey) and the timestamp roots (*.pem) from "
        "somewhere other than this bundle: the portal’s ledger page, a regulator, somebody who kept them.",
    ),
    both(
        "运行：python holdfast_verify.py 案卷包.zip --against 回执.json --roots 文件夹。"
        "只需要 Python 3.9 以上版本。",
        "Run: python holdfast_verify.py BUNDLE.zip --against RECEIPT.json --roots FOLDER. "
        "Python 3.9 or later is all it needs.",
    ),
    both(
        "VERIFY.txt 说明怎样只用 sha256sum、PowerShell 和 openssl 手工核验。",
        "VERIFY.txt says how to check by hand with sha256sum, PowerShell and openssl alone.",
    ),
]
