"""Terms: how long they are, what their end does, notices before it, and renewals."""

from datetime import date, timedelta

import pytest
from django.db import IntegrityError, transaction
from django.test import Client
from django.utils import timezone
from hypothesis import given
from hypothesis import strategies as st

from peersupport.access.permissions import Role
from peersupport.audit.models import Entry
from peersupport.core import dates
from peersupport.core.errors import Refused
from peersupport.notices.models import Notice
from peersupport.program.models import ProgramSettings
from peersupport.team.actions import availability, invitations, membership, terms
from peersupport.team.domain import terms as terms_domain
from peersupport.team.domain.states import EndReason, HoursPurpose, MembershipState
from peersupport.team.models import EarlierService, Member, TermRenewal, User
from peersupport.team.queries import availability as availability_queries
from peersupport.team.queries import eligibility, service_record
from tests.cast import make_member, sign_in

DAYS = st.dates(date(1950, 1, 1), date(2900, 1, 1))
DAY = timedelta(days=1)
TODAY = date(2026, 3, 10)


@given(DAYS, DAYS, st.integers(1, 20))
def test_renewal_in_time_loses_no_day(current_end: date, on: date, years: int) -> None:
    until = terms_domain.renewed_term_end(current_end, on, years)
    assert until == dates.add_years(max(current_end, on), years)
    assert terms_domain.renewed_term_end(current_end, on, None) is None
    assert terms_domain.renewed_term_end(None, on, years) == dates.add_years(on, years)


# In the database


@pytest.fixture
def three_years(db: None) -> None:
    ProgramSettings(pk=1, term_years=3).save()


def renew(member: Member, on: date, by: User) -> None:
    terms.renew(member_id=member.pk, on=on, head="Sheriff Sam", order="8", by=by)


def end_term(member: Member, on: date) -> None:
    Member.objects.filter(pk=member.pk).update(term_ends_on=on)


@pytest.mark.parametrize(("ends", "serves"), [(TODAY + DAY, True), (TODAY, False), (TODAY - DAY, False), (None, True)])
def test_member_cannot_serve_from_the_day_their_term_ends(
    ana: Member, ben: Member, ends: date | None, serves: bool
) -> None:
    Member.objects.filter(pk=ana.pk).update(term_ends_on=ends)
    assert set(eligibility.members_who_can_serve(TODAY)) == ({ana, ben} if serves else {ben})
    assert set(eligibility.confirmed_keys(TODAY)) == ({ana.pk, ben.pk} if serves else {ben.pk})
    assert set(eligibility.public_roster(TODAY)) == ({ana, ben} if serves else {ben})


def test_designation_gets_the_term_from_the_settings(three_years: None, coordinator: User) -> None:
    cleo = make_member("Cleo", state=MembershipState.IN_TRAINING, designated_on=None)
    membership.record_designation(
        member_id=cleo.pk, on=date(2024, 2, 29), head="Sheriff Sam", order="7", by=coordinator
    )
    cleo.refresh_from_db()
    assert cleo.term_ends_on == date(2027, 2, 28)


def test_renewal_lets_the_member_serve_again_and_is_on_record(
    three_years: None, ana: Member, coordinator: User, client: Client
) -> None:
    today = timezone.localdate()
    end_term(ana, today)
    sign_in(client, coordinator)
    assert "The term ended on" in client.get(f"/members/{ana.pk}/").content.decode()
    assert ana.pk not in availability_queries.on_call_at(timezone.now())
    with pytest.raises(Refused, match="member's term has ended"):
        availability.add_hours(member_id=ana.pk, purpose=HoursPurpose.ON_CALL, by=coordinator)
    typed = {"on": today.isoformat(), "head": "Sheriff Sam", "order": "2026-9"}
    page = client.post(f"/members/{ana.pk}/renewal/", typed, follow=True).content.decode()
    assert "Ana Alvarez&#x27;s designation was renewed." in page and "order 2026-9" in page
    ana.refresh_from_db()
    assert ana.term_ends_on == dates.add_years(today, 3) and eligibility.can_serve(ana)
    assert ana.pk in availability_queries.on_call_at(timezone.now())
    assert ana.designated_on == date(2026, 1, 15), "the first designation stays"
    assert Entry.objects.values_list("action", "by", "about").last() == (
        "designation_renewed", coordinator.pk, f"member:{ana.pk}",
    )  # fmt: skip


