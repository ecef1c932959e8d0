from django.apps import AppConfig


class ComplaintsConfig(AppConfig):
    name = "complaints"

    def ready(self) -> None:
        from evidence.ledger import checkpoints  # once the models are there, as the next two

        from . import checks  # noqa: F401 (registers them)
        from .cases import numbers  # see above

        checkpoints.accepted.connect(numbers.leave_out)
