"""What the coverage says in words and as a picture."""

from collections.abc import Sequence
from typing import TYPE_CHECKING

from django.utils.formats import date_format
from django.utils.text import capfirst
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from peersupport.core.plurals import in_words
from peersupport.program.vocabulary import CONCERN

from ..domain.coverage import Gap
from ..domain.standing import STATUS_LABELS, STATUS_SYMBOLS, TRAINED, Standing, Status
from .formats import in_a_sentence

if TYPE_CHECKING:
    from peersupport.team.models import Member

    from ..queries.coverage import Coverage, SubjectOutlook


def legend() -> list[tuple[str, str, str]]:
    """Mark, label and code of each status."""
    return [(STATUS_SYMBOLS[status], _(label), status.value) for status, label in STATUS_LABELS.items()]


def gap_text(gap: Gap, subject: str) -> str:
    """ "Two members are trained in suicide intervention; one of them lapses on March 3, 2027." subject: its name."""
    values = {"subject": in_a_sentence(subject), "number": in_words(gap.trained), "lapsing": in_words(len(gap.lapses))}
    if not gap.trained:
        return _("Nobody is trained in %(subject)s.") % values
    if gap.lapses:
        values["day"] = date_format(gap.lapses[0], "DATE_FORMAT")
    return capfirst(_gap_sentence(gap.trained, len(gap.lapses)) % values)


def _gap_sentence(trained: int, lapsing: int) -> str:
    if not lapsing:
        return ngettext(
            "%(number)s member is trained in %(subject)s.", "%(number)s members are trained in %(subject)s.", trained
        )
    if trained == 1:
        return _("One member is trained in %(subject)s, and that lapses on %(day)s.")
    return ngettext(
        "%(number)s members are trained in %(subject)s; %(lapsing)s of them lapses on %(day)s.",
        "%(number)s members are trained in %(subject)s; %(lapsing)s of them lapse within 60 days, first on %(day)s.",
        lapsing,
    )


def concerns_text(codes: Sequence[str]) -> str:
    """The concerns with these codes: "suicidal thoughts, critical incident"."""
    return ", ".join(_(CONCERN.labels[code]).lower() for code in codes if code in CONCERN.labels)


def outlook_text(counts: Sequence[int]) -> str:
    """counts: how many are trained today and in each of the coming months."""
    return _("%(now)s now, %(later)s in a year") % {"now": counts[0], "later": counts[-1]}


def outlook_bars(ahead: "SubjectOutlook") -> str:
    """The SVG path of thirteen bars on a ground of 130 by 32, each as high as its share of the team."""
    top = max(ahead.members, 1)
    heights = [round(28 * count / top, 1) for count in ahead.counts]
    return "".join(f"M{10 * index + 1} 31v-{height}h8v{height}z" for index, height in enumerate(heights))


def standings_text(standings: Sequence[Standing]) -> str:
    """One member's row in short: "all 7 current", "5 of 7 current, 1 lapses soon"."""
    soon = sum(standing.status == Status.EXPIRING for standing in standings)
    values = {
        "number": len(standings),
        "trained": sum(standing.status in TRAINED for standing in standings),
        "soon": soon,
    }
    if soon:
        sentence = ngettext(
            "%(trained)s of %(number)s current, %(soon)s lapses soon",
            "%(trained)s of %(number)s current, %(soon)s lapse soon",
            soon,
        )
    elif standings and values["trained"] == len(standings):
        sentence = _("all %(number)s current")
    else:
        sentence = _("%(trained)s of %(number)s current")
    return sentence % values


def member_line(member: "Member", standings: Sequence[Standing]) -> str:
    """Below a member's name in the list: state, unit, and how much is current."""
    return " · ".join(filter(None, [member.get_state_display(), member.unit, standings_text(standings)]))


def empty_text(coverage: "Coverage") -> str:
    """What stands in place of a matrix without rows or columns, on a team that has members."""
    if coverage.is_filtered:
        return _("Nobody on the team matches all of these. Choose something else, or show everyone.")
    return _("The team has no training subjects right now.")
