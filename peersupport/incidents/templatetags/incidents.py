"""What a critical incident puts on pages of other rooms: a notice for everybody, and a question to a member."""

from django import template
from django.utils import timezone

from peersupport.team.models import Member

from .. import queries

register = template.Library()


@register.simple_tag
def public_notice() -> str:
    """The coordinator's words for the public pages of today; needs no session and nobody signed in."""
    return queries.public_notice(timezone.localdate())


@register.simple_tag
def call_out_of(member: Member) -> dict[str, object]:
    """The call this member has, for incidents/called_out.html; empty where they have none."""
    call = queries.call_out_of(member)
    if call is None:
        return {}
    more = queries.raised_caps(timezone.localdate()).cap_of(member.pk, 0)
    return {"call": call, "sessions": call.activation.sessions.all(), "more": more}
