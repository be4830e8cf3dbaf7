"""PDFs."""

from django.http import Http404, HttpRequest, HttpResponse
from django.utils import timezone
from django.views.decorators.http import require_safe

from peersupport.access.decorators import require_permission
from peersupport.access.permissions import Permission
from peersupport.core.http import download
from peersupport.core.pdf import PDF_TYPE
from peersupport.team.asking_again import asks_before_reading
from peersupport.team.views.access import signed_in

from ..documents import attendance as attendance_documents
from ..documents import certificate as certificate_documents
from ..documents import coverage as coverage_documents
from ..documents import designation as designation_documents
from ..documents import transcript as transcript_documents
from ..queries import records
from .access import may, member_or_404, session_or_404
from .coverage import chosen_coverage
from .members import SEEN_BY


@SEEN_BY
@asks_before_reading
@require_safe
def transcript(request: HttpRequest, pk: int) -> HttpResponse:
    content = transcript_documents.transcript_pdf(member_or_404(request, pk), timezone.localdate())
    return download(content, PDF_TYPE, f"transcript-{pk}.pdf")


@SEEN_BY
@asks_before_reading
@require_safe
def designation(request: HttpRequest, pk: int) -> HttpResponse:
    """Letter, agreement and transcript. Members who were never designated have none."""
    member = member_or_404(request, pk)
    if member.designated_on is None:
        raise Http404
    content = designation_documents.designation_pdf(member, member.designated_on, timezone.localdate())
    return download(content, PDF_TYPE, f"designation-{pk}.pdf")


@SEEN_BY
@asks_before_reading
@require_safe
def certificate(request: HttpRequest, pk: int) -> HttpResponse:
    record = records.record_visible_to(signed_in(request), pk, sees_all=may(request, Permission.SEE_TRAINING))
    if record is None:
        raise Http404
    return download(certificate_documents.certificate_pdf(record), PDF_TYPE, f"certificate-{pk}.pdf")


@require_permission(Permission.SEE_TRAINING)
@asks_before_reading
@require_safe
def attendance(request: HttpRequest, pk: int) -> HttpResponse:
    return download(attendance_documents.attendance_pdf(session_or_404(pk)), PDF_TYPE, f"attendance-{pk}.pdf")


@require_permission(Permission.SEE_TRAINING)
@asks_before_reading
@require_safe
def coverage(request: HttpRequest) -> HttpResponse:
    """What the coverage page shows, with its filters."""
    today = timezone.localdate()
    content = coverage_documents.coverage_pdf(chosen_coverage(request), today)
    return download(content, PDF_TYPE, f"coverage-{today.isoformat()}.pdf")
