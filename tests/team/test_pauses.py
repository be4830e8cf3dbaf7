"""Pauses: nothing new is offered, and nobody is on call, until a day or until one comes back."""

from datetime import UTC, datetime

import pytest
from django.test import Client
from django.utils import timezone

from peersupport.team.models import Member, Pause
from peersupport.team.queries import availability as queries
from peersupport.team.queries import eligibility
from tests.cast import sign_in
from tests.team.on_call_week import DAY, HOUR, NOW, TODAY, audited, page

pytestmark = pytest.mark.usefixtures("monday")


def members_available_at(moment: datetime) -> frozenset[int]:
    return queries.reachable(moment, DAY).in_hours


def test_pause_and_end_with_one_press_each(ana: Member, monday: object) -> None:
    browser = sign_in(Client(), ana)
    assert "You&#x27;re paused until Thursday, June 4." in page(browser, "/my-page/pause/", days="3")
    assert queries.on_call_at(NOW) == members_available_at(NOW) == frozenset() and not eligibility.can_serve(ana)
    assert eligibility.confirmed_keys(TODAY), "what is open stays with them"
    assert queries.on_call_at(datetime(2026, 6, 4, 5, 0, tzinfo=UTC)) == {ana.pk}
    assert "You&#x27;re paused until Saturday, June 20." in page(browser, "/my-page/pause/", until="2026-06-20")
    assert Pause.objects.count() == 1
    monday.shift(2 * HOUR)
    browser = sign_in(Client(), ana)
    for _ in range(2):
        said = page(browser, "/my-page/pause/end/", now="")
    assert "Welcome back." in said and queries.on_call_at(timezone.now()) == {ana.pk} and eligibility.can_serve(ana)
    assert audited() == ["pause_begun", "pause_begun", "pause_ended"]
    assert queries.on_call_share(TODAY, TODAY) == pytest.approx(22 / 24), "two hours of pause"


@pytest.mark.parametrize(
    ("fields", "error"),
    [
        ({"until": "2026-06-01"}, "Choose a day in the future."),
        ({"until": "soon"}, "Enter a valid date."),
        ({"until": ""}, "Choose the day you&#x27;re back."),
        ({"days": "5"}, "Select a valid choice."),
    ],
)
def test_pause_needs_a_day_in_the_future(ana: Member, fields: dict[str, str], error: str) -> None:
    assert error in page(sign_in(Client(), ana), "/my-page/pause/", **fields) and not Pause.objects.exists()
