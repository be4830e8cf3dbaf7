"""After a contact has ended: tallied once, from closed lists."""

from datetime import timedelta

import pytest
from django.test import Client
from django.utils import timezone

from peersupport.team.models import Member
from requests_app.actions import peer, sweep, tallies
from requests_app.domain.tally import TallyAnswers, UncountedContact
from requests_app.models import PendingTally, Request
from requests_app.queries import members
from stats.models import StatsYear
from stats.queries import current_period
from tests.cast import sign_in
from tests.requests_app.conftest import OpenRequest

pytestmark = pytest.mark.django_db

CHOICES = {"first_this_year": "yes", "concern": "grief", "mode": "web_site", "response": "within_1_h"}
NOTHING_CHOSEN = {"answers": TallyAnswers(first_this_year=True)}


@pytest.fixture
def pending_tally(open_year: None, contact: OpenRequest, ana: Member) -> UncountedContact:
    peer.close(member=ana, request_id=contact.unsealed.id)
    return members.pending_tallies_of(ana)[0]


def counters(year: int) -> dict[str, int]:
    from stats import vault as stats_vault
    from stats.domain.ledger import COUNTERS

    ledger = stats_vault.unseal(StatsYear.objects.get(year=year))
    return {str(counter): value for counter, value in zip(COUNTERS, ledger.values, strict=True)}


def difference(before: dict[str, int], after: dict[str, int]) -> dict[str, int]:
    return {name: after[name] - before[name] for name in before if after[name] != before[name]}


def test_tally_is_reviewed_before_it_counts(pending_tally: UncountedContact, ana: Member) -> None:
    client, before = sign_in(Client(), ana), counters(pending_tally.year)
    page = client.post("/desk/tally/", {**CHOICES, "owed": pending_tally.id}).content.decode()
    assert "Once it's counted, you can't undo it" in page and "Grief or loss" in page
    assert counters(pending_tally.year) == before
    client.post("/desk/tally/", {**CHOICES, "owed": pending_tally.id, "confirmed": "1"})
    changed = difference(before, counters(pending_tally.year))
    assert len(changed) == 5 and set(changed.values()) == {1}
    assert PendingTally.objects.count() == 0


def test_change_button_keeps_the_answers(pending_tally: UncountedContact, ana: Member) -> None:
    page = (
        sign_in(Client(), ana)
        .post("/desk/tally/", {**CHOICES, "owed": pending_tally.id, "change": "1"})
        .content.decode()
    )
    assert "Once it's counted" not in page
    assert 'value="grief"' in page and "checked" in page


@pytest.mark.parametrize("answer", ["no", "unknown"])
def test_contact_that_is_not_the_first_counts_only_as_a_contact(
    pending_tally: UncountedContact, ana: Member, answer: str
) -> None:
    client, before = sign_in(Client(), ana), counters(pending_tally.year)
    client.post("/desk/tally/", {**CHOICES, "first_this_year": answer, "owed": pending_tally.id, "confirmed": "1"})
    assert list(difference(before, counters(pending_tally.year)).values()) == [1]


def test_double_press_counts_once(pending_tally: UncountedContact, ana: Member) -> None:
    client, before = sign_in(Client(), ana), counters(pending_tally.year)
    for _ in range(2):
        client.post("/desk/tally/", {**CHOICES, "owed": pending_tally.id, "confirmed": "1"})
    assert set(difference(before, counters(pending_tally.year)).values()) == {1}


def test_response_time_is_preselected(pending_tally: UncountedContact, ana: Member) -> None:
    assert pending_tally.response == "within_1_h"
    page = sign_in(Client(), ana).get("/desk/tally/").content.decode()
    assert page.index('value="within_1_h"') < page.index("checked", page.index('value="within_1_h"'))


@pytest.mark.parametrize(
    ("field", "value"),
    [("concern", "boredom"), ("first_this_year", ""), ("first_this_year", "perhaps"), ("referral", "astrologer")],
)
def test_unknown_code_counts_nothing(pending_tally: UncountedContact, ana: Member, field: str, value: str) -> None:
    client, before = sign_in(Client(), ana), counters(pending_tally.year)
    page = client.post("/desk/tally/", {**CHOICES, field: value, "owed": pending_tally.id, "confirmed": "1"})
    assert page.status_code == 200
    assert counters(pending_tally.year) == before and PendingTally.objects.count() == 1


def test_contact_of_another_member_cannot_be_counted(pending_tally: UncountedContact, ben: Member) -> None:
    before = counters(pending_tally.year)
    sign_in(Client(), ben).post("/desk/tally/", {**CHOICES, "owed": pending_tally.id, "confirmed": "1"})
    assert counters(pending_tally.year) == before and PendingTally.objects.count() == 1
    for count, choices in ((tallies.tally_contact, NOTHING_CHOSEN), (tallies.skip, {})):
        with pytest.raises(tallies.AlreadyTallied):  # the page had refused it already
            count(member=ben, tally_id=pending_tally.id, **choices)
    assert counters(pending_tally.year) == before and PendingTally.objects.count() == 1


def test_contact_stays_uncounted_while_no_year_is_open(contact: OpenRequest, ana: Member) -> None:
    peer.close(member=ana, request_id=contact.unsealed.id)
    pending_tally = members.pending_tallies_of(ana)[0]
    client = sign_in(Client(), ana)
    page = client.post(
        "/desk/tally/", {**CHOICES, "owed": pending_tally.id, "confirmed": "1"}, follow=True
    ).content.decode()
    assert str(current_period(timezone.localdate()).year) in page
    assert PendingTally.objects.count() == 1


def test_uncounted_contact_is_deleted_after_seven_days(pending_tally: UncountedContact, contact: OpenRequest) -> None:
    sweep.run(now=timezone.now() + timedelta(days=7))
    assert PendingTally.objects.count() == 1
    sweep.run(now=timezone.now() + timedelta(days=8))
    assert PendingTally.objects.count() == 0


def test_pending_tally_row_does_not_say_whose_it_is(pending_tally: UncountedContact) -> None:
    assert {field.name for field in PendingTally._meta.get_fields() if field.concrete} == {"id", "key_id", "body"}


def test_skipped_contact_is_not_counted(pending_tally: UncountedContact, ana: Member) -> None:
    client, before = sign_in(Client(), ana), counters(pending_tally.year)
    client.post("/desk/tally/", {"owed": pending_tally.id, "skip": "1"})
    assert counters(pending_tally.year) == before and PendingTally.objects.count() == 0


def test_discarded_contact_is_erased_and_not_counted(
    open_year: None, contact: OpenRequest, ana: Member, ben: Member
) -> None:
    address = f"/desk/contacts/{contact.unsealed.id}/not-real/"
    assert sign_in(Client(), ben).post(address).status_code == 404
    assert Request.objects.count() == 1
    sign_in(Client(), ana).post(address)
    assert (Request.objects.count(), PendingTally.objects.count()) == (0, 0)
