"""The designation, on the member's page."""

from django.http import HttpRequest, HttpResponse
from django.views.decorators.http import require_POST

from peersupport.access.decorators import require_permission
from peersupport.access.permissions import Permission
from peersupport.team.forms.members import DesignationForm
from peersupport.team.views import roster
from peersupport.team.views.access import done, member_or_404, signed_in

from ..actions import designation


@require_permission(Permission.MANAGE_TEAM)
@require_POST
def designate(request: HttpRequest, pk: int) -> HttpResponse:
    one, form = member_or_404(pk), DesignationForm(request.POST)
    although = "all_the_same" in request.POST
    if done(
        form,
        lambda: designation.designate(
            member_id=pk, although_untrained=although, by=signed_in(request), **form.cleaned_data
        ),
    ):
        return roster.back(request, one, f"{one} is designated.")
    return roster.page(request, one, designation=form)
