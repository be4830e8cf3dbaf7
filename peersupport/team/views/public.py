"""The team as anybody may see it."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_safe

from .. import queries


@require_safe
def team(request: HttpRequest) -> HttpResponse:
    return render(request, "program/team.html", {"members": queries.public_roster(timezone.localdate())})
