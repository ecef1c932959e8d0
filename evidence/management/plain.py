"""The base of the portal's own commands."""

from django.core.management.base import BaseCommand


class Plain(BaseCommand):
    """A command whose help shows its own options alone. Django's general ones work all the same."""

    suppressed_base_arguments = {
        *("--version", "--verbosity", "--settings", "--pythonpath"),
        *("--traceback", "--no-color", "--force-color"),
    }
