"""A draft in somebody's hands: begun, found again, left, deleted; and out of everybody else's."""

from datetime import timedelta

import pytest
from django.conf import settings
from django.urls import reverse
from django.utils import timezone

from complaints import codes
from complaints.models import Draft, StaffMember
from evidence.models import EvidenceItem
from tests.support import cast
from tests.support.pages import PARTIES, answered, begun, code_of, somebody, step, text

pytestmark = pytest.mark.django_db


def test_beginning_shows_the_draft_code_and_its_expiry() -> None:
    client = begun()
    page = text(client.get(reverse("new")))
    assert " ".join(f"<span>{group}</span>" for group in code_of(client).split()) in page
    assert "It works until" in page
    assert Draft.objects.get().code_digest == codes.digest(code_of(client))


def test_the_cookie_is_out_of_reach_of_scripts_and_signed() -> None:
    client = begun()
    cookie = client.cookies["draft"]
    assert cookie["httponly"]
    assert cookie["samesite"] == "Lax"
    assert bool(cookie["secure"]) == settings.SESSION_COOKIE_SECURE
    client.cookies["draft"] = code_of(client) + ":forged:signature"
    assert client.get(step("parties")).status_code == 404


def test_a_draft_goes_on_in_another_browser_by_its_code() -> None:
    first = begun()
    first.post(step("parties"), PARTIES)
    second = somebody()
    second.post(reverse("new"), {"code": code_of(first).lower().replace(" ", "")})
    assert "蓝田消费金融" in text(second.get(step("parties")))


def test_an_access_code_opens_its_case_where_a_draft_code_is_asked_for(borrower: cast.Filed) -> None:
    client = somebody()
    assert client.post(reverse("new"), {"code": borrower.code}).headers["Location"] == reverse("follow_case")
    assert borrower.case.reference in text(client.get(reverse("follow_case")))


def test_a_reference_in_place_of_the_draft_code_is_named_as_such() -> None:
    page = text(somebody().post(reverse("new"), {"code": "（HF–2026–000042）"}))
    assert "This is a complaint’s reference" in page


def test_an_unknown_draft_code_says_so() -> None:
    page = text(somebody().post(reverse("new"), {"code": codes.fresh()}))
    assert "There is no draft with this code" in page


def test_an_expired_draft_says_so() -> None:
    client = begun()
    Draft.objects.update(expires_at=timezone.now() - timedelta(minutes=1))
    assert "This draft has expired" in text(somebody().post(reverse("new"), {"code": code_of(client)}))
    gone = client.get(step("story"))
    assert gone.status_code == 410
    assert "This draft has expired" in text(gone)


def test_the_words_typed_into_a_lost_draft_come_back_to_be_copied() -> None:
    page = text(somebody().post(step("story"), {"story": "Three pages of it", "conduct": "C01"}))
    assert "What you just typed was not saved" in page
    assert "Three pages of it" in page


def test_a_draft_is_taken_off_the_phone_and_stays_saved() -> None:
    client = begun()
    client.post(reverse("leave_draft"))
    assert client.get(step("parties")).status_code == 404
    assert Draft.objects.exists()


def test_a_draft_is_deleted_with_its_files() -> None:
    client = answered()
    client.post(reverse("leave_draft"), {"forget": "1"})
    assert not Draft.objects.exists()
    assert not EvidenceItem.objects.exists()


def test_deleting_without_a_draft_or_after_filing_deletes_nothing() -> None:
    somebody().post(reverse("leave_draft"), {"forget": "1"})
    client = answered()
    client.post(reverse("check"))
    client.post(reverse("leave_draft"), {"forget": "1"})
    assert Draft.objects.exists()


def test_staff_cannot_read_a_draft(supervisor: StaffMember, administrator: StaffMember) -> None:
    client = answered()
    draft = Draft.objects.get()
    for member in (supervisor, administrator):
        desk = cast.signed_in(member)
        assert desk.get(step("story")).status_code == 404
        for address in (f"/admin/complaints/draft/{draft.pk}/change/", "/admin/complaints/draft/"):
            assert desk.get(address).status_code == 404
        assert "蓝田消费金融" not in text(desk.get("/admin/", follow=True))
    assert "蓝田消费金融" in text(client.get(step("parties")))
