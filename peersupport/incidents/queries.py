"""Activations and their effects. Each effect ends after its last day by itself: no task has to run for that."""

from dataclasses import dataclass
from datetime import date

from django.db.models import Count, Q

from peersupport.team import queries as team
from peersupport.team.models import Member
from peersupport.team.queries import members

from .domain.activation import ANSWER_LABELS, ActivationStage, Answer, CapRaise, follow_up_due
from .models import Activation, CallOut, GroupSession


def running_activation() -> Activation | None:
    return Activation.objects.filter(stage=ActivationStage.RUNNING).first()


@dataclass(frozen=True)
class PastActivation:
    """An ended activation. called, could_come: how many members. planned: how many group sessions."""

    begun_on: date
    ended_on: date
    called: int
    could_come: int
    planned: int


def past_activations() -> list[PastActivation]:
    """Ended activations, the last one first."""
    rows = Activation.objects.filter(stage=ActivationStage.ENDED).annotate(
        called=Count("call_outs", distinct=True),
        could_come=Count("call_outs", filter=Q(call_outs__answer=Answer.COMES), distinct=True),
        planned=Count("sessions", distinct=True),
    )
    return [PastActivation(r.begun_on, r.ended_on or r.begun_on, r.called, r.could_come, r.planned) for r in rows]


def cap_raise_on(today: date) -> CapRaise:
    """How many more contacts members may carry on this day."""
    running = Activation.objects.filter(stage=ActivationStage.RUNNING, caps_until__gte=today).first()
    if running is None:
        return CapRaise()
    cannot = running.call_outs.filter(answer=Answer.CANNOT)
    return CapRaise(running.extra_contacts, frozenset(cannot.values_list("member_id", flat=True)))


def public_notice(today: date) -> str:
    """The notice on the public pages on this day; empty if there is none."""
    current = Activation.objects.filter(stage=ActivationStage.RUNNING, notice_until__gte=today)
    return current.values_list("notice", flat=True).first() or ""


def call_outs_of(activation: Activation) -> list[CallOut]:
    """Those who come first, then those who have not answered, then those who can't."""
    order = list(ANSWER_LABELS)
    calls = activation.call_outs.select_related("member__user").order_by("member__user__name", "pk")
    return sorted(calls, key=lambda call: order.index(Answer(call.answer)))


def members_to_call_out(activation: Activation, today: date) -> list[tuple[int, str]]:
    """Id and name of the members who can serve and have not been called, by name."""
    called = set(activation.call_outs.values_list("member_id", flat=True))
    return members.names_of([pk for pk, reasons in team.serving(today).items() if not reasons and pk not in called])


def current_call_out(member: Member) -> CallOut | None:
    """The member's call-out in the running activation."""
    calls = CallOut.objects.filter(member=member, activation__stage=ActivationStage.RUNNING)
    return calls.select_related("activation").first()


def sessions_of(activation: Activation) -> list[GroupSession]:
    """Its planned group sessions, the next one first."""
    return list(activation.sessions.all())


def activations_to_follow_up(today: date) -> list[Activation]:
    """Activations whose latest follow-up nobody has acknowledged."""
    return [
        activation
        for activation in Activation.objects.all()
        if (due := follow_up_due(activation.begun_on, today)) and activation.acknowledged_follow_up != due
    ]
