"""The exception for a step that is not possible now."""


class Refused(Exception):
    """The case's state, its documents or the person rule the step out. The message is shown to the user."""
