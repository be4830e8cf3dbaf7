"""What waits for the person who has signed in, in sentences. Each part asks the room that knows."""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import date, datetime

from django.contrib.humanize.templatetags.humanize import apnumber
from django.urls import reverse
from django.utils import timezone
from django.utils.formats import date_format

from applications.presenters import todo as applications_waiting
from peersupport.access.permissions import Permission, is_allowed
from peersupport.incidents import queries
from peersupport.incidents.domain.activation import Answer
from peersupport.program import queries as program
from peersupport.team.domain.schedule import DAYS_AHEAD, hours_in
from peersupport.team.models import User
from peersupport.team.queries import availability, members, service_record
from requests_app.domain.wait_reasons import Cause
from requests_app.queries import availability as availability_queries
from requests_app.queries import consultations
from stats import queries as stats
from stats.documents.exports import lines
from stats.presenters.charts import Picture, pictures
from training import counts as training
from training.domain.coverage import Status
from training.presenters import todo as training_waiting
from training.queries import readiness, sessions

from .launch import GoingLive, going_live


@dataclass(frozen=True)
class Row:
    """One thing that waits: what, a word more, where it is dealt with, and what the press there does.

    place, how_many: at which place of the rail so many things wait, where they are counted there.
    """

    words: str
    more: str = ""
    url: str = ""
    link: str = ""
    is_warm: bool = False
    place: str = ""
    how_many: int = 0


Look = Callable[[date], Iterator[Row]]


@dataclass(frozen=True)
class LastReport:
    period: str
    year: int
    pictures: tuple[Picture, ...]


@dataclass(frozen=True)
class Home:
    lead: str
    rows: tuple[Row, ...]
    last_report: LastReport | None
    checklist: GoingLive | None


def home_for(user: User, today: date) -> Home:
    lead = ""
    rows: list[Row] = []
    checklist = going_live() if is_allowed(user.roles, Permission.MANAGE_TEAM) else None
    is_said_above = checklist is not None and checklist.opened_on is None
    if is_allowed(user.roles, Permission.SEE_WAITING):
        lead, causes = _requests()
        rows += [] if is_said_above else causes
    rows += _consultations(user)
    for look in _looks(user):
        if not (is_said_above and look is _gaps_on_call):
            rows += look(today)
    if checklist is not None:
        rows += [Row(f"No longer so: {gap.words}", gap.more, gap.url, gap.link, is_warm=True) for gap in checklist.gaps]
    report = _last_report() if is_allowed(user.roles, Permission.SEE_REPORT) else None
    return Home(lead or ("" if rows else "Nothing waits for you."), tuple(rows), report, checklist)


def counted_rows(user: User, today: date) -> Iterator[Row]:
    """Those rows of the home that the rail counts on every page."""
    yield from _consultations(user)
    for look in _looks(user):
        if look in COUNTED:
            yield from look(today)


def _looks(user: User) -> Iterator[Look]:
    for permission, looks in LOOKS.items():
        if is_allowed(user.roles, permission):
            yield from looks


# These keep whoever asks next waiting; the others are told while somebody waits.
BEFORE_ANYBODY_ASKS = {Cause.NOBODY_SERVES, Cause.NOBODY_ON_CALL, Cause.NO_BELL}
SEE = {
    "team:roster": "See the team",
    "team:on_call": "See the schedule",
    "training:coverage": "See coverage",
}


def _requests() -> tuple[str, list[Row]]:
    """In the words of the page that explains it."""
    summary = availability_queries.waiting_summary(timezone.now())
    rows = [
        Row(each.in_words, each.remedy, reverse(each.page), SEE[each.page], is_warm=True)
        for each in summary.causes
        if each.cause in BEFORE_ANYBODY_ASKS or summary.is_anybody_waiting
    ]
    if not summary.is_anybody_waiting_too_long:
        return " ".join(summary.sentences), rows
    url = reverse("requests_app:waiting")
    return "", [*(Row(words.rstrip("."), "", url, "See why", is_warm=True) for words in summary.sentences), *rows]


