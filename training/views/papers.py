"""What is printed."""

from django.http import Http404, HttpRequest, HttpResponse
from django.utils import timezone
from django.views.decorators.http import require_safe

from peersupport.access.decorators import require_permission
from peersupport.access.permissions import Permission
from peersupport.paper import PDF_TYPE

from .. import papers, queries
from .asking import download, may, member_or_404, session_or_404, signed_in
from .coverage import chosen_coverage
from .people import SEEN_BY


@SEEN_BY
@require_safe
def transcript(request: HttpRequest, pk: int) -> HttpResponse:
    content = papers.transcript_pdf(member_or_404(request, pk), timezone.localdate())
    return download(content, PDF_TYPE, f"transcript-{pk}.pdf")


@SEEN_BY
@require_safe
def designation(request: HttpRequest, pk: int) -> HttpResponse:
    """Letter, agreement and transcript; there is none for who was never designated."""
    one = member_or_404(request, pk)
    if one.designated_on is None:
        raise Http404
    content = papers.designation_pdf(one, one.designated_on, timezone.localdate())
    return download(content, PDF_TYPE, f"designation-{pk}.pdf")


@SEEN_BY
@require_safe
def certificate(request: HttpRequest, pk: int) -> HttpResponse:
    found = queries.record_visible_to(signed_in(request), pk, sees_all=may(request, Permission.SEE_TRAINING))
    if found is None:
        raise Http404
    return download(papers.certificate_pdf(found), PDF_TYPE, f"certificate-{pk}.pdf")


@require_permission(Permission.SEE_TRAINING)
@require_safe
def attendance(request: HttpRequest, pk: int) -> HttpResponse:
    return download(papers.attendance_pdf(session_or_404(pk)), PDF_TYPE, f"attendance-{pk}.pdf")


@require_permission(Permission.SEE_TRAINING)
@require_safe
def coverage(request: HttpRequest) -> HttpResponse:
    """What is shown, with its filters."""
    today = timezone.localdate()
    content = papers.coverage_pdf(chosen_coverage(request), today)
    return download(content, PDF_TYPE, f"coverage-{today.isoformat()}.pdf")
