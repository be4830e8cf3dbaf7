"""Applications by outcome and endings by reason, as everybody but coordinator and clinical director reads them. Pure.

"Declined: 1" beside what colleagues know of each other is a person. So these two lists are given in bands of ten, and
either every line has at least ten people or the whole list is one line. Whether it is one line, and what that line
says, depends on the sum alone as long as any line is small. So a reader who knows even the exact sum (the team's exact
figures give it away: members who have ended, year by year) can't tell one small line from another.
"""

from collections.abc import Sequence
from dataclasses import replace

from peersupport.core.sentences import gettext_noop as _

from .disclosure import BAND, lower_bound
from .report import Outcome, OutcomeBand, Report, TeamFigures

# Who was accepted can be seen on the roster, so this outcome has a line of its own. Added to the others, it could be
# subtracted again.
ACCEPTED = "conditional"
OTHER_OUTCOMES = ("not_accepted", _("On the waiting list, declined, withdrawn or not pursued"))
ALL_ENDINGS = ("all", _("Membership ended, for any reason"))
ENDED_BY_PROGRAM = ("de_selections", _("Membership ended by the program"))
LEFT = ("departures", _("Left on their own"))


def public_report(report: Report) -> Report:
    """A copy for everybody: public pages, files, and pages that any member reads."""
    return replace(report, team=public_figures(report.team))


def public_figures(team: TeamFigures) -> TeamFigures:
    """The figures of a closed year, with applications and endings in bands. What an older report lacks stays out."""
    return replace(team, applications=_applications(team), endings=_endings(team), de_selections=None, departures=None)


def public_figures_so_far(team: TeamFigures) -> TeamFigures:
    """The figures of a year that goes on, without applications and endings.

    Of a number that can be looked at every day even a band tells something: on the day when it changes, the sum is
    known exactly, and so is what happened that day.
    """
    return replace(team, applications=None, endings=None, de_selections=None, departures=None)


def in_bands(lines: Sequence[Outcome], *, together: tuple[str, str]) -> tuple[OutcomeBand, ...]:
    """A band for each line if all have ten or more, and otherwise one for all.

    together: code and name of that one line.
    """
    if all(line.count >= BAND for line in lines):
        return tuple(_band(line.code, line.name, line.count) for line in lines)
    return (_band(*together, sum(line.count for line in lines)),)


def _applications(team: TeamFigures) -> tuple[OutcomeBand, ...] | None:
    if team.applications is None:
        return None
    exact = [each for each in team.applications if isinstance(each, Outcome)]
    accepted = [each for each in exact if each.code == ACCEPTED]
    others = [each for each in exact if each.code != ACCEPTED]
    own = tuple(_band(each.code, each.name, each.count) for each in accepted)
    return own + in_bands(others, together=OTHER_OUTCOMES)


def _endings(team: TeamFigures) -> tuple[OutcomeBand, ...] | None:
    if team.de_selections is None or team.departures is None:
        return None
    lines = [Outcome(*ENDED_BY_PROGRAM, team.de_selections), Outcome(*LEFT, team.departures)]
    return in_bands(lines, together=ALL_ENDINGS)


def _band(code: str, name: str, count: int) -> OutcomeBand:
    lo = lower_bound(count)
    return OutcomeBand(code, name, lo, lo + BAND - 1)
