"""Looks at a file as soon as it has arrived, so that its sender can still send a better one.

The confined child opens it with little time, its copies are thrown away, and one word is kept. Nothing goes on the
ledger: the file is no evidence yet. Each file is looked at once, and a file that takes too long says nothing.
"""

import logging

from evidence.models import EvidenceItem, FirstLook
from evidence.storage import vault

from . import confinement, previews
from .confinement import ChildFailed, Limits, MadeCopy, NotMade

log = logging.getLogger(__name__)

CPU_SECONDS, SECONDS = 5, 30


def look(item: EvidenceItem) -> None:
    """Open the item, and keep what is worth saying to its sender. Does nothing for an item of a case."""
    if item.thread or not previews.has_previews(item):
        return
    _look, is_first = FirstLook.objects.get_or_create(item=item)
    if is_first:
        FirstLook.objects.filter(item=item).update(reason=_reason(item))


def _reason(item: EvidenceItem) -> str:
    """A key of FirstLook.ADVICE, or ""."""
    try:
        with previews.child_for(item, _limits(item)) as child:
            found = [_drained(result) for result in child.results()]
    except (ChildFailed, vault.Missing, vault.Altered) as error:
        log.info("the first look at item %s broke off: %s", item.pk, error)
        return ""
    return next((reason for reason in found if reason in FirstLook.ADVICE), "")


def _limits(item: EvidenceItem) -> Limits:
    usual = confinement.limits_for(item.size, item.kind)
    return Limits(memory=usual.memory, cpu_seconds=CPU_SECONDS, seconds=SECONDS, copy=usual.copy)


def _drained(result: confinement.ChildResult) -> str:
    """The result's reason. A copy is read to its end, and forgotten."""
    if isinstance(result, MadeCopy):
        for _block in result.blocks:
            pass
    return result.reason if isinstance(result, NotMade) else ""
