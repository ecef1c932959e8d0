"""Story two: calls late at night. The case is decided and the reply is sent."""

from .. import paper, sound
from ..story import Decision, File, Story, StoryFinding, StoryUndertaking, recording

STORY = Story(
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
        File("Call 2026-10-20 23.14.m4a", "The first call of that night", recording(12, 2, sound.m4a)),
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
