"""The start page of training, and each member's own page."""

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from peersupport.access.decorators import require_permission
from peersupport.access.permissions import Permission
from peersupport.core.http import FORM_METHODS
from peersupport.program.queries import settings_now
from peersupport.team.forms.base import SearchForm
from peersupport.team.models import Member
from peersupport.team.queries.members import member_for
from peersupport.team.views.access import signed_in, submit
from peersupport.team.views.search import search_of

from ..actions import records
from ..forms.records import RecordForm
from ..presenters import member_training as texts
from ..queries import external_training
from ..queries import records as records_queries
from ..queries.coverage import coverage_for
from ..queries.member_training import member_training
from ..queries.next_steps import next_steps
from .access import may, member_or_404

CERTIFICATES = 25  # at once: a list to work off
SEEN_BY = require_permission(Permission.SEE_TRAINING, Permission.OWN_PROFILE)


@SEEN_BY
@require_safe
def index(request: HttpRequest) -> HttpResponse:
    """The whole team for those who see it; for a member their own record."""
    own = member_for(signed_in(request))
    if not may(request, Permission.SEE_TRAINING):
        if own is None:
            raise Http404
        return _page(request, own, _("Training"))
    form = SearchForm(request.GET, label=_("Name or unit"))
    coverage = coverage_for(timezone.localdate(), search=form.query, page=request.GET.get("page", "1"))
    context = {
        "coverage": coverage,
        "own": own,
        "to_verify": Paginator(external_training.to_verify(), CERTIFICATES).get_page(1),
        **search_of(form, coverage.page),
    }
    return render(request, "training/index.html", context)


@SEEN_BY
@require_safe
def member(request: HttpRequest, pk: int) -> HttpResponse:
    member = member_or_404(request, pk)
    is_own = member.user == request.user
    title = _("Your training") if is_own else _("%(name)s's training") % {"name": member}
    return _page(request, member, title)


@require_permission(Permission.MANAGE_TRAINING)
@require_http_methods(FORM_METHODS)
def record(request: HttpRequest, pk: int) -> HttpResponse:
    member, form = member_or_404(request, pk), RecordForm(request.POST or None)
    if submit(form, lambda: records.record(member_id=pk, by=signed_in(request), **form.cleaned_data)):
        messages.success(request, _("%(name)s's training is on record.") % {"name": member})
        return redirect("training:member", pk)
    return render(request, "training/record.html", {"member": member, "form": form})


@require_permission(Permission.MANAGE_TRAINING)
@require_POST
def delete_record(request: HttpRequest, pk: int) -> HttpResponse:
    mistaken = records_queries.record_by_id(pk)
    if mistaken is None:
        raise Http404
    records.delete_record(record_id=pk, by=signed_in(request))
    values = {"subject": mistaken.subject, "day": date_format(mistaken.completed_on, "DATE_FORMAT")}
    messages.success(request, _("The %(subject)s record of %(day)s was deleted.") % values)
    return redirect("training:member", mistaken.member_id)


def _page(request: HttpRequest, member: Member, title: str) -> HttpResponse:
    training, now = member_training(member, timezone.localdate()), timezone.now()
    reported = external_training.not_on_record(member)
    is_own, can_plan = member.user == request.user, may(request, Permission.MANAGE_TRAINING)
    ask = (settings_now().coordinator_name or _("the coordinator")) if is_own and not can_plan else ""
    steps = next_steps(member, training.to_train, reported, now)
    initial = training.initial
    context = {
        "member": member,
        "records": training.records,
        "standings": training.standings,
        "initial": initial,
        "title": title,
        "lead": texts.lead(not training.to_train, initial, training.years),
        "is_own": is_own,
        "next_steps": [texts.next_step_row(step, ask=ask, can_plan=can_plan) for step in steps],
        "initial_training": texts.initial_training_text(initial, training.today),
        "is_initial_overdue": initial is not None and initial.is_overdue(training.today),
        "year_rows": texts.year_rows(training.years),
        "external_training": [(each, texts.report_line(each)) for each in reported],
    }
    return render(request, "training/member.html", context)
