"""Whom and what an officer can ask for: the same for everyone, and only what somebody who serves could give."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import NamedTuple

from django.utils import timezone

from peersupport.team.domain.attributes import GENDER_LABELS, LANGUAGE_LABELS
from peersupport.team.domain.states import MEMBER_KIND_LABELS
from peersupport.team.queries import eligibility

SHOWN = ("pk", "user__name", "unit", "kind", "gender", "languages", "is_asked_by_name")
Choices = Sequence[tuple[int | str, str]]


class _Shown(NamedTuple):
    id: int
    name: str
    unit: str
    kind: str
    gender: str
    languages: list[str]
    is_asked_by_name: bool


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
    shown = eligibility.public_roster(timezone.localdate(now)).values_list(*SHOWN)  # no models: they may be thousands
    members = [_Shown(*each) for each in shown]
    kinds, genders = {member.kind for member in members}, {member.gender for member in members}
    languages = {code for member in members for code in member.languages}
    return PreferenceChoices(
        names=[(member.id, member.name) for member in members],
        askable_names=[(member.id, member.name) for member in members if member.is_asked_by_name],
        units=_units_of(member.unit for member in members),
        languages=[(code, label) for code, label in LANGUAGE_LABELS.items() if code in languages],
        kinds=[(kind, label) for kind, label in MEMBER_KIND_LABELS.items() if kind in kinds] if len(kinds) > 1 else [],
        genders=[(gender, label) for gender, label in GENDER_LABELS.items() if gender in genders],
    )


def _units_of(units: Iterable[str]) -> list[str]:
    """Each unit once, whatever its case."""
    stripped = (unit.strip() for unit in units)
    return sorted({unit.casefold(): unit for unit in stripped if unit}.values())
