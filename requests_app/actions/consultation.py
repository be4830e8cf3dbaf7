"""Consultation: a member asks to be called, somebody of the clinical side calls. Nothing says about whom."""

from contextlib import suppress
from dataclasses import asdict, replace
from datetime import datetime
from uuid import UUID, uuid4

from django.db import transaction
from django.utils import timezone

from peersupport.access.permissions import Permission
from peersupport.notices.actions.outbox import notify_all
from peersupport.sealing import keyring
from peersupport.team.models import Member, User
from peersupport.team.queries import members

from .. import vault
from ..domain.consultation import Asked, HowSoon
from ..domain.routing import slot_of
from ..models import Consultation
from ..queries import consultations
from .sweep_rows import drop, drop_where, tend_each
from .transitions import Gone, one_at_a_time


def ask_to_be_called(*, member: Member, how_soon: HowSoon, whom: int | None) -> None:
    """Tells the one who is asked, or everybody who may answer. Who has asked already, has asked: twice is harmless."""
    with transaction.atomic():
        one_at_a_time(member)
        if consultations.asked_by(member) is not None:
            return
        asked = Asked(uuid4(), member.pk, whom, how_soon, slot_of(timezone.now()))
        key_id = keyring.create()
        Consultation.objects.create(id=asked.id, key_id=key_id, body=_sealed(asked, key_id))
        _tell(asked)


def take_back_consultation(*, member: Member, consultation_id: UUID) -> None:
    """Raises Gone when it was answered meanwhile, or is not this member's."""
    with transaction.atomic():
        asked, row = _held(consultation_id)
        if asked.member_id != member.pk:
            raise Gone
        drop(row)


def answer_consultation(*, consultation_id: UUID, by: User) -> str:
    """They have called, and with that it ends; gives the id of its key. Raises Gone when it is no longer theirs."""
    with transaction.atomic():
        asked, row = _held(consultation_id)
        if asked not in consultations.waiting_for(by):
            raise Gone
        drop(row)
    return row.key_id


def tend_consultations(*, now: datetime) -> None:
    """What time does: tells everybody who may answer once more, and drops what nobody needs any longer."""
    drop_where(Consultation, lambda row: (asked := consultations.opened(row)) is None or asked.is_over(now))

    def tend(consultation_id: UUID) -> None:
        with suppress(Gone):
            asked, row = _held(consultation_id)
            if asked.is_due(now):
                told = replace(asked, whom=None, is_told_again=True)
                row.body = _sealed(told, row.key_id)
                row.save(update_fields=["body"])
                _tell(told)

    tend_each(Consultation.objects.values_list("pk", flat=True), tend)


def _held(consultation_id: UUID) -> tuple[Asked, Consultation]:
    row = Consultation.objects.select_for_update().filter(pk=consultation_id).first()
    asked = consultations.opened(row) if row else None
    if row is None or asked is None:
        raise Gone
    return asked, row


def _sealed(asked: Asked, key_id: str) -> bytes:
    return vault.seal_consultation(keyring.get(key_id), asked.id, {**asdict(asked), "id": None})


def _tell(asked: Asked) -> None:
    answering = {user.pk for user in members.people_with(Permission.ANSWER_CONSULTATION)}
    notify_all(user_ids=answering & {asked.whom} or answering, urgent=asked.how_soon == HowSoon.NOW)
