"""The receipt on paper says what the receipt says, in the reader's language, and its QR code proves it."""

import io
import json
from typing import Any

import pypdfium2
import pytest
import segno
import zxingcpp
from django.test import Client
from django.urls import reverse
from PIL import Image

from complaints.filing import receipt_pdf, receipts
from evidence.checking import sealing
from evidence.ledger import checkpoints
from evidence.timestamps import anchoring
from tests.support import cast
from tests.support.printed import letters, outside, overprinted


def text_of(pdf: bytes) -> str:
    with pypdfium2.PdfDocument(io.BytesIO(pdf)) as document:
        pages = [page.get_textpage().get_text_range() for page in document]
    return "".join(pages)


def test_it_lists_every_file_with_its_whole_digest_in_the_borrowers_language(borrower: cast.Filed) -> None:
    case = borrower.case
    text = text_of(receipt_pdf.printed(bytes(case.receipt)))
    for said in (case.reference, "screenshot.png", case.exhibits.get().item.sha256, case.complaint.sha256):
        assert said in text
    assert "回执" in text
    assert borrower.code not in text


@pytest.mark.parametrize("run", ["W" * 46, "…" * 46, "é" * 46, "！" * 46])
def test_the_name_of_a_file_stays_in_its_column(run: str, db: None) -> None:
    case = cast.file_a_complaint(files=[(f"{run}.png", cast.a_screenshot())]).case
    found = letters(receipt_pdf.printed(bytes(case.receipt)))
    assert outside(found, margin=56.7) == []
    assert overprinted(found) == []


def test_pending_and_given_timestamps_are_told_apart(second_borrower: cast.Filed) -> None:
    case = second_borrower.case
    assert "waiting for the timestamp" in text_of(receipt_pdf.printed(bytes(case.receipt)))
    sealing.seal(case.exhibits.get().item)
    later = text_of(receipt_pdf.printed(receipts.extended(case)))
    assert "builtin, 20" in later
    assert "not proof against the operator" in " ".join(later.split())


def test_the_outside_dates_of_the_ledger_are_on_it(second_borrower: cast.Filed) -> None:
    size = checkpoints.current().size
    anchoring.anchor()
    later = text_of(receipt_pdf.printed(receipts.extended(second_borrower.case)))
    assert f"The first {size} entries of the ledger existed at" in " ".join(later.split())


def test_the_same_receipt_makes_the_same_bytes(borrower: cast.Filed) -> None:
    assert receipt_pdf.printed(bytes(borrower.case.receipt)) == receipt_pdf.printed(bytes(borrower.case.receipt))


def test_the_qr_code_is_of_the_signed_checkpoint(borrower: cast.Filed, monkeypatch: pytest.MonkeyPatch) -> None:
    coded = []
    make = segno.make

    def noted(text: str, **how: Any) -> segno.QRCode:
        coded.append(text)
        return make(text, **how)

    monkeypatch.setattr(segno, "make", noted)
    receipt_pdf.printed(bytes(borrower.case.receipt))
    assert coded == [json.loads(bytes(borrower.case.receipt))["ledger"]["checkpoint"]]


@pytest.mark.parametrize("files", [1, 20])
def test_as_a_picture_it_is_one_and_a_camera_reads_the_signed_checkpoint_from_it(db: None, files: int) -> None:
    named = [(f"{number}.png", cast.a_screenshot(str(number))) for number in range(files)]
    receipt = bytes(cast.file_a_complaint(files=named).case.receipt)
    picture = Image.open(io.BytesIO(receipt_pdf.pictured(receipt)))
    (found,) = zxingcpp.read_barcodes(picture)
    assert found.text == json.loads(receipt)["ledger"]["checkpoint"]
    assert picture.width >= 1000


def test_the_proof_has_no_page_for_a_few_lines(db: None) -> None:
    """With each number of files, the heading of the proof is on the page of its last sentence."""
    for files in range(6, 12):
        named = [(f"{number}.png", cast.a_screenshot(str(number))) for number in range(files)]
        receipt = receipt_pdf.printed(bytes(cast.file_a_complaint(language="en", files=named).case.receipt))
        with pypdfium2.PdfDocument(io.BytesIO(receipt)) as document:
            last = document[len(document) - 1].get_textpage().get_text_range()
        assert "The proof" in last
        assert "holdfast_verify.py" in last


def test_fifty_files_with_the_longest_and_oddest_names_fit(db: None) -> None:
    odd = ["长" * 250 + ".png", "\u202egnp.exe.png", "👻 emoji.png", "a" * 250, "𠮷野家.png"]
    files = [(odd[n % 5], cast.a_screenshot(str(n))) for n in range(50)]
    case = cast.file_a_complaint(files=files).case
    text = text_of(receipt_pdf.printed(bytes(case.receipt)))
    assert all(exhibit.item.sha256 in text for exhibit in case.exhibits.select_related("item"))
    assert "U+1F47B" in text


def test_it_is_given_to_who_has_the_code_and_to_nobody_else(borrower: cast.Filed, client: Client) -> None:
    assert client.get(reverse("follow_receipt_paper")).status_code == 302
    client.post(reverse("follow"), {"code": borrower.code})
    answer = client.get(reverse("follow_receipt_paper"))
    assert answer["Content-Type"] == "application/pdf"
    assert answer.content.startswith(b"%PDF-")
