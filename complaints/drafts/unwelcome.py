"""Why a draft cannot take a file, each in a sentence for the borrower."""

from django.conf import settings
from django.template.defaultfilters import filesizeformat
from django.utils.translation import gettext as _


class Unwelcome(Exception):
    """The draft cannot take this file, or no more files. The message is a sentence for the borrower."""


class Filed(Unwelcome):
    """The draft was sent. `is_complaint` is false for an addition to a case."""

    def __init__(self, *, is_complaint: bool = False) -> None:
        super().__init__()
        self.is_complaint = is_complaint

    def __str__(self) -> str:
        if self.is_complaint:
            return _(
                "This has been sent meanwhile, so nothing can be added to it here. To add this file to your case,"
                " follow it with your access code and choose “Add evidence”."
            )
        return _("This has been sent meanwhile, so nothing can be added to it here.")


class SameFile(Unwelcome):
    def __str__(self) -> str:
        return _("This file is here already, with the same name and content. It was not added a second time.")


class TooManyFiles(Unwelcome):
    def __str__(self) -> str:
        return _("There is room for %(most)d files here. Remove one to add another.") % {
            "most": settings.MAX_DRAFT_FILES
        }


class TooManyBytes(Unwelcome):
    def __str__(self) -> str:
        return _("The files here can have %(most)s together. Remove one to add another.") % {
            "most": filesizeformat(settings.MAX_DRAFT_BYTES)
        }


class TooMuchFromHere(Unwelcome):
    def __str__(self) -> str:
        return _(
            "Too many files that are not sent yet came over the internet connection you use."
            " Send your complaint without this file and add it later, or try another connection."
        )
