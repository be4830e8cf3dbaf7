"""After the end: one count, once, from closed lists; and the week's key."""

from datetime import timedelta

import pytest
from django.test import Client
from django.utils import timezone

from peersupport.sealing import keyring
from peersupport.team.models import Member
from requests_app.actions import peer, sweep, tallies, transitions
from requests_app.models import PendingTally, PlaneKey, Request
from requests_app.queries import members, officers
from stats.models import StatsYear
from stats.queries import current_period
from tests.cast import sign_in
from tests.requests_app.conftest import Asked

pytestmark = pytest.mark.django_db

CHOICES = {"first_this_year": "yes", "concern": "grief", "mode": "web_site", "response": "within_1_h"}
NOTHING_CHOSEN = {"first_this_year": True, "first_referral": False, "codes": {}}


@pytest.fixture
def owed(open_year: None, contact: Asked, ana: Member) -> members.Owed:
    peer.close_as_peer(member=ana, request_id=contact.opened.id)
    return members.owed_by(ana)[0]


def counters(year: int) -> dict[str, int]:
    from stats import vault as stats_vault
    from stats.domain.ledger import COUNTERS

    ledger = stats_vault.unseal(StatsYear.objects.get(year=year))
    return {str(counter): value for counter, value in zip(COUNTERS, ledger.values, strict=True)}


def difference(before: dict[str, int], after: dict[str, int]) -> dict[str, int]:
    return {name: after[name] - before[name] for name in before if after[name] != before[name]}


def test_a_tally_is_looked_over_before_it_counts(owed: members.Owed, ana: Member) -> None:
    client, before = sign_in(Client(), ana), counters(owed.year)
    page = client.post("/desk/tally/", {**CHOICES, "owed": owed.id}).content.decode()
    assert "Once counted it cannot be taken back" in page and "Grief or loss" in page
    assert counters(owed.year) == before
    client.post("/desk/tally/", {**CHOICES, "owed": owed.id, "confirmed": "1"})
    changed = difference(before, counters(owed.year))
    assert len(changed) == 5 and set(changed.values()) == {1}
    assert PendingTally.objects.count() == 0


def test_changing_something_keeps_what_was_chosen(owed: members.Owed, ana: Member) -> None:
    page = sign_in(Client(), ana).post("/desk/tally/", {**CHOICES, "owed": owed.id, "change": "1"}).content.decode()
    assert "Once counted" not in page
    assert 'value="grief"' in page and "checked" in page


@pytest.mark.parametrize("answer", ["no", "unknown"])
def test_not_the_first_contact_counts_as_a_contact_alone(owed: members.Owed, ana: Member, answer: str) -> None:
    client, before = sign_in(Client(), ana), counters(owed.year)
    client.post("/desk/tally/", {**CHOICES, "first_this_year": answer, "owed": owed.id, "confirmed": "1"})
    assert list(difference(before, counters(owed.year)).values()) == [1]


def test_a_double_press_counts_once(owed: members.Owed, ana: Member) -> None:
    client, before = sign_in(Client(), ana), counters(owed.year)
    for _ in range(2):
        client.post("/desk/tally/", {**CHOICES, "owed": owed.id, "confirmed": "1"})
    assert set(difference(before, counters(owed.year)).values()) == {1}


def test_how_soon_somebody_answered_is_offered(owed: members.Owed, ana: Member) -> None:
    assert owed.response == "within_1_h"
    page = sign_in(Client(), ana).get("/desk/tally/").content.decode()
    assert page.index('value="within_1_h"') < page.index("checked", page.index('value="within_1_h"'))


@pytest.mark.parametrize(
    ("field", "value"),
    [("concern", "boredom"), ("first_this_year", ""), ("first_this_year", "perhaps"), ("referral", "astrologer")],
)
def test_a_code_that_is_on_no_list_counts_nothing(owed: members.Owed, ana: Member, field: str, value: str) -> None:
    client, before = sign_in(Client(), ana), counters(owed.year)
    page = client.post("/desk/tally/", {**CHOICES, field: value, "owed": owed.id, "confirmed": "1"})
    assert page.status_code == 200
    assert counters(owed.year) == before and PendingTally.objects.count() == 1


def test_another_members_owed_contact_cannot_be_counted(owed: members.Owed, ben: Member) -> None:
    before = counters(owed.year)
    sign_in(Client(), ben).post("/desk/tally/", {**CHOICES, "owed": owed.id, "confirmed": "1"})
    assert counters(owed.year) == before and PendingTally.objects.count() == 1
    for count, choices in ((tallies.tally, NOTHING_CHOSEN), (tallies.skip_tally, {})):
        with pytest.raises(transitions.Gone):  # the page had refused it already
            count(member=ben, owed_id=owed.id, **choices)
    assert counters(owed.year) == before and PendingTally.objects.count() == 1


def test_without_an_open_year_the_contact_stays_to_be_counted(contact: Asked, ana: Member) -> None:
    peer.close_as_peer(member=ana, request_id=contact.opened.id)
    owed = members.owed_by(ana)[0]
    client = sign_in(Client(), ana)
    page = client.post("/desk/tally/", {**CHOICES, "owed": owed.id, "confirmed": "1"}, follow=True).content.decode()
    assert str(current_period(timezone.localdate()).year) in page
    assert PendingTally.objects.count() == 1


def test_what_is_not_counted_in_seven_days_is_dropped(owed: members.Owed, contact: Asked) -> None:
    sweep.tend_all(now=timezone.now() + timedelta(days=7))
    assert PendingTally.objects.count() == 1
    sweep.tend_all(now=timezone.now() + timedelta(days=8))
    assert PendingTally.objects.count() == 0


def test_whose_it_is_does_not_stand_in_the_row(owed: members.Owed) -> None:
    assert {field.name for field in PendingTally._meta.get_fields() if field.concrete} == {"id", "key_id", "body"}


def test_do_not_count_it_counts_nothing(owed: members.Owed, ana: Member) -> None:
    client, before = sign_in(Client(), ana), counters(owed.year)
    client.post("/desk/tally/", {"owed": owed.id, "skip": "1"})
    assert counters(owed.year) == before and PendingTally.objects.count() == 0


def test_what_was_no_real_request_is_erased_and_not_counted(
    open_year: None, contact: Asked, ana: Member, ben: Member
) -> None:
    address = f"/desk/contacts/{contact.opened.id}/not-real/"
    assert sign_in(Client(), ben).post(address).status_code == 404
    assert Request.objects.count() == 1
    sign_in(Client(), ana).post(address)
    assert (Request.objects.count(), PendingTally.objects.count()) == (0, 0)


# The week's key


def test_a_renewed_plane_key_finds_the_same_requests_and_old_tags_none(contact: Asked) -> None:
    before, old_tag = PlaneKey.objects.get().key_id, bytes(Request.objects.get().tag)
    sweep.renew_plane_key(now=timezone.now())
    assert PlaneKey.objects.get().key_id != before
    assert bytes(Request.objects.get().tag) != old_tag
    assert officers.request_with(contact.credentials) is not None


@pytest.mark.django_db(transaction=True)
def test_the_old_plane_key_is_destroyed(contact: Asked) -> None:
    before = PlaneKey.objects.get().key_id
    sweep.renew_plane_key(now=timezone.now())
    assert keyring.is_destroyed(before)
    assert not keyring.is_destroyed(PlaneKey.objects.get().key_id)
