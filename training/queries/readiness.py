"""Who is trained enough to be designated, and who serves without it."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from peersupport.team.domain.states import State
from peersupport.team.models import Member
from peersupport.team.queries.service_record import who_has_signed

from ..domain.coverage import Status, matrix
from ..presenters.wording import in_a_sentence
from . import records, subjects


@dataclass(frozen=True)
class Lacking:
    """What somebody has not trained. subjects: the names of those that some requests need, by where they stand."""

    initial: bool
    missing: tuple[str, ...] = ()
    lapsed: tuple[str, ...] = ()

    def __bool__(self) -> bool:
        return self.initial or bool(self.missing or self.lapsed)

    @property
    def in_words(self) -> list[str]:
        return [
            *(["The initial training is not complete."] if self.initial else []),
            *(f"Not trained in {in_a_sentence(name)}, which some requests need." for name in self.missing),
            *(f"No longer current in {in_a_sentence(name)}, which some requests need." for name in self.lapsed),
        ]


def lacking(members: Iterable[int], today: date) -> dict[int, Lacking]:
    """For each of these members; a constant number of queries."""
    ids = list(members)
    required = {each.code: each.name for each in subjects.subjects_in_use() if each.required_for}
    table = matrix(ids, required, subjects.completions(today, members=ids), today)
    trained = records.initially_trained(ids)

    def names(member_id: int, *statuses: Status) -> tuple[str, ...]:
        return tuple(required[code] for code, cell in table[member_id].items() if cell.status in statuses)

    return {pk: Lacking(pk not in trained, names(pk, Status.MISSING), names(pk, Status.LAPSED)) for pk in ids}


def ready_to_designate() -> list[Member]:
    """In training, with all hours of the initial training and a signed agreement: the head of the agency is next."""
    waiting = list(Member.objects.filter(state=State.IN_TRAINING).select_related("user").order_by("user__name", "pk"))
    ids = [each.pk for each in waiting]
    ready = records.initially_trained(ids) & who_has_signed(ids)
    return [each for each in waiting if each.pk in ready]


def serving_untrained(today: date) -> list[Member]:
    """Designated without all hours of the initial training, or without a subject that some requests need.

    What has merely lapsed is not among it: that is told by subject.
    """
    serving = list(Member.objects.filter(state=State.DESIGNATED).select_related("user").order_by("user__name", "pk"))
    found = lacking([each.pk for each in serving], today)
    return [each for each in serving if found[each.pk].initial or found[each.pk].missing]