@pytest.mark.parametrize(
    ("on", "said"),
    [
        (date(2026, 1, 15), "has to be after the designation"),
        (date(2026, 2, 1), "or later is already on record"),
        (date(2026, 1, 20), "or later is already on record"),
    ],
)
def test_impossible_renewal_is_refused(ana: Member, coordinator: User, on: date, said: str) -> None:
    renew(ana, date(2026, 2, 1), coordinator)
    with pytest.raises(Refused, match=said):
        renew(ana, on, coordinator)
    assert TermRenewal.objects.count() == 1


@pytest.mark.parametrize("state", [MembershipState.IN_TRAINING, MembershipState.ENDED])
def test_only_a_designated_member_can_be_renewed(coordinator: User, state: MembershipState) -> None:
    member = make_member("Cleo", state=state, ended_on=TODAY, end_reason="own_wish")
    with pytest.raises(Refused, match="Only a designated member"):
        renew(member, TODAY, coordinator)


@pytest.mark.parametrize(
    ("typed", "said"),
    [
        ({"on": "20226-01-01"}, "Enter a valid date."),
        ({"on": "2199-01-01"}, "in the future"),
        ({"order": ""}, "Please fill this in."),
    ],
)
def test_renewal_with_bad_input_keeps_the_fields(
    ana: Member, coordinator: User, client: Client, typed: dict[str, str], said: str
) -> None:
    sign_in(client, coordinator)
    sent = {"on": "2026-02-01", "head": "Sheriff Sam", "order": "8"} | typed
    page = client.post(f"/members/{ana.pk}/renewal/", sent).content.decode()
    assert said in page and "Sheriff Sam" in page and not TermRenewal.objects.exists()


def test_coordinators_are_notified_once_of_each_end(
    ana: Member, ben: Member, coordinator: User, director: User
) -> None:
    end_term(ana, TODAY + 61 * DAY)
    assert terms.notify_about_ending_terms(today=TODAY) == 0
    assert [terms.notify_about_ending_terms(today=TODAY + n * DAY) for n in (1, 2, 90)] == [1, 0, 0]
    assert list(Notice.objects.values_list("recipient_id", flat=True)) == [coordinator.pk]
    end_term(ana, TODAY + 365 * DAY)
    assert terms.notify_about_ending_terms(today=TODAY + 310 * DAY) == 1, "the end of the next term is a new one"


def test_returning_member_starts_in_training_and_the_old_record_stays(ana: Member, coordinator: User) -> None:
    renew(ana, date(2026, 2, 1), coordinator)
    membership.end_membership(member_id=ana.pk, reason=EndReason.OWN_WISH, on=TODAY, by=coordinator)
    token = invitations.invite(email=ana.user.email, name="Ana Alvarez", roles=[Role.MEMBER], by=coordinator)
    invitations.accept_invitation(token=token, password="a new word in spring")
    ana.refresh_from_db()
    assert (ana.state, ana.designated_on, ana.term_ends_on) == (MembershipState.IN_TRAINING, None, None)
    earlier = EarlierService.objects.get()
    assert (earlier.designated_on, earlier.ended_on, earlier.end_reason) == (date(2026, 1, 15), TODAY, "own_wish")
    assert service_record.service_record_of(ana).agreement is None and service_record.is_to_sign(ana)
    assert {each.is_past for each in (*ana.agreements.all(), *ana.renewals.all())} == {True}
    with pytest.raises(Refused, match="sign the confidentiality agreement first"):
        membership.record_designation(member_id=ana.pk, on=TODAY, head="Sheriff Sam", order="9", by=coordinator)


def test_database_refuses_a_term_that_ends_before_it_begins(ana: Member) -> None:
    with pytest.raises(IntegrityError), transaction.atomic():
        end_term(ana, date(2026, 1, 15))
    with pytest.raises(IntegrityError), transaction.atomic():
        TermRenewal.objects.create(member=ana, on=TODAY, head="x", order="1", until=TODAY)
