"""A call that a member has asked the clinical side for, on whichever page they may need it."""

from django import template

from peersupport.team.models import User
from peersupport.team.queries.members import member_for

from ..domain.consultation import Asked
from ..queries import consultations

register = template.Library()


@register.simple_tag
def call_asked_for(viewer: User) -> Asked | None:
    member = member_for(viewer)
    return consultations.asked_by(member) if member else None
