"""Whom and what an officer can ask for: the same for everyone, and only what somebody who serves could give."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime

from django.utils import timezone

from peersupport.team.domain.attributes import GENDER_LABELS, LANGUAGE_LABELS
from peersupport.team.domain.states import MEMBER_KIND_LABELS
from peersupport.team.models import Member
from peersupport.team.queries import eligibility

ASKED_OF_MEMBERS = ("unit", "kind", "gender", "languages", "is_asked_by_name", "user__name")
Choices = Sequence[tuple[int | str, str]]


@dataclass(frozen=True)
class PreferenceChoices:
    """What an officer may ask for, as choices of a form: only what somebody who serves could give.

    names: whom they may see; askable_names: whom they may ask for.
    """

    names: Choices = ()
    askable_names: Choices = ()
    units: Sequence[str] = ()
    languages: Choices = ()
    kinds: Choices = ()
    genders: Choices = ()


def preference_choices(now: datetime) -> PreferenceChoices:
    """The names, units and attributes that an officer may ask for or leave out."""
    members = list(eligibility.public_roster(timezone.localdate(now)).only(*ASKED_OF_MEMBERS))
    kinds, genders = {member.kind for member in members}, {member.gender for member in members}
    languages = {code for member in members for code in member.languages}
    return PreferenceChoices(
        names=[(member.pk, str(member)) for member in members],
        askable_names=[(member.pk, str(member)) for member in members if member.is_asked_by_name],
        units=_units_of(members),
        languages=[(code, label) for code, label in LANGUAGE_LABELS.items() if code in languages],
        kinds=[(kind, label) for kind, label in MEMBER_KIND_LABELS.items() if kind in kinds] if len(kinds) > 1 else [],
        genders=[(gender, label) for gender, label in GENDER_LABELS.items() if gender in genders],
    )


def _units_of(members: Iterable[Member]) -> list[str]:
    """Each unit once, whatever its case."""
    units = (member.unit.strip() for member in members)
    return sorted({unit.casefold(): unit for unit in units if unit}.values())
