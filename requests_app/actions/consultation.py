"""Consultations: a member asks to be called, and somebody of the clinical side calls. Nothing says about whom."""

from contextlib import suppress
from dataclasses import replace
from datetime import datetime
from uuid import UUID, uuid4

from django.db import transaction
from django.utils import timezone

from peersupport.access.permissions import Permission
from peersupport.notices.actions import outbox
from peersupport.sealing import keyring
from peersupport.team.models import Member, User
from peersupport.team.queries import accounts

from .. import leftovers_vault, vault
from ..domain.consultation import KEPT_FOR, ConsultationRequest, ConsultationUrgency
from ..domain.half_hours import half_hour_of
from ..models import Consultation
from ..queries import consultations
from . import request_rows, sealed_rows


class ConsultationUnavailable(Exception):
    """It was answered or cancelled, or isn't this person's to answer or to cancel."""


def request_call(*, member: Member, how_soon: ConsultationUrgency, whom: int | None) -> None:
    """Ask for a call, and notify whoever may answer. A member has one open consultation; asking twice is harmless."""
    with transaction.atomic():
        request_rows.serialize_member(member)
        if consultations.consultation_of(member) is not None:
            return
        consultation = ConsultationRequest(uuid4(), member.pk, whom, how_soon, half_hour_of(timezone.now()))
        key_id = keyring.create()
        Consultation.objects.create(id=consultation.id, key_id=key_id, body=_sealed(consultation, key_id))
        _notify(consultation)


def cancel(*, member: Member, consultation_id: UUID) -> None:
    """Cancel the member's own consultation. Raises ConsultationUnavailable."""
    with transaction.atomic():
        consultation, row = _lock(consultation_id)
        if consultation.member_id != member.pk:
            raise ConsultationUnavailable
        sealed_rows.delete(row)


def answer(*, consultation_id: UUID, by: User) -> str:
    """End a consultation because they have called; returns the id of its key. Raises ConsultationUnavailable."""
    with transaction.atomic():
        consultation, row = _lock(consultation_id)
        if consultation not in consultations.answerable_by(by):
            raise ConsultationUnavailable
        sealed_rows.delete(row)
    return row.key_id


def sweep(*, now: datetime, may_erase: bool = True) -> None:
    """Delete consultations that are over, and remind everybody who may answer one that has waited too long.

    may_erase: whether the clock can be believed.
    """

    def is_over(row: Consultation) -> bool | None:
        consultation = consultations.unseal(row)
        return consultation.is_over(now) if consultation else None

    if may_erase:
        sealed_rows.delete_where(Consultation, is_over, kept_for=KEPT_FOR, now=now)
    ids = Consultation.objects.values_list("pk", flat=True)
    sealed_rows.sweep_each(ids, lambda consultation_id: _remind_if_due(consultation_id, now))


def _remind_if_due(consultation_id: UUID, now: datetime) -> None:
    with suppress(ConsultationUnavailable):
        consultation, row = _lock(consultation_id)
        if consultation.is_due(now):
            reminded = replace(consultation, user_id=None, is_reminded=True)
            row.body = _sealed(reminded, row.key_id)
            row.save(update_fields=["body"])
            _notify(reminded)


def _lock(consultation_id: UUID) -> tuple[ConsultationRequest, Consultation]:
    row = Consultation.objects.select_for_update().filter(pk=consultation_id).first()
    consultation = consultations.unseal(row) if row else None
    if row is None or consultation is None:
        raise ConsultationUnavailable
    return consultation, row


def _sealed(consultation: ConsultationRequest, key_id: str) -> bytes:
    return leftovers_vault.seal_consultation(vault.row_key(consultation.id, key_id), consultation)


def _notify(consultation: ConsultationRequest) -> None:
    """Notify the person who was asked; everybody who may answer, where nobody was or they no longer may."""
    may_answer = {user.pk for user in accounts.users_with_permission(Permission.ANSWER_CONSULTATION)}
    is_urgent = consultation.how_soon == ConsultationUrgency.NOW
    outbox.notify_all(user_ids=may_answer & {consultation.user_id} or may_answer, urgent=is_urgent)
