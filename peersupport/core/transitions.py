"""A workflow as a table: the label of each state, and the states it can move to. Pure."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Generic, TypeVar

from .errors import Refused

State = TypeVar("State", bound=StrEnum)


@dataclass(frozen=True)
class Workflow(Generic[State]):
    """labels, moves: every state of the enum is a key; a final state moves to no other.

    refusal: the sentence for a move that isn't in the table, one for all target states or one for each.
    """

    labels: Mapping[State, str]
    moves: Mapping[State, Collection[State]]
    refusal: str | Mapping[State, str]

    def check(self, current: State, to: State) -> None:
        """Raise Refused, with its sentence, unless the table has a move from `current` to `to`."""
        if to not in self.moves[current]:
            raise Refused(self.refusal if isinstance(self.refusal, str) else self.refusal[to])
