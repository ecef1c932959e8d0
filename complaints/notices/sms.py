"""Text messages: what a gateway must be, and one that prints (docs/notifications.md says how to add another)."""

import sys
from typing import Protocol

from django.conf import settings
from django.utils.module_loading import import_string


class Gateway(Protocol):
    """Hands text messages to whoever delivers them. Made anew for each message, without arguments."""

    def send(self, to: str, text: str) -> None:
        """Hand over one message, within ten seconds, to a number as its owner wrote it. To return means that it
        was taken; any exception that it was not, and is to be tried again later."""


class Console:
    """Prints messages where the worker's log goes: for trying out, never for people."""

    def send(self, to: str, text: str) -> None:
        sys.stdout.write(f"Text message to {to}:\n{text}\n")
        sys.stdout.flush()


def gateway() -> Gateway:
    """The gateway that the settings name."""
    made: Gateway = import_string(settings.SMS_BACKEND)()
    return made
