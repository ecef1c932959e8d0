"""The order of a draft's files: as they were chosen, then as somebody moves them; and so they are numbered."""

import pytest
from django.urls import reverse

from complaints.drafts import files, order
from complaints.filing import filing
from complaints.models import Draft, Exhibit
from evidence.receiving import pieces
from tests.support import cast
from tests.support.pages import begun, keep, text

pytestmark = pytest.mark.django_db


def arrives(draft: Draft, name: str, place: int) -> None:
    content = cast.a_screenshot(name)
    begun = files.begin_upload(draft, name, len(content), place=place)
    rest = [content]
    found, seen = pieces.append(
        begun.pk, pieces.Piece(0, len(content), lambda _size: rest.pop() if rest else b"", None)
    )
    files.finish_upload(found, seen)


def names(draft: Draft) -> list[str]:
    return [exhibit.item.name for exhibit in order.in_order(draft)]


def test_files_are_numbered_as_they_were_chosen_not_as_they_arrive() -> None:
    draft, code = cast.a_draft(files=[])
    for name, place in (("3.png", 300), ("1.png", 100), ("2.png", 200)):
        arrives(draft, name, place)
    assert names(draft) == ["1.png", "2.png", "3.png"]
    case = filing.file(draft, code)
    assert [exhibit.item.name for exhibit in case.exhibits.order_by("number")] == ["1.png", "2.png", "3.png"]


def test_a_file_on_its_way_comes_between_those_that_were_moved() -> None:
    draft, _code = cast.a_draft(files=[])
    for name, place in (("1.png", 100), ("3.png", 300)):
        arrives(draft, name, place)
    order.move(draft, f"{Exhibit.objects.get(item__name='3.png').pk}:0")
    arrives(draft, "2.png", 200)
    assert names(draft) == ["3.png", "2.png", "1.png"]


def test_files_are_moved_on_the_page_without_script() -> None:
    client = begun()
    keep(client, *((f"{name}.png", cast.a_screenshot(name)) for name in "abc"))
    draft = Draft.objects.get()
    last = Exhibit.objects.get(item__name="c.png")
    assert f'value="{last.pk}:1"' in text(client.get(reverse("evidence")))
    answer = keep(client, move=f"{last.pk}:1")
    assert answer["Location"].endswith(f"#file-{last.pk}")
    assert names(draft) == ["a.png", "c.png", "b.png"]


@pytest.mark.parametrize("nonsense", ["", "x", ":", "1:", "-1:0", "999999:0", "1:x", "9" * 5000 + ":0"])
def test_nonsense_moves_nothing(nonsense: str) -> None:
    draft, _code = cast.a_draft(files=[(f"{name}.png", cast.a_screenshot(name)) for name in "ab"])
    order.move(draft, nonsense)
    assert names(draft) == ["a.png", "b.png"]


def test_nobody_moves_the_files_of_another() -> None:
    draft, _code = cast.a_draft(files=[(f"{name}.png", cast.a_screenshot(name)) for name in "ab"])
    client = begun()
    keep(client, move=f"{Exhibit.objects.get(item__name='b.png').pk}:0")
    assert names(draft) == ["a.png", "b.png"]
