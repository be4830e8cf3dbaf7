"""The question to a member who is called out, for the desk."""

from django import template
from django.utils import timezone

from peersupport.team.models import Member

from .. import queries

register = template.Library()


@register.simple_tag
def call_out_of(member: Member) -> dict[str, object]:
    """The call this member has, for incidents/called_out.html; empty where they have none."""
    call = queries.current_call_out(member)
    if call is None:
        return {}
    extra_contacts = queries.cap_raise_on(timezone.localdate()).cap_of(member.pk, 0)
    return {"call": call, "sessions": call.activation.sessions.all(), "extra_contacts": extra_contacts}
