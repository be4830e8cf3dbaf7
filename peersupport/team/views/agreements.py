"""Reading and signing the confidentiality agreement."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods

from peersupport.access.decorators import require_permission
from peersupport.access.permissions import Permission
from peersupport.program.queries import AGREEMENT, standing_text

from ..actions import agreements
from ..forms.members import AgreementForm
from ..queries import service_record
from .access import done, own_member


@require_permission(Permission.OWN_PROFILE)
@require_http_methods(["GET", "HEAD", "POST"])
def agreement(request: HttpRequest) -> HttpResponse:
    me, form = own_member(request), AgreementForm(request.POST or None)
    if request.method == "POST" and done(
        form, lambda: agreements.sign_agreement(member_id=me.pk, by=me.user, **form.cleaned_data)
    ):
        messages.success(request, "Signed. Thank you.")
        return redirect("team:agreement")
    wording = standing_text(AGREEMENT)
    form.ask_for(wording.version)
    context = {
        "me": me,
        "form": form,
        "wording": wording,
        "is_to_sign": service_record.is_to_sign(me),
        "signed": me.agreements.all(),
    }
    return render(request, "team/agreement.html", context)
