"""A program text at the same moment: one version gets each number, and whoever was late is told."""

import pytest

from peersupport.audit.models import Entry
from peersupport.program import actions, queries
from peersupport.program.models import ProgramText
from peersupport.team.models import User
from tests.races.racing import race

pytestmark = pytest.mark.django_db(transaction=True)
NAME = queries.EXCEPTIONS


def act(is_writing: bool, by: int) -> None:
    if is_writing:
        actions.write_text(name=NAME, body="Ours.", after_version=0, by=by)
    else:
        actions.approve_built_in_text(name=NAME, digest=queries.built_in_text(NAME).digest, by=by)


@pytest.mark.parametrize("is_writing", [[False, False, False], [True, False]])
def test_one_of_those_who_approve_or_write_at_once_wins(director: User, is_writing: list[bool]) -> None:
    outcomes = race(act, *[{"is_writing": writes, "by": director.pk} for writes in is_writing])
    assert sorted(outcome.error or "won" for outcome in outcomes) == ["TextChanged"] * (len(is_writing) - 1) + ["won"]
    assert ProgramText.objects.count() == Entry.objects.filter(action__startswith="text_").count() == 1
