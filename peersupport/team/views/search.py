"""Lists with a search field and pages."""

from typing import Any

from django.core.paginator import Page, Paginator
from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils.http import urlencode

from ..forms.base import SearchForm

PAGE_SIZE = 25


def page_of(request: HttpRequest, form: SearchForm, rows: QuerySet) -> dict[str, Any]:
    """Context for the templates `team/search.html` and `components/pages.html`."""
    return search_of(form, Paginator(rows, PAGE_SIZE).get_page(request.GET.get("page")))


def search_of(form: SearchForm, page: Page[Any] | None) -> dict[str, Any]:
    """The same of a page that is there already."""
    return {"form": form, "page": page, "chosen": urlencode({"words": form.query}) if form.query else ""}
