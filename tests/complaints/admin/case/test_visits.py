"""Looking at evidence at the desk: only with a reason, on the ledger once a visit, and never from quarantine."""

import re
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone

from complaints.models import Case, StaffMember, Team
from evidence import ledger
from evidence.checking import scanning
from evidence.models import Derivative, Inspection, Scan
from evidence.viewing import previews
from tests.support import cast, media
from tests.support.kept import kept

pytestmark = pytest.mark.django_db
LOOKING = ("evidence.viewed", "evidence.downloaded")


@pytest.fixture
def case(south: Team) -> Case:
    """Of team South, with a recording and a picture that were looked at by the portal."""
    found = kept("a recording and a picture looked at", _looked_at)
    Case.objects.filter(pk=found.pk).update(state=Case.State.ROUTED, team=south)
    return Case.objects.get(pk=found.pk)


def _looked_at() -> Case:
    files = [("call.amr", media.TAKEN["amr"][0]()), ("a.png", cast.a_screenshot())]
    found = cast.file_a_complaint(files=files).case
    for exhibit in found.exhibits.all():
        previews.derive(exhibit.item)
    return found


@pytest.fixture
def desk(investigator: StaffMember) -> Client:
    return cast.signed_in(investigator)


def at(case: Case, rest: str = "") -> str:
    return f"/admin/complaints/case/{case.pk}/{rest}"


def looks(case: Case) -> list[tuple[str, str, str]]:
    """Kind, subject and reason of each look on the ledger."""
    entries = [ledger.content_of(entry) for entry in ledger.history(case.thread)]
    return [(one["kind"], one["data"]["item"], one["data"]["reason"]) for one in entries if one["kind"] in LOOKING]


def copy(case: Case, kind: str = "sound") -> str:
    made = Derivative.objects.get(item__exhibit__case=case, kind=kind)
    return at(case, f"exhibits/{made.item.exhibit.number}/copies/{made.pk}/")


def read(response: Any) -> bytes:
    return b"".join(response.streaming_content)


def test_a_text_is_read_at_the_desk_only_with_a_reason(south: Team, desk: Client) -> None:
    found = cast.file_a_complaint(files=[("chat.txt", "催收：<b>今天还钱</b>".encode())]).case
    Case.objects.filter(pk=found.pk).update(state=Case.State.ROUTED, team=south)
    previews.derive(found.exhibits.get().item)
    assert "今天还钱" not in desk.get(at(found)).content.decode()
    desk.post(at(found, "exhibits/1/look/"), {"reason": "review"})
    assert "催收：&lt;b&gt;今天还钱&lt;/b&gt;" in desk.get(at(found)).content.decode()


def test_the_case_page_opens_nothing_by_itself(case: Case, desk: Client) -> None:
    page = desk.get(at(case)).content.decode()
    assert "Open E-1" in page and "0:02" in page
    assert not re.search(r"<(audio|video)|/copies/", page)
    assert desk.get(copy(case)).status_code == 403
    assert looks(case) == []


def test_what_a_photo_says_of_itself_is_shown_at_the_desk_as_its_claim(case: Case, desk: Client) -> None:
    claims = {"device": "Example <b>Phone", "captured_at": "2026-11-20 08:00:00", "place": "31.23000, 121.47000"}
    Inspection.objects.filter(item__exhibit__number=2).update(claims=claims)
    page = desk.get(at(case)).content.decode()
    for said in ("Example &lt;b&gt;Phone", "2026-11-20 08:00:00", "31.23000, 121.47000"):
        assert said in page
    assert "Details stored in the file" in page and "prove nothing by themselves" in page


