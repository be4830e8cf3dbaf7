"""Lists with a search field and pages."""

from typing import Any

from django.core.paginator import Paginator
from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils.http import urlencode

from ..forms.base import SearchForm

PAGE_SIZE = 25


def page_of(request: HttpRequest, form: SearchForm, rows: QuerySet) -> dict[str, Any]:
    """Context for the templates `team/search.html` and `components/pages.html`."""
    return {
        "form": form,
        "page": Paginator(rows, PAGE_SIZE).get_page(request.GET.get("page")),
        "chosen": urlencode({"words": form.query}) if form.query else "",
    }
