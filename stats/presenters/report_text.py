"""What a released report says in sentences and tables, the same on the page, in the workbook and in the PDF."""

from dataclasses import dataclass

from django.utils.text import capfirst
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from peersupport.core.plurals import in_words, plural_of

from ..domain.report import Report, TeamFigures
from .charts import Chart, grouped, range_charts
from .team_tables import Table, team_tables

IN_SENTENCES = gettext_lazy("In plain sentences")
READING = gettext_lazy("How to read the numbers")
THE_TEAM = gettext_lazy("The team")
HOW_TO_READ = gettext_lazy(
    "To protect privacy, random noise of up to 9 was added to each number (6 or less, 96 times out of 100). Each "
    "number is then shown as a band of ten, such as “about 10–19”. Because of the noise, a band may be off by one: the "
    "true number can be in the band next to it. If a band would start at zero, it says “too few to break down”."
)
LEAD = gettext_lazy(
    "Peer support is confidential, voluntary, one-on-one support from specially trained co-workers. It adds to "
    "professional care and doesn't replace it. The program keeps no records that identify who uses it. These are its "
    "general statistics, in numbers that name nobody and don't lead back to anyone."
)
LISTS_TO_COME = gettext_lazy(
    "Main concerns and every other list are counted over %(years)s together and come with the report for "
    "the last of those years. In an agency this size, one year has too few people in each line to say anything "
    "without saying it about a particular person."
)
LISTS_TOGETHER = gettext_lazy(
    "The lists below aren't for one year: they count %(years)s together. A person who got support in more than one "
    "of those years is counted once in each. Where a list adds up to more than the people or contacts of "
    "those years, the last year's number was raised to match."
)
TEAM_LEAD = gettext_lazy(
    "These figures are about the team, whose work is on record. They're exact, except for applications and the ends of "
    "memberships: those are in bands of ten, all on one line if any line is smaller, so that nobody can be picked out. "
    "Members are counted on the day the year was closed, and the status of training on the last day of the year."
)
EXACT_TEAM_LEAD = gettext_lazy(
    "These figures are exact. They're about the team, whose work is on record. Members are counted on the day the "
    "year was closed, and the status of training on the last day of the year."
)


@dataclass(frozen=True)
class ReportText:
    """Everything a report says, in the order of the page.

    lists_note: where the lists are not of this year alone, which years they count or when they will come.
    """

    title: str
    agency: str
    lead: str
    in_sentences: str
    sentences: tuple[str, ...]
    reading: str
    how_to_read: str
    lists_note: str
    charts: tuple[Chart, ...]
    the_team: str
    team_lead: str
    team: tuple[Table, ...]


def report_text(report: Report, *, agency: str, program: str) -> ReportText:
    """What the page, the spreadsheet and the PDF say of a closed year, under the names it was closed with."""
    return ReportText(
        title=title_of(report),
        agency=agency,
        lead=str(LEAD),
        in_sentences=str(IN_SENTENCES),
        sentences=sentences(report, agency=agency, program=program),
        reading=str(READING),
        how_to_read=str(HOW_TO_READ),
        lists_note=lists_note(report),
        charts=tuple(range_charts(report.all_rows())),
        the_team=str(THE_TEAM),
        team_lead=str(TEAM_LEAD if report.team.is_in_bands else EXACT_TEAM_LEAD),
        team=team_tables(report.team),
    )


def title_of(report: Report) -> str:
    return _("Peer support in %(period)s") % {"period": report.period}


def lists_note(report: Report) -> str:
    """Why there are no lists yet, or which years they count. Empty where every year has its own."""
    if report.breakdown is None:
        return ""
    note = LISTS_TOGETHER if report.breakdown.rows else LISTS_TO_COME
    return str(note) % {"years": report.breakdown.period}


def sentences(report: Report, *, agency: str, program: str) -> tuple[str, ...]:
    """Sentences that a council can quote: each stands alone and claims no more than the numbers do."""
    return (
        _contacts(report, agency, program),
        _people(report),
        _designated(report.team),
        _designations(report),
        _hours(report),
        *_sessions(report),
        _(
            "The numbers of contacts and people in this report aren't exact, on purpose. Random noise was added to "
            "each, and it's shown as a band, so that nobody who asked for support can be found in it."
        ),
    )


def _contacts(report: Report, agency: str, program: str) -> str:
    names = {"period": report.period, "program": program, "agency": agency}
    contacts = range_charts(report.rows)[0].bars[1]
    if contacts.is_too_few:
        sentence = _("In %(period)s, the members of %(program)s at %(agency)s had too few contacts to give a number.")
        return sentence % names
    return _("In %(period)s, the members of %(program)s at %(agency)s gave support in %(band)s contacts.") % {
        **names,
        "band": contacts.text,
    }


def _people(report: Report) -> str:
    """Each is counted at their first contact of the year, as far as the peer knows; some came in earlier years too."""
    persons = range_charts(report.rows)[0].bars[0]
    if persons.is_too_few:
        return _("In %(period)s, too few people got support to give a number.") % {"period": report.period}
    return _("In %(period)s, %(band)s people got support, as far as the peers know.") % {
        "period": report.period,
        "band": persons.text,
    }


def _designated(team: TeamFigures) -> str:
    number = team.members["designated"]
    if not number:
        return _("When the year was closed, no members were designated to give support.")
    return ngettext(
        "When the year was closed, %(number)s member was designated to give support.",
        "When the year was closed, %(number)s members were designated to give support.",
        number,
    ) % {"number": spelled(number)}


def _designations(report: Report) -> str:
    number = report.team.designations
    if not number:
        return _("In %(period)s, nobody was designated.") % {"period": report.period}
    return ngettext(
        "In %(period)s, %(number)s person was designated.", "In %(period)s, %(number)s people were designated.", number
    ) % {"period": report.period, "number": spelled(number)}


def _hours(report: Report) -> str:
    hours = sum(subject.hours for subject in report.team.training)
    if not hours:
        return _("In %(period)s, the team recorded no training.") % {"period": report.period}
    return ngettext(
        "In %(period)s, the team trained for %(number)s hour.",
        "In %(period)s, the team trained for %(number)s hours.",
        plural_of(hours),
    ) % {"period": report.period, "number": spelled(hours)}


def _sessions(report: Report) -> tuple[str, ...]:
    """Education and outreach, in two sentences, so that each has one number to agree with."""
    given = [session for session in report.team.sessions or () if session.code != "training" and session.count]
    if not given:
        return ()
    held, people = sum(session.count for session in given), sum(session.people for session in given)
    sessions = ngettext(
        "In %(period)s, %(number)s education or outreach session was held.",
        "In %(period)s, %(number)s education and outreach sessions were held.",
        held,
    ) % {"period": report.period, "number": spelled(held)}
    if not people:
        return (sessions,)
    reached = ngettext(
        "%(number)s person took part in education and outreach.",
        "%(number)s people took part in education and outreach.",
        people,
    ) % {"number": spelled(people)}
    return (sessions, capfirst(reached))


def spelled(number: int | float) -> str:
    """As a sentence has it: "one" to "nine", then "10", "12,500.5"."""
    if number == int(number) and 0 < number < 10:
        return in_words(int(number))
    return grouped(round(number, 2))
