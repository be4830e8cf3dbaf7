"""What training asks of somebody, in sentences. The notices say only that something waits."""

from collections.abc import Iterator
from datetime import datetime

from django.contrib.humanize.templatetags.humanize import apnumber
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from peersupport.core.todo import Todo
from peersupport.team.models import Member

from ..domain.standing import Standing, Status
from ..domain.states import ExternalTrainingState, SessionState
from ..models import ExternalTraining, Session, Subject
from ..queries import external_training, records, sessions
from ..queries import subjects as subjects_queries
from .formats import in_a_sentence, long_day, when_text

ENTRY = "training:index"  # of the rail


def for_member(member: Member, now: datetime) -> list[Todo]:
    """Lapses, sessions they are enrolled in, and certificates that were sent back.

    A lapsed subject is listed only if some requests require it.
    """
    subjects = {subject.code: subject for subject in subjects_queries.subjects_in_use()}
    standings = records.standings_of(member, timezone.localdate(now))
    return [
        *(todo for code, standing in standings.items() if (todo := _lapse(subjects[code], standing))),
        *(_session(session) for session in sessions.enrolled_sessions(member, now)),
        *(
            _sent_back(external)
            for external in external_training.not_on_record(member)
            if external.state == ExternalTrainingState.SENT_BACK
        ),
    ]


def for_coordinator(now: datetime) -> Iterator[Todo]:
    """Certificates to verify and attendance to note, counted at the rail's entry."""
    certificates = len(external_training.to_verify())
    if certificates:
        text = _("A certificate waits") if certificates == 1 else f"{_number(certificates)} certificates wait"
        detail, url = _("What they say counts once you have looked"), reverse("training:index")
        yield Todo(f"{text} for you", detail, url, "Review", entry=ENTRY, count=certificates)
    over = list(sessions.sessions_without_attendance(now))
    if len(over) == 1:
        url = reverse("training:attendance", args=[over[0].pk])
        yield Todo(
            f"Who was at {over[0]}?", _("It counts for them once it is noted"), url, _("Note it"), entry=ENTRY, count=1
        )
    elif over:
        text, url = f"{_number(len(over))} sessions are over", reverse("training:sessions")
        detail = _("They count once it is noted who was there")
        yield Todo(text, detail, url, _("Note it"), entry=ENTRY, count=len(over))


def _number(number: int) -> str:
    return str(apnumber(number)).capitalize()


def _lapse(subject: Subject, standing: Standing) -> Todo | None:
    url = reverse("training:sessions")
    if standing.status == Status.EXPIRING and standing.lapses_on:
        return Todo(f"{subject} lapses on {long_day(standing.lapses_on)}", _("See what trains it"), url)
    if standing.status == Status.LAPSED and subject.required_for:
        return Todo(f"{subject} has lapsed", _("Until you train it again, some requests go to others"), url)
    return None


def _session(session: Session) -> Todo:
    state = _("You are enrolled; it was changed") if session.changes else _("You are enrolled")
    if session.state == SessionState.CANCELLED:
        state = _("It is cancelled")
    return Todo(session.title, f"{when_text(session)}. {state}.", reverse("training:session", args=[session.pk]))


def _sent_back(external: ExternalTraining) -> Todo:
    text = f"Your certificate for {in_a_sentence(external.subject.name)} came back"
    return Todo(text, external.reason, reverse("training:external_training", args=[external.pk]))
