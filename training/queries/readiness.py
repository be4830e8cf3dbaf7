"""Who is trained enough to be designated, and who serves without being trained."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from peersupport.audit.remembered import OfToday
from peersupport.team import queries as team
from peersupport.team.domain.states import MembershipState
from peersupport.team.models import Member
from peersupport.team.queries import eligibility
from peersupport.team.queries.service_record import members_who_signed

from ..domain.coverage import matrix
from ..domain.standing import Status
from . import records, subjects


@dataclass(frozen=True)
class MissingTraining:
    """What a member has not trained; false if nothing is missing.

    is_initial_missing: the hours of the initial training are not reached. untrained, lapsed: names of subjects that
    some requests require.
    """

    is_initial_missing: bool
    untrained: tuple[str, ...] = ()
    lapsed: tuple[str, ...] = ()

    def __bool__(self) -> bool:
        return self.is_initial_missing or bool(self.untrained or self.lapsed)


def missing_training(members: Iterable[int], today: date) -> dict[int, MissingTraining]:
    """For each of these members, by number; a constant number of queries."""
    ids = list(members)
    required = {subject.code: subject.name for subject in subjects.subjects_in_use() if subject.required_for}
    table = matrix(ids, required, subjects.last_completions(today, members=ids), today)
    initially_trained = records.initially_trained(ids)

    def names(member_id: int, status: Status) -> tuple[str, ...]:
        return tuple(required[code] for code, standing in table[member_id].items() if standing.status == status)

    return {
        pk: MissingTraining(pk not in initially_trained, names(pk, Status.MISSING), names(pk, Status.LAPSED))
        for pk in ids
    }


def ready_to_designate() -> list[Member]:
    """Members in training who have reached their initial hours and signed the agreement, by name."""
    trainees = list(
        Member.objects.filter(state=MembershipState.IN_TRAINING).select_related("user").order_by("user__name", "pk")
    )
    ids = [member.pk for member in trainees]
    ready = records.initially_trained(ids) & members_who_signed(ids)
    return [member for member in trainees if member.pk in ready]


def serving_untrained(today: date) -> frozenset[int]:
    """Who is in service without their initial hours, or never trained in a subject that some requests require; ids.

    A lapse alone does not count here: the home lists lapses by subject.
    """
    return _untrained.on(today)


def _read_untrained(today: date) -> frozenset[int]:
    serving = frozenset(eligibility.in_service(team.serving(today)))
    trained = serving & records.initially_trained(serving)
    required = [subject.pk for subject in subjects.subjects_in_use() if subject.required_for]
    if required:
        trained &= records.trained_in_all(required, today)
    return serving - trained


_untrained = OfToday(_read_untrained)
