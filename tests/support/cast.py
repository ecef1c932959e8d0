"""The people of the tests, and filing a complaint."""

import io
import shutil
import subprocess
import sys
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from django.test import Client
from PIL import Image, ImageDraw

from complaints.drafts import drafts
from complaints.drafts import files as draft_files
from complaints.filing import filing
from complaints.models import Case, Draft, Role, StaffMember, Team
from portal.desk import staff_session

ROOT = Path(__file__).resolve().parents[2]
PASSWORD = "a password for tests only"


def a_team(name: str) -> Team:
    return Team.objects.get_or_create(name=name)[0]


def staff(username: str, role: Role, *teams: Team, **fields: Any) -> StaffMember:
    """A member of staff who may sign in to the desk."""
    fields.setdefault("languages", ["zh-hans", "en"])
    member: StaffMember = StaffMember.objects.create_user(
        username, password=PASSWORD, is_staff=True, role=role, **fields
    )
    member.teams.set(teams)
    return member


def a_new_member(team: Team) -> dict[str, Any]:
    """The data of an administrator's form that adds the investigator `new`."""
    return {
        "username": "new",
        "password1": PASSWORD,
        "password2": PASSWORD,
        "role": Role.INVESTIGATOR,
        "teams": [team.pk],
        "languages": ["zh-hans"],
        "capacity": 10,
    }


def signed_in(member: StaffMember, **options: Any) -> Client:
    """A browser signed in at the desk, without the pages of signing in (`tests.support.signing_in` has them).

    The options are those of `Client`.
    """
    client = Client(**options)
    client.force_login(member)
    session = client.session
    staff_session.begin(session)
    session.save()
    return client


def a_screenshot(text: str = "13800138000", size: tuple[int, int] = (240, 160)) -> bytes:
    """A small genuine PNG; another text makes another file."""
    picture = Image.new("RGB", size, "#fbfaf7")
    ImageDraw.Draw(picture).text((12, 12), text, fill="#17262b")
    out = io.BytesIO()
    picture.save(out, "PNG")
    return out.getvalue()


ANSWERS: dict[str, dict[str, Any]] = {
    "who": {"relation": "debtor", "acting_for": ""},
    "parties": {
        "lender": "Example Consumer Finance",
        "platform": "",
        "agency": "Example Collection Ltd",
        "agency_unknown": False,
        "numbers": ["0571 8888 0001", "106900000042"],
    },
    "conduct": {"conduct": ["C04", "C05"]},
    "court": {"court": "none", "court_on": "", "court_note": ""},
    "story": {"story": "他们半夜给我打电话，还打给我的同事。"},
    "contacts": {
        "acts": [
            {
                "key": "a1",
                "when": "2026-11-20 23:41",
                "precision": "exact",
                "channel": "call",
                "direction": "in",
                "number": "0571 8888 0001",
                "answered": "yes",
                "reached": "self",
                "said": "说要去我孩子的学校",
            },
            {"key": "b2", "when": "2026-11-21", "precision": "day", "reached": "colleague", "disclosed": "yes"},
        ]
    },
    "evidence": {"originals": {"phone": "我自己留着，在家里"}},
    "wishes": {
        "wishes": ["stop", "apology", "refund"],
        "other": "",
        "refund_amount": "3200.00",
        "compensation_amount": "",
        "currency": "CNY",
    },
    "reach": {
        "name": "李小梅",
        "phone": "13800138000",
        "email": "mei@example.org",
        "channels": ["email"],
        "safe_times": "中午 12 点到 1 点",
        "contact_note": "",
        "notify": ["email"],
        "safe_words": "neutral",
    },
    "names": {"lender": "no"},
}


@dataclass(frozen=True)
class Filed:
    """A filed case with its access code, which only the borrower has."""

    case: Case
    code: str  # the access code
    draft: Draft


def a_draft(
    *, language: str = "zh-hans", files: Iterable[tuple[str, bytes]] | None = None, **answers: dict[str, Any]
) -> tuple[Draft, str]:
    """A draft that is ready to be filed, and its code.

    Keywords replace the answers of single steps: `a_draft(conduct={"conduct": ["C01"]}, story={"story": "…"})`.
    """
    assert answers.keys() <= ANSWERS.keys(), "there is no such step"
    draft, code = drafts.begin(language)
    for step, given in ANSWERS.items():
        drafts.save(draft, step, {**given, **answers.get(step, {})})
    for name, content in [("screenshot.png", a_screenshot())] if files is None else files:
        draft_files.add_exhibit(draft, name, [content], description=f"What {name} shows")
    return draft, code


def file_a_complaint(
    *, language: str = "zh-hans", files: Iterable[tuple[str, bytes]] | None = None, **answers: dict[str, Any]
) -> Filed:
    """File what `a_draft` makes from the same arguments."""
    draft, code = a_draft(language=language, files=files, **answers)
    case = filing.file(draft, code)
    return Filed(case=case, code=filing.access_code(code), draft=draft)


def by_code(code: str, where: str, **pressed: str) -> Client:
    """A browser that entered the code on this page."""
    client = Client()
    assert client.post(where, {"code": code, **pressed}).status_code == 302
    return client


class Lawyer:
    """Somebody with Python and the file `holdfast_verify.py`, without the portal and Django."""

    def __init__(self, desk: Path) -> None:
        self.desk = desk
        self.verifier = Path(shutil.copy(ROOT / "evidence" / "holdfast_verify.py", desk))

    def verifies(self, *arguments: str | Path) -> subprocess.CompletedProcess[str]:
        """Run the verifier. The result has its sentences (stdout) and exit code."""
        return subprocess.run(
            [sys.executable, "-I", str(self.verifier), *map(str, arguments)],
            cwd=self.desk,
            capture_output=True,
            text=True,
            timeout=120,
            check=False,
        )
