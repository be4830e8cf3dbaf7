"""The home of each role: what waits for the person who has signed in, in sentences with their links.

The figures come from `dashboard.queries.home`, and what rooms above add from `dashboard.queries.sources`.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import TYPE_CHECKING

from django.urls import reverse
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from applications.presenters import todo as applications_todo
from peersupport.core.plurals import in_words, with_number
from peersupport.core.todo import Todo
from peersupport.core.translation import refusal_text
from requests_app.domain.wait_reasons import WaitReasonCode
from requests_app.presenters.intake import standing_text
from requests_app.presenters.waiting import REMEDIES, reason_text, sentences
from stats.presenters.charts import Chart, range_charts
from stats.presenters.report_text import title_of
from training.domain.standing import Status
from training.presenters import todo as training_todo
from training.presenters.formats import in_a_sentence

from . import team_todos
from .launch_checklist import LaunchChecklist, launch_checklist

if TYPE_CHECKING:
    from peersupport.program.queries import TextStatus
    from requests_app.domain.consultation import ConsultationRequest
    from requests_app.queries.waiting import WaitingSummary
    from stats.models import StatsReport
    from stats.queries import OpenYear
    from training.queries.sessions import NextSession

    from ..queries.home import Counted, HomeFigures, Lapses


@dataclass(frozen=True)
class LastReport:
    """Of the newest released report: people and contacts, and the concerns that have a band."""

    title: str
    year: int
    charts: tuple[Chart, ...]


@dataclass(frozen=True)
class Home:
    """checklist: for the coordinator, before and after the launch; None for others."""

    lead: str
    todos: tuple[Todo, ...]
    last_report: LastReport | None
    checklist: LaunchChecklist | None

    @property
    def is_before_launch(self) -> bool:
        return self.checklist is not None and self.checklist.launched_on is None


def home(figures: "HomeFigures", registered: Sequence[Todo] = ()) -> Home:
    checklist = launch_checklist(figures.checklist) if figures.checklist else None
    is_before_launch = checklist is not None and checklist.launched_on is None  # then the checklist says these gaps
    lead, waiting = _requests(figures.waiting) if figures.waiting else ("", [])
    todos = [
        *([] if is_before_launch else waiting),
        *_telephone_only(figures.telephone_only_until),
        *_consultations(figures.counted.consultations),
        *team_todos.lifts(figures.counted.lifts_to_second),
        *team_todos.undelivered(figures.undelivered),
        *_team(figures, is_before_launch),
        *_training(figures.counted),
        *_applications(figures.counted),
        *_lapses(figures.lapses),
        *_texts(figures.counted.texts),
        *_years(figures.years),
        *registered,
        *(_gaps_since_launch(checklist) if checklist else ()),
    ]
    report = _last_report(figures.last_report) if figures.last_report else None
    return Home(lead or ("" if todos else _("Nothing to do right now.")), tuple(todos), report, checklist)


def counted_todos(counted: "Counted") -> Iterator[Todo]:
    """The part of the home that the rail counts on every page."""
    yield from _consultations(counted.consultations)
    yield from team_todos.lifts(counted.lifts_to_second)
    yield from team_todos.keys(counted.keys_to_confirm)
    yield from _training(counted)
    yield from _applications(counted)
    yield from _texts(counted.texts)


# These would keep the next officer waiting; the other reasons are listed only while somebody waits.
LISTED_ALWAYS = {WaitReasonCode.NOBODY_SERVES, WaitReasonCode.NOBODY_ON_CALL, WaitReasonCode.NO_PHONE_ALERT}


def _requests(summary: "WaitingSummary") -> tuple[str, list[Todo]]:
    """The lead and the todos, in the sentences of the page of open requests."""
    todos = [
        Todo(reason_text(reason), str(remedy.text), reverse(remedy.page), str(remedy.page_label), needs_attention=True)
        for reason, remedy in ((reason, REMEDIES[reason.code]) for reason in summary.reasons)
        if reason.code in LISTED_ALWAYS or summary.is_anybody_waiting
    ]
    if not summary.is_anybody_waiting_too_long:
        return " ".join(sentences(summary)), todos
    url = reverse("requests_app:waiting_summary")
    return "", [
        *(Todo(text.rstrip("."), "", url, _("Open requests"), needs_attention=True) for text in sentences(summary)),
        *todos,
    ]


def _telephone_only(until: datetime | None) -> Iterator[Todo]:
    if until is not None:
        text = standing_text(until, until.date()).rstrip(".")
        yield Todo(text, "", reverse("requests_app:telephone_only"), _("By telephone only"), needs_attention=True)


def _consultations(waiting: "Sequence[ConsultationRequest]") -> Iterator[Todo]:
    if waiting:
        text = ngettext(
            "%(number)s member is asking for a call", "%(number)s members are asking for a call", len(waiting)
        )
        entry = "requests_app:consultations"
        yield Todo(
            with_number(text, len(waiting)),
            _(waiting[0].label),
            reverse(entry),
            _("Answer"),
            needs_attention=True,
            entry=entry,
            count=len(waiting),
        )


def _team(figures: "HomeFigures", is_before_launch: bool) -> Iterator[Todo]:
    if figures.team is not None:
        yield from team_todos.activations(figures.team.activation, figures.team.to_follow_up)
        yield from team_todos.keys(figures.counted.keys_to_confirm)
        yield from team_todos.invited(figures.team.invited)
        yield from team_todos.readiness(figures.team.ready, figures.team.untrained)
        if not is_before_launch:
            yield from team_todos.gaps_on_call(figures.team.hours_without, figures.team.first_gap)
        yield from team_todos.terms(figures.team.ending_terms)
        yield from team_todos.unsigned(figures.team.unsigned)


def _applications(counted: "Counted") -> Iterator[Todo]:
    if counted.applications is not None:
        yield from applications_todo.for_coordinator(counted.applications)


def _training(counted: "Counted") -> Iterator[Todo]:
    if counted.training is not None:
        yield from training_todo.for_coordinator(counted.training)


def _lapses(lapses: "Lapses") -> Iterator[Todo]:
    url = reverse("training:coverage")
    for subject in lapses.subjects:
        serving = sum(subject.standing.values())
        for status in (Status.LAPSED, Status.EXPIRING):
            members = subject.standing[status]
            if members:
                text = lapse_sentence(subject.name, status, members, serving)
                yield Todo(text, next_session(lapses.next_sessions.get(subject.code)), url, _("Coverage"))


def lapse_sentence(subject: str, status: Status, members: int, serving: int) -> str:
    """For how many of the members in service a subject has lapsed, or will soon."""
    if status == Status.LAPSED:
        text = ngettext(
            "Training in %(subject)s has lapsed for %(members)s of %(serving)s member",
            "Training in %(subject)s has lapsed for %(members)s of %(serving)s members",
            serving,
        )
    else:
        text = ngettext(
            "Training in %(subject)s lapses soon for %(members)s of %(serving)s member",
            "Training in %(subject)s lapses soon for %(members)s of %(serving)s members",
            serving,
        )
    return text % {"subject": in_a_sentence(subject), "members": in_words(members), "serving": in_words(serving)}


def next_session(session: "NextSession | None") -> str:
    """When a subject can be trained next; empty if no session is planned."""
    if session is None:
        return ""
    day = date_format(session.day, "MONTH_DAY_FORMAT")
    if not session.free_seats:
        return _("Next session: %(day)s") % {"day": day}
    return ngettext(
        "Next session: %(day)s, %(number)s spot left",
        "Next session: %(day)s, %(number)s spots left",
        session.free_seats,
    ) % {"day": day, "number": in_words(session.free_seats)}


def _texts(texts: "Sequence[TextStatus]") -> Iterator[Todo]:
    for text in texts:
        name, url = text.newest.get_name_display(), reverse("program:text", args=[text.newest.name])
        if text.awaits_approval:
            sentence, detail = _("A text is waiting for your approval"), name
        elif not text.current.version:
            sentence, detail = _("Not approved yet: %(text)s") % {"text": name}, _("The text came with the program")
        else:
            continue
        yield Todo(sentence, detail, url, _("Read"), entry="program:texts", count=1)


def _years(years: "Sequence[OpenYear]") -> Iterator[Todo]:
    for year in years:
        label = {"year": year.period.label}
        if year.problem:
            text, url = _("Nothing can be counted for %(year)s right now") % label, reverse("stats:index")
            yield Todo(text, refusal_text(year.problem), url, _("Statistics"), needs_attention=True)
        elif year.has_ended:
            text, url = _("%(year)s can be closed") % label, reverse("stats:close", args=[year.period.year])
            yield Todo(text, _("Closing it releases its report"), url, _("Close %(year)s") % label)


def _gaps_since_launch(checklist: LaunchChecklist) -> Iterator[Todo]:
    for gap in checklist.gaps:
        text = _("No longer in place: %(item)s") % {"item": gap.text}
        yield Todo(text, gap.detail, gap.url, gap.action, needs_attention=True)


def _last_report(closed: "StatsReport") -> LastReport:
    totals, *lists = range_charts(closed.report.all_rows())
    concerns = [_with_bands_only(chart) for chart in lists if chart.name == "concern" and chart.has_bands]
    return LastReport(title_of(closed.report), closed.year, (totals, *concerns))


def _with_bands_only(chart: Chart) -> Chart:
    return replace(chart, bars=tuple(bar for bar in chart.bars if not bar.is_too_few))
