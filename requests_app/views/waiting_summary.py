from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_safe

from peersupport.access.decorators import require_permission
from peersupport.access.permissions import Permission

from ..presenters.waiting import REMEDIES, no_reason_sentence, reason_text, reasons_heading, sentences
from ..queries import waiting


@require_permission(Permission.SEE_WAITING)
@require_safe
def waiting_summary(request: HttpRequest) -> HttpResponse:
    """How many wait, and what would help: numbers, and nothing about anybody in particular."""
    summary = waiting.waiting_summary(timezone.now())
    context = {
        "summary": summary,
        "sentences": sentences(summary),
        "reasons": [(reason_text(reason), REMEDIES[reason.code]) for reason in summary.reasons],
        "reasons_heading": reasons_heading(is_anybody_waiting=summary.is_anybody_waiting),
        "no_reason": no_reason_sentence(summary),
    }
    return render(request, "requests_app/waiting_summary.html", context)
