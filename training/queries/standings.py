"""How many have which standing in each subject: of those who can serve today, and of those in service."""

from collections import Counter
from collections.abc import Collection, Mapping
from datetime import date

from peersupport.audit.remembered import OfToday
from peersupport.team import queries as team
from peersupport.team.queries import eligibility

from ..domain.coverage import counted_standings
from ..domain.standing import Standing
from ..models import Subject
from . import subjects

Standings = Mapping[str, Counter[Standing]]  # by the code of each subject; one that was made a moment ago may lack


def of_able(today: date) -> Standings:
    """Of the members who can serve on this day."""
    return _of_able.on(today)


def of_those_in_service(today: date) -> Standings:
    """Of the members who serve as the year goes; they may be away on this day."""
    return _of_those_in_service.on(today)


def _read_able(today: date) -> Standings:
    return _counted([member_id for member_id, reasons in team.serving(today).items() if not reasons], today)


def _read_in_service(today: date) -> Standings:
    return _counted(eligibility.in_service(team.serving(today)), today)


def _counted(members: Collection[int], today: date) -> Standings:
    completed = subjects.counted_completions(today, of=members)
    codes = Subject.objects.filter(is_retired=False).values_list("code", flat=True)
    return {code: counted_standings(completed.get(code, {}), len(members), today) for code in codes}


_of_able, _of_those_in_service = OfToday(_read_able), OfToday(_read_in_service)
