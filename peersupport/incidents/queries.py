"""What holds after a critical incident. Each ends by itself with its day: nothing has to run for that."""

from datetime import date

from django.db.models import Count, Q, QuerySet

from peersupport.team.models import Member
from peersupport.team.queries.members import public_roster

from .domain.activation import ANSWER_LABELS, Answer, Raise, Stage, step
from .models import Activation, CallOut


def activation_now() -> Activation | None:
    return Activation.objects.filter(stage=Stage.RUNNING).first()


def past_activations() -> QuerySet[Activation]:
    """The ones that have ended, with how many were called out and came, and how many sessions there were."""
    return Activation.objects.filter(stage=Stage.ENDED).annotate(
        called=Count("call_outs", distinct=True),
        came=Count("call_outs", filter=Q(call_outs__answer=Answer.COMES), distinct=True),
        planned=Count("sessions", distinct=True),
    )


def raised_caps(today: date) -> Raise:
    """By how much everybody may carry more than they said on this day."""
    running = Activation.objects.filter(stage=Stage.RUNNING, caps_until__gte=today).first()
    if running is None:
        return Raise()
    cannot = running.call_outs.filter(answer=Answer.CANNOT)
    return Raise(running.caps_more, frozenset(cannot.values_list("member_id", flat=True)))


def public_notice(today: date) -> str:
    """What the public pages say on this day; empty where there is nothing to say."""
    standing = Activation.objects.filter(stage=Stage.RUNNING, notice_until__gte=today)
    return standing.values_list("notice", flat=True).first() or ""


def called_out(activation: Activation) -> list[CallOut]:
    """Who comes first, then who has not answered, then who can't."""
    order = list(ANSWER_LABELS)
    calls = activation.call_outs.select_related("member__user").order_by("member__user__name", "pk")
    return sorted(calls, key=lambda call: order.index(Answer(call.answer)))


def can_be_called_out(activation: Activation, today: date) -> list[tuple[int, str]]:
    """The designated members who are here and have not been called, by name."""
    called = activation.call_outs.values("member_id")
    return list(public_roster(today).exclude(pk__in=called).values_list("pk", "user__name"))


def call_out_of(member: Member) -> CallOut | None:
    """The call that this member has, while the activation runs."""
    calls = CallOut.objects.filter(member=member, activation__stage=Stage.RUNNING)
    return calls.select_related("activation").first()


def activations_to_look_at(today: date) -> list[Activation]:
    """The ones whose latest reminder nobody has seen to."""
    return [each for each in Activation.objects.all() if (due := step(each.begun_on, today)) and each.seen_step != due]
