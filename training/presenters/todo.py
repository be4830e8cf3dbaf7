"""What training asks of somebody, in sentences. The notices say only that something waits; this is what."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime

from django.contrib.humanize.templatetags.humanize import apnumber
from django.urls import reverse
from django.utils import timezone

from peersupport.team.models import Member

from ..domain.coverage import Cell, Status
from ..domain.states import ReportState, SessionState
from ..models import ExternalTraining, Session, Subject
from ..queries import external_training, records
from ..queries import sessions as sessions_queries
from ..queries import subjects as subjects_queries
from .wording import in_a_sentence, long_day, when_words


@dataclass(frozen=True)
class Waiting:
    """What waits, a word more, and where; what the link does, and how many things it is that wait."""

    words: str
    more: str
    url: str
    link: str = "Look"
    how_many: int = 1


def for_member(member: Member, now: datetime) -> list[Waiting]:
    """What has lapsed and is needed or lapses soon, the sessions they are enrolled in, and what was sent back."""
    subjects = {each.code: each for each in subjects_queries.subjects_in_use()}
    cells = records.cells_of(member, timezone.localdate(now))
    return [
        *(found for code, cell in cells.items() if (found := _lapse(subjects[code], cell))),
        *(_session(each) for each in sessions_queries.sessions_of(member, now)),
        *(_sent_back(each) for each in external_training.reports_of(member) if each.state == ReportState.SENT_BACK),
    ]


def for_coordinator(now: datetime) -> Iterator[Waiting]:
    certificates = len(external_training.reports_to_verify())
    if certificates:
        many = f"{str(apnumber(certificates)).capitalize()} certificates wait"
        words = "A certificate waits" if certificates == 1 else many
        more, url = "What they say counts once you have looked", reverse("training:index")
        yield Waiting(f"{words} for you", more, url, "Review", certificates)
    sessions = list(sessions_queries.sessions_to_note(now))
    if len(sessions) == 1:
        url = reverse("training:attendance", args=[sessions[0].pk])
        yield Waiting(f"Who was at {sessions[0]}?", "It counts for them once it is noted", url, "Note it")
    elif sessions:
        words = f"{str(apnumber(len(sessions))).capitalize()} sessions are over"
        more, url = "They count once it is noted who was there", reverse("training:sessions")
        yield Waiting(words, more, url, "Note it", len(sessions))


def _lapse(subject: Subject, cell: Cell) -> Waiting | None:
    url = reverse("training:sessions")
    if cell.status == Status.EXPIRING and cell.lapses_on:
        return Waiting(f"{subject} lapses on {long_day(cell.lapses_on)}", "See what trains it", url)
    if cell.status == Status.LAPSED and subject.required_for:
        return Waiting(f"{subject} has lapsed", "Until you train it again, some requests go to others", url)
    return None


def _session(session: Session) -> Waiting:
    state = "You are enrolled; it was changed" if session.changes else "You are enrolled"
    if session.state == SessionState.CANCELLED:
        state = "It is cancelled"
    return Waiting(session.title, f"{when_words(session)}. {state}.", reverse("training:session", args=[session.pk]))


def _sent_back(report: ExternalTraining) -> Waiting:
    words = f"Your certificate for {in_a_sentence(report.subject.name)} came back"
    return Waiting(words, report.reason, reverse("training:one_report", args=[report.pk]))
