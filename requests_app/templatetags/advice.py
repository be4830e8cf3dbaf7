"""A call that a member has asked the clinical side for, on whichever page they may need it."""

from django import template

from peersupport.team.models import User
from peersupport.team.queries import member_for
from requests_app import consultations
from requests_app.consulting import Asked

register = template.Library()


@register.simple_tag
def call_asked_for(viewer: User) -> Asked | None:
    member = member_for(viewer)
    return consultations.asked_by(member) if member else None
