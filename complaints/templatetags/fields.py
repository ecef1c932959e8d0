"""Template tags that draw a form's fields."""

from django import template

from complaints.forms import markup

register = template.Library()
register.filter("drawn", markup.field)