def _consultations(user: User) -> Iterator[Row]:
    asked = consultations.waiting_for(user) if is_allowed(user.roles, Permission.ANSWER_CONSULTATION) else []
    if asked:
        words = _count(len(asked), "member asks for a call", "members ask for a call")
        place = "requests_app:consultations"
        yield Row(words, asked[0].label, reverse(place), "Answer", is_warm=True, place=place, how_many=len(asked))


def _terms(today: date) -> Iterator[Row]:
    terms = list(service_record.terms_that_end_soon(today).select_related("user")[:2])
    if len(terms) == 1:
        words, url = f"The term of {terms[0]} has ended, or ends soon", reverse("team:member", args=[terms[0].pk])
        yield Row(words, "Renew it, or let it end", url, "Renew")
    elif terms:
        words = "Terms have ended, or end within 60 days"
        yield Row(words, "Renew them, or let them end", reverse("team:roster"), "See whose")


def _unsigned(today: date) -> Iterator[Row]:
    unsigned = service_record.members_to_sign(program.standing_text(program.AGREEMENT).version).count()
    if unsigned:
        words = f"{_count(unsigned, 'member has', 'members have')} an agreement to sign"
        yield Row(words, "They are told, and find it on their own page", reverse("team:roster"), "See who")


def _activations(today: date) -> Iterator[Row]:
    url, running = reverse("incidents:activation"), queries.activation_now()
    if running is not None:
        answers = [call.answer for call in queries.called_out(running)]
        come, open_ = answers.count(Answer.COMES), answers.count(Answer.NONE)
        words = (
            f"The team is called out: {_count(come, 'member', 'members').lower() if come else 'nobody yet'} can come"
        )
        more = f"{_count(open_, 'has', 'have')} not answered yet" if open_ else ""
        yield Row(words if answers else "An activation runs, and nobody is called out yet", more, url, "See who comes")
    for each in queries.activations_to_look_at(today):
        words = f"Time to ask how people are: an incident on {date_format(each.begun_on, 'j F Y')}"
        yield Row(words, "After three days, two weeks and a year", url, "See to it")


def _keys(today: date) -> Iterator[Row]:
    waiting = members.keys_to_confirm()
    if waiting:
        words = "A new key to confirm" if waiting == 1 else f"{_count(waiting, '', 'new keys')} to confirm"
        more, place = "Ask them in person for the four words", "team:roster"
        yield Row(words, more, reverse(place), "Confirm", place=place, how_many=waiting)


def _applications(today: date) -> Iterator[Row]:
    for each in applications_waiting.for_coordinator(timezone.now()):
        yield Row(each.words, each.more, each.url, each.link, place="applications:list", how_many=each.how_many)


def _ready(today: date) -> Iterator[Row]:
    """Who can be designated, and who was before they had trained."""
    ready, untrained = readiness.ready_to_designate(), readiness.serving_untrained(today)
    url = reverse("team:roster")
    if len(ready) == 1:
        words, page = f"{ready[0]} is ready to be designated", reverse("team:member", args=[ready[0].pk])
        yield Row(words, "Trained, and the agreement is signed", page, "Designate")
    elif ready:
        words = f"{_count(len(ready), '', 'members')} are ready to be designated"
        yield Row(words, "Trained, and the agreement is signed", f"{url}#ready", "See who")
    if untrained:
        who = _count(len(untrained), "designated member has", "designated members have")
        more = "The initial training, or a subject that some requests need, is not on record"
        url = reverse("training:coverage")
        yield Row(f"{who} not trained what is asked", more, url, "See coverage", is_warm=True)


