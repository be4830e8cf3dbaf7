from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from peersupport.access.decorators import require_permission
from peersupport.access.permissions import Permission
from peersupport.core.http import FORM_METHODS
from peersupport.team.views.access import signed_in, submit

from ..actions import telephone_only as actions
from ..forms.telephone_only import TelephoneOnlyForm
from ..presenters import intake as presenter
from ..queries import intake

END = "end"  # the button that opens the form again


@require_permission(Permission.TELEPHONE_ONLY)
@require_http_methods(FORM_METHODS)
def telephone_only(request: HttpRequest) -> HttpResponse:
    """Take requests by telephone only for some hours, or open the form again."""
    user, now, is_ending = signed_in(request), timezone.now(), END in request.POST
    form = TelephoneOnlyForm(request.POST if request.method == "POST" and not is_ending else None)
    if is_ending and intake.may_switch(user, now):
        actions.end(by=user, now=now)
        messages.success(request, _("The form takes requests again."))
        return redirect("requests_app:telephone_only")
    if submit(form, lambda: actions.begin(hours=form.cleaned_data["hours"], by=user, now=now)):
        return redirect("requests_app:telephone_only")
    switch = intake.telephone_only(now)
    context = {
        "form": form,
        "is_on": switch is not None,
        "may_switch": intake.may_switch(user, now),
        "standing": presenter.standing_text(presenter.local(switch), timezone.localdate(now)),
        "what_it_does": presenter.WHAT_IT_DOES,
    }
    return render(request, "requests_app/telephone_only.html", context)
