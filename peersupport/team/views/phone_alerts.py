"""One's own phone alerts, besides the mail."""

from django.conf import settings
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods, require_POST

from peersupport.core.http import FORM_METHODS
from peersupport.notices import alert_services
from peersupport.notices import queries as notices
from peersupport.notices.actions import phone_alerts
from peersupport.notices.alert_services import AlertOutcome

from ..forms.own_page import PhoneAlertForm
from ..throttling import rate_limited
from .access import signed_in, submit

RATE_LIMITED = rate_limited("test_alert", counts_all=True)  # nobody may make a phone ring without end
TEST_RESULTS = {
    AlertOutcome.ACCEPTED: gettext_lazy(
        "The alert was sent. If your phone stays silent, check the app's settings on your phone."
    ),
    AlertOutcome.REFUSED: gettext_lazy(
        "The alert wasn't sent: the service didn't accept it. Check the address letter by letter, and try again."
    ),
    AlertOutcome.UNREACHABLE: gettext_lazy(
        "The alert wasn't sent, but the address may be right: the service couldn't be reached from here just now. "
        "Try again in a while. If it keeps happening, tell the person who runs this site."
    ),
}


@require_http_methods(FORM_METHODS)
def phone_alert(request: HttpRequest) -> HttpResponse:
    me, form = signed_in(request).pk, PhoneAlertForm(request.POST or None)
    if request.method == "POST" and submit(
        form, lambda: phone_alerts.set_address(user_id=me, address=form.cleaned_data["address"])
    ):
        messages.success(request, _("Saved. Now send a test."))
        return redirect("team:phone_alert")
    own = notices.phone_alert_of(me)
    service = alert_services.service_of(own) if own else ""
    context = {
        "form": form,
        "service": service,
        "lead": _("%(service)s alerts you when something comes in.") % {"service": service}
        if service
        else _("You only get e-mail so far. A phone alert can wake you."),
        "how_title": _("Change the address") if service else _("How to set them up"),
        "is_silent": own and not notices.reachable_by_phone([me]),
        "services": settings.PHONE_ALERT_SERVICES.values(),
    }
    return render(request, "team/phone_alert.html", context)


@require_POST
@RATE_LIMITED
def send_test(request: HttpRequest) -> HttpResponse:
    result = phone_alerts.send_test(user_id=signed_in(request).pk)
    add_message = messages.success if result == AlertOutcome.ACCEPTED else messages.warning
    add_message(request, TEST_RESULTS[result])
    return redirect("team:phone_alert")


@require_POST
def remove(request: HttpRequest) -> HttpResponse:
    me = signed_in(request).pk
    phone_alerts.remove(user_id=me, by=me)
    messages.success(request, _("Phone alerts are off. You still get e-mail."))
    return redirect("team:phone_alert")
