"""The peers as matching sees them at one moment: their open contacts, and whether they are on call soon."""

from datetime import UTC, datetime, timedelta
from pathlib import Path
from uuid import UUID
from zoneinfo import ZoneInfo

import pytest
from django.conf import settings
from django.utils import timezone

from peersupport.sealing import keyring
from peersupport.team.domain.states import HoursPurpose
from peersupport.team.models import Member, WeeklyHours
from requests_app.domain.card import Card
from requests_app.domain.matching import Peer
from requests_app.domain.states import Urgency
from requests_app.queries import matching
from tests.cast import LONG_AGO, take_off_call
from tests.requests_app.conftest import OpenRequest

pytestmark = pytest.mark.django_db
MONDAY_NOON = datetime(2026, 6, 15, 17, tzinfo=UTC)


def peer_of(member: Member, now: datetime) -> Peer:
    return next(peer for peer in matching.serving_peers(now) if peer.member_id == member.pk)


@pytest.mark.parametrize(("elapsed", "open_contacts"), [({"days": 6, "hours": 23}, 1), ({"days": 7, "hours": 1}, 0)])
def test_a_contact_the_officer_has_not_read_for_a_week_does_not_count_toward_the_cap(
    contact: OpenRequest, ana: Member, elapsed: dict[str, int], open_contacts: int
) -> None:
    assert peer_of(ana, timezone.now() + timedelta(**elapsed)).open_contacts == open_contacts


@pytest.mark.parametrize(("in_hours", "is_soon"), [(47, True), (49, False)])
def test_on_call_soon_means_within_48_hours(ben: Member, in_hours: int, is_soon: bool) -> None:
    take_off_call(ben)
    starts = (MONDAY_NOON + timedelta(hours=in_hours)).astimezone(ZoneInfo(settings.TIME_ZONE))
    WeeklyHours.objects.create(
        member=ben,
        purpose=HoursPurpose.ON_CALL,
        days=1 << starts.weekday(),
        starts=starts.time(),
        ends=(starts + timedelta(hours=1)).time(),
        since=LONG_AGO,
    )
    peer = peer_of(ben, MONDAY_NOON)
    assert (peer.is_on_call, peer.is_on_call_soon) == (False, is_soon)


def test_draw_seed_known_answer(own_keyring: Path) -> None:
    """Another seed in the middle of a week would be a second draw."""
    keyring.lasting("draw", first=bytes(range(32)))
    need = matching.need_of(Card(urgency=Urgency.TODAY, concern="grief"), UUID(int=1), MONDAY_NOON)
    assert need.draw_seed.hex() == "51913926cccc7f9b3c23ec3036050a86033b1ca3f747e9603db61265413ca77c"
