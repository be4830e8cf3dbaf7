"""Reading and signing the confidentiality agreement."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from peersupport.access.decorators import require_permission
from peersupport.access.permissions import Permission
from peersupport.program.queries import AGREEMENT, current_text

from ..actions import agreements
from ..forms.own_page import AgreementForm
from ..presenters import members as members_presenter
from ..presenters import own_page
from ..queries import service_record
from .access import own_member, submit


@require_permission(Permission.OWN_PROFILE)
@require_http_methods(["GET", "HEAD", "POST"])
def agreement(request: HttpRequest) -> HttpResponse:
    member, form = own_member(request), AgreementForm(request.POST or None)
    if request.method == "POST" and submit(
        form, lambda: agreements.sign_agreement(member_id=member.pk, by=member.user, **form.cleaned_data)
    ):
        messages.success(request, _("Signed. Thank you."))
        return redirect("team:agreement")
    wording = current_text(AGREEMENT)
    form.show_version(wording.version)
    is_to_sign = service_record.is_to_sign(member)
    signatures = [members_presenter.signature(signed) for signed in member.agreements.all()]
    context = {
        "member": member,
        "form": form,
        "wording": wording,
        "is_to_sign": is_to_sign,
        "lead": own_page.agreement_lead(is_to_sign=is_to_sign, has_signed=bool(signatures)),
        "signatures": signatures,
    }
    return render(request, "team/agreement.html", context)