def test_a_look_is_recorded_with_its_reason_and_all_requests_of_a_player_are_one(case: Case, desk: Client) -> None:
    assert desk.post(at(case, "exhibits/1/look/"), {"reason": "review"}).headers["Location"].endswith("#E-1")
    page = desk.get(at(case)).content.decode()
    assert f'<audio controls preload="none" src="{copy(case)}"' in page
    parts = [read(desk.get(copy(case), headers={"Range": f"bytes={at}-{at + 99}"})) for at in (0, 100, 200)]
    assert [len(part) for part in parts] == [100, 100, 100]
    desk.post(at(case, "exhibits/1/look/"), {"reason": "review"})
    assert looks(case) == [("evidence.viewed", str(case.exhibits.get(number=1).item_id), "review")]


def test_another_reason_is_another_entry(case: Case, desk: Client) -> None:
    for reason in ("review", "decision"):
        desk.post(at(case, "exhibits/1/look/"), {"reason": reason})
    assert [reason for _kind, _item, reason in looks(case)] == ["review", "decision"]


def test_all_exhibits_are_opened_at_once_each_with_its_entry(case: Case, desk: Client) -> None:
    desk.post(at(case, "exhibits/look/"), {"reason": "review"})
    assert [item for _kind, item, _reason in looks(case)] == [
        str(one.item_id) for one in case.exhibits.order_by("number")
    ]
    assert desk.get(copy(case, "picture")).status_code == 200


@pytest.mark.parametrize("reason", ["", "curiosity"])
def test_without_a_reason_nothing_is_opened(reason: str, case: Case, desk: Client) -> None:
    assert desk.post(at(case, "exhibits/1/look/"), {"reason": reason}).status_code == 422
    assert (desk.get(copy(case)).status_code, looks(case)) == (403, [])


def test_a_visit_is_of_one_item_and_one_sign_in(case: Case, desk: Client, supervisor: StaffMember) -> None:
    desk.post(at(case, "exhibits/1/look/"), {"reason": "review"})
    assert desk.get(copy(case, "picture")).status_code == 403
    assert cast.signed_in(supervisor).get(copy(case)).status_code == 403


def test_a_copy_is_found_at_its_own_exhibit_only(case: Case, desk: Client) -> None:
    desk.post(at(case, "exhibits/look/"), {"reason": "review"})
    assert desk.get(copy(case).replace("exhibits/1", "exhibits/2")).status_code == 404


def test_who_only_looks_does_not_download(case: Case, desk: Client) -> None:
    desk.post(at(case, "exhibits/1/look/"), {"reason": "review"})
    assert desk.get(at(case, "exhibits/1/file/")).status_code == 403
    response = desk.post(at(case, "exhibits/1/original/"), {"reason": "disclosure"}, follow=True)
    assert read(response) == media.TAKEN["amr"][0]()
    assert desk.get(at(case, "exhibits/1/file/"), headers={"Range": "bytes=0-5"}).status_code == 206
    assert [kind for kind, _item, _reason in looks(case)] == ["evidence.viewed", "evidence.downloaded"]


