"""The audit log: who did what on the team plane."""

from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_safe

from peersupport.access.decorators import require_permission
from peersupport.access.permissions import Permission
from peersupport.core.http import download
from peersupport.core.spreadsheet.writing import CSV_TYPE, to_csv
from peersupport.team.asking_again import asks_before_reading
from peersupport.team.views.access import signed_in

from ..forms.audit import AuditFilterForm
from ..presenters import audit as presenter
from ..queries import audit as queries
from ..queries.audit import Filter

PAGE_SIZE = 50
SEE = require_permission(Permission.SEE_AUDIT)


@SEE
@require_safe
def audit(request: HttpRequest) -> HttpResponse:
    form = AuditFilterForm(request.GET)
    chosen, chain = form.filter(), queries.chain()
    page = Paginator(queries.entries(chosen), PAGE_SIZE).get_page(request.GET.get("page"))
    filters = request.GET.copy()
    filters.pop("page", None)
    is_filtered = chosen != Filter()
    context = {
        "form": form,
        "page": page,
        "rows": presenter.rows(page, queries.names(signed_in(request), page)),
        "chosen": filters.urlencode(),
        "is_filtered": is_filtered,
        "chain": presenter.chain_sentence(chain),
        "is_whole": chain.is_whole,
        "nothing_found": presenter.nothing_found(is_filtered=is_filtered),
    }
    return render(request, "dashboard/audit.html", context)


@SEE
@asks_before_reading
@require_safe
def as_csv(request: HttpRequest) -> HttpResponse:
    """What the page shows with these filters, all pages together."""
    entries = queries.entries(AuditFilterForm(request.GET).filter())
    rows = presenter.file_rows(entries.iterator(), queries.names(signed_in(request)))
    return download(to_csv([presenter.FILE_HEADINGS, *rows]), CSV_TYPE, f"audit-{timezone.localdate().isoformat()}.csv")
