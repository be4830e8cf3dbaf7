"""A member counts: choose, look once more, count. Nothing of it can be found again."""

from collections.abc import Callable

from django import forms
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods

from peersupport.access.decorators import require_permission
from peersupport.access.permissions import Permission
from peersupport.core.errors import Refused
from peersupport.program import form_tokens
from peersupport.team.views.access import done
from training.actions import sessions
from training.forms.sessions import GivenForm

from ..actions import tallies, transitions
from ..actions.tallies import TOKEN
from ..forms.tallies import GroupForm, OthersForm, TallyForm
from ..queries import members
from .desk import PAGE, own_member

OWN = require_permission(Permission.SUPPORT)
COUNTED = "Counted. Nothing of the contact itself is left."
COUNTED_BEFORE = "This was counted already, and counts once."
STALE = "This page had been open for a long time, so nothing was counted. Please look it over again."


@OWN
@require_http_methods(PAGE)
def tally(request: HttpRequest) -> HttpResponse:
    """The oldest contact that is left to count."""
    member = own_member(request)
    owed = members.owed_by(member)
    if not owed:
        return render(request, "requests_app/tally_none.html")
    chosen = next((o for o in owed if str(o.id) == request.POST.get("owed")), None)
    if request.method == "POST" and chosen is None:
        messages.info(request, COUNTED_BEFORE)
        return redirect("requests_app:tally")
    form = TallyForm(request.POST or None, initial={"mode": "web_site", "response": owed[0].response})
    if chosen and "skip" in request.POST:
        return _answered(request, lambda: tallies.skip_tally(member=member, owed_id=chosen.id), "Not counted.")
    if chosen and _is_confirmed(request, form):
        return _answered(request, lambda: tallies.tally(member=member, owed_id=chosen.id, **form.counted()), COUNTED)
    context = {"form": form, "owed": chosen or owed[0], "left": len(owed), "is_looking": _is_looking(request, form)}
    return render(request, "requests_app/tally.html", context)


@OWN
@require_http_methods(PAGE)
def others(request: HttpRequest) -> HttpResponse:
    """Contacts in person or by phone, several alike at once."""
    own_member(request)
    form = OthersForm(request.POST or None, initial={"token": form_tokens.fresh(TOKEN), "mode": "in_person"})
    if _is_confirmed(request, form) and (
        answer := _counted_once(request, form, lambda: tallies.tally_others(**form.counted()), COUNTED)
    ):
        return answer
    return render(request, "requests_app/tally_others.html", {"form": form, "is_looking": _is_looking(request, form)})


@OWN
@require_http_methods(PAGE)
def group(request: HttpRequest) -> HttpResponse:
    """One defusing or debriefing that the member has led."""
    own_member(request)
    form = GroupForm(request.POST or None, initial={"token": form_tokens.fresh(TOKEN)})
    if _is_confirmed(request, form) and (
        answer := _counted_once(request, form, lambda: tallies.tally_group(**form.cleaned_data), "Counted.")
    ):
        return answer
    return render(request, "requests_app/tally_group.html", {"form": form, "is_looking": _is_looking(request, form)})


@OWN
@require_http_methods(PAGE)
def given(request: HttpRequest) -> HttpResponse:
    """Education or outreach: on record with its day and headcount, because it is about the team alone."""
    by = own_member(request).user
    form = GivenForm(request.POST or None)
    if done(form, lambda: sessions.record_given(by=by, **form.cleaned_data)):
        messages.success(request, "It is on record.")
        return redirect("requests_app:tally")
    return render(request, "requests_app/tally_given.html", {"form": form})


def _is_confirmed(request: HttpRequest, form: forms.Form) -> bool:
    return "confirmed" in request.POST and form.is_valid()


def _is_looking(request: HttpRequest, form: forms.Form) -> bool:
    return request.method == "POST" and "change" not in request.POST and form.is_valid()


def _counted_once(request: HttpRequest, form: forms.Form, count: Callable[[], None], done: str) -> HttpResponse | None:
    """Counts by the form's token. None: the form says what is wrong and keeps what was chosen."""
    try:
        return _answered(request, count, done)
    except form_tokens.StaleForm:
        form_tokens.renew(form, TOKEN, STALE)
    return None


def _answered(request: HttpRequest, count: Callable[[], None], done: str) -> HttpResponse:
    try:
        count()
        messages.success(request, done)
    except (transitions.Gone, tallies.CountedAlready):
        messages.info(request, COUNTED_BEFORE)
    except Refused as refused:
        messages.warning(request, refused.sentence)
    return redirect("requests_app:tally")
