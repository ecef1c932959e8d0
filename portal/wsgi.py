import os

from django.core.wsgi import get_wsgi_application

from . import connections
from .pace import paced

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "portal.settings")

application = paced(get_wsgi_application())
connections.share()
