"""Reads of applications, named by who asks. Before its address is confirmed nobody but the candidate sees one."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db.models import Case, Q, QuerySet, Value, When
from django.utils import timezone

from peersupport.access.permissions import Permission, is_allowed
from peersupport.team.actions.invitations import hash_of
from peersupport.team.domain.states import State as MemberState
from peersupport.team.models import Member, User
from peersupport.team.queries import members as members_queries
from peersupport.team.queries import service_record
from training.domain.validity import months_later
from training.queries.records import initially_trained

from ..domain.stages import Stage, stage_of
from ..domain.states import (
    OUTCOMES,
    REVIEWED,
    UNDER_WAY,
    WITH_THE_CANDIDATE,
    WITH_THE_TEAM,
    InterviewState,
    ReferenceState,
    ReviewState,
)
from ..domain.states import State as ApplicationState
from ..models import Application, ApplicationSettings, Interview, Move, PrivateLink, Reference, Review

_LONG = ("why", "qualifications", "benefit", "training", "availability")  # no list shows them
DRAFTS_LIVE = timedelta(days=30)


def settings_now() -> ApplicationSettings:
    """How this program chooses; the defaults where nobody has set anything yet."""
    found = ApplicationSettings.objects.select_related("assignee").filter(pk=1).first()
    return found or ApplicationSettings(pk=1)


# Who sees what


def visible_to(user: User) -> QuerySet[Application]:
    """All but their own for those who see applications; for a member, those they were asked to review."""
    others = Application.objects.exclude(email=user.email)
    routed = others.exclude(state__in=WITH_THE_CANDIDATE).exclude(confirmed_on=None)
    if is_allowed(user.roles, Permission.SEE_APPLICATIONS):
        return routed
    if not is_allowed(user.roles, Permission.OWN_PROFILE):
        return routed.none()
    asked = Review.objects.filter(reviewer=user).exclude(state=ReviewState.RECUSED).values("application")
    return routed.filter(pk__in=asked, state__in=UNDER_WAY)


def application_for(user: User, application_id: int) -> Application | None:
    return visible_to(user).select_related("assignee").filter(pk=application_id).first()


def listed(user: User, *, states: Iterable[str] = (), assignee: str = "", words: str = "") -> QuerySet[Application]:
    """What waits longest first. assignee: an account's number, or "nobody". words: in name, address or unit."""
    found = visible_to(user).select_related("assignee").defer(*_LONG).order_by("since", "pk")
    if states:
        found = found.filter(state__in=list(states))
    if assignee:
        found = found.filter(assignee=None if assignee == "nobody" else int(assignee))
    for word in words.split():
        found = found.filter(Q(name__icontains=word) | Q(email__icontains=word) | Q(unit__icontains=word))
    return found


def coordinators() -> list[User]:
    return members_queries.people_with(Permission.DECIDE_APPLICATIONS)


def who_looks_after(application: Application) -> list[int]:
    """Whom to tell: the assignee as long as they may decide, else everybody who may."""
    may_decide = [user.pk for user in coordinators() if user.email != application.email]
    return [application.assignee_id] if application.assignee_id in may_decide else may_decide


def count_new() -> int:
    """How many nobody has begun to read."""
    return Application.objects.filter(state=ApplicationState.SUBMITTED).count()


def count_withdrawn(since: datetime) -> int:
    """Of those that somebody of the team had seen."""
    withdrawn = Application.objects.filter(state=ApplicationState.WITHDRAWN, confirmed_on__isnull=False)
    return withdrawn.filter(since__gte=since).count()


def without_a_time() -> list[Application]:
    """None of the times proposed for the interview suits the candidate."""
    interviews = Interview.objects.filter(state=InterviewState.NONE_SUITS, application__state__in=REVIEWED)
    return list(Application.objects.filter(interviews__in=interviews).order_by("since"))


def read_by_all() -> list[Application]:
    """Under review, and everybody who was asked has answered."""
    asked = Review.objects.filter(state=ReviewState.ASKED).values("application")
    read = Application.objects.filter(state=ApplicationState.UNDER_REVIEW, pk__in=Review.objects.values("application"))
    return list(read.exclude(pk__in=asked).order_by("since"))


def to_review(user: User) -> list[Review]:
    """What this person was asked to read and can still see, what waits for them first."""
    found = Review.objects.filter(reviewer=user, application__in=visible_to(user)).exclude(state=ReviewState.RECUSED)
    return list(found.select_related("application").order_by("state", "application__since"))


# One application


def moves_of(application: Application) -> list[Move]:
    return list(application.moves.select_related("by"))


