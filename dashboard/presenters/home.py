"""The home of each role: what waits for the person who has signed in, in sentences with their links.

Each source asks the room that knows and yields what waits. A room above the dashboard adds its own by `register`.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from datetime import date

from django.contrib.humanize.templatetags.humanize import apnumber
from django.urls import reverse
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from applications.presenters import todo as applications_todo
from peersupport.access.permissions import Permission, is_allowed
from peersupport.core.plurals import counted
from peersupport.core.todo import Todo
from peersupport.incidents import queries as incidents
from peersupport.incidents.domain.activation import Answer
from peersupport.program import queries as program
from peersupport.team.domain.schedule import DAYS_AHEAD, whole_hours
from peersupport.team.models import User
from peersupport.team.queries import availability, member_keys, service_record
from requests_app.domain.wait_reasons import WaitReasonCode
from requests_app.presenters.waiting import REMEDIES, sentences
from requests_app.queries import consultations
from requests_app.queries import waiting as waiting_queries
from stats import queries as stats
from stats.domain.report import rows_with_period
from stats.presenters.charts import Chart, range_charts
from training import counts as training
from training.domain.standing import Status
from training.presenters import todo as training_todo
from training.queries import readiness
from training.queries import sessions as training_sessions

from .launch_checklist import LaunchChecklist, launch_checklist

# Yields what waits on this day.
Source = Callable[[date], Iterator[Todo]]


@dataclass(frozen=True)
class LastReport:
    """Of the newest released report: people and contacts, and the concerns that have a band."""

    period: str
    year: int
    charts: tuple[Chart, ...]


@dataclass(frozen=True)
class Home:
    """checklist: for the coordinator, before and after the launch; None for others."""

    lead: str
    todos: tuple[Todo, ...]
    last_report: LastReport | None
    checklist: LaunchChecklist | None


def home_for(user: User, today: date) -> Home:
    lead = ""
    todos: list[Todo] = []
    checklist = launch_checklist() if is_allowed(user.roles, Permission.MANAGE_TEAM) else None
    is_before_launch = checklist is not None and checklist.launched_on is None  # then the checklist says these gaps
    if is_allowed(user.roles, Permission.SEE_WAITING):
        lead, waiting = _requests()
        todos += [] if is_before_launch else waiting
    todos += _consultations(user)
    for source in _sources_for(user):
        if not (is_before_launch and source is _gaps_on_call):
            todos += source(today)
    if checklist is not None:
        todos += [
            Todo(f"No longer so: {gap.text}", gap.detail, gap.url, gap.action, needs_attention=True)
            for gap in checklist.gaps
        ]
    report = _last_report() if is_allowed(user.roles, Permission.SEE_REPORT) else None
    return Home(lead or ("" if todos else _("Nothing waits for you.")), tuple(todos), report, checklist)


def register(permission: Permission, source: Source) -> None:
    """Add a source to the home of everyone with this permission, after those that are there.

    For rooms above the dashboard, once, in the `ready` of their apps.py.
    """
    SOURCES.setdefault(permission, []).append(source)


def counted_todos(user: User, today: date) -> Iterator[Todo]:
    """The part of the home that the rail counts on every page."""
    yield from _consultations(user)
    for source in _sources_for(user):
        if source in COUNTED_BY_RAIL:
            yield from source(today)


def _sources_for(user: User) -> Iterator[Source]:
    for permission, sources in SOURCES.items():
        if is_allowed(user.roles, permission):
            yield from sources


# These would keep the next officer waiting; the other reasons are listed only while somebody waits.
LISTED_ALWAYS = {WaitReasonCode.NOBODY_SERVES, WaitReasonCode.NOBODY_ON_CALL, WaitReasonCode.NO_PHONE_ALERT}


def _requests() -> tuple[str, list[Todo]]:
    """The lead and the todos, in the sentences of the page of who waits."""
    summary = waiting_queries.waiting_summary(timezone.now())
    todos = [
        Todo(reason.text, remedy.text, reverse(remedy.page), remedy.action, needs_attention=True)
        for reason, remedy in ((reason, REMEDIES[reason.code]) for reason in summary.reasons)
        if reason.code in LISTED_ALWAYS or summary.is_anybody_waiting
    ]
    if not summary.is_anybody_waiting_too_long:
        return " ".join(sentences(summary)), todos
    url = reverse("requests_app:waiting_summary")
    return "", [
        *(Todo(text.rstrip("."), "", url, _("See why"), needs_attention=True) for text in sentences(summary)),
        *todos,
    ]


def _consultations(user: User) -> Iterator[Todo]:
    waiting = consultations.answerable_by(user) if is_allowed(user.roles, Permission.ANSWER_CONSULTATION) else []
    if waiting:
        text = counted(len(waiting), "member asks for a call", "members ask for a call").capitalize()
        entry = "requests_app:consultations"
        yield Todo(
            text, waiting[0].label, reverse(entry), "Answer", needs_attention=True, entry=entry, count=len(waiting)
        )


def _terms(today: date) -> Iterator[Todo]:
    terms = list(service_record.members_with_ending_term(today).select_related("user")[:2])
    if len(terms) == 1:
        text, url = f"The term of {terms[0]} has ended, or ends soon", reverse("team:member", args=[terms[0].pk])
        yield Todo(text, _("Renew it, or let it end"), url, "Renew")
    elif terms:
        text = _("Terms have ended, or end within 60 days")
        yield Todo(text, _("Renew them, or let them end"), reverse("team:roster"), _("See whose"))


def _unsigned(today: date) -> Iterator[Todo]:
    unsigned = service_record.members_to_sign(program.current_text(program.AGREEMENT).version).count()
    if unsigned:
        text = f"{counted(unsigned, 'member has', 'members have').capitalize()} an agreement to sign"
        yield Todo(text, _("They are told, and find it on their own page"), reverse("team:roster"), _("See who"))


def _activations(today: date) -> Iterator[Todo]:
    url, activation = reverse("incidents:activation"), incidents.running_activation()
    if activation is not None:
        answers = [call.answer for call in incidents.call_outs_of(activation)]
        coming, unanswered = answers.count(Answer.COMES), answers.count(Answer.NONE)
        who = counted(coming, "member", "members") if coming else "nobody yet"
        text = f"The team is called out: {who} can come"
        detail = f"{counted(unanswered, 'has', 'have').capitalize()} not answered yet" if unanswered else ""
        if not answers:
            text = _("An activation runs, and nobody is called out yet")
        yield Todo(text, detail, url, _("See who comes"))
    for past in incidents.activations_to_follow_up(today):
        text = f"Time to ask how people are: an incident on {date_format(past.begun_on, 'j F Y')}"
        yield Todo(text, _("After three days, two weeks and a year"), url, _("See to it"))


def _keys(today: date) -> Iterator[Todo]:
    unconfirmed = member_keys.count_keys_to_confirm()
    if unconfirmed:
        many = f"{counted(unconfirmed, '', 'new keys').capitalize()} to confirm"
        text = _("A new key to confirm") if unconfirmed == 1 else many
        detail, entry = _("Ask them in person for the four words"), "team:roster"
        yield Todo(text, detail, reverse(entry), "Confirm", entry=entry, count=unconfirmed)


def _applications(today: date) -> Iterator[Todo]:
    yield from applications_todo.for_coordinator(timezone.now())


def _readiness(today: date) -> Iterator[Todo]:
    """Who can be designated, and who was designated before they had trained."""
    ready, untrained = readiness.ready_to_designate(), readiness.serving_untrained(today)
    url = reverse("team:roster")
    if len(ready) == 1:
        text, page = f"{ready[0]} is ready to be designated", reverse("team:member", args=[ready[0].pk])
        yield Todo(text, _("Trained, and the agreement is signed"), page, "Designate")
    elif ready:
        text = f"{counted(len(ready), '', 'members').capitalize()} are ready to be designated"
        yield Todo(text, _("Trained, and the agreement is signed"), f"{url}#ready", _("See who"))
    if untrained:
        who = counted(len(untrained), "designated member has", "designated members have").capitalize()
        detail = _("The initial training, or a subject that some requests need, is not on record")
        yield Todo(
            f"{who} not trained what is asked",
            detail,
            reverse("training:coverage"),
            _("See coverage"),
            needs_attention=True,
        )


def _lapses(today: date) -> Iterator[Todo]:
    url, next_sessions = reverse("training:coverage"), training_sessions.next_with_free_seats(timezone.now())
    for subject in training.by_subject(today, today):
        designated = sum(subject.standing.values())
        for status, verb in ((Status.LAPSED, "lapsed"), (Status.EXPIRING, "lapses soon")):
            members = subject.standing[status]
            if members:
                text = f"{subject.name}: {verb} for {apnumber(members)} of {apnumber(designated)}"
                yield Todo(text, _next_session(next_sessions.get(subject.code)), url, _("See coverage"))


def _next_session(session: training_sessions.NextSession | None) -> str:
    if session is None:
        return ""
    text = f"Next session on {date_format(session.day, 'j F')}"
    return f"{text}, with {counted(session.free_seats, 'free place', 'free places')}" if session.free_seats else text


def _training(today: date) -> Iterator[Todo]:
    yield from training_todo.for_coordinator(timezone.now())


def _texts(today: date) -> Iterator[Todo]:
    for text in program.texts_now():
        name, url = text.newest.get_name_display(), reverse("program:text", args=[text.newest.name])
        if text.awaits_approval:
            sentence, detail = _("A wording waits for your approval"), name
        elif not text.current.version:
            sentence, detail = f"Nobody here has approved the {name.lower()}", _("It came with the program")
        else:
            continue
        yield Todo(sentence, detail, url, "Read", entry="program:texts", count=1)


def _years(today: date) -> Iterator[Todo]:
    for year in stats.open_years(today):
        label, url = year.period.label, reverse("stats:close", args=[year.period.year])
        if year.problem:
            text = f"{label} cannot be counted to"
            yield Todo(text, str(year.problem), reverse("stats:index"), _("See why"), needs_attention=True)
        elif year.has_ended:
            yield Todo(f"{label} can be closed", _("Its report is released then"), url, _("Close it"))


def _gaps_on_call(today: date) -> Iterator[Todo]:
    gaps = availability.upcoming_schedule(timezone.now(), DAYS_AHEAD).gaps
    if gaps:
        text = f"Nobody is on call for {counted(whole_hours(gaps), 'hour', 'hours')} of the next two weeks"
        first = timezone.localtime(gaps[0][0])
        detail = f"First on {date_format(first, 'l, j F')} from {first:%H:%M}"
        yield Todo(text, detail, reverse("team:on_call"), _("Fill the gap"), needs_attention=True)


SOURCES: dict[Permission, list[Source]] = {
    Permission.MANAGE_TEAM: [_activations, _keys, _readiness, _gaps_on_call, _terms, _unsigned],
    Permission.MANAGE_TRAINING: [_training],
    Permission.DECIDE_APPLICATIONS: [_applications],
    Permission.SEE_TRAINING: [_lapses],
    Permission.APPROVE_TEXTS: [_texts],
    Permission.CLOSE_YEAR: [_years],
}
# Each of these costs a query or two, and none of them opens anything sealed.
COUNTED_BY_RAIL = {_keys, _training, _applications, _texts}


def _last_report() -> LastReport | None:
    report = next(iter(stats.reports()), None)
    if report is None:
        return None
    totals, *lists = range_charts([row for _, row in rows_with_period(report)])
    concerns = [_with_bands_only(chart) for chart in lists if chart.name == "concern" and chart.has_bands]
    return LastReport(report["period"], report["year"], (totals, *concerns))


def _with_bands_only(chart: Chart) -> Chart:
    return replace(chart, bars=tuple(bar for bar in chart.bars if not bar.is_too_few))
