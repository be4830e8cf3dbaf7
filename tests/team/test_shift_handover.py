"""Handing single shifts to other members, and what becomes of them when somebody is absent."""

import pytest
from django.test import Client
from django.utils import timezone

from peersupport.core.errors import Refused
from peersupport.notices.actions import phone_alerts
from peersupport.notices.models import PhoneAlert
from peersupport.team.actions import availability, membership, shift_handover
from peersupport.team.domain.states import EndReason, MembershipState
from peersupport.team.models import Member, ShiftHandover, User, WeeklyHours
from peersupport.team.queries import availability as queries
from peersupport.team.queries import serving
from tests.cast import make_member, sign_in, take_off_call
from tests.team.on_call_week import DAY, FRIDAY, FRIDAY_NIGHT, TODAY, audited, notified, page, shift_field

pytestmark = pytest.mark.usefixtures("monday")


def test_shift_moves_to_whoever_accepts_it(nights: WeeklyHours, ana: Member, ben: Member) -> None:
    take_off_call(ben)
    hers, his = sign_in(Client(), ana), sign_in(Client(), ben)
    assert "We&#x27;ve asked Ben Brandt." in page(hers, "/on-call/hand-over/", shift=shift_field(nights), to=ben.pk)
    assert notified() == ["Ben Brandt"] and queries.on_call_at(FRIDAY_NIGHT) == {ana.pk}
    assert "Ana Alvarez asks you to take a shift" in page(his, "/on-call/")
    assert "The shift is yours now." in page(his, "/on-call/take/", shift=shift_field(nights))
    assert notified() == ["Ana Alvarez"] and queries.on_call_at(FRIDAY_NIGHT) == {ben.pk}
    assert queries.on_call_at(FRIDAY_NIGHT + 3 * DAY) == {ana.pk}, "the next week's is hers again"
    # And back again: nothing of it remains.
    page(his, "/on-call/hand-over/", shift=shift_field(nights), to=ana.pk)
    page(hers, "/on-call/take/", shift=shift_field(nights))
    assert queries.on_call_at(FRIDAY_NIGHT) == {ana.pk} and not ShiftHandover.objects.exists()
    assert audited()[-4:] == ["shift_offered", "shift_taken"] * 2


def test_shift_stays_until_somebody_accepts_it(nights: WeeklyHours, ana: Member, ben: Member) -> None:
    hers, his = sign_in(Client(), ana), sign_in(Client(), ben)
    page(hers, "/on-call/hand-over/", shift=shift_field(nights), to=ben.pk)
    notified()
    assert "The shift stays where it was." in page(his, "/on-call/decline/", shift=shift_field(nights))
    assert notified() == ["Ana Alvarez"] and not ShiftHandover.objects.exists()
    assert "You&#x27;re no longer asked to take this shift." in page(his, "/on-call/take/", shift=shift_field(nights))
    page(hers, "/on-call/hand-over/", shift=shift_field(nights), to=ben.pk)
    notified()
    page(hers, "/on-call/decline/", shift=shift_field(nights))
    assert notified() == [] and not ShiftHandover.objects.exists(), "an offer withdrawn needs no notice"


@pytest.mark.parametrize("typed", [{}, {"shift": "1:2026-06-05"}, {"shift": "x"}, {"shift": "99999:2026-06-05"}])
def test_shift_of_somebody_else_is_refused(
    nights: WeeklyHours, ana: Member, ben: Member, typed: dict[str, str]
) -> None:
    take_off_call(ben)
    his = sign_in(Client(), ben)
    for what in ("hand-over", "take", "decline"):
        answer = his.post(f"/on-call/{what}/", {**typed, "to": ana.pk})
        assert answer.status_code == 200 and "Please look at this again" in answer.content.decode(), what
    assert not ShiftHandover.objects.exists() and notified() == []


def test_offer_is_refused_if_the_other_cannot_be_on_call_or_it_is_not_own(
    nights: WeeklyHours, ana: Member, coordinator: User
) -> None:
    cleo = make_member("Cleo Cole", state=MembershipState.IN_TRAINING, designated_on=None, on_call=False)
    away = make_member("Dan Dee", leave_from=FRIDAY, on_call=False)
    for who in (cleo, away, ana):
        with pytest.raises(Refused):
            shift_handover.offer_shift(hours_id=nights.pk, day=FRIDAY, to_id=who.pk, by=ana.user)
    with pytest.raises(Refused):
        shift_handover.offer_shift(hours_id=nights.pk, day=FRIDAY, to_id=ana.pk, by=coordinator)
    for day in (FRIDAY + DAY, TODAY - 3 * DAY):
        with pytest.raises(Refused):
            shift_handover.offer_shift(hours_id=nights.pk, day=day, to_id=ana.pk, by=ana.user)


