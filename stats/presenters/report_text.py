"""What a released report says in sentences and tables, the same on the page, in the workbook and in the PDF. Pure."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from math import floor
from typing import Any

from peersupport.core.sentences import gettext_noop as _
from peersupport.team.domain import states

from ..domain.report import Report, rows_with_period
from .charts import Bar, Chart, range_charts

IN_SENTENCES, READING = _("In plain sentences"), _("How to read the numbers")  # headings
HOW_TO_READ = _(
    "Each number was altered at random by at most 9, and by at most 6 in 96 of 100 cases, so that nobody can be "
    "found in it. It is then given as a band of ten. A band may be off by one: the true number can lie in the band "
    "beside it. Where a band would start at nothing, it says “too few to break down”."
)
LEAD = _(
    "Peer support is confidential, voluntary, one-on-one support from specially trained co-workers. It complements "
    "professional care and does not replace it. No records are kept that identify who uses the program; what "
    "follows are its general statistics, in numbers that name nobody and lead back to nobody."
)
LISTS_TO_COME = _(
    "What people came with, and every other list, is counted over the years {} together and comes with the report of "
    "the last of them. In an agency of this size one year has too few in a line to say anything that is not about "
    "somebody."
)
LISTS_TOGETHER = _(
    "The lists that follow are not of one year: they count the years {} together. Whoever was new to the program in "
    "more than one of them is counted once in each. Where a list adds up to more than the people or the contacts of "
    "these years, the last year's number was raised."
)
UP_TO_NINE = ("no", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine")
ON_CALL = _("Of every 100 hours of this period, with somebody on call")
TEAM_LEAD = _("These figures are exact. They are about the people who serve, whose work is on record.")
STANDINGS = {
    "current": "Current",
    "expiring": _("Lapse within 60 days"),
    "lapsed": "Lapsed",
    "missing": _("Never trained"),
}


@dataclass(frozen=True)
class Table:
    """Exact figures: a heading for each column, and rows whose first cell names them."""

    title: str
    head: tuple[str, ...]
    rows: tuple[tuple[str | int | float, ...], ...]

    @property
    def has_figures(self) -> bool:
        """Whether any figure is not zero."""
        return any(figure for _, *figures in self.rows for figure in figures)

    @property
    def labeled_rows(self) -> list[tuple[object, list[tuple[str, object]]]]:
        """Each row's name and its figures with their column headings, for screens too narrow for a heading row."""
        return [(name, list(zip(self.head[1:], figures, strict=True))) for name, *figures in self.rows]


@dataclass(frozen=True)
class ReportText:
    """Everything a report says, in the order of the page.

    lists_note: where the lists are not of this year alone, which years they count or when they will come.
    """

    title: str
    agency: str
    lead: str
    sentences: tuple[str, ...]
    how_to_read: str
    lists_note: str
    charts: tuple[Chart, ...]
    team_lead: str
    team: tuple[Table, ...]
    in_sentences: str = IN_SENTENCES
    reading: str = READING


def report_text(report: Report, *, agency: str, program: str) -> ReportText:
    """What the page, the spreadsheet and the PDF say of a closed year, under the names it was closed with."""
    return ReportText(
        title=f"Peer support in {report['period']}",
        agency=agency,
        lead=LEAD,
        sentences=sentences(report, agency=agency, program=program),
        how_to_read=HOW_TO_READ,
        lists_note=lists_note(report),
        charts=tuple(range_charts([row for _, row in rows_with_period(report)])),
        team_lead=TEAM_LEAD,
        team=team_tables(report["team"]),
    )


def lists_note(report: Report) -> str:
    """Why there are no lists yet, or which years they count. Empty where every year has its own."""
    breakdown = report.get("breakdown")
    if breakdown is None:
        return ""
    return (LISTS_TOGETHER if breakdown["rows"] else LISTS_TO_COME).format(breakdown["period"])


def sentences(report: Report, *, agency: str, program: str) -> tuple[str, ...]:
    """Sentences that a council can quote: each stands alone and claims no more than the numbers do."""
    totals = {bar.code: bar for bar in range_charts(report["rows"])[0].bars}
    contacts, persons = totals["contacts-all"], totals["persons-all"]
    team = report["team"]
    hours = sum(subject["hours"] for subject in team["training"])
    return (
        f"In {report['period']} the members of {program} at {agency} gave support: {_amount(contacts, 'contacts')}.",
        f"New to the program in that year: {_amount(persons, 'people')}.",
        f"When the year was closed, {_count(team['members']['designated'], 'member was', 'members were')} designated "
        f"to give support; {_count(team['designations'], 'designation was', 'designations were')} made in the year.",
        f"The team trained for {_count(hours, 'hour', 'hours')} in that year.",
        *_sessions(team),
        _(
            "No number of contacts or people in this report is exact, on purpose: each was altered at random and is "
            "given as a band, so that nobody who asked for support can be found in it."
        ),
    )


def _sessions(team: Mapping[str, Any]) -> tuple[str, ...]:
    given = [session for session in team.get("sessions", ()) if session["code"] != "training" and session["count"]]
    if not given:
        return ()
    held, people = (sum(session[key] for session in given) for key in ("count", "people"))
    sessions = _count(held, _("education or outreach session was"), _("education and outreach sessions were"))
    return (f"In that year {sessions} held, for {_count(people, 'person', 'people')} in all.",)


def team_tables(team: Mapping[str, Any]) -> tuple[Table, ...]:
    """The team part as tables, without what an older report does not have."""
    tables = [_members(team)]
    if "applications" in team:
        rows = tuple((outcome["name"], outcome["count"]) for outcome in team["applications"])
        tables.append(Table(_("Applications by outcome"), ("Outcome", _("How many")), rows))
    tables.append(_training(team["training"]))
    if "sessions" in team:
        held = tuple((session["name"], session["count"], session["people"]) for session in team["sessions"])
        tables.append(Table(_("Sessions held in this period"), ("Session", _("How many"), _("People there")), held))
    return tuple(tables)


def _members(team: Mapping[str, Any]) -> Table:
    by_state = [(label, team["members"][state]) for state, label in states.MEMBERSHIP_STATE_LABELS.items()]
    in_period = [(_("Designated in this period"), team["designations"])]
    for code, label in (
        ("de_selections", _("Membership ended by the program")),
        ("departures", _("Left by themselves")),
    ):
        if code in team:
            in_period.append((label, team[code]))
    if "on_call_share" in team:
        in_period.append((ON_CALL, floor(100 * team["on_call_share"])))
    return Table("Members", (_("Where they stand"), _("How many")), (*by_state, *in_period))


def _training(subjects: Sequence[Mapping[str, Any]]) -> Table:
    head = ("Subject", _("Hours trained"), *STANDINGS.values())
    rows = tuple((s["name"], s["hours"], *(s[status] for status in STANDINGS)) for s in subjects)
    return Table(_("Training, and where designated members stood"), head, rows)


def _amount(bar: Bar, noun: str) -> str:
    return f"too few {noun} to give a number" if bar.is_too_few else f"{bar.text} {noun}"


def _count(number: int | float, one: str, more: str) -> str:
    """Numbers up to nine as words, zero as "no"."""
    spelled = UP_TO_NINE[int(number)] if number in range(len(UP_TO_NINE)) else f"{number:,.10g}"
    return f"{spelled} {one if number == 1 else more}"
