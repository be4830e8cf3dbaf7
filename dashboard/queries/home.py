"""The figures behind the home of each role and behind the counts of the rail. What they say is in the presenters."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime

from django.utils import timezone

from applications.queries import todo as applications_todo
from peersupport.access.permissions import Permission, is_allowed
from peersupport.incidents import queries as incidents
from peersupport.incidents.domain.activation import Answer
from peersupport.program import queries as program
from peersupport.team import queries as team_queries
from peersupport.team.domain.on_call import Interval
from peersupport.team.domain.schedule import DAYS_AHEAD, whole_hours
from peersupport.team.domain.serving import NotServing
from peersupport.team.domain.states import KeyState
from peersupport.team.models import FactorLift, Member, User
from peersupport.team.queries import Serving, availability, lifting, member_keys, members, service_record
from peersupport.team.queries import invitations as invitations_queries
from requests_app.domain.consultation import ConsultationRequest
from requests_app.queries import consultations, intake
from requests_app.queries import members as contacts
from requests_app.queries.waiting import WaitingSummary, waiting_summary
from stats import queries as stats
from stats.models import StatsReport
from training import counts as training
from training.queries import readiness
from training.queries import sessions as training_sessions
from training.queries import todo as training_todo

from . import launch


@dataclass(frozen=True)
class Counted:
    """What the rail counts on every page, at the cost of a query or two each.

    Each is None or empty for somebody whom it does not concern.
    """

    consultations: Sequence[ConsultationRequest] = ()
    keys_to_confirm: Mapping[int, KeyState] = field(default_factory=dict)
    applications: applications_todo.CoordinatorFigures | None = None
    training: training_todo.CoordinatorFigures | None = None
    texts: Sequence[program.TextStatus] = ()
    lifts_to_second: Sequence[FactorLift] = ()


@dataclass(frozen=True)
class RailFigures:
    """reviews: applications that this person has been asked to read. tallies: contacts they have not tallied yet."""

    counted: Counted
    reviews: int = 0
    tallies: int = 0


@dataclass(frozen=True)
class Activation:
    """The running activation: how many members were called out, can come, and have not answered."""

    called: int
    coming: int
    unanswered: int


@dataclass(frozen=True)
class Team:
    """The team as its coordinator has to look after it.

    to_follow_up: the days of past incidents whose follow-up is due. invited: id and name of who hasn't signed in yet.
    ready: who can be designated. untrained: how many serve without required training. hours_without, first_gap: how
    many of the next hours have nobody on call, and when the first of them begins, in local time. ending_terms: two at
    most. unsigned: how many have an agreement to sign.
    """

    activation: Activation | None
    to_follow_up: Sequence[date]
    invited: Sequence[tuple[int, str]]
    ready: Sequence[Member]
    untrained: int
    hours_without: int
    first_gap: datetime | None
    ending_terms: Sequence[Member]
    unsigned: int


@dataclass(frozen=True)
class Lapses:
    """Each subject with how many have which standing; next_sessions: by the subject's code."""

    subjects: Sequence[training.SubjectCount] = ()
    next_sessions: Mapping[str, training_sessions.NextSession] = field(default_factory=dict)


@dataclass(frozen=True)
class HomeFigures:
    """What waits for one person. Each part is None or empty if it does not concern them.

    telephone_only_until: in local time, while requests are taken by telephone only. undelivered: how many invitations.
    """

    waiting: WaitingSummary | None
    counted: Counted
    team: Team | None
    lapses: Lapses
    years: Sequence[stats.OpenYear]
    checklist: launch.Checklist | None
    last_report: StatsReport | None
    telephone_only_until: datetime | None = None
    undelivered: int = 0


def home_figures(user: User, now: datetime) -> HomeFigures:
    today = timezone.localdate(now)

    def may(permission: Permission) -> bool:
        return is_allowed(user.roles, permission)

    is_coordinator, may_invite = may(Permission.MANAGE_TEAM), may(Permission.INVITE) or may(Permission.MANAGE_ACCOUNTS)
    serving = team_queries.serving(today) if is_coordinator else {}
    gaps = availability.gaps_on_call(now, DAYS_AHEAD, serving) if is_coordinator else []
    return HomeFigures(
        waiting=waiting_summary(now) if may(Permission.SEE_WAITING) else None,
        counted=counted(user, now),
        team=_team(now, serving, gaps) if is_coordinator else None,
        lapses=_lapses(now) if may(Permission.SEE_TRAINING) else Lapses(),
        years=stats.open_years(today) if may(Permission.CLOSE_YEAR) else (),
        checklist=launch.checklist(now, serving, gaps) if is_coordinator else None,
        last_report=next(iter(stats.closed_years()), None) if may(Permission.SEE_REPORT) else None,
        telephone_only_until=_telephone_only_until(now) if may(Permission.TELEPHONE_ONLY) else None,
        undelivered=invitations_queries.undelivered() if may_invite else 0,
    )


def _telephone_only_until(now: datetime) -> datetime | None:
    switch = intake.telephone_only(now)
    return timezone.localtime(switch.until) if switch else None


def rail_figures(user: User, now: datetime) -> RailFigures:
    if not is_allowed(user.roles, Permission.SUPPORT):
        return RailFigures(counted(user, now))
    member = members.member_for(user)
    return RailFigures(
        counted=counted(user, now),
        reviews=len(applications_todo.for_reviewer(user)),
        tallies=len(contacts.pending_tallies_of(member)) if member else 0,
    )


def counted(user: User, now: datetime) -> Counted:
    def may(permission: Permission) -> bool:
        return is_allowed(user.roles, permission)

    return Counted(
        consultations=consultations.answerable_by(user) if may(Permission.ANSWER_CONSULTATION) else (),
        keys_to_confirm=member_keys.members_with_key_to_confirm() if may(Permission.MANAGE_TEAM) else {},
        applications=applications_todo.for_coordinator(now) if may(Permission.DECIDE_APPLICATIONS) else None,
        training=training_todo.for_coordinator(now) if may(Permission.MANAGE_TRAINING) else None,
        texts=program.texts_now() if may(Permission.APPROVE_TEXTS) else (),
        lifts_to_second=lifting.to_second_by(user, now) if may(Permission.LIFT_SECOND_FACTOR) else (),
    )


def _team(now: datetime, serving: Serving, gaps: Sequence[Interval]) -> Team:
    today = timezone.localdate(now)
    invited = [member_id for member_id, reasons in serving.items() if NotServing.INVITED in reasons]
    return Team(
        activation=_activation(),
        to_follow_up=[past.begun_on for past in incidents.activations_to_follow_up(today)],
        invited=members.names_of(invited),
        ready=readiness.ready_to_designate(),
        untrained=len(readiness.serving_untrained(today)),
        hours_without=whole_hours(gaps),
        first_gap=timezone.localtime(gaps[0][0]) if gaps else None,
        ending_terms=list(service_record.members_with_ending_term(today).select_related("user")[:2]),
        unsigned=service_record.members_to_sign(program.current_text(program.AGREEMENT).version).count(),
    )


def _activation() -> Activation | None:
    running = incidents.running_activation()
    if running is None:
        return None
    answers = [call.answer for call in incidents.call_outs_of(running)]
    return Activation(len(answers), answers.count(Answer.COMES), answers.count(Answer.NONE))


def _lapses(now: datetime) -> Lapses:
    today = timezone.localdate(now)
    return Lapses(training.by_subject(today, today), training_sessions.next_with_free_seats(now))
