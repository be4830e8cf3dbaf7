"""The figures about the team as tables, on the page, in the workbook and in the PDF."""

from dataclasses import dataclass
from math import floor

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from peersupport.team.domain import states

from ..domain import team_bands
from ..domain.report import Outcome, OutcomeBand, SubjectFigures, TeamFigures
from .charts import grouped

ON_CALL = gettext_lazy("Percent of hours with someone on call")


@dataclass(frozen=True)
class Table:
    """Figures: a heading for each column, and rows whose first cell names them."""

    title: str
    head: tuple[str, ...]
    rows: tuple[tuple[str | int | float, ...], ...]

    @property
    def has_figures(self) -> bool:
        """Whether any figure is not zero."""
        return any(figure for __, *figures in self.rows for figure in figures)

    @property
    def is_narrow(self) -> bool:
        """One column of figures, which needs no cards on a narrow screen."""
        return len(self.head) == 2

    @property
    def labeled_rows(self) -> list[tuple[object, list[tuple[str, object]]]]:
        """Each row's name and its figures with their column headings, for screens too narrow for a heading row."""
        return [(name, list(zip(self.head[1:], figures, strict=True))) for name, *figures in self.rows]


def team_tables(team: TeamFigures) -> tuple[Table, ...]:
    """The team part as tables, without what an older report does not have."""
    tables = [_members(team)]
    if team.applications is not None:
        outcomes = tuple((_(outcome.name), _number(outcome)) for outcome in team.applications)
        tables.append(Table(_("Applications by outcome"), (_("Outcome"), _("Number")), outcomes))
    tables.append(_training(team.training))
    if team.sessions is not None:
        held = tuple((_(session.name), session.count, session.people) for session in team.sessions)
        tables.append(Table(_("Sessions held in this period"), (_("Session"), _("Number"), _("Attendance")), held))
    return tuple(tables)


def _members(team: TeamFigures) -> Table:
    share = None if team.on_call_share is None else floor(100 * team.on_call_share)
    rows = [
        *((_(label), team.members[state]) for state, label in states.MEMBERSHIP_STATE_LABELS.items()),
        (_("Designated in this period"), team.designations),
        (_(team_bands.ENDED_BY_PROGRAM[1]), team.de_selections),
        (_(team_bands.LEFT[1]), team.departures),
        *((_(ending.name), _number(ending)) for ending in team.endings or ()),
        (str(ON_CALL), share),
    ]
    known = tuple((label, number) for label, number in rows if number is not None)
    return Table(_("Members"), (_("Status"), _("Number")), known)


def _number(outcome: Outcome | OutcomeBand) -> str | int:
    if isinstance(outcome, Outcome):
        return outcome.count
    return f"{grouped(outcome.lo)}–{grouped(outcome.hi)}"


def _training(subjects: tuple[SubjectFigures, ...]) -> Table:
    head = (
        _("Subject"),
        _("Hours trained"),
        _("Current"),
        _("Lapsing within 60 days"),
        _("Lapsed"),
        _("Not trained"),
    )
    rows = tuple((s.name, s.hours, s.current, s.expiring, s.lapsed, s.missing) for s in subjects)
    return Table(_("Training and status of members who serve"), head, rows)
