"""The kinds of conduct in a lawyer's words. Forms name them in the borrower's own words."""

from .words import Both, both

ACTS = {
    "C01": both("殴打、威胁伤害或毁坏财物", "Violence, threats of violence, or damage to things"),
    "C02": both("堵门、强行进入、限制自由或跟踪", "Blocking the door, forced entry, confinement or following"),
    "C03": both(
        "公开债务或隐私：群发、发帖、张贴", "Making the debt or private data public: mass messages, posts, posters"
    ),
    "C04": both("联系家人、朋友、同事或单位", "Contacting family, friends, workmates or the employer"),
    "C05": both("晚上 10 点至早上 8 点之间联系", "Contact between 10 at night and 8 in the morning"),
    "C06": both("一天内过于频繁地来电或发送信息", "Calls or messages far too often in a day"),
    "C07": both("辱骂、侮辱", "Insults and humiliation"),
    "C08": both("冒充公安、法院或律师，使用虚假文书", "Posing as police, a court or a lawyer; false papers"),
    "C09": both("以拘捕或影响子女、工作相威胁", "Threats of arrest, or of harm to a child or a job"),
    "C10": both("不表明身份或隐藏号码", "Hiding who they are, or their number"),
    "C11": both(
        "金额有误、利息过高、已经还清或非本人债务",
        "A wrong amount, too high interest, a debt paid already or of somebody else",
    ),
    "C12": both("要求向个人账户付款或先交费用", "Demanding payment to a personal account, or a fee first"),
    "C13": both(
        "逼迫另行借款或让家人代还", "Pressing the borrower to borrow elsewhere, or to make the family pay"
    ),
    "C14": both(
        "不当上门：单人、不出示证件、打扰邻居", "Improper visits: alone, without showing ID, bothering neighbours"
    ),
    "C15": both(
        "要求停止、委托律师或协商期间仍继续催收",
        "Going on after a request to stop, with a lawyer appointed, or during talks",
    ),
}


def act(code: str) -> Both:
    """The kind in both languages; its code if there is no such kind any more."""
    return ACTS.get(code, both(code, code))
