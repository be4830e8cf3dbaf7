"""The roster and a member's page, with what a coordinator does there."""

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from peersupport.access.decorators import require_permission
from peersupport.access.permissions import Permission
from peersupport.program.queries import AGREEMENT, current_text

from ..actions import keys, membership, terms
from ..forms.base import PageForm, SearchForm
from ..forms.membership import DesignationForm, EndForm, LeaveForm, MemberFactsForm, RenewalForm
from ..models import Member
from ..queries import availability, member_keys, service_record
from ..queries import members as members_queries
from .access import member_or_404, signed_in, submit
from .search import page_of


@require_permission(Permission.SEE_TEAM)
@require_safe
def roster(request: HttpRequest) -> HttpResponse:
    form, today = SearchForm(request.GET, label=_("Name or unit")), timezone.localdate()
    context = page_of(request, form, members_queries.roster(form.query))
    members = list(context["page"])
    context |= {
        "members": members,
        "on_leave": {member.pk for member in members if member.is_on_leave(today)},
        "on_call": availability.on_call_at(timezone.now()),
        "term_ended": {member.pk for member in members if member.has_term_ended(today)},
        "to_sign": set(service_record.members_to_sign(current_text(AGREEMENT).version).values_list("pk", flat=True)),
    }
    return render(request, "team/roster.html", context)


@require_permission(Permission.SEE_TEAM)
@require_safe
def member_page(request: HttpRequest, pk: int) -> HttpResponse:
    return render_member(request, member_or_404(pk))


@require_permission(Permission.MANAGE_TEAM)
@require_POST
def record_facts(request: HttpRequest, pk: int) -> HttpResponse:
    member, form = member_or_404(pk), MemberFactsForm(request.POST)
    if submit(form, lambda: membership.record_facts(member_id=pk, by=signed_in(request), **form.cleaned_data)):
        return redirect_to_member(request, member, "Saved.")
    return render_member(request, member, facts=form)


@require_permission(Permission.MANAGE_TEAM)
@require_POST
def renew(request: HttpRequest, pk: int) -> HttpResponse:
    member, form = member_or_404(pk), RenewalForm(request.POST)
    if submit(form, lambda: terms.renew(member_id=pk, by=signed_in(request), **form.cleaned_data)):
        return redirect_to_member(request, member, f"The designation of {member} is renewed.")
    return render_member(request, member, renewal=form)


@require_permission(Permission.MANAGE_TEAM)
@require_POST
def take_leave(request: HttpRequest, pk: int) -> HttpResponse:
    member, form = member_or_404(pk), LeaveForm(request.POST)
    if submit(form, lambda: membership.take_leave(member_id=pk, by=signed_in(request), **form.cleaned_data)):
        return redirect_to_member(request, member, f"The leave of {member} is noted.")
    return render_member(request, member, leave=form)


@require_permission(Permission.MANAGE_TEAM)
@require_POST
def return_from_leave(request: HttpRequest, pk: int) -> HttpResponse:
    member = member_or_404(pk)
    membership.return_from_leave(member_id=pk, by=signed_in(request))
    return redirect_to_member(request, member, f"{member} is back.")


@require_permission(Permission.MANAGE_TEAM)
@require_POST
def end_membership(request: HttpRequest, pk: int) -> HttpResponse:
    member, form = member_or_404(pk), EndForm(request.POST)
    if submit(form, lambda: membership.end_membership(member_id=pk, by=signed_in(request), **form.cleaned_data)):
        return redirect_to_member(request, member, f"{member} is no longer a member.")
    return render_member(request, member, end=form)


@require_permission(Permission.MANAGE_TEAM)
@require_POST
def confirm_key(request: HttpRequest, pk: int) -> HttpResponse:
    """pk: of the key, so that exactly the key that the page showed is confirmed."""
    key = member_keys.key_by_id(pk)
    if key is None:
        raise Http404
    member, form = member_or_404(key.member_id), PageForm(request.POST)
    if submit(form, lambda: keys.confirm_key(key_id=pk, by=signed_in(request))):
        return redirect_to_member(request, member, f"The key of {member} is confirmed.")
    return render_member(request, member, key=form)


def redirect_to_member(request: HttpRequest, member: Member, sentence: str) -> HttpResponse:
    messages.success(request, sentence)
    return redirect("team:member", member.pk)


def render_member(request: HttpRequest, member: Member, **returned: PageForm) -> HttpResponse:
    """The member's page, also for views of other rooms. returned: forms with errors, shown instead of empty ones."""
    forms = {
        "facts": MemberFactsForm(initial={name: getattr(member, name) for name in MemberFactsForm.base_fields}),
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
        "member": member,
        "forms": forms,
        "is_on_leave": member.is_on_leave(today),
        "is_on_call": member.pk in availability.on_call_at(now),
        "pause": availability.current_pause(member, today),
        "has_term_ended": member.has_term_ended(today),
        "service_record": service_record.service_record_of(member),
        "today": today,
    }
    return render(request, "team/member.html", context)
