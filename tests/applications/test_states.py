"""The tables of moves: their shape, every pair of states, and the database behind it."""

from itertools import product

import pytest
from django.db import IntegrityError, transaction
from django.utils import timezone

from applications.domain.states import (
    INTERVIEW,
    LABELS,
    MOVE_LABELS,
    MOVES,
    OUTCOMES,
    REFERENCE,
    REVIEW,
    TONES,
    UNDER_WAY,
    WITH_THE_CANDIDATE,
    ApplicationState,
    InterviewState,
    Mover,
    ReferenceState,
    ReviewState,
    check_move,
)
from applications.models import Application, Move
from peersupport.core.errors import Refused

PAIRS = list(product(ApplicationState, ApplicationState))


def test_every_state_has_moves_label_and_tone():
    assert set(MOVES) == set(LABELS) == set(MOVE_LABELS) == set(TONES) == set(ApplicationState)


@pytest.mark.parametrize(
    ("workflow", "states"), [(REFERENCE, ReferenceState), (REVIEW, ReviewState), (INTERVIEW, InterviewState)]
)
def test_every_state_of_reference_review_and_interview_has_moves_and_label(workflow, states):
    assert set(workflow.moves) == set(workflow.labels) == set(states)


def test_final_states():
    reached = {to for targets in MOVES.values() for to in targets}
    assert reached == set(ApplicationState) - {ApplicationState.DRAFT}
    assert {current for current, targets in MOVES.items() if not targets} == set(OUTCOMES) - UNDER_WAY


def test_candidate_may_withdraw_while_under_way():
    may_withdraw = {
        current for current, targets in MOVES.items() if targets.get(ApplicationState.WITHDRAWN) == Mover.CANDIDATE
    }
    assert may_withdraw == UNDER_WAY | WITH_THE_CANDIDATE


def test_new_application_cannot_be_decided():
    assert set(MOVES[ApplicationState.SUBMITTED]) == {ApplicationState.UNDER_REVIEW, ApplicationState.WITHDRAWN}


@pytest.mark.parametrize(("current", "to"), PAIRS)
def test_every_move_for_every_mover(current, to):
    for mover in Mover:
        if MOVES[current].get(to) == mover:
            check_move(current, to, mover)
        else:
            with pytest.raises(Refused):
                check_move(current, to, mover)


def test_database_enforces_moves(coordinator):
    application = Application.objects.create(email="cory@example.org", since=timezone.now())
    taken = set()
    for current, to in PAIRS:
        try:
            with transaction.atomic():
                Move.objects.create(
                    application=application, from_state=current, to_state=to, mover=Mover.SCHEDULE, at=timezone.now()
                )
            taken.add((current, to))
        except IntegrityError:
            pass
    assert taken == {(current, to) for current, targets in MOVES.items() for to in targets}
