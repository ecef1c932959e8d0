"""The interface of SMS gateways, and one that prints. docs/notifications.md says how to add another."""

import sys
from typing import Protocol

from django.conf import settings
from django.utils.module_loading import import_string


class Gateway(Protocol):
    """Passes text messages to a provider. One is made for each message, without arguments."""

    def send(self, to: str, text: str) -> None:
        """Pass on one message within ten seconds. `to` is the number as its owner typed it. Any exception means
        that it was not accepted and will be tried again."""


class Console:
    """Prints messages to the worker's output. For trials only."""

    def send(self, to: str, text: str) -> None:
        sys.stdout.write(f"Text message to {to}:\n{text}\n")
        sys.stdout.flush()


def gateway() -> Gateway:
    """The gateway that the settings name."""
    made: Gateway = import_string(settings.SMS_BACKEND)()
    return made
