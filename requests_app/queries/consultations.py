"""Who has asked to be called, as those see it who asked and those who are asked."""

from collections.abc import Iterator
from contextlib import suppress

from peersupport.access.permissions import Permission
from peersupport.sealing import envelope, keyring
from peersupport.team.models import Member, User
from peersupport.team.queries import members

from .. import vault
from ..domain.consultation import Asked, HowSoon
from ..models import Consultation


def opened(row: Consultation) -> Asked | None:
    """None when its key is gone, which is what erased means, or when it is damaged."""
    with suppress(keyring.KeyMissing, envelope.CannotOpen):
        raw = vault.open_consultation(keyring.get(row.key_id), row.id, bytes(row.body))
        return Asked(**{**raw, "id": row.id, "how_soon": HowSoon(raw["how_soon"])})
    return None


def all_asked() -> Iterator[Asked]:
    yield from filter(None, map(opened, Consultation.objects.all()))


def asked_by(member: Member) -> Asked | None:
    """What this member has asked for; one at a time."""
    return next((asked for asked in all_asked() if asked.member_id == member.pk), None)


def waiting_for(user: User) -> list[Asked]:
    """What this person may answer: they were asked, or whoever can first, or the one who was asked is gone."""
    answering = {each.pk for each in members.people_with(Permission.ANSWER_CONSULTATION)}
    if user.pk not in answering:
        return []
    own = members.member_for(user)
    found = [
        asked
        for asked in all_asked()
        if (asked.whom == user.pk or asked.whom not in answering) and (own is None or asked.member_id != own.pk)
    ]
    return sorted(found, key=lambda asked: (list(HowSoon).index(asked.how_soon), asked.since, asked.id))


def who_can_be_asked(member: Member) -> list[User]:
    return [user for user in members.people_with(Permission.ANSWER_CONSULTATION) if user.pk != member.user_id]
