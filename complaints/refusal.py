"""What a person is told when a step is not possible."""


class Refused(Exception):
    """A step that the case's state, its documents or the person rules out. The text is for the reader."""
