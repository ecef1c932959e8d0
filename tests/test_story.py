"""The loop over HTTP, with a real worker and Redis: file, seal, route, decide, reply, export, verify."""

import json
import re
from pathlib import Path

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse

from complaints.models import Case, Role, RoutingRule, StaffMember
from evidence.models import EvidenceItem

from .support import cast, handed, media, services
from .support.services import wait_until


@pytest.fixture
def office(transactional_db: None) -> StaffMember:
    """An investigator of the team that the only rule names."""
    south = cast.a_team("South")
    RoutingRule.objects.create(order=1, name="everything", team=south)
    return cast.staff("investigator", Role.INVESTIGATOR, south)


def files_a_complaint(borrower: Client) -> str:
    """Every step by its page; gives the access code as it is shown."""
    borrower.post(reverse("new"), {"begin": "1"})
    parties = {"lender": "Example Finance", "agency": "Example Collection"}
    steps = {
        "who": {"relation": "debtor", "whole": "1"},
        "parties": parties,
        "conduct": {"conduct": ["C04"]},
        "court": {"court": "none"},
        "story": {"story": "他们打给我的同事。"},
        "wishes": {"wishes": ["stop"]},
        "reach": {},
        "names": {"lender": "no"},
    }
    for step in ("who", "parties", "conduct", "court", "story"):
        assert borrower.post(reverse("step", args=[step]), steps[step]).status_code == 302
    files = [
        SimpleUploadedFile("催收电话.amr", media.voice("amr", "libopencore_amrnb")),
        SimpleUploadedFile("screenshot.png", cast.a_screenshot()),
        SimpleUploadedFile("letter.pdf", media.letter()),
    ]
    assert borrower.post(reverse("evidence"), {"files": files, "whole": "1"}).status_code == 302
    borrower.post(reverse("act", args=["a1"]), {"when": "2026-11-20 23:41", "channel": "call"})
    for step in ("wishes", "reach", "names"):
        assert borrower.post(reverse("step", args=[step]), steps[step]).status_code == 302
    borrower.post(reverse("check"), {"go": "file"})
    page = borrower.get(reverse("filed")).content.decode()
    words = re.sub(r"<[^>]*>", " ", page)
    code = re.search(r"(?:\b[0-9A-HJKMNP-TV-Z]{4}\s+){4}[0-9A-HJKMNP-TV-Z]{4}\b", words)
    assert code
    return " ".join(code[0].split())


def decides(desk: Client, case: Case) -> None:
    """By the desk's own pages."""
    exhibit = case.exhibits.first()
    assert exhibit
    finding = {"outcome": "substantiated", "reasons": "E-1 shows it.", "other_rule": "Their own code, no. 4"}
    finding["relied_on"] = str(exhibit.pk)
    written = {f"{code}-{name}": said for code in case.complaint.conduct for name, said in finding.items()}
    for name, data in (
        ("begin", {}),
        ("decide", written),
        ("reply", {"text": "您的投诉属实。"}),
        ("close", {}),
    ):
        assert desk.post(reverse(f"admin:case_{name}", args=[case.pk]), data).status_code == 302, name


def kept(answer: object, path: Path) -> Path:
    path.write_bytes(b"".join(answer.streaming_content))  # type: ignore[attr-defined]
    return path


def test_the_loop_from_filing_to_a_verified_bundle(
    worker: services.Worker, office: StaffMember, lawyer: cast.Lawyer, tmp_path: Path
) -> None:
    borrower = Client()
    code = files_a_complaint(borrower)
    receipt = tmp_path / "receipt.json"
    receipt.write_bytes(borrower.get(reverse("follow_receipt")).content)

    case = Case.objects.get()
    wait_until(lambda: not EvidenceItem.objects.awaiting_seal().exists(), "the worker seals")
    wait_until(lambda: Case.objects.get().state == Case.State.ROUTED, "the worker routes")
    case.refresh_from_db()
    assert case.assignee == office
    routing = case.routings.get()
    assert "everything" in routing.reason

    desk = cast.signed_in(office)
    page = desk.get(reverse("admin:complaints_case_change", args=[case.pk])).content.decode()
    assert "3 of 3 exhibits sealed" in page
    decides(desk, case)

    phone = Client()
    phone.post(reverse("follow"), {"code": code.lower()})
    assert "您的投诉属实。" in phone.get(reverse("follow_case")).content.decode()
    own = kept(handed.own(phone, case), tmp_path / "own.zip")
    lent = handed.at_the_desk(desk, case)
    for bundle in (own, kept(lent, tmp_path / "legal-aid.zip")):
        verified = lawyer.verifies(bundle, "--against", receipt, "--json")
        assert verified.returncode == 0, verified.stdout
        assert json.loads(verified.stdout)["result"] == "verified"


def test_with_redis_stopped_filing_succeeds_and_everything_catches_up(
    redis: services.Redis, worker: services.Worker, office: StaffMember
) -> None:
    redis.stop()
    files_a_complaint(Client())
    assert Case.objects.get().state == Case.State.FILED
    redis.start()
    from complaints import tasks as office_tasks
    from evidence import tasks as evidence_tasks

    office_tasks.sweep.delay()
    evidence_tasks.sweep.delay()
    wait_until(lambda: Case.objects.get().state == Case.State.ROUTED, "the worker came back to routing")
    wait_until(lambda: not EvidenceItem.objects.awaiting_seal().exists(), "the worker came back to sealing")


def test_a_killed_worker_is_made_good_by_the_next_one(
    redis: services.Redis, worker: services.Worker, office: StaffMember
) -> None:
    worker.kill()
    files_a_complaint(Client())
    worker.start()
    wait_until(lambda: Case.objects.get().state == Case.State.ROUTED, "the next worker routes")
    wait_until(lambda: not EvidenceItem.objects.awaiting_seal().exists(), "the next worker seals")
