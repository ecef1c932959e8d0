"""Story six: the borrower is not sure. The case waits for a supervisor, because no rule matches it."""

from .. import sound
from ..story import File, Story, messages, recording

STORY = Story(
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
        File("和客服的通话.mp3", "客服答应每月还 500 元的通话", recording(12, 6, sound.mp3)),
        File(
            "短信.png",
            "第二天收到的短信",
            messages(
                "1069 0000 0077",
                "10:20",
                ("10月23日 09:30", "【某某分期】系统没有您的还款协议，请按原金额今日内处理。"),
                ("10月23日 10:15", "【某某分期】系统没有您的还款协议，请按原金额今日内处理。"),
            ),
        ),
    ),
)
