"""A member tallies: choose, review, confirm. Nothing of a tally can be looked up again."""

from collections.abc import Callable
from typing import TYPE_CHECKING

from django import forms
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods

from peersupport.core.errors import Refused
from peersupport.core.http import FORM_METHODS
from peersupport.core.translation import refusal_text
from peersupport.program import form_tokens
from peersupport.team.views.access import own_member, submit
from training.actions import sessions
from training.forms.sessions import GivenForm

from ..actions import tallies
from ..actions.tallies import TOKEN_PURPOSE, AlreadyTallied
from ..forms.tallies import GroupForm, OthersForm, TallyForm, chosen_answers
from ..presenters.tallies import counted_sentence, no_person_sentence
from ..queries import members
from .access import members_only

if TYPE_CHECKING:
    from django_stubs_ext import StrOrPromise

COUNTED = gettext_lazy("Counted. Nothing is left of the contact itself.")
ALREADY_COUNTED = gettext_lazy("This was already counted, and counts once.")
STALE = gettext_lazy("This page was open for a long time, so nothing was counted. Please check it again.")


@members_only
@require_http_methods(FORM_METHODS)
def tally(request: HttpRequest) -> HttpResponse:
    """The contact that has waited longest to be counted, or the one that was posted."""
    member = own_member(request)
    pending_tallies = members.pending_tallies_of(member)
    if not pending_tallies:
        return render(request, "requests_app/tally_none.html")
    posted = next((each for each in pending_tallies if str(each.id) == request.POST.get("owed")), None)
    if request.method == "POST" and posted is None:
        messages.info(request, ALREADY_COUNTED)
        return redirect("requests_app:tally")
    form = TallyForm(request.POST or None, initial={"mode": "web_site", "response": pending_tallies[0].response})
    if posted and "skip" in request.POST:
        return _count(request, lambda: tallies.skip(member=member, tally_id=posted.id), _("Not counted."))
    if posted and _is_confirmed(request, form):
        answers = form.answers()
        return _count(
            request, lambda: tallies.tally_contact(member=member, tally_id=posted.id, answers=answers), COUNTED
        )
    context = {"form": form, "pending_tally": posted or pending_tallies[0], "left": len(pending_tallies)}
    if _is_review(request, form):
        return _review(request, form.counted_fields(), context)
    return render(request, "requests_app/tally.html", context)


@members_only
@require_http_methods(FORM_METHODS)
def others(request: HttpRequest) -> HttpResponse:
    """Contacts outside this site, several that are alike at once."""
    own_member(request)
    form = OthersForm(request.POST or None, initial={"token": form_tokens.fresh(TOKEN_PURPOSE), "mode": "in_person"})

    def count() -> None:
        token, how_many = form.cleaned_data["token"], form.cleaned_data["how_many"]
        tallies.tally_others(token=token, how_many=how_many, answers=form.answers())

    if _is_confirmed(request, form):
        said = counted_sentence(form.cleaned_data["how_many"])
        if answer := _count_once(request, form, count, said):
            return answer
    if _is_review(request, form):
        return _review(request, form.counted_fields(), {"form": form})
    return render(request, "requests_app/tally_others.html", {"form": form})


@members_only
@require_http_methods(FORM_METHODS)
def group(request: HttpRequest) -> HttpResponse:
    """One defusing or debriefing that the member led."""
    own_member(request)
    form = GroupForm(request.POST or None, initial={"token": form_tokens.fresh(TOKEN_PURPOSE)})
    if _is_confirmed(request, form) and (
        answer := _count_once(request, form, lambda: tallies.tally_group(**form.cleaned_data), _("Counted."))
    ):
        return answer
    if _is_review(request, form):
        return _review(request, [form["code"]], {"form": form})
    return render(request, "requests_app/tally_group.html", {"form": form})


@members_only
@require_http_methods(FORM_METHODS)
def education(request: HttpRequest) -> HttpResponse:
    """Education or outreach. It is recorded with its day and headcount, because it is about the team alone."""
    by = own_member(request).user
    form = GivenForm(request.POST or None)
    if submit(form, lambda: sessions.record_given_session(by=by, **form.cleaned_data)):
        messages.success(request, _("Saved. It's on record."))
        return redirect("requests_app:tally")
    return render(request, "requests_app/education_session.html", {"form": form})


def _is_confirmed(request: HttpRequest, form: forms.Form) -> bool:
    return "confirmed" in request.POST and form.is_valid()


def _is_review(request: HttpRequest, form: forms.Form) -> bool:
    return request.method == "POST" and "change" not in request.POST and form.is_valid()


def _review(request: HttpRequest, fields: list[forms.BoundField], context: dict[str, object]) -> HttpResponse:
    no_person = no_person_sentence(request.POST.get("first_this_year", ""))
    context = {**context, "answers": chosen_answers(fields), "no_person": no_person}
    return render(request, "requests_app/tally_review.html", context)


def _count_once(
    request: HttpRequest, form: forms.Form, count: Callable[[], None], sentence: "StrOrPromise"
) -> HttpResponse | None:
    """None where the form's token is stale: then the form says so, and keeps what was chosen."""
    try:
        return _count(request, count, sentence)
    except form_tokens.StaleForm:
        form_tokens.renew(form, TOKEN_PURPOSE, STALE)
    return None


def _count(request: HttpRequest, count: Callable[[], None], sentence: "StrOrPromise") -> HttpResponse:
    try:
        count()
        messages.success(request, sentence)
    except AlreadyTallied:
        messages.info(request, ALREADY_COUNTED)
    except Refused as refused:
        messages.warning(request, refusal_text(refused))
    return redirect("requests_app:tally")
