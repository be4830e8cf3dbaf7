"""Consultations, as seen by the member who asked for one and by those who may answer it."""

from collections.abc import Iterator
from contextlib import suppress

from peersupport.access.permissions import Permission
from peersupport.sealing import envelope, keyring
from peersupport.team.models import Member, User
from peersupport.team.queries import accounts, members

from .. import leftovers_vault, vault
from ..domain.consultation import ConsultationRequest, ConsultationUrgency
from ..models import Consultation


def unseal(row: Consultation) -> ConsultationRequest | None:
    """None when its key is gone, which is what erased means, or when it is damaged."""
    with suppress(keyring.KeyMissing, envelope.CannotOpen):
        return leftovers_vault.open_consultation(vault.row_key(row.id, row.key_id), bytes(row.body))
    return None


def open_consultations() -> Iterator[ConsultationRequest]:
    yield from filter(None, map(unseal, Consultation.objects.all()))


def consultation_of(member: Member) -> ConsultationRequest | None:
    """The open consultation that this member asked for; they can have one at a time."""
    return next((each for each in open_consultations() if each.member_id == member.pk), None)


def answerable_by(user: User) -> list[ConsultationRequest]:
    """The consultations this user may answer, the most urgent first.

    Those addressed to them, to nobody in particular, or to somebody who may no longer answer; never their own.
    """
    may_answer = {each.pk for each in accounts.users_with_permission(Permission.ANSWER_CONSULTATION)}
    if user.pk not in may_answer:
        return []
    own = members.member_for(user)
    answerable = [
        each
        for each in open_consultations()
        if (each.user_id == user.pk or each.user_id not in may_answer) and (own is None or each.member_id != own.pk)
    ]
    return sorted(answerable, key=lambda each: (list(ConsultationUrgency).index(each.how_soon), each.since, each.id))


def consultants_for(member: Member) -> list[User]:
    """Whom this member can ask to call: everyone who may answer, except themselves."""
    consultants = accounts.users_with_permission(Permission.ANSWER_CONSULTATION)
    return [user for user in consultants if user.pk != member.user_id]
