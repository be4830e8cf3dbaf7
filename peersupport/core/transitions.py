"""A workflow as a table: what each state is called, and which states it leads to."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Generic, TypeVar

from .errors import Refused

State = TypeVar("State", bound=StrEnum)


@dataclass(frozen=True)
class Workflow(Generic[State]):
    """labels and moves have every state of the enum as a key; a state that is the last leads to no other.

    refusal: the sentence for a move that is not in the table, for all target states or for each. `{now}` in it stands
    for the label of the present state, in lower case.
    """

    labels: Mapping[State, str]
    moves: Mapping[State, Collection[State]]
    refusal: str | Mapping[State, str]

    def check(self, now: State, to: State) -> None:
        """Raises Refused unless the table has a move from `now` to `to`."""
        if to not in self.moves[now]:
            sentence = self.refusal if isinstance(self.refusal, str) else self.refusal[to]
            raise Refused(sentence.format(now=self.labels[now].lower()))
