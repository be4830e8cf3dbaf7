"""A team with training on record, and a client in which somebody has signed in."""

from collections.abc import Callable
from datetime import date

import pytest
from django.test import Client

from peersupport.team.models import Member, User
from tests.cast import sign_in
from training.actions import records


@pytest.fixture
def trained(coordinator: User) -> Callable[..., None]:
    def record(member: Member, subject: str, on: date, hours: float = 8) -> None:
        records.record(member_id=member.pk, subject=subject, completed_on=on, hours=hours, by=coordinator)

    return record


@pytest.fixture
def as_coordinator(coordinator: User) -> Client:
    return sign_in(Client(), coordinator)


@pytest.fixture
def as_ana(ana: Member) -> Client:
    return sign_in(Client(), ana)
