"""The Django application of the evidence: files, their seals and the ledger. It knows nothing of complaints."""

from django.apps import AppConfig


class EvidenceConfig(AppConfig):
    name = "evidence"

    def ready(self) -> None:
        from . import checks  # noqa: F401 (importing the file registers the checks)
