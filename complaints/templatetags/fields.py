"""What the templates of forms ask of a field."""

from collections.abc import Iterator

from django import forms, template
from django.forms.boundfield import BoundField
from django.utils.safestring import SafeString

register = template.Library()

Option = tuple[str, str, str, bool]  # id, value, label, whether it is chosen


@register.filter
def kind(field: BoundField) -> str:
    """`tick` is one box, `group` several boxes or buttons; anything else stands under its label."""
    widget = field.field.widget
    if isinstance(widget, forms.CheckboxInput):
        return "tick"
    return "group" if isinstance(widget, forms.RadioSelect) else "one"


@register.filter
def control(field: BoundField) -> SafeString:
    """The field itself, with its class in the stylesheet."""
    widget = field.field.widget
    look = "form-check-input" if isinstance(widget, forms.CheckboxInput) else "form-control"
    return field.as_widget(attrs={"class": " ".join([*widget.attrs.get("class", "").split(), look])})


@register.filter
def options(field: BoundField) -> Iterator[Option]:
    """Each choice of a group, drawn without a template of its own: fifteen of those cost more than the page."""
    given = field.value()
    chosen = {str(value) for value in given} if isinstance(given, list | tuple) else {str(given)}
    choices: list[tuple[object, object]] = list(field.field.widget.choices)
    for place, (value, label) in enumerate(choices):
        yield f"{field.auto_id}_{place}", str(value), str(label), str(value) in chosen
