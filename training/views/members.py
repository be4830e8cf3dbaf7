"""Training as its people see it: the team's start page, and each member's own."""

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from peersupport.access.decorators import require_permission
from peersupport.access.permissions import Permission
from peersupport.team.models import Member
from peersupport.team.queries.members import member_for
from peersupport.team.views.access import done, signed_in

from ..actions import records
from ..forms.records import RecordForm
from ..queries import external_training
from ..queries import records as records_queries
from ..queries.coverage_page import coverage_for
from ..queries.member_page import training_of
from ..queries.next_steps import next_steps_of
from .access import may, member_or_404

SEEN_BY = require_permission(Permission.SEE_TRAINING, Permission.OWN_PROFILE)
PAGE = ["GET", "HEAD", "POST"]


@SEEN_BY
@require_safe
def index(request: HttpRequest) -> HttpResponse:
    """The whole team for those who see it; for a member their own record."""
    own = member_for(signed_in(request))
    if not may(request, Permission.SEE_TRAINING):
        if own is None:
            raise Http404
        return _page(request, own)
    context = {
        "coverage": coverage_for(timezone.localdate()),
        "own": own,
        "reports": external_training.reports_to_verify(),
    }
    return render(request, "training/index.html", context)


@SEEN_BY
@require_safe
def member(request: HttpRequest, pk: int) -> HttpResponse:
    return _page(request, member_or_404(request, pk))


@require_permission(Permission.MANAGE_TRAINING)
@require_http_methods(PAGE)
def record(request: HttpRequest, pk: int) -> HttpResponse:
    one, form = member_or_404(request, pk), RecordForm(request.POST or None)
    if done(form, lambda: records.record(member_id=pk, by=signed_in(request), **form.cleaned_data)):
        messages.success(request, f"The training of {one} is on record.")
        return redirect("training:member", pk)
    return render(request, "training/record.html", {"member": one, "form": form})


@require_permission(Permission.MANAGE_TRAINING)
@require_POST
def take_back_record(request: HttpRequest, pk: int) -> HttpResponse:
    found = records_queries.record_by_id(pk)
    if found is None:
        raise Http404
    records.take_back_record(record_id=pk, by=signed_in(request))
    messages.success(request, f"{found.subject} is no longer on the record of {found.member}.")
    return redirect("training:member", found.member_id)


def _page(request: HttpRequest, one: Member) -> HttpResponse:
    found, reports = training_of(one, timezone.localdate()), external_training.reports_of(one)
    context = {
        **vars(found),
        "in_short": found.in_short,
        "is_own": one.user == request.user,
        "next_steps": next_steps_of(one, found.wanting, reports, timezone.now()),
        "reports": reports,
    }
    return render(request, "training/member.html", context)
