"""Story four: insults, and pressure to borrow elsewhere. The investigator waits for an answer."""

from .. import sound
from ..story import File, Story, messages, recording

STORY = Story(
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
        File("REC_20261022_1530.amr", "10 月 22 日下午的电话，从第 3 秒开始骂人", recording(16, 4, sound.amr)),
        File(
            "微信图片_20261022.png",
            "同一个人发来的短信",
            messages(
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
