"""How templates draw a field of a form."""

from django import template

from complaints.forms import markup

register = template.Library()
register.filter("drawn", markup.field)
