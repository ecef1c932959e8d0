"""The markup of form fields, with the class names of Bootstrap 5.

It is made in Python, because the templates of Django and crispy take several times as long as the rest of a page.
"""

from collections.abc import Callable, Collection, Iterator

from django import forms
from django.forms.boundfield import BoundField
from django.forms.utils import flatatt
from django.utils.functional import Promise
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString

Option = tuple[str, str, str, bool]  # id, value, label, whether it is chosen
NOTHING = SafeString("")


def fields(form: forms.Form, folded: Collection[str] = (), summary: Promise | str = "") -> SafeString:
    """All fields of a form, in their order; those of `folded` at the end under a summary that opens them."""
    listed = [one for one in form if one.name not in folded]
    drawn = SafeString("".join(SafeString(one) if one.is_hidden else field(one) for one in listed))
    return drawn + details([form[name] for name in folded], summary) if folded else drawn


def details(under: list[BoundField], summary: Promise | str) -> SafeString:
    """The fields under a summary, which is open if one of them is filled in or has an error."""
    is_open = any(one.value() or one.errors for one in under)
    drawn = SafeString("".join(map(field, under)))
    return format_html(
        "<details{}><summary>{}</summary>\n{}</details>\n", " open" if is_open else "", summary, drawn
    )


def field(bound: BoundField) -> SafeString:
    """The field with its label, hint and errors."""
    widget = bound.field.widget
    if isinstance(widget, forms.CheckboxInput):
        return format_html(
            '<div class="mb-3 tick"><div id="div_{id}" class="form-check">{} <label for="{id}"'
            ' class="form-check-label">{}</label></div>{}</div>\n',
            control(bound),
            bound.label,
            hint_and_errors(bound),
            id=bound.auto_id,
        )
    if isinstance(widget, forms.RadioSelect):
        return group(bound)
    return format_html(
        '<div id="div_{id}" class="mb-3"><label for="{id}" class="form-label">{}</label>{}{}</div>\n',
        bound.label,
        hint_and_errors(bound),
        control(bound),
        id=bound.auto_id,
    )


def group(bound: BoundField) -> SafeString:
    """Checkboxes or radio buttons under one legend."""
    described = flatatt({"aria-describedby": bound.aria_describedby}) if bound.aria_describedby else NOTHING
    mark = SafeString(' aria-invalid="true"') if bound.errors else NOTHING
    kind, name = bound.field.widget.input_type, bound.html_name
    choices = format_html_join(
        "\n",
        '<div class="form-check"><input type="{}" class="form-check-input" name="{}" value="{}" id="{}"{}{}>'
        ' <label for="{}" class="form-check-label">{}</label></div>',
        (
            (kind, name, value, identity, SafeString(" checked" if chosen else ""), mark, identity, label)
            for identity, value, label, chosen in options(bound)
        ),
    )
    return format_html(
        '<div id="div_{}" class="mb-3"><fieldset{}><legend class="form-label">{}</legend>{}<div>{}</div>'
        "</fieldset></div>\n",
        bound.auto_id,
        described,
        bound.label,
        hint_and_errors(bound),
        choices,
    )


def hint_and_errors(bound: BoundField) -> SafeString:
    """The field's hint and errors."""
    hint = bound.help_text
    hint_html = (
        format_html('<div id="{}_helptext" class="form-text">{}</div>', bound.auto_id, hint) if hint else NOTHING
    )
    if not bound.errors:
        return hint_html
    wrong = format_html_join("", "<p>{}</p>", ((error,) for error in bound.errors))
    return hint_html + format_html('<div id="{}_error" class="invalid-feedback">{}</div>', bound.auto_id, wrong)


def control(bound: BoundField) -> SafeString:
    """The field without its label, hint and errors."""
    widget = bound.field.widget
    look = "form-check-input" if isinstance(widget, forms.CheckboxInput) else "form-control"
    attrs = {
        **widget.attrs,
        "class": " ".join([*widget.attrs.get("class", "").split(), look]),
        "id": bound.auto_id,
    }
    draw = DRAWN.get(type(widget))
    if draw is None:
        return bound.as_widget(attrs=attrs)
    return draw(bound, flatatt({"name": bound.html_name, **bound.build_widget_attrs(attrs, widget)}))


def options(bound: BoundField) -> Iterator[Option]:
    """The choices of a field without groups, in their order."""
    chosen = _chosen(bound)
    for place, (value, label) in enumerate(bound.field.widget.choices):
        yield f"{bound.auto_id}_{place}", str(value), str(label), str(value) in chosen


def _chosen(bound: BoundField) -> set[str]:
    given = bound.value()
    return {str(value) for value in given} if isinstance(given, list | tuple) else {str(given or "")}


def _input(bound: BoundField, attrs: SafeString) -> SafeString:
    value = bound.value()
    given = format_html(' value="{}"', value) if value not in (None, "") else NOTHING
    return format_html('<input type="{}"{}{}>', bound.field.widget.input_type, given, attrs)


def _textarea(bound: BoundField, attrs: SafeString) -> SafeString:
    return format_html("<textarea{}>\n{}</textarea>", attrs, bound.value() or "")


def _tick(bound: BoundField, attrs: SafeString) -> SafeString:
    return format_html('<input type="checkbox"{}{}>', SafeString(" checked" if bound.value() else ""), attrs)


def _select(bound: BoundField, attrs: SafeString) -> SafeString:
    chosen = _chosen(bound)
    listed = SafeString("".join(_listed(value, label, chosen) for value, label in bound.field.widget.choices))
    return format_html("<select{}>{}</select>", attrs, listed)


def _listed(value: object, label: object, chosen: Collection[str]) -> SafeString:
    """An option of a list, or a group of them under its name."""
    if isinstance(label, list | tuple):
        under = SafeString("".join(_listed(each, named, chosen) for each, named in label))
        return format_html('<optgroup label="{}">{}</optgroup>', value, under)
    mark = SafeString(" selected" if str(value) in chosen else "")
    return format_html('<option value="{}"{}>{}</option>', value, mark, label)


DRAWN: dict[type[forms.Widget], Callable[[BoundField, SafeString], SafeString]] = {
    forms.TextInput: _input,
    forms.Textarea: _textarea,
    forms.CheckboxInput: _tick,
    forms.Select: _select,
}