def test_leaving_the_team_removes_offers_and_phone_alert(
    nights: WeeklyHours, ana: Member, ben: Member, coordinator: User
) -> None:
    phone_alerts.set_address(user_id=ben.user_id, address="ntfy://a-long-word-that-nobody-guesses")
    shift_handover.offer_shift(hours_id=nights.pk, day=FRIDAY, to_id=ben.pk, by=ana.user)
    membership.end_membership(member_id=ben.pk, reason=EndReason.OWN_WISH, on=TODAY, by=coordinator)
    assert not ShiftHandover.objects.exists() and not PhoneAlert.objects.exists()
    assert queries.on_call_at(FRIDAY_NIGHT) == {ana.pk}


def become_absent(ben: Member, how: str, coordinator: User) -> None:
    if how == "leaves the team":
        membership.end_membership(member_id=ben.pk, reason=EndReason.OWN_WISH, on=TODAY, by=coordinator)
    elif how == "goes on leave":
        membership.take_leave(member_id=ben.pk, first=FRIDAY, last=FRIDAY, by=coordinator)
    else:
        availability.pause(member_id=ben.pk, back_on=FRIDAY + DAY, by=ben.user)


@pytest.mark.parametrize("how", ["leaves the team", "goes on leave", "pauses"])
def test_shift_of_an_absent_member_is_a_gap_until_its_owner_takes_it_back(
    taken_over: WeeklyHours, ana: Member, ben: Member, coordinator: User, how: str
) -> None:
    become_absent(ben, how, coordinator)
    assert notified() == ["Ana Alvarez", "Ben Brandt"]
    assert queries.on_call_at(FRIDAY_NIGHT) == frozenset() and queries.on_call_share(FRIDAY, FRIDAY) == 0.25
    hers = sign_in(Client(), ana)
    assert "Shifts you&#x27;re asked to take" in page(hers, "/desk/")
    assert "Will you take your own shift back from Ben Brandt?" in page(hers, "/on-call/")
    assert "The shift is yours now." in page(hers, "/on-call/take/", shift=shift_field(taken_over))
    assert queries.on_call_at(FRIDAY_NIGHT) == {ana.pk} and not ShiftHandover.objects.exists()


def test_coordinators_are_notified_if_the_owner_declines_or_cannot(
    taken_over: WeeklyHours, ana: Member, ben: Member, coordinator: User
) -> None:
    become_absent(ben, "pauses", coordinator)
    notified()
    shift_handover.decline_shift(hours_id=taken_over.pk, day=FRIDAY, by=ana.user)
    assert notified() == ["Ben Brandt", "Carla Coordinator"] and queries.on_call_at(FRIDAY_NIGHT) == frozenset()
    availability.end_pause(member_id=ben.pk, by=ben.user)
    assert queries.on_call_at(FRIDAY_NIGHT) == {ben.pk}, "back before the shift"
    Member.objects.filter(pk=ana.pk).update(term_ends_on=FRIDAY)
    become_absent(ben, "goes on leave", coordinator)
    assert notified() == ["Ben Brandt", "Carla Coordinator"]


def test_only_shifts_during_the_absence_go_back(taken_over: WeeklyHours, ben: Member, coordinator: User) -> None:
    availability.pause(member_id=ben.pk, back_on=FRIDAY, by=ben.user)
    membership.take_leave(member_id=ben.pk, first=FRIDAY + 2 * DAY, last=None, by=coordinator)
    assert notified() == [] and queries.on_call_at(FRIDAY_NIGHT) == {ben.pk}


def test_member_is_notified_if_the_hours_of_a_taken_over_shift_end(taken_over: WeeklyHours, ana: Member) -> None:
    availability.end_hours(hours_id=taken_over.pk, by=ana.user)
    assert notified() == ["Ben Brandt"] and not ShiftHandover.objects.exists()


def test_who_of_some_is_on_call_is_who_of_all(taken_over: WeeklyHours, ana: Member, ben: Member) -> None:
    for moment in (FRIDAY_NIGHT, FRIDAY_NIGHT + 3 * DAY):
        everybody = queries.on_call_at(moment)
        assert len(everybody) == 1, "the shift that was taken over is on one of the two days"
        for some in ([ana.pk], [ben.pk], [ana.pk, ben.pk], []):
            assert queries.on_call_at(moment, of=some) == everybody & set(some)


@pytest.mark.parametrize("is_away", [False, True])
def test_gaps_alone_are_those_of_the_schedule(
    taken_over: WeeklyHours, ben: Member, coordinator: User, is_away: bool
) -> None:
    if is_away:
        become_absent(ben, "pauses", coordinator)
    gaps = queries.gaps_on_call(timezone.now(), 7, serving(timezone.localdate()))
    assert gaps == queries.upcoming_schedule(timezone.now(), 7).gaps and gaps
