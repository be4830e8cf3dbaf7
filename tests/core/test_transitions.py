from enum import StrEnum
from itertools import product

import pytest

from peersupport.core.errors import Refused
from peersupport.core.transitions import Workflow


class State(StrEnum):
    NEW = "new"
    OPEN = "open"
    CLOSED = "closed"


LABELS = {State.NEW: "Just made", State.OPEN: "Open", State.CLOSED: "Closed for good"}
MOVES = {State.NEW: {State.OPEN}, State.OPEN: {State.CLOSED}, State.CLOSED: set()}
ALLOWED = [(now, to) for now in State for to in MOVES[now]]
FORBIDDEN = [pair for pair in product(State, State) if pair not in ALLOWED]


@pytest.mark.parametrize(("now", "to"), ALLOWED)
def test_a_move_in_the_table_is_allowed(now: State, to: State) -> None:
    Workflow(LABELS, MOVES, "No.").check(now, to)


@pytest.mark.parametrize(("now", "to"), FORBIDDEN)
def test_any_other_move_is_refused_with_the_one_sentence(now: State, to: State) -> None:
    with pytest.raises(Refused) as refused:
        Workflow(LABELS, MOVES, "It moved on.").check(now, to)
    assert refused.value.sentence == "It moved on."


def test_a_sentence_can_depend_on_the_target_state() -> None:
    sentences = {State.NEW: "Nothing becomes new.", State.OPEN: "It was opened.", State.CLOSED: "Open it first."}
    workflow = Workflow(LABELS, MOVES, sentences)
    for now, to, sentence in (
        (State.OPEN, State.NEW, "Nothing becomes new."),
        (State.CLOSED, State.OPEN, "It was opened."),
        (State.NEW, State.CLOSED, "Open it first."),
    ):
        with pytest.raises(Refused) as refused:
            workflow.check(now, to)
        assert refused.value.sentence == sentence
