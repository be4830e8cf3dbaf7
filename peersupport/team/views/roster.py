"""The team as its coordinator sees it."""

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_POST, require_safe

from peersupport.access.decorators import require_permission
from peersupport.access.permissions import Permission
from peersupport.program.queries import AGREEMENT, standing_text

from ..actions import keys, membership, terms
from ..forms.base import PageForm, SearchForm
from ..forms.members import DesignationForm, EndForm, LeaveForm, MemberFactsForm, RenewalForm
from ..models import Member
from ..queries import availability, service_record
from ..queries import members as members_queries
from .access import done, member_or_404, signed_in
from .search import page_of


@require_permission(Permission.SEE_TEAM)
@require_safe
def roster(request: HttpRequest) -> HttpResponse:
    form, today = SearchForm(request.GET, label="Name or unit"), timezone.localdate()
    context = page_of(request, form, members_queries.roster(form.typed))
    members = list(context["page"])
    context |= {
        "members": members,
        "on_leave": {one.pk for one in members if one.is_on_leave(today)},
        "on_call": availability.on_call_at(timezone.now()),
        "term_ended": {one.pk for one in members if one.has_term_ended(today)},
        "to_sign": set(service_record.members_to_sign(standing_text(AGREEMENT).version).values_list("pk", flat=True)),
    }
    return render(request, "team/roster.html", context)


@require_permission(Permission.SEE_TEAM)
@require_safe
def member(request: HttpRequest, pk: int) -> HttpResponse:
    return page(request, member_or_404(pk))


@require_permission(Permission.MANAGE_TEAM)
@require_POST
def record_facts(request: HttpRequest, pk: int) -> HttpResponse:
    one, form = member_or_404(pk), MemberFactsForm(request.POST)
    if done(form, lambda: membership.record_facts(member_id=pk, by=signed_in(request), **form.cleaned_data)):
        return back(request, one, "Saved.")
    return page(request, one, facts=form)


@require_permission(Permission.MANAGE_TEAM)
@require_POST
def renew(request: HttpRequest, pk: int) -> HttpResponse:
    one, form = member_or_404(pk), RenewalForm(request.POST)
    if done(form, lambda: terms.renew(member_id=pk, by=signed_in(request), **form.cleaned_data)):
        return back(request, one, f"The designation of {one} is renewed.")
    return page(request, one, renewal=form)


@require_permission(Permission.MANAGE_TEAM)
@require_POST
def take_leave(request: HttpRequest, pk: int) -> HttpResponse:
    one, form = member_or_404(pk), LeaveForm(request.POST)
    if done(form, lambda: membership.take_leave(member_id=pk, by=signed_in(request), **form.cleaned_data)):
        return back(request, one, f"The leave of {one} is noted.")
    return page(request, one, leave=form)


@require_permission(Permission.MANAGE_TEAM)
@require_POST
def return_from_leave(request: HttpRequest, pk: int) -> HttpResponse:
    one = member_or_404(pk)
    membership.return_from_leave(member_id=pk, by=signed_in(request))
    return back(request, one, f"{one} is back.")


@require_permission(Permission.MANAGE_TEAM)
@require_POST
def de_select(request: HttpRequest, pk: int) -> HttpResponse:
    one, form = member_or_404(pk), EndForm(request.POST)
    if done(form, lambda: membership.de_select(member_id=pk, by=signed_in(request), **form.cleaned_data)):
        return back(request, one, f"{one} is no longer a member.")
    return page(request, one, end=form)


@require_permission(Permission.MANAGE_TEAM)
@require_POST
def confirm_key(request: HttpRequest, pk: int) -> HttpResponse:
    """pk is the key's: what is confirmed is exactly what was on the page."""
    key = members_queries.key_by_id(pk)
    if key is None:
        raise Http404
    one, form = member_or_404(key.member_id), PageForm(request.POST)
    if done(form, lambda: keys.confirm_key(key_id=pk, by=signed_in(request))):
        return back(request, one, f"The key of {one} is confirmed.")
    return page(request, one, key=form)


def back(request: HttpRequest, one: Member, sentence: str) -> HttpResponse:
    messages.success(request, sentence)
    return redirect("team:member", one.pk)


def page(request: HttpRequest, one: Member, **returned: PageForm) -> HttpResponse:
    """The member's page, for other rooms too; a form that was sent back stands in the place of its empty one."""
    forms = {
        "facts": MemberFactsForm(initial={name: getattr(one, name) for name in MemberFactsForm.base_fields}),
        "designation": DesignationForm(),
        "renewal": RenewalForm(),
        "leave": LeaveForm(),
        "end": EndForm(),
        "key": PageForm(),
        **returned,
    }
    now = timezone.now()
    today = timezone.localdate(now)
    context = {
        "member": one,
        "forms": forms,
        "is_on_leave": one.is_on_leave(today),
        "is_on_call": one.pk in availability.on_call_at(now),
        "pause": availability.pause_of(one, today),
        "has_term_ended": one.has_term_ended(today),
        "proofs": service_record.proofs_of(one),
        "today": today,
    }
    return render(request, "team/member.html", context)
