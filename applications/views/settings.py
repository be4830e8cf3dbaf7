"""How this program selects its members."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from peersupport.core.http import FORM_METHODS
from peersupport.team.views.access import signed_in

from ..actions import settings as settings_actions
from ..forms.staff import ApplicationSettingsForm
from ..queries import applications
from .access import DECIDE


@DECIDE
@require_http_methods(FORM_METHODS)
def settings(request: HttpRequest) -> HttpResponse:
    form = ApplicationSettingsForm(request.POST or None, instance=applications.settings_now())
    if form.is_valid():
        settings_actions.change_settings(values=form.cleaned_data, by=signed_in(request))
        messages.success(request, _("Saved."))
        return redirect("applications:list")
    return render(request, "applications/settings.html", {"form": form})