def last_move(application: Application) -> int:
    """By this number a page says what whoever presses has seen."""
    return moves_of(application)[-1].pk


def reviews_of(application: Application) -> list[Review]:
    return list(application.reviews.select_related("reviewer").prefetch_related("scores"))


def reviews_seen_by(user: User, application: Application) -> list[Review]:
    """A reviewer sees what the others wrote only after giving their own; so does whoever is a coordinator too."""
    reviews = reviews_of(application)
    own = next((review for review in reviews if review.reviewer_id == user.pk), None)
    if own is not None and own.state == ReviewState.ASKED:
        return [own]
    return reviews


def own_review(user: User, application: Application) -> Review | None:
    return application.reviews.filter(reviewer=user).prefetch_related("scores").first()


def possible_reviewers(application: Application) -> list[User]:
    """Designated members who are not the candidate and not asked yet."""
    members = User.objects.filter(is_active=True, is_member=True, member__state=MemberState.DESIGNATED)
    asked = application.reviews.values("reviewer")
    return list(members.exclude(email=application.email).exclude(pk__in=asked).order_by("name", "pk"))


def waits_for_reviews(application: Application) -> bool:
    return application.reviews.filter(state=ReviewState.ASKED).exists()


def references_of(application: Application) -> list[Reference]:
    return list(application.references.all())


def references_without_answer() -> list[Reference]:
    """Of applications that somebody still has to decide on; held, so that nobody is reminded twice."""
    waiting = Reference.objects.filter(state=ReferenceState.ASKED, application__state__in=WITH_THE_TEAM)
    return list(waiting.select_related("application").select_for_update(of=("self",)))


def with_somebody_to_ask() -> list[int]:
    """The numbers of those that are routed, and somebody whom the candidate named has not been asked yet."""
    named = Reference.objects.filter(state=ReferenceState.NAMED, application__state__in=WITH_THE_TEAM)
    return list(named.order_by("application").values_list("application", flat=True).distinct())


def open_interview(application: Application) -> Interview | None:
    """The one that is proposed or agreed upon, or was held."""
    live = application.interviews.exclude(state=InterviewState.CANCELLED)
    return live.select_related("application").prefetch_related("times").first()


# Who has been accepted


@dataclass(frozen=True)
class Accepted:
    """What an accepted candidate has become: read from the member, kept nowhere else."""

    stage: Stage
    member: Member | None


def accepted(applications: Iterable[Application]) -> dict[int, Accepted]:
    """For those among them who are accepted on condition. As many queries for one as for fifty."""
    conditional = [one for one in applications if one.state == ApplicationState.CONDITIONAL]
    members = members_queries.members_with_addresses(one.email for one in conditional) if conditional else {}
    ids = [member.pk for member in members.values()]
    trained, signed = (
        (initially_trained(ids), service_record.who_has_signed(ids)) if ids else (frozenset(), frozenset())
    )
    return {
        one.pk: Accepted(
            stage_of(
                MemberState(member.state) if member else None,
                is_trained=member is not None and member.pk in trained,
                has_signed=member is not None and member.pk in signed,
            ),
            member,
        )
        for one in conditional
        for member in (members.get(one.email),)
    }


# Links


def link_for(token: str, purpose: str, now: datetime) -> PrivateLink | None:
    """The link as long as it works, for this one purpose."""
    found = PrivateLink.objects.filter(token_hash=hash_of(token), purpose=purpose, valid_until__gt=now)
    return found.select_related("application", "reference").first()


def under_way_for(email: str) -> Application | None:
    return Application.objects.filter(email=email, state__in=UNDER_WAY).first()


def newest_for(email: str) -> Application | None:
    """The one under way; where there is none, the one that was begun last."""
    is_under_way = Case(When(state__in=UNDER_WAY, then=Value(0)), default=Value(1))
    return Application.objects.filter(email=email).order_by(is_under_way, "-pk").first()


# What is due


def due_to_be_purged(now: datetime) -> QuerySet[Application]:
    """Drafts that were not sent and confirmed in time, and what was decided long enough ago."""
    today = timezone.localdate(now)
    ended_before = months_later(today, -settings_now().kept_months)
    drafts = Q(state__in=WITH_THE_CANDIDATE, since__lte=now - DRAFTS_LIVE)
    ended = Q(state__in=OUTCOMES, erased_on=None, since__date__lte=ended_before)
    return Application.objects.filter(drafts | ended).order_by("pk")


def resumes_in_use() -> set[str]:
    return set(Application.objects.exclude(resume="").values_list("resume", flat=True))
