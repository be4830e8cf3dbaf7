"""Lists that are searched by a word and come in pages."""

from typing import Any

from django.core.paginator import Paginator
from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils.http import urlencode

from ..forms.base import SearchForm

ON_A_PAGE = 25


def page_of(request: HttpRequest, form: SearchForm, found: QuerySet) -> dict[str, Any]:
    """For the templates of the search and of the pages."""
    return {
        "form": form,
        "page": Paginator(found, ON_A_PAGE).get_page(request.GET.get("page")),
        "chosen": urlencode({"words": form.typed}) if form.typed else "",
    }
