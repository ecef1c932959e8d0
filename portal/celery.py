"""The Celery application. A task is an interface, like a view: it takes ids, calls one function, returns
nothing."""

import os
import warnings

from celery import Celery
from celery.exceptions import CPendingDeprecationWarning
from celery.signals import after_setup_logger, worker_init

from .outages import log_lines, semaphores, transport

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "portal.settings")
transport.install()
# Celery warns, over ten lines, that running tasks go on when Redis goes: that is intended.
warnings.filterwarnings("ignore", category=CPendingDeprecationWarning)

app = Celery("holdfast")
app.config_from_object("django.conf:settings", namespace="CELERY")
app.autodiscover_tasks()
after_setup_logger.connect(log_lines.in_celery)
worker_init.connect(semaphores.or_leave)
