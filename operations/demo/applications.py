"""Applications in the demo: one in each state that a coordinator meets. Nobody in them is real."""

from collections.abc import Sequence
from datetime import datetime, time, timedelta
from typing import Any

from django.utils import timezone

from applications.actions import candidate, decisions, interviews, references, reviews, settings
from applications.actions.links import make_link
from applications.domain import default_texts
from applications.domain.states import ApplicationState, ReferenceKind
from applications.models import Application, LinkPurpose
from applications.presenters.decisions import period_text
from applications.queries import applications
from peersupport.program import form_tokens
from peersupport.program.queries import settings_now
from peersupport.team.models import Member, User

SCORES = {0: (4, 5, 4, 3, 2), 1: (4, 3, 4, 5, 4)}
SAMPLES: tuple[dict[str, Any], ...] = (
    {
        "name": "Iris Sample",
        "unit": "Patrol",
        "years_of_service": 9,
        "why": "People on my shift talk to me in the car. I would like to learn to do it well.",
        "qualifications": "Sleep, running and my church group carried me. People in my squad tell me things.",
        "benefit": "I work nights, when few of the others do. I speak Vietnamese.",
    },
    {
        "name": "Jonas Sample",
        "unit": "Corrections",
        "years_of_service": 14,
        "why": "Corrections has nobody on the team, and we need it.",
        "qualifications": "Field training officer for six years. My brother and I talk every week; that helps.",
        "benefit": "People in the jail would talk to one of their own.",
        "availability": "Days, and every second weekend.",
    },
    {
        "name": "Kira Sample",
        "kind": "professional_staff",
        "unit": "Dispatch",
        "years_of_service": 5,
        "why": "I hear the worst minute of people's lives, and so do my colleagues.",
        "qualifications": "A course in crisis counseling. I learned to stop and breathe before the next call.",
        "benefit": "Dispatchers rarely ask. They might ask me.",
    },
    {
        "name": "Liam Sample",
        "kind": "retired",
        "why": "I retired last year and have time.",
        "qualifications": "Twenty-six years, and a wife who made me talk.",
        "benefit": "I have seen most of it, and nobody has to salute me.",
    },
    {
        "name": "Mona Sample",
        "unit": "Investigations",
        "years_of_service": 11,
        "why": "Child cases wear people down quietly.",
        "qualifications": "Family dinner without a telephone, and saying no to a sixth case.",
        "benefit": "Investigators know that I keep things to myself.",
        "languages": "Spanish",
    },
    {
        "name": "Noah Sample",
        "unit": "Internal Affairs",
        "years_of_service": 7,
        "conflicts": ["internal_affairs"],
        "why": "I would like to see the other side.",
        "qualifications": "I am a good interviewer.",
        "benefit": "I know the rules.",
    },
)


def make(*, coordinator: User, members: Sequence[Member]) -> None:
    """members: designated ones, of whom the first two review."""
    settings.change_settings(
        values={"has_panel": True, "has_interview": True, "asks_for_references": True}, by=coordinator
    )
    _, jonas, kira, liam, mona, noah = (_apply(sample) for sample in SAMPLES)
    for application in (jonas, kira, liam, mona, noah):
        reviews.begin_review(**_as_shown(application), by=coordinator)
    for number, member in enumerate(members[:2]):
        reviews.name_reviewer(application_id=jonas.pk, reviewer=member.user, by=coordinator)
        reviews.name_reviewer(application_id=kira.pk, reviewer=member.user, by=coordinator)
        _review(kira, member, SCORES[number])
    _review(jonas, members[0], SCORES[0])
    interviews.propose_times(
        **_as_shown(kira), times=_next_week(), place="Sample room 2", minutes=45, by=coordinator,
    )  # fmt: skip
    for application, decision in (
        (liam, ApplicationState.WAITING_LIST),
        (mona, ApplicationState.CONDITIONAL),
        (noah, ApplicationState.DECLINED),
    ):
        decisions.decide(
            **_as_shown(application), decision=decision, letter=_letter(application, decision), by=coordinator
        )


def _next_week() -> list[datetime]:
    """Monday morning, Tuesday afternoon and Thursday evening of next week."""
    today = timezone.localdate()
    monday = today + timedelta(days=7 - today.weekday())
    zone = timezone.get_default_timezone()
    days = ((0, time(9, 30)), (1, time(14)), (3, time(18)))
    return [datetime.combine(monday + timedelta(days=on), at, zone) for on, at in days]


def _apply(sample: dict[str, Any]) -> Application:
    email = f"{sample['name'].split()[0].lower()}@example.org"
    named = tuple(
        candidate.NamedReference(
            ReferenceKind.REFERENCE, f"{which} Reference for {sample['name']}", f"{which.lower()}-{email}"
        )
        for which in ("First", "Second")
    )
    candidate.send_new(
        token=form_tokens.fresh("apply"),
        typed=candidate.TypedApplication({"kind": "sworn", **sample, "email": email}, named),
    )
    application = Application.objects.get(email=email)
    candidate.confirm(link=make_link(application, LinkPurpose.CONFIRM))
    first = application.references.order_by("pk")[0]
    references.give_reference(
        link=make_link(application, LinkPurpose.REFERENCE, first),
        statement="I have worked beside them for years. They listen, and what I told them stayed with them. (Sample.)",
    )
    return application


def _review(application: Application, member: Member, points: Sequence[int]) -> None:
    scores = [(criterion, each, "") for criterion, each in zip(default_texts.CRITERIA, points, strict=True)]
    reviews.give_review(
        application_id=application.pk, scores=scores, remarks="We talked for an hour. (Sample.)", by=member.user
    )


def _letter(application: Application, decision: ApplicationState) -> str:
    program, how = settings_now(), applications.settings_now()
    return default_texts.fill_in(
        how.letter_for(decision),
        name=application.name,
        agency=program.agency,
        coordinator=program.coordinator_name,
        period=period_text(how.kept_months),
    )


def _as_shown(application: Application) -> dict[str, int]:
    """What the page would hand in: the application as of its last move."""
    return {"application_id": application.pk, "after_move": applications.last_move_id(application)}
