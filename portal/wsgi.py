import os

from django.conf import settings
from django.core.wsgi import get_wsgi_application

from . import connections, environment
from .pace import paced

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "portal.settings")

try:
    application = paced(get_wsgi_application())
except environment.Unusable as problem:
    raise SystemExit(environment.in_words(problem)) from None
connections.share()
if settings.ADMINS:
    from . import watch  # it needs the models

    watch.from_the_web()
