"""The report's own words, in both languages."""

from datetime import datetime
from typing import TypedDict
from zoneinfo import ZoneInfo

from django.conf import settings
from django.utils import translation
from django.utils.encoding import force_str
from django.utils.functional import Promise


class Bilingual(TypedDict):
    zh: str
    en: str


def both(zh: str, en: str) -> Bilingual:
    return {"zh": zh, "en": en}


def translated(text: str | Promise) -> Bilingual:
    """A text of the interface in both languages."""
    with translation.override("zh-hans"):
        chinese = force_str(text)
    with translation.override("en"):
        return both(chinese, force_str(text))


def zone() -> ZoneInfo:
    return ZoneInfo(settings.TIME_ZONE)


def when(text: str) -> str:
    """A ledger time in the office's zone, with the zone."""
    return when_of(datetime.fromisoformat(text))


def when_of(moment: datetime) -> str:
    local = moment.astimezone(zone())
    return f"{local:%Y-%m-%d %H:%M:%S} UTC{local.isoformat()[-6:]}"


UNKNOWN = "不知道 not known"
NOT_GIVEN = "未填写 not given"
NONE = "无 none"
YES = "可以 yes"
NO = "不可以 no"
WITHHELD = "本份案卷不含投诉人身份 left out of this bundle"
AS_OF = "账本 %(size)d 条时的案卷 · as of %(size)d ledger entries"
SEALED = both("已封存", "sealed")
PENDING = both("等待时间戳", "waiting for the timestamp")

AUDIENCES = {
    "borrower": "投诉人本人 the borrower",
    "office": "办案部门 the office",
    "legal_aid": "法律援助 legal aid",
    "court": "法院 a court",
    "complaint": "监管机构（投诉）the regulator, as a complaint",
    "regulator": "监管机构（举报）the regulator, as a report",
}
ROLES = {
    "borrower": "投诉人 borrower",
    "investigator": "办案人 investigator",
    "supervisor": "主管 supervisor",
    "auditor": "审计 auditor",
    "administrator": "管理员 administrator",
    "system": "系统 system",
    "recipient": "接收人 recipient",
}
EVENTS = {
    "complaint.filed": both("提交投诉", "complaint filed"),
    "evidence.received": both("收到证据，计算摘要", "evidence received, digest taken"),
    "evidence.sealed": both("封存：重新核对字节，取得时间戳", "sealed: bytes read again, timestamp obtained"),
    "evidence.fault": both("存储的文件缺失、被改动或读不出", "stored file missing, altered or unreadable"),
    "evidence.restored": both("存储的文件恢复完好", "stored file whole again"),
    "evidence.copy_fault": both("存储的副本缺失、被改动或读不出", "stored copy missing, altered or unreadable"),
    "evidence.copy_restored": both("存储的副本恢复完好", "stored copy whole again"),
    "evidence.derived": both("制作供查看的副本", "copy made for viewing"),
    "evidence.viewed": both("查看", "looked at"),
    "evidence.quarantined": both("病毒扫描发现问题，隔离", "quarantined: the malware scanner found something"),
    "evidence.released": both("解除隔离", "released from quarantine"),
    "evidence.downloaded": both("下载原件", "original downloaded"),
    "case.routed": both("分派", "routed to a team"),
    "case.assigned": both("指定办案人", "investigator assigned"),
    "case.begun": both("开始调查", "investigation begun"),
    "case.decided": both("作出认定", "finding made"),
    "case.replied": both("答复投诉人", "reply sent to the borrower"),
    "case.closed": both("结案", "case closed"),
    "case.withdrawn": both("按投诉人意愿撤回，结案", "closed: withdrawn by the borrower"),
    "case.reopened": both("重新打开", "opened again"),
    "withdrawal.asked": both("投诉人申请撤回", "the borrower asked to withdraw"),
    "withdrawal.taken_back": both("投诉人收回撤回申请", "the borrower took the withdrawal back"),
    "withdrawal.declined": both("主管决定不撤回，继续办理", "a supervisor kept the case open"),
    "review.asked": both("投诉人申请换人复核", "the borrower asked for a review"),
    "retaliation.reported": both("投诉人反映遭到报复", "the borrower reported retaliation"),
    "reporter.changed": both("投诉人更改联系方式", "the borrower changed how to be reached"),
    "consent.given": both("投诉人同意", "the borrower agreed"),
    "consent.withdrawn": both("投诉人收回同意", "the borrower withdrew consent"),
    "code.renewed": both("投诉人更换查询码", "the borrower renewed the access code"),
    "message.written": both("留言", "message written"),
    "message.read": both("办案部门已读", "read by the office"),
    "question.asked": both("向投诉人提问", "question to the borrower"),
    "question.answered": both("投诉人回答提问", "question answered"),
    "addendum.added": both("补充说明", "addendum to the statement"),
    "evidence.added": both("补充证据", "evidence added"),
    "bundle.exported": both("导出案卷包", "case bundle exported"),
    "bundle.approved": both("第二人批准导出", "export approved by a second person"),
    "bundle.downloaded": both("下载案卷包", "case bundle downloaded"),
    "grant.given": both("授权他人领取案卷包", "somebody was allowed to fetch a case bundle"),
    "grant.opened": both("接收人打开链接", "the recipient opened the link"),
    "grant.revoked": both("收回授权", "the grant was taken back"),
}

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
    "All rows follow from the ledger's entries; data/custody.csv has them whole.",
)
VERIFY = [
    both(
        "从本案卷包以外的地方取得核验程序 holdfast_verify.py、账本公钥（*.vkey）和时间戳根证书（*.pem），"
        "例如向本站账本页、监管机构或其他持有人索取。",
        "Get the verifier (holdfast_verify.py), the ledger's key (*.vkey) and the timestamp roots (*.pem) from "
        "somewhere other than this bundle: the portal's ledger page, a regulator, somebody who kept them.",
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
