"""`rotate_vault_key`: wrap the keys of all stored files by the current master key, while the portal runs."""

from typing import Any

from django.core.management.base import CommandError

from evidence.management.plain import Plain
from evidence.models import ItemKey
from evidence.storage import item_keys
from evidence.storage.frames import Altered

from ._progress import Bar


class Command(Plain):
    help = (
        "Wrap the keys of all stored files by the first of VAULT_MASTER_KEYS, while the portal runs. "
        "Afterwards the others can be taken out of the setting."
    )

    def handle(self, *args: Any, **options: Any) -> None:
        try:
            with Bar(self.stderr, ItemKey.objects.count(), "keys") as bar:
                done = item_keys.rewrap(bar.advance)
        except (item_keys.Locked, Altered) as problem:
            raise CommandError(str(problem)) from None
        self.stdout.write(f"Keys wrapped anew: {done}. The current master key now opens all of them.")
