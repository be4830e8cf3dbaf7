"""The roster and a member's page, with what a coordinator does there."""

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from peersupport.access.decorators import require_permission
from peersupport.access.permissions import Permission, is_allowed
from peersupport.program.queries import AGREEMENT, current_text, settings_now

from .. import queries
from ..actions import keys, membership, terms
from ..asking_again import asks_again
from ..domain.serving import NotServing
from ..domain.standing import Standing
from ..domain.states import MembershipState
from ..forms.base import PageForm, SearchForm
from ..forms.membership import DesignationForm, EndForm, LeaveForm, MemberFactsForm, RenewalForm
from ..models import Member
from ..presenters import members as presenter
from ..presenters import standing as standing_presenter
from ..presenters.notes import Note
from ..queries import availability, member_keys, service_record
from ..queries import members as members_queries
from ..queries.standing import standing_of
from .access import member_or_404, signed_in, submit
from .search import page_of


@require_permission(Permission.SEE_TEAM)
@require_safe
def roster(request: HttpRequest) -> HttpResponse:
    form, today = SearchForm(request.GET, label=_("Name or unit")), timezone.localdate()
    context = page_of(request, form, members_queries.roster(form.query))
    shown = [member.pk for member in context["page"]]
    not_serving = queries.reasons_of(shown, today)
    on_call = availability.on_call_at(timezone.now(), of=shown)
    unsigned = service_record.members_to_sign(current_text(AGREEMENT).version)
    to_sign = set(unsigned.filter(pk__in=shown).values_list("pk", flat=True))
    context["members"] = [
        presenter.roster_line(
            member, not_serving.get(member.pk, ()), is_on_call=member.pk in on_call, is_to_sign=member.pk in to_sign
        )
        for member in context["page"]
    ]
    context["nobody_found"] = presenter.nobody_found(is_search=bool(form.query))
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
        return redirect_to_member(request, member, _("Saved."))
    return render_member(request, member, facts=form)


@require_permission(Permission.MANAGE_TEAM)
@asks_again
@require_POST
def renew(request: HttpRequest, pk: int) -> HttpResponse:
    member, form = member_or_404(pk), RenewalForm(request.POST)
    if submit(form, lambda: terms.renew(member_id=pk, by=signed_in(request), **form.cleaned_data)):
        return redirect_to_member(request, member, _("%(name)s's designation was renewed.") % {"name": member})
    return render_member(request, member, renewal=form)


@require_permission(Permission.MANAGE_TEAM)
@require_POST
def take_leave(request: HttpRequest, pk: int) -> HttpResponse:
    member, form = member_or_404(pk), LeaveForm(request.POST)
    if submit(form, lambda: membership.take_leave(member_id=pk, by=signed_in(request), **form.cleaned_data)):
        return redirect_to_member(request, member, _("%(name)s's leave was saved.") % {"name": member})
    return render_member(request, member, leave=form)


@require_permission(Permission.MANAGE_TEAM)
@require_POST
def return_from_leave(request: HttpRequest, pk: int) -> HttpResponse:
    member = member_or_404(pk)
    membership.return_from_leave(member_id=pk, by=signed_in(request))
    return redirect_to_member(request, member, _("%(name)s is back from leave.") % {"name": member})


@require_permission(Permission.MANAGE_TEAM)
@asks_again
@require_POST
def end_membership(request: HttpRequest, pk: int) -> HttpResponse:
    member, form = member_or_404(pk), EndForm(request.POST)
    if submit(form, lambda: membership.end_membership(member_id=pk, by=signed_in(request), **form.cleaned_data)):
        return redirect_to_member(request, member, _("%(name)s is no longer a member.") % {"name": member})
    return render_member(request, member, end=form)


@require_permission(Permission.MANAGE_TEAM)
@asks_again
@require_POST
def confirm_key(request: HttpRequest, pk: int) -> HttpResponse:
    """pk: of the key, and the form bears its four words, so that exactly the key that the page showed is confirmed."""
    key = member_keys.key_by_id(pk)
    if key is None:
        raise Http404
    member, form = member_or_404(key.member_id), PageForm(request.POST)
    shown = request.POST.get("fingerprint", "")
    if submit(form, lambda: keys.confirm_key(key_id=pk, fingerprint=shown, by=signed_in(request))):
        return redirect_to_member(request, member, _("%(name)s's key was confirmed.") % {"name": member})
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
        **returned,
    }
    standing, roles = standing_of(member, timezone.now()), signed_in(request).roles
    context = {
        "forms": forms,
        "returned_forms": [form for name, form in returned.items() if name not in _forms_shown(member)],
        "standing": standing,
        "labels": standing_presenter.labels(standing),
        "notes": _notes(member, standing, may_invite=is_allowed(roles, Permission.INVITE)),
        "links": presenter.links(
            member,
            may_manage=is_allowed(roles, Permission.MANAGE_TEAM),
            may_lift=is_allowed(roles, Permission.LIFT_SECOND_FACTOR) and member.user != request.user,
        ),
        "leave": _leave(member, forms["leave"]),
        "is_renewal_open": standing.term_ended_on or forms["renewal"].is_bound,
        **_on_record(member),
    }
    return render(request, "team/member.html", context)


def _notes(member: Member, standing: Standing, *, may_invite: bool) -> list[Note]:
    is_invited = NotServing.INVITED in standing.not_serving
    return [presenter.invited(member.user.name, may_invite=may_invite)] if is_invited else []


def _on_record(member: Member) -> dict[str, object]:
    record = service_record.service_record_of(member)
    return {
        "member": member,
        "agreement": record.agreement,  # for the slot of the designation
        "facts": presenter.facts(member, record.agreement, member.current_key),
        "history": presenter.history(record),
        "why_unverified": presenter.why_unverified(),
        "renewal_terms": presenter.renewal_terms(settings_now().term_years),
        "actions_template": f"team/member/{'former' if member.state == MembershipState.ENDED else 'actions'}.html",
    }


def _forms_shown(member: Member) -> set[str]:
    """The forms that are on the member's page, each with its own errors."""
    if member.state == MembershipState.ENDED:
        return set()
    return {"facts", "leave", "end", "designation" if member.state == MembershipState.IN_TRAINING else "renewal"}


def _leave(member: Member, form: PageForm) -> str:
    """The leave on record; empty where the form for one is shown."""
    if member.leave_from is None or form.is_bound:
        return ""
    return presenter.leave(member.leave_from, member.leave_until)
