"""Everybody's own bell: what rings their telephone besides the mail."""

from django.conf import settings
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods, require_POST

from peersupport.notices import actions, bells
from peersupport.notices import queries as notices

from ..page_forms import BellForm
from ..tries import counted
from .asking import done, signed_in

PAGE = ["GET", "HEAD", "POST"]
COUNTED = counted("own_secret")  # a telephone that never stops is no bell
SAID = {
    bells.Heard.RANG: "It rang: the service took it. If the telephone stays silent, look at its settings for the app.",
    bells.Heard.REFUSED: "It did not ring. The service did not take it: compare the address, letter by letter, and try "
    "once more.",
    bells.Heard.AWAY: "It did not ring, and the address may be right: the service could not be reached from here just "
    "now. Try again in a while. If it stays so, tell whoever runs this site.",
}


@require_http_methods(PAGE)
def bell(request: HttpRequest) -> HttpResponse:
    me, form = signed_in(request).pk, BellForm(request.POST or None)
    if request.method == "POST" and done(
        form, lambda: actions.set_bell(user_id=me, address=form.cleaned_data["address"])
    ):
        messages.success(request, "Saved. Now test it.")
        return redirect("team:bell")
    own = notices.bell_of(me)
    context = {
        "form": form,
        "service": bells.service_of(own) if own else "",
        "is_silent": own and not notices.with_bell([me]),
        "services": settings.RINGING_SERVICES.values(),
    }
    return render(request, "team/bell.html", context)


@require_POST
@COUNTED
def ring(request: HttpRequest) -> HttpResponse:
    heard = actions.try_bell(user_id=signed_in(request).pk)
    say = messages.success if heard == bells.Heard.RANG else messages.warning
    say(request, SAID[heard])
    return redirect("team:bell")


@require_POST
def remove(request: HttpRequest) -> HttpResponse:
    me = signed_in(request).pk
    actions.remove_bell(user_id=me, by=me)
    messages.success(request, "Nothing rings any more. E-mail comes as before.")
    return redirect("team:bell")
