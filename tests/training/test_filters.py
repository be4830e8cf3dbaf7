"""Filters of the coverage, on PostgreSQL too."""

from django.test import Client

from peersupport.team.models import Member


def test_a_character_that_no_column_can_hold_is_left_out(as_coordinator: Client, ana: Member) -> None:
    answer = as_coordinator.get("/training/coverage/?unit=%00")
    assert answer.status_code == 200
    assert [member for member, _ in answer.context["coverage"].rows] == [ana]
