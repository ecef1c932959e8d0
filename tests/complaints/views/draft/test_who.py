"""The step that asks who files."""

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.http import HttpResponse
from django.test import Client
from django.urls import reverse

from complaints.models import Draft, Exhibit
from tests.support import cast
from tests.support.pages import begun, code_of, keep, step, text

pytestmark = pytest.mark.django_db


def answers(client: Client, *files: tuple[str, bytes], **typed: str) -> HttpResponse:
    uploads = [SimpleUploadedFile(name, content) for name, content in files]
    response = client.post(step("who"), {"files": uploads, **typed, "whole": "1"})
    assert isinstance(response, HttpResponse)
    return response


def test_the_paper_that_lets_somebody_act_is_kept_and_marked() -> None:
    client = begun()
    paper = ("委托书.png", cast.a_screenshot("power of attorney"))
    answer = answers(client, paper, relation="acting", acting_for="我母亲")
    assert answer.headers["Location"] == step("parties")
    assert Exhibit.objects.get().is_authority
    assert "委托书.png" in text(client.get(step("who")))
    assert "authority to act for someone" in text(client.get(reverse("evidence")))
    assert "Shows that I may act for someone." in text(client.get(step("check")))


def test_a_person_acting_for_somebody_can_go_on_without_a_paper() -> None:
    assert answers(begun(), relation="acting").headers["Location"] == step("parties")


def test_a_refused_paper_says_why_and_the_answers_are_kept() -> None:
    page = text(answers(begun(), ("x.png", b"MZ" + bytes(200)), relation="acting", acting_for="我母亲"))
    assert "Some files were not accepted" in page
    assert "x.png" in page
    assert "我母亲" in page
    assert Draft.objects.get().answers["who"] == {"relation": "acting", "acting_for": "我母亲", "region": ""}


def test_the_paper_is_removed_again_with_what_was_typed_kept() -> None:
    client = begun()
    answers(client, ("a.png", cast.a_screenshot()), relation="acting")
    page = text(answers(client, relation="acting", acting_for="my mother", remove=str(Exhibit.objects.get().pk)))
    assert "my mother" in page
    assert not Exhibit.objects.exists()


def test_a_file_that_is_evidence_already_is_marked_and_not_kept_twice() -> None:
    client = begun()
    keep(client, ("a.png", cast.a_screenshot()))
    answers(client, ("a.png", cast.a_screenshot()), relation="acting")
    assert Exhibit.objects.get().is_authority


def test_a_cut_off_page_says_so_and_writes_over_nothing() -> None:
    client = begun()
    answers(client, relation="acting", acting_for="my mother")
    page = text(client.post(step("who"), {"relation": "debtor"}))
    assert "The connection broke" in page
    assert Draft.objects.get().answers["who"]["acting_for"] == "my mother"


def test_who_somebody_is_may_stay_open() -> None:
    client = begun()
    assert answers(client).headers["Location"] == step("parties")
    assert answers(client, go="stop").headers["Location"] == reverse("new")


def test_the_first_page_shows_the_draft_code() -> None:
    client = begun()
    assert code_of(client) in text(client.get(step("who")))
    answers(client, relation="debtor")
    assert code_of(client) not in text(client.get(step("who")))


def test_one_borrower_cannot_remove_the_paper_of_another() -> None:
    first, second = begun(), begun()
    answers(first, ("a.png", cast.a_screenshot()), relation="acting")
    answers(second, relation="acting", remove=str(Exhibit.objects.get().pk))
    assert Exhibit.objects.count() == 1
