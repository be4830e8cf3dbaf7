"""A team with training on record, and a client in which somebody has signed in."""

from collections.abc import Callable
from datetime import date

import pytest
from django.test import Client

from peersupport.team.models import Member, User
from training import actions

from ..cast import sign_in


@pytest.fixture
def trained(coordinator: User) -> Callable[..., None]:
    def record(member: Member, subject: str, on: date, hours: float = 8) -> None:
        actions.record(member_id=member.pk, subject=subject, completed_on=on, hours=hours, by=coordinator)

    return record


@pytest.fixture
def as_coordinator(coordinator: User) -> Client:
    return sign_in(Client(), coordinator)


@pytest.fixture
def as_ana(ana: Member) -> Client:
    return sign_in(Client(), ana)
