from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_safe

from peersupport.access.decorators import require_permission
from peersupport.access.permissions import Permission, is_allowed
from peersupport.team.views.access import signed_in

from ..presenters import intake as intake_presenter
from ..presenters.waiting import REMEDIES, no_reason_sentence, reason_text, reasons_heading, sentences
from ..queries import intake, waiting


@require_permission(Permission.SEE_WAITING)
@require_safe
def waiting_summary(request: HttpRequest) -> HttpResponse:
    """How many wait, and what would help: numbers, and nothing about anybody in particular."""
    now = timezone.now()
    summary, switch = waiting.waiting_summary(now), intake.telephone_only(now)
    may_switch = is_allowed(signed_in(request).roles, Permission.TELEPHONE_ONLY)
    standing = intake_presenter.standing_text(intake_presenter.local(switch), timezone.localdate(now))
    context = {
        "summary": summary,
        "telephone_only": standing if may_switch else "",
        "sentences": sentences(summary),
        "reasons": [(reason_text(reason), REMEDIES[reason.code]) for reason in summary.reasons],
        "reasons_heading": reasons_heading(is_anybody_waiting=summary.is_anybody_waiting),
        "no_reason": no_reason_sentence(summary),
    }
    return render(request, "requests_app/waiting_summary.html", context)
