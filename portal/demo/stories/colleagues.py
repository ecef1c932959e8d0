"""Story one: a collector phones the borrower's workplace and writes to colleagues. The case is closed."""

from .. import paper, sound
from ..story import Decision, File, Story, StoryFinding, StoryUndertaking, messages, recording

STORY = Story(
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
            recording(14, 1, sound.amr),
            {"captured": "2026-10-18 21:40", "present": "yes", "recorded_by": "self", "condition": "original"},
        ),
        File(
            "Screenshot_20261019-083102.png",
            "他们发给我的短信，说要联系我的同事",
            messages(
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
