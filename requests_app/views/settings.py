from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from peersupport.access.decorators import require_permission
from peersupport.access.permissions import Permission
from peersupport.core.http import FORM_METHODS
from peersupport.team.views.access import signed_in

from ..actions import settings
from ..forms.settings import TimesForm
from ..queries import settings as settings_queries


@require_permission(Permission.MANAGE_SETTINGS)
@require_http_methods(FORM_METHODS)
def times(request: HttpRequest) -> HttpResponse:
    """How long each step of a request may take, and when it is night."""
    form = TimesForm(request.POST or None, instance=settings_queries.settings_now())
    if form.is_valid():
        settings.set_times(times=form.instance.times, by=signed_in(request))
        messages.success(request, _("Saved. It applies from the next step of each request."))
        return redirect("requests_app:request_times")
    return render(request, "requests_app/times.html", {"form": form})
