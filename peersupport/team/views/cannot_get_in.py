"""A member who is locked out at night says so; the answer never tells who is a member."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods, require_safe

from peersupport.core.http import FORM_METHODS

from .. import known_devices, throttling
from ..actions import cannot_get_in, tries
from ..forms.sign_in import CannotGetInForm


@require_http_methods(FORM_METHODS)
def ask(request: HttpRequest) -> HttpResponse:
    form = CannotGetInForm(request.POST or None)
    status = 200
    if form.is_valid():
        email = form.cleaned_data["email"].lower()
        try:
            throttling.network_try(request, "cannot get in", email=email)
        except tries.MustWait as wait:
            form.must_wait(wait)
            status = throttling.TOO_EARLY
        else:
            cannot_get_in.say_so(email=email, is_own_device=bool(known_devices.device_of(request, email)))
            return redirect("cannot_get_in_asked")
    return render(request, "team/cannot_get_in.html", {"form": form}, status=status)


@require_safe
def asked(request: HttpRequest) -> HttpResponse:
    return render(request, "team/cannot_get_in_asked.html")


@require_http_methods(FORM_METHODS)
def confirm(request: HttpRequest, uidb36: str, key: str) -> HttpResponse:
    """Behind the mailed link. To open it changes nothing: mail scanners open links, too."""
    try:
        cannot_get_in.member_behind(uidb36=uidb36, key=key)
        if request.method == "POST":
            cannot_get_in.confirm(uidb36=uidb36, key=key)
            return redirect("cannot_get_in_confirmed")
    except cannot_get_in.LinkNotFound:
        return render(request, "team/cannot_get_in_link_invalid.html", status=404)
    return render(request, "team/cannot_get_in_confirm.html")


@require_safe
def confirmed(request: HttpRequest) -> HttpResponse:
    return render(request, "team/cannot_get_in_confirmed.html")
