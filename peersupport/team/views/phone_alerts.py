"""Everybody's own bell: what rings their telephone besides the mail."""

from django.conf import settings
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods, require_POST

from peersupport.notices import phone_alerts as phone_alerts_notices
from peersupport.notices import queries as notices
from peersupport.notices.actions import phone_alerts

from ..forms.members import BellForm
from ..throttling import counted
from .access import done, signed_in

PAGE = ["GET", "HEAD", "POST"]
COUNTED = counted("own_secret")  # a telephone that never stops is no bell
SAID = {
    phone_alerts_notices.Heard.RANG: "It rang: the service took it. If the telephone stays silent, look at its settings for the app.",
    phone_alerts_notices.Heard.REFUSED: "It did not ring. The service did not take it: compare the address, letter by letter, and try "
    "once more.",
    phone_alerts_notices.Heard.AWAY: "It did not ring, and the address may be right: the service could not be reached from here just "
    "now. Try again in a while. If it stays so, tell whoever runs this site.",
}


@require_http_methods(PAGE)
def bell(request: HttpRequest) -> HttpResponse:
    me, form = signed_in(request).pk, BellForm(request.POST or None)
    if request.method == "POST" and done(
        form, lambda: phone_alerts.set_bell(user_id=me, address=form.cleaned_data["address"])
    ):
        messages.success(request, "Saved. Now test it.")
        return redirect("team:bell")
    own = notices.bell_of(me)
    context = {
        "form": form,
        "service": phone_alerts_notices.service_of(own) if own else "",
        "is_silent": own and not notices.with_bell([me]),
        "services": settings.RINGING_SERVICES.values(),
    }
    return render(request, "team/bell.html", context)


@require_POST
@COUNTED
def ring(request: HttpRequest) -> HttpResponse:
    heard = phone_alerts.try_bell(user_id=signed_in(request).pk)
    say = messages.success if heard == phone_alerts_notices.Heard.RANG else messages.warning
    say(request, SAID[heard])
    return redirect("team:bell")


@require_POST
def remove(request: HttpRequest) -> HttpResponse:
    me = signed_in(request).pk
    phone_alerts.remove_bell(user_id=me, by=me)
    messages.success(request, "Nothing rings any more. E-mail comes as before.")
    return redirect("team:bell")
