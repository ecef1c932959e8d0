"""What was typed goes back into the form that it was typed into, and nowhere else."""

from django.http import QueryDict

from complaints.refill import refill

PAGE = """<form method="get" action="/note/"><input name="text" value="search"></form>
<details class="card"><summary>1</summary><form method="post" action="/end/#x">
<input type="hidden" name="row" value="1">
<textarea name="proof" id="p">
old</textarea></form></details>
<details class="card"><summary>2</summary><form method="post" action="/end/#x">
<input type="hidden" name="row" value="2">
<input type="hidden" name="csrfmiddlewaretoken" value="new"><input type="hidden" name="once" value="b">
<textarea name="proof">
</textarea><select name="to"><option value="a" selected>A</option><option value="b">B</option></select>
<input type="checkbox" name="sure" checked><input type="radio" name="way" value="post" checked>
<input type="radio" name="way" value="email"><input name="number" value="7"><input type="password" name="secret">
<button name="go" value="look">Look</button></form></details>"""


def filled(typed: str, action: str = "/end/") -> tuple[str, list[str], bool]:
    done = refill(PAGE, QueryDict(typed), action=action, page="/here/", notice="<p>Again</p>")
    return done.html, done.left, done.found


def test_each_kind_of_field_has_what_was_sent() -> None:
    html, _left, found = filled("row=2&proof=%3C%2Ftextarea%3E%26&to=b&way=email&number=%22x%22&once=a&secret=s")
    assert found
    assert '<textarea name="proof">\n&lt;/textarea&gt;&amp;</textarea>' in html
    assert '<option value="a">A</option><option value="b" selected>B</option></select>' in html
    assert '<input type="checkbox" name="sure"><input type="radio" name="way" value="post">' in html
    assert '<input type="radio" name="way" value="email" checked>' in html
    assert '<input name="number" value="&quot;x&quot;">' in html
    assert '<input type="password" name="secret">' in html


def test_only_the_form_about_the_same_row_is_filled_and_it_is_opened() -> None:
    html, _left, _found = filled("row=2&proof=Paid&csrfmiddlewaretoken=old")
    first, second = html.split("<summary>2</summary>")
    assert "old</textarea>" in first
    assert "Paid</textarea>" in second
    assert first.endswith('<details class="card" open>')
    assert first.count(" open") == 1
    assert 'name="csrfmiddlewaretoken" value="new"' in second
    assert second.index("<p>Again</p>") < second.index('name="row"')


def test_a_form_about_a_row_that_is_gone_is_not_put_into_another() -> None:
    html, left, found = filled("row=3&proof=Paid")
    assert (html, found) == (PAGE, False)
    assert left == ["Paid"]


def test_a_search_is_not_taken_for_a_form_that_is_sent() -> None:
    assert filled("text=words", "/note/")[2] is False


def test_what_no_field_takes_is_named_but_no_button_and_no_mark() -> None:
    assert filled("row=2&proof=Paid&more=And+this&go=look&seen=12&_save=Save")[1] == ["And this"]
