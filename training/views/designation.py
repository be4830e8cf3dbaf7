"""Designating a member, on their page in the roster."""

from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from peersupport.access.decorators import require_permission
from peersupport.access.permissions import Permission
from peersupport.team.asking_again import asks_again
from peersupport.team.forms.membership import DesignationForm
from peersupport.team.views import roster
from peersupport.team.views.access import member_or_404, signed_in, submit

from ..actions import designation


@require_permission(Permission.MANAGE_TEAM)
@asks_again
@require_POST
def designate(request: HttpRequest, pk: int) -> HttpResponse:
    member, form = member_or_404(pk), DesignationForm(request.POST)
    although_untrained = "all_the_same" in request.POST
    if submit(
        form,
        lambda: designation.designate(
            member_id=pk, although_untrained=although_untrained, by=signed_in(request), **form.cleaned_data
        ),
    ):
        return roster.redirect_to_member(request, member, _("%(name)s is designated.") % {"name": member})
    return roster.render_member(request, member, designation=form)
