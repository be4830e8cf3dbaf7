from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from peersupport.core.http import FORM_METHODS
from peersupport.team.views.access import own_member

from ..actions import peer
from ..forms.matching_preferences import MatchingPreferencesForm
from ..queries import matching
from .access import members_only


@members_only
@require_http_methods(FORM_METHODS)
def matching_preferences(request: HttpRequest) -> HttpResponse:
    """What a member tells only the matching: concerns to be asked about later, and lived experience."""
    member = own_member(request)
    current = matching.preferences_of(member.pk)
    initial = {"concerns": sorted(current.not_now), "experiences": sorted(current.experiences)}
    form = MatchingPreferencesForm(request.POST or None, initial=initial)
    if request.method == "POST" and form.is_valid():
        chosen = form.cleaned_data
        peer.set_matching_preferences(
            member_id=member.pk, not_now=chosen["concerns"], experiences=chosen["experiences"]
        )
        messages.success(request, _("Saved. This counts from Monday on, until you change it."))
        return redirect("requests_app:desk")
    return render(request, "requests_app/matching_preferences.html", {"form": form})