def test_a_visit_ends_half_an_hour_after_the_last_look(
    case: Case, desk: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    clock = [1_000_000.0]
    monkeypatch.setattr("complaints.admin.case.visits.time.time", lambda: clock[0])
    desk.post(at(case, "exhibits/1/look/"), {"reason": "review"})
    for _ in range(5):
        clock[0] += 25 * 60
        assert desk.get(copy(case)).status_code == 200
    clock[0] += 31 * 60
    assert desk.get(copy(case)).status_code == 403
    desk.post(at(case, "exhibits/1/look/"), {"reason": "review"})
    assert len(looks(case)) == 2


def test_an_auditor_s_look_is_recorded_like_any_other(case: Case, auditor: StaffMember) -> None:
    client = cast.signed_in(auditor)
    client.post(at(case, "exhibits/1/look/"), {"reason": "integrity"})
    assert client.get(copy(case)).status_code == 200
    assert len(looks(case)) == 1


def test_the_timeline_tells_of_looks_and_copies(case: Case, desk: Client) -> None:
    desk.post(at(case, "exhibits/1/look/"), {"reason": "review"})
    page = " ".join(re.sub(r"<[^>]+>", " ", desk.get(at(case)).content.decode()).split())
    assert "You looked at E-1 To examine it" in page
    assert "The portal made copies for viewing of E-1, E-2" in page


# Quarantine


@pytest.fixture
def quarantined(case: Case) -> Case:
    item = case.exhibits.get(number=1).item
    scanning._record(item, Scan(item=item, state="infected", found="Eicar-Test", scanned_at=timezone.now()))
    return case


def test_from_quarantine_nothing_leaves(quarantined: Case, desk: Client) -> None:
    desk.post(at(quarantined, "exhibits/look/"), {"reason": "review"})
    page = desk.get(at(quarantined)).content.decode()
    assert "quarantined" in page and "infected: Eicar-Test" in page and "Release it" not in page
    assert desk.get(copy(quarantined)).status_code == 403
    response = desk.post(at(quarantined, "exhibits/1/original/"), {"reason": "review"})
    assert response.status_code == 410
    assert "in quarantine" in response.content.decode()


def test_a_visit_ends_where_quarantine_begins(case: Case, desk: Client) -> None:
    desk.post(at(case, "exhibits/1/original/"), {"reason": "review"})
    item = case.exhibits.get(number=1).item
    Scan.objects.create(item=item, state="infected", found="Eicar-Test", scanned_at=timezone.now())
    assert desk.get(copy(case)).status_code == desk.get(at(case, "exhibits/1/file/")).status_code == 403


def test_only_a_supervisor_releases_and_it_is_on_the_record(
    quarantined: Case, desk: Client, supervisor: StaffMember
) -> None:
    assert desk.post(at(quarantined, "exhibits/1/release/"), {"reason": "needed"}).status_code == 403
    client = cast.signed_in(supervisor)
    assert "Release it" in client.get(at(quarantined)).content.decode()
    assert client.post(at(quarantined, "exhibits/1/release/"), {"reason": ""}).status_code == 422
    assert client.post(at(quarantined, "exhibits/1/release/"), {"reason": "needed"}).status_code == 302
    entry = ledger.content_of(ledger.history(quarantined.thread)[-1])
    assert (entry["kind"], entry["by"]["id"]) == ("evidence.released", str(supervisor.uid))
    desk.post(at(quarantined, "exhibits/1/look/"), {"reason": "review"})
    assert desk.get(copy(quarantined)).status_code == 200


# Transcripts


def test_a_transcript_is_typed_beside_the_player(case: Case, desk: Client) -> None:
    address = at(case, "exhibits/1/transcript/")
    assert desk.get(address).status_code == 403
    desk.post(at(case, "exhibits/1/look/"), {"reason": "review"})
    assert "<audio" in desk.get(address).content.decode()
    assert desk.post(address, {"text": " "}).status_code == 422
    page = desk.post(address, {"text": "0:01 <b>Hello</b>"}, follow=True).content.decode()
    assert "Version 1, typed by an investigator" in page
    assert "&lt;b&gt;Hello" in page and "<b>Hello" not in page
    assert "You typed a transcript of E-1" in re.sub(r"\s+", " ", desk.get(at(case)).content.decode())


def test_an_auditor_reads_transcripts_and_types_none(case: Case, auditor: StaffMember) -> None:
    client = cast.signed_in(auditor)
    client.post(at(case, "exhibits/1/look/"), {"reason": "review"})
    page = client.get(at(case, "exhibits/1/transcript/"))
    assert page.status_code == 200 and "<textarea" not in page.content.decode()
    assert client.post(at(case, "exhibits/1/transcript/"), {"text": "0:01 x"}).status_code == 403


def test_a_picture_has_no_transcript(case: Case, desk: Client) -> None:
    desk.post(at(case, "exhibits/look/"), {"reason": "review"})
    assert desk.get(at(case, "exhibits/2/transcript/")).status_code == 404
