"""The words of the report in both languages."""

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from datetime import datetime
from typing import TypedDict
from zoneinfo import ZoneInfo

from django.conf import settings
from django.db.models import TextChoices
from django.utils import translation
from django.utils.encoding import force_str
from django.utils.functional import Promise, lazy

from complaints.reference import amounts
from complaints.reference.bilingual import Bilingual
from complaints.reference.choices import Direction, Reached, Relation
from evidence.holdfast_verify import CUSTODY_EVENTS, CUSTODY_ROLES, Entry


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


def money(asked: dict[str, str]) -> Both:
    """A sum with its currency, as pages show it: 3,200 yuan"""
    return translated(lazy(amounts.in_words, str)(asked["amount"], asked["currency"]))


# Answers that the borrower gives in the first person, as others read them.
_IN_THE_THIRD_PERSON = {
    Reached.SELF: both("投诉人本人", "the person who filed"),
    Direction.FROM_THEM: both("对方主动联系", "the other side made contact"),
    Direction.TO_THEM: both("投诉人主动联系", "the person who filed made contact"),
}


def chosen(answer: TextChoices) -> Both:
    """An answer that was chosen, in both languages and in the third person."""
    return _IN_THE_THIRD_PERSON.get(answer) or translated(answer.label)


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


def authority(name: str) -> str:
    """A timestamp authority by the name of the settings; the portal's own in words."""
    return line(OWN_CLOCK) if name == "builtin" else name


OWN_CLOCK = both("本站自带的时间戳", "the portal’s own")
UNKNOWN = both("不知道", "not known")
NOT_GIVEN = both("未填写", "not given")
NONE = both("无", "none")
YES = both("是", "yes")
NO = both("否", "no")
MAY = both("可以", "yes")
MAY_NOT = both("不可以", "no")
WITHHELD = both("本证据包不含投诉人身份", "left out of this bundle")
AS_OF = both("存证账本 %(size)d 条时的证据包", "as of %(size)d ledger entries")
SEALED = both("已封存", "sealed")
PENDING = both("等待时间戳", "waiting for the timestamp")

AUDIENCES = {
    "borrower": both("投诉人本人", "the borrower"),
    "office": both("处理投诉的部门", "the office"),
    "legal_aid": both("法律援助", "legal aid"),
    "court": both("法院", "a court"),
    "complaint": both("监管机构（投诉）", "the regulator, as a complaint"),
    "police": both("公安机关（报案）", "the police, as a report of an offence"),
    "regulator": both("监管机构（举报）", "the regulator, as a report"),
}
ROLES = {role: both(zh, en) for role, (zh, en) in CUSTODY_ROLES.items()}
SOURCES = {
    "borrower": both("投诉人", "the borrower"),
    "office": both("处理投诉的部门", "the office"),
    "respondent": both("对方", "the other side"),
}
EVENTS = {kind: both(zh, en) for kind, (zh, en) in CUSTODY_EVENTS.items()}


def by(entry: Entry) -> str:
    """Who caused the entry: the role and the beginning of an opaque id."""
    return whom(entry.content["by"])


def whom(who: dict[str, str], name: str = "") -> str:
    """The role, the name where it is known, and the beginning of the opaque id of an actor in the ledger."""
    role = who.get("role", "")
    known = line(ROLES[role], " ") if role in ROLES else role
    return " ".join(filter(None, [known, f"{name} ·" if name else "", who.get("id", "")[:8]]))


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
    "本证据包遮盖了第三人的号码、邮箱和姓名。被遮盖的文书见 data/masked，每份都注明存证账本所记原文书的摘要，"
    "并可据此核验：留下的文字就是当初提交的文字。",
    "Numbers, e-mail addresses and names of third parties are masked in this bundle. Masked documents are in "
    "data/masked, each with the digest of the one that the ledger knows and a proof of the words left in it.",
)
UNNAMED = both(
    "本证据包不含投诉人身份：文书和清单里的姓名、电话、邮箱、账号都已遮盖，文字内容会显示投诉人身份的证据未收入。"
    "图片、录音和扫描件为收到时的原样，未作遮盖。",
    "Who filed is left out of this bundle: name, telephone, e-mail and account are masked in all documents, and "
    "exhibits whose words show them are left out. Pictures, recordings and scans are as they were received.",
)
SHOW_WHO = both(
    "投诉人可以随时表明身份：提交本人的证据包即可，其中 reporter.json 的摘要就是本证据包存证账本所记的摘要。",
    "The borrower can show at any time who they are, with a bundle of their own: the digest of its reporter.json "
    "is the one that the ledger in this bundle has.",
)
LESS = both("以下证据未收入本证据包：", "These exhibits are left out of this bundle: ")

PROMISE = both(
    "本证据包内的每份原件都是收到时的原始字节。收到、封存、查看和处理的每一步都记在一本只能追加的存证账本里，"
    "任何人都可以离线核验，不必信任本站。",
    "Every original in this bundle is the bytes that were received. Each step (received, sealed, opened, decided) "
    "is an entry of an append-only ledger that anybody can check offline, without trusting the portal.",
)
LOCAL_CLOCK = both(
    "本证据包的时间戳由本机时钟签发，对运营者不具证明力。",
    "The timestamps of this bundle come from a local clock: it proves nothing against the operator.",
)
CUSTODY = both(
    "以下各行全部由存证账本条目得出；data/custody.csv 有完整内容。",
    "All rows follow from the ledger’s entries; data/custody.csv has them whole.",
)
DECLARATION = [
    both(
        "本人负责保管%(site)s的电子证据。以下各项出自其存证账本（共 %(size)s 条，根哈希见“怎样核验”）：",
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
        "本证据包收入原件 %(taken)s 份。制作时逐一重新读取，摘要与接收时一致。",
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
        "从本证据包以外的地方取得核验程序 holdfast_verify.py、存证账本公钥（*.vkey）和时间戳根证书（*.pem），"
        "例如向本站存证账本页、监管机构或其他持有人索取。",
        "Get the verifier (holdfast_verify.py), the ledger’s key (*.vkey) and the timestamp roots (*.pem) from "
        "somewhere other than this bundle: the portal’s ledger page, a regulator, somebody who kept them.",
    ),
    both(
        "运行：python holdfast_verify.py 证据包.zip --against 回执.json --roots 文件夹。"
        "只需要 Python 3.9 以上版本。",
        "Run: python holdfast_verify.py BUNDLE.zip --against RECEIPT.json --roots FOLDER. "
        "Python 3.9 or later is all it needs.",
    ),
    both(
        "VERIFY.txt 说明怎样只用 sha256sum、PowerShell 和 openssl 手工核验。",
        "VERIFY.txt says how to check by hand with sha256sum, PowerShell and openssl alone.",
    ),
]
