"""Story five: a fee to be paid into a private account. The case has come to a team."""

from .. import sound
from ..story import File, Story, messages, recording

STORY = Story(
    state="routed",
    language="en",
    conduct=("C12", "C10"),
    parties=("", "Stepwise Instalments (fictional)", ""),
    text=(
        "A man called and said my loan could be closed at a discount today if I first paid a 'settlement fee'"
        " of 600 into an account in a private name. He would not give his company or his own name. When I"
        " asked for an offer in writing he sent the text in the picture. I have not paid. I want to know who"
        " this is, and I want the company to tell me what I really owe."
    ),
    wishes=("stop", "correction"),
    reach={"name": "", "email": "m.sample@example.org", "contact_note": ""},
    numbers=("0000 555 0142",),
    files=(
        File(
            "text message.png",
            "The text asking for the fee",
            messages(
                "0000 555 0142",
                "14:09",
                (
                    "22 Oct 13:55",
                    "Discount ends at 6 pm. First send the settlement fee of 600 to Mr Doe, account 0000 0000.",
                ),
                ("22 Oct 13:58", ">Which company are you with? Please send a written offer."),
                ("22 Oct 14:05", "No fee, no discount. You will regret waiting."),
            ),
        ),
        File(
            "Recording 7.m4a",
            "What I recorded of the call, from the middle on",
            recording(10, 5, sound.m4a),
            {"captured": "2026-10-22", "present": "yes", "recorded_by": "self", "condition": "original"},
        ),
    ),
)
