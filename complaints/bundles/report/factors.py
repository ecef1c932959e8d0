"""What a court examines in electronic data, and where it is in a bundle.

Source: 最高人民法院关于民事诉讼证据的若干规定 (2019), articles 93 and 94;
人民法院在线诉讼规则 (2021), articles 16 to 19.
"""

from typing import TypedDict

from .words import Both, both


class Factor(TypedDict):
    factor: Both
    place: Both


INTRODUCTION = both(
    "依据《最高人民法院关于民事诉讼证据的若干规定》第九十三、九十四条，并参照《人民法院在线诉讼规则》第十六至十九条。"
    "本案卷不能证明的，也写明。",
    "After articles 93 and 94 of the rules of evidence in civil proceedings (2019) and articles 16 to 19 of the "
    "rules of online litigation (2021) of the Supreme People’s Court. What this bundle cannot show is said too.",
)
FACTORS = [
    Factor(
        factor=both("来源：由谁、何时、怎样形成", "Origin: who made it, when and how"),
        place=both(
            "每份证据下的“说明”“来源”“形成时间”“原件或复制件”，均为投诉人所述；收到之前的经过，存证账本不能证明。",
            "What is said under each exhibit about its origin, by the borrower. The ledger proves nothing of the "
            "time before receipt.",
        ),
    ),
    Factor(
        factor=both(
            "保存、传输、提取的方法是否可靠，内容是否完整",
            "Whether it was kept, transmitted and taken out reliably, and is whole",
        ),
        place=both(
            "收到时计算的 SHA-256（各证据下）；data/originals 中的原始字节；“保管记录”；核验程序逐项核对。",
            "The SHA-256 taken on receipt (under each exhibit), the bytes in data/originals, the custody table; "
            "the verifier compares them.",
        ),
    ),
    Factor(
        factor=both("形成或保存的时间", "The time at which it was there"),
        place=both(
            "各证据下的可信时间戳（proofs/timestamps），可向时间戳机构核实；标明“本机时钟”的除外。",
            "The timestamps under each exhibit (proofs/timestamps), which the authority can confirm, except "
            "those of a local clock.",
        ),
    ),
    Factor(
        factor=both("是否在正常的往来活动中形成和存储", "Whether it was made and kept in the ordinary course"),
        place=both(
            "“保管记录”中的提交、收到、封存各步；系统自动记录，无人工补录。",
            "The steps of filing, receipt and sealing in the custody table, which the system records by itself.",
        ),
    ),
    Factor(
        factor=both(
            "保存的主体是否适当，与当事人有无利害关系",
            "Whether the keeper is fit for it, and has an interest in the case",
        ),
        place=both(
            "“保管人声明”。本站由封面所列单位运行；若其为当事人一方，应以投诉人手中的回执和外部时间戳为准。",
            "The custodian’s declaration. The portal is run by whom the cover names. If that is a party, rely on "
            "the receipt in the borrower’s hands and on timestamps from outside.",
        ),
    ),
    Factor(
        factor=both(
            "计算机系统是否完整可靠、正常运行，有无防止出错的监测和核查",
            "Whether the system was whole, worked, and was watched for errors",
        ),
        place=both(
            "定期重新核对全部存储文件，发现的问题记入“保管记录”；系统的硬件、软件环境由保管人另行说明。",
            "All stored files are read again at intervals, and faults stand in the custody table. The custodian "
            "describes hardware and software.",
        ),
    ),
    Factor(
        factor=both("提出异议时如何核对", "How to check it when it is disputed"),
        place=both(
            "“怎样核验”；VERIFY.txt；任何人可离线核验，不必信任本站。",
            "Under “How to verify”, and VERIFY.txt. Anybody can do it offline without trusting the portal.",
        ),
    ),
]