def _training(today: date) -> Iterator[Row]:
    url, places = reverse("training:coverage"), _free_places(timezone.now())
    for subject in training.by_subject(today, today):
        designated = sum(subject.standing.values())
        for status, verb in ((Status.LAPSED, "lapsed"), (Status.EXPIRING, "lapses soon")):
            who = subject.standing[status]
            if who:
                words = f"{subject.name}: {verb} for {apnumber(who)} of {apnumber(designated)}"
                yield Row(words, places.get(subject.code, ""), url, "See coverage")


def _free_places(now: datetime) -> Mapping[str, str]:
    """For each subject: the next session that trains it and still has a place."""
    found: dict[str, str] = {}
    for session in sessions.sessions_to_come(now):
        free = None if session.capacity is None else session.capacity - session.taken  # type: ignore[attr-defined]
        if session.starts_at > now and free != 0:
            words = f"Next session on {date_format(session.day, 'j F')}"
            words += f", with {_count(free, 'free place', 'free places').lower()}" if free else ""
            for part in session.parts.all():
                found.setdefault(part.subject.code, words)
    return found


def _training_to_look_at(today: date) -> Iterator[Row]:
    for one in training_waiting.for_coordinator(timezone.now()):
        yield Row(one.words, one.more, one.url, one.link, place="training:index", how_many=one.how_many)


def _wording_to_approve(today: date) -> Iterator[Row]:
    for text in program.texts_now():
        name, url = text.newest.get_name_display(), reverse("program:text", args=[text.newest.name])
        if text.waits:
            words, more = "A wording waits for your approval", name
        elif not text.standing.version:
            words, more = f"Nobody here has approved the {name.lower()}", "It came with the program"
        else:
            continue
        yield Row(words, more, url, "Read", place="program:texts", how_many=1)


def _years(today: date) -> Iterator[Row]:
    for year in stats.open_years(today):
        url = reverse("stats:close", args=[year.period.year])
        if year.alarm:
            yield Row(
                f"{year.period.label} cannot be counted to", str(year.alarm), reverse("stats:index"), "See why", True
            )
        elif year.has_ended:
            yield Row(f"{year.period.label} can be closed", "Its report is released then", url, "Close it")


def _gaps_on_call(today: date) -> Iterator[Row]:
    gaps = availability.ahead(timezone.now(), DAYS_AHEAD).gaps
    if gaps:
        words = f"Nobody is on call for {_count(hours_in(gaps), 'hour', 'hours').lower()} of the next two weeks"
        first = timezone.localtime(gaps[0][0])
        more = f"First on {date_format(first, 'l, j F')} from {first:%H:%M}"
        yield Row(words, more, reverse("team:on_call"), "Fill the gap", is_warm=True)


# Rooms above add theirs when they are loaded (operations/apps.py).
LOOKS: dict[Permission, tuple[Look, ...]] = {
    Permission.MANAGE_TEAM: (_activations, _keys, _ready, _gaps_on_call, _terms, _unsigned),
    Permission.MANAGE_TRAINING: (_training_to_look_at,),
    Permission.DECIDE_APPLICATIONS: (_applications,),
    Permission.SEE_TRAINING: (_training,),
    Permission.APPROVE_TEXTS: (_wording_to_approve,),
    Permission.CLOSE_YEAR: (_years,),
}
# What costs a query or two, and opens nothing that is sealed.
COUNTED = {_keys, _training_to_look_at, _applications, _wording_to_approve}


def _last_report() -> LastReport | None:
    report = next(iter(stats.reports()), None)
    if report is None:
        return None
    totals, *vectors = pictures([row for _, row in lines(report)])
    concerns = [_with_bands_only(picture) for picture in vectors if picture.name == "concern" and picture.has_bands]
    return LastReport(report["period"], report["year"], (totals, *concerns))


def _with_bands_only(picture: Picture) -> Picture:
    return replace(picture, bars=tuple(bar for bar in picture.bars if not bar.is_too_few))


def _count(number: int, one: str, many: str) -> str:
    """Numbers are words first: "one request waits", "three requests wait"."""
    return f"{apnumber(number)} {one if number == 1 else many}".capitalize()
