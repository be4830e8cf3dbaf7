"""Reads of applications, named by who asks. Until the address is confirmed, only the candidate sees one."""

from collections.abc import Iterable
from datetime import date, datetime, timedelta

from django.db.models import Case, Q, QuerySet, Value, When
from django.utils import timezone

from peersupport.access.permissions import Permission, is_allowed
from peersupport.core.dates import add_months
from peersupport.team.actions.invitations import hash_token
from peersupport.team.models import User
from peersupport.team.queries import accounts

from ..domain.states import (
    IN_REVIEW,
    OUTCOMES,
    UNDER_WAY,
    WITH_THE_CANDIDATE,
    WITH_THE_TEAM,
    ApplicationState,
    InterviewState,
    ReferenceState,
    ReviewState,
)
from ..models import Application, ApplicationSettings, Interview, Move, PrivateLink, Reference, Review

_ESSAYS = ("why", "qualifications", "benefit", "training", "availability")  # no list shows them
DRAFT_LIFETIME = timedelta(days=30)


def settings_now() -> ApplicationSettings:
    """How this program selects its members: as saved, or the defaults."""
    saved = ApplicationSettings.objects.select_related("assignee").filter(pk=1).first()
    return saved or ApplicationSettings(pk=1)


def coordinators() -> list[User]:
    """Everybody who may decide applications."""
    return accounts.users_with_permission(Permission.DECIDE_APPLICATIONS)


def responsible_coordinators(application: Application) -> list[int]:
    """Ids of the accounts to notify: the assignee if they may still decide, else everybody who may."""
    may_decide = [user.pk for user in coordinators() if user.email != application.email]
    return [application.assignee_id] if application.assignee_id in may_decide else may_decide


# Who sees which applications


def visible_to(user: User) -> QuerySet[Application]:
    """Everything but their own for those who see applications; for a member, what they were asked to review."""
    others = Application.objects.exclude(email=user.email)
    routed = others.exclude(state__in=WITH_THE_CANDIDATE).exclude(confirmed_on=None)
    if is_allowed(user.roles, Permission.SEE_APPLICATIONS):
        return routed
    if not is_allowed(user.roles, Permission.OWN_PROFILE):
        return routed.none()
    to_review = Review.objects.filter(reviewer=user).exclude(state=ReviewState.RECUSED).values("application")
    return routed.filter(pk__in=to_review, state__in=UNDER_WAY)


def application_for(user: User, application_id: int) -> Application | None:
    return visible_to(user).select_related("assignee").filter(pk=application_id).first()


def filtered(user: User, *, states: Iterable[str] = (), assignee: str = "", search: str = "") -> QuerySet[Application]:
    """The list, longest wait first.

    assignee: an account's id, or "nobody". search: terms that must all occur in name, address or unit.
    """
    rows = visible_to(user).select_related("assignee").defer(*_ESSAYS).order_by("since", "pk")
    if states:
        rows = rows.filter(state__in=list(states))
    if assignee:
        rows = rows.filter(assignee=None if assignee == "nobody" else int(assignee))
    for term in search.split():
        rows = rows.filter(Q(name__icontains=term) | Q(email__icontains=term) | Q(unit__icontains=term))
    return rows


# What waits for the coordinator


def count_new() -> int:
    """How many applications nobody has begun to review."""
    return Application.objects.filter(state=ApplicationState.SUBMITTED).count()


def count_withdrawn(since: datetime) -> int:
    """How many candidates withdrew since then, of those whose application had reached the team."""
    withdrawn = Application.objects.filter(state=ApplicationState.WITHDRAWN, confirmed_on__isnull=False)
    return withdrawn.filter(since__gte=since).count()


def without_suitable_time() -> QuerySet[Application]:
    """Applications whose candidate can make none of the proposed interview times, the longest wait first."""
    interviews = Interview.objects.filter(state=InterviewState.NONE_SUITS, application__state__in=IN_REVIEW)
    return Application.objects.filter(interviews__in=interviews).order_by("since")


# One application


def moves_of(application: Application) -> list[Move]:
    return list(application.moves.select_related("by"))


def last_move_id(application: Application) -> int:
    """A page carries this id, so that an action knows what its user had seen."""
    return moves_of(application)[-1].pk


def references_of(application: Application) -> list[Reference]:
    return list(application.references.all())


def current_interview(application: Application) -> Interview | None:
    """The interview that was not cancelled: proposed, agreed, or already held."""
    not_cancelled = application.interviews.exclude(state=InterviewState.CANCELLED)
    return not_cancelled.select_related("application").prefetch_related("times").first()


def valid_link(token: str, purpose: str, now: datetime) -> PrivateLink | None:
    """The unexpired link with this secret and this purpose."""
    links = PrivateLink.objects.filter(token_hash=hash_token(token), purpose=purpose, valid_until__gt=now)
    return links.select_related("application", "reference").first()


def application_under_way(email: str) -> Application | None:
    """The application under way from this address; the database allows one at most."""
    return Application.objects.filter(email=email, state__in=UNDER_WAY).first()


def latest_application_for(email: str) -> Application | None:
    """The application under way from this address, else the one begun last."""
    is_under_way = Case(When(state__in=UNDER_WAY, then=Value(0)), default=Value(1))
    return Application.objects.filter(email=email).order_by(is_under_way, "-pk").first()


# What is due


def lock_unanswered_references() -> list[Reference]:
    """References still open on undecided applications, locked so that nobody is reminded twice."""
    unanswered = Reference.objects.filter(state=ReferenceState.ASKED, application__state__in=WITH_THE_TEAM)
    return list(unanswered.select_related("application").select_for_update(of=("self",)))


def with_references_to_ask() -> list[int]:
    """Ids of undecided applications with a named reference who has not been asked yet."""
    named = Reference.objects.filter(state=ReferenceState.NAMED, application__state__in=WITH_THE_TEAM)
    return list(named.order_by("application").values_list("application", flat=True).distinct())


def due_to_be_purged(now: datetime) -> QuerySet[Application]:
    """Drafts not sent and confirmed in time, and applications decided longer ago than the setting allows."""
    today = timezone.localdate(now)
    ended_before = add_months(today, -settings_now().kept_months)
    drafts = Q(state__in=WITH_THE_CANDIDATE, since__lte=now - DRAFT_LIFETIME)
    ended = Q(state__in=OUTCOMES, erased_on=None, since__date__lte=ended_before)
    return Application.objects.filter(drafts | ended).order_by("pk")


def day_of_erasure(application: Application) -> date:
    """The first day on which it is due to be purged, should it have ended in its present state."""
    ended_on, months = timezone.localdate(application.since), settings_now().kept_months
    day = add_months(ended_on, months)
    while add_months(day, -months) < ended_on:  # the later month is shorter
        day += timedelta(days=1)
    return day


def resumes_in_use() -> set[str]:
    """File names of all résumés that an application refers to."""
    return set(Application.objects.exclude(resume="").values_list("resume", flat=True))
