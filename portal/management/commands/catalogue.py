"""`manage.py catalogue`: bring the Chinese catalogue up to date.

`--check` changes nothing. It fails if strings are missing, untranslated, fuzzy or no longer used.
"""

from argparse import ArgumentParser
from typing import Any

from django.core.management.base import CommandError

from evidence.management.plain import Plain
from portal import catalogue


class Command(Plain):
    help = "Collect the interface's strings into the Chinese catalogue and compile it."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--check", action="store_true", help="change nothing; fail where strings lack")

    def handle(self, *args: Any, check: bool, **options: Any) -> None:
        if not check:
            catalogue.write(catalogue.merged())
            catalogue.compile_mo()
        if found := catalogue.faults(catalogue.collect(), catalogue.read_translations()):
            raise CommandError("\n".join(["The Chinese catalogue is not complete:", *sorted(found)]))
        self.stdout.write("The Chinese catalogue is complete.")
