"""Saved queues: filters kept under a name. They can be opened, shared, renamed and deleted."""

from django import forms
from django.contrib import messages
from django.contrib.admin import AdminSite
from django.db import IntegrityError, transaction
from django.http import Http404, HttpRequest, HttpResponseRedirect, QueryDict
from django.urls import URLPattern, path, reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from complaints import digits
from complaints.admin.filters import SieveForm
from complaints.admin.reading import reader
from complaints.models import Role, SavedQueue, StaffMember
from complaints.staff import access

LIST = "admin:complaints_case_changelist"
MOST = 30  # saved queues of one person


class SavedQueueForm(forms.ModelForm[SavedQueue]):
    class Meta:
        model = SavedQueue
        fields = ("name", "shared")


def urls(site: AdminSite) -> list[URLPattern]:
    return [
        path("saved/", site.admin_view(save), name="case_saved"),
        path("saved/<int:pk>/", site.admin_view(change), name="case_saved_change"),
    ]


def named(key: str, user: StaffMember) -> SavedQueue | None:
    """The saved queue with this key, if the user may use it; else None."""
    found: SavedQueue | None = None
    if key:
        found = SavedQueue.objects.offered_to(user).filter(pk=digits.key(key)).first()
    return found


def _reader(request: HttpRequest) -> StaffMember:
    if not access.may_read_cases(request.user):
        raise Http404
    return reader(request)


@require_POST
def save(request: HttpRequest) -> HttpResponseRedirect:
    """Save the filters in the field `query` as a queue."""
    user = _reader(request)
    sieve = SieveForm(QueryDict(request.POST.get("query", "")), user=user)
    if not sieve.is_valid():
        messages.error(request, sieve.sentence)
        return HttpResponseRedirect(reverse(LIST))
    if user.saved_queues.count() >= MOST:
        messages.error(request, _("You have %(most)d saved queues. Delete one first.") % {"most": MOST})
        return HttpResponseRedirect(f"{reverse(LIST)}?{sieve.query}")
    return _keep(request, SavedQueue(owner=user, query=sieve.query), sieve.query)


@require_POST
def change(request: HttpRequest, pk: int) -> HttpResponseRedirect:
    """Rename, share, stop sharing or delete a saved queue. Only its owner can."""
    queue = _reader(request).saved_queues.filter(pk=pk).first()
    if queue is None:
        raise Http404
    if "delete" in request.POST:
        queue.delete()
        messages.success(request, _("The saved queue “%(name)s” is deleted.") % {"name": queue})
        return HttpResponseRedirect(reverse(LIST))
    return _keep(request, queue, f"saved={queue.pk}")


def _keep(request: HttpRequest, queue: SavedQueue, back: str) -> HttpResponseRedirect:
    form = SavedQueueForm(request.POST, instance=queue)
    try:
        if not form.is_valid():
            raise IntegrityError
        queue.shared = queue.shared and access.has_role(queue.owner, Role.SUPERVISOR)
        with transaction.atomic():
            queue.save()
    except IntegrityError:  # the owner has another queue of this name
        messages.error(request, _("Give the queue a name of at most 60 characters that you have not used yet."))
        return HttpResponseRedirect(f"{reverse(LIST)}?{back}")
    messages.success(request, _("The queue is saved as “%(name)s”.") % {"name": queue})
    return HttpResponseRedirect(f"{reverse(LIST)}?saved={queue.pk}")
