"""Story three: a letter in the name of lawyers. The case is decided, the reply is not sent yet."""

from .. import paper
from ..story import Decision, File, Story, StoryFinding, StoryUndertaking, messages

STORY = Story(
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
            messages(
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
