"""Why a draft cannot take a file, each in a sentence for the borrower."""

from django.conf import settings
from django.utils.translation import gettext as _

from evidence import sizes


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
                "This has already been filed, so nothing can be added here. To add this file, open your case "
                "with your access code and choose “Add evidence”."
            )
        return _("This has already been sent, so nothing can be added here.")


class SameFile(Unwelcome):
    def __str__(self) -> str:
        return _("This file is already here, so it was not added again.")


class TooManyFiles(Unwelcome):
    def __str__(self) -> str:
        return _("There is room for %(most)d files here. Remove one to add another.") % {
            "most": settings.MAX_DRAFT_FILES
        }


class TooManyBytes(Unwelcome):
    def __str__(self) -> str:
        return _("Together the files here can be up to %(most)s. Remove one to add another.") % {
            "most": sizes.in_words(settings.MAX_DRAFT_BYTES)
        }


class TooMuchFromHere(Unwelcome):
    def __str__(self) -> str:
        return _(
            "Too many unsent files came from your internet connection. File your complaint without this file"
            " and add it later, or try another connection."
        )
