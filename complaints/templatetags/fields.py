"""How templates draw a field of a form."""

from django import template

from .. import drawing

register = template.Library()
register.filter("drawn", drawing.field)
