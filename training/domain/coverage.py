"""The team against its subjects: the matrix, the outlook, and the gaps. Pure: today is an argument."""

from bisect import bisect_right
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from peersupport.core.dates import add_months

from .standing import MISSING, TRAINED, Standing, Status, standing
from .validity import NEVER

MONTHS_AHEAD = 12
FEW_TRAINED = 2  # so many or fewer are a gap: with one on leave and one asleep nobody is left

Completed = Sequence[tuple[date, int | None]]  # days of completion, each with the months of the rule of that day


def matrix(
    members: Iterable[int], subjects: Iterable[str], completed: Mapping[tuple[int, str], Completed], today: date
) -> dict[int, dict[str, Standing]]:
    """Each member's standing in each subject, by the subject's code."""
    codes = list(subjects)
    return {member: {code: standing(completed.get((member, code), ()), today) for code in codes} for member in members}


def counted_standings(
    completed: Mapping[tuple[tuple[date, int | None], ...], int], members: int, today: date
) -> Counter[Standing]:
    """How many of these members have which standing in one subject.

    completed: how many of them completed it on which days; the others never did.
    """
    counted = Counter({MISSING: members - sum(completed.values())})
    for days, number in completed.items():
        counted[standing(days, today)] += number
    return +counted


def outlook_days(today: date) -> list[date]:
    """Today, and the same day of each of the coming twelve months."""
    return [add_months(today, months) for months in range(MONTHS_AHEAD + 1)]


def outlook(standings: Iterable[Standing], today: date) -> list[int]:
    """How many of them are still trained on each of the outlook days if nobody trains."""
    lapses = sorted(each.lapses_on or NEVER for each in standings if each.status in TRAINED)
    return [len(lapses) - bisect_right(lapses, day) for day in outlook_days(today)]


@dataclass(frozen=True)
class Gap:
    """A subject in which few are trained. lapses: for each who is expiring, the day of the lapse; in order."""

    code: str
    trained: int
    lapses: tuple[date, ...]


def gaps(standings_by_subject: Mapping[str, Sequence[Standing]]) -> list[Gap]:
    """The gaps among the given subjects, the fewest trained first.

    A subject is a gap if few are trained in it, or if few will be in EXPIRING_DAYS.
    """
    found = []
    for code, standings in standings_by_subject.items():
        trained = [each for each in standings if each.status in TRAINED]
        lapses = tuple(sorted(each.lapses_on for each in trained if each.status == Status.EXPIRING and each.lapses_on))
        if len(trained) - len(lapses) <= FEW_TRAINED:
            found.append(Gap(code, len(trained), lapses))
    return sorted(found, key=lambda gap: (gap.trained - len(gap.lapses), gap.trained))
