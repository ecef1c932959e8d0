from django.apps import AppConfig


class ComplaintsConfig(AppConfig):
    name = "complaints"

    def ready(self) -> None:
        from evidence.checking import integrity  # needs loaded models, like the next three imports
        from evidence.ledger import checkpoints

        from . import checks  # noqa: F401 (registers them)
        from .cases import frozen, numbers  # see above

        checkpoints.accepted.connect(numbers.leave_out)
        integrity.elsewhere.append(frozen.check_all)
