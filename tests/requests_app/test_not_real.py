"""“Not a real request”: many are cleared in few presses, and one member alone can bury nobody's."""

import re
from datetime import timedelta

import pytest
import time_machine
from django.db import transaction
from django.test import Client
from django.utils import timezone

from peersupport.notices.models import Notice
from peersupport.team.models import Member, User
from requests_app.actions import not_real, peer, sweep
from requests_app.actions import officer as officer_actions
from requests_app.domain.states import RequestState, Urgency
from requests_app.models import Request
from requests_app.presenters import desk as desk_presenter
from requests_app.queries import members, unsealing
from requests_app.queries.waiting import waiting_summary
from tests.cast import make_member, sign_in
from tests.requests_app.conftest import OpenRequest, submit_request

pytestmark = pytest.mark.django_db


def mark(member: Member, *requests: OpenRequest) -> int:
    return not_real.mark(member=member, request_ids=[request.unsealed.id for request in requests]).number


def test_one_mark_takes_it_from_one_desk_and_others_are_still_asked(
    ana: Member, ana_key: bytes, ben: Member, ben_key: bytes
) -> None:
    submitted = submit_request(Urgency.NOW)
    assert mark(ana, submitted) == 1
    assert members.offers_for(ana, ana_key) == []
    assert [offer.request_id for offer in members.offers_for(ben, ben_key)] == [submitted.unsealed.id]
    assert submitted.unsealed.routing.recipient_for(ana.pk) is None, "the key to the card is gone with it"


def test_one_member_alone_buries_nobodys_however_often(ana: Member, ben: Member) -> None:
    submitted = submit_request(Urgency.NOW)
    assert [mark(ana, submitted) for _ in range(3)] == [1, 0, 0]
    assert submitted.unsealed.routing.state == RequestState.OFFERED


def test_what_one_member_marked_is_offered_to_the_next_as_after_declining(ana: Member, ben: Member) -> None:
    submitted = submit_request(Urgency.TODAY)
    (first,) = submitted.unsealed.routing.offered_to
    asked, other = (ana, ben) if first == ana.pk else (ben, ana)
    mark(asked, submitted)
    assert submitted.unsealed.routing.offered_to == [other.pk]


def test_the_only_member_who_could_be_asked_marks_it_and_oversight_is_told(ana: Member, coordinator: User) -> None:
    submitted = submit_request(Urgency.NOW)
    mark(ana, submitted)
    assert submitted.unsealed.routing.state == RequestState.NOBODY
    assert Notice.objects.filter(recipient=coordinator).exists()


def test_two_marks_set_it_aside_and_nobody_is_asked_any_more(ana: Member, ben: Member, coordinator: User) -> None:
    third = make_member("Cleo Castro", confirmed_by=coordinator)
    submitted = submit_request(Urgency.NOW)
    mark(ana, submitted)
    mark(ben, submitted)
    route = submitted.unsealed.routing
    assert (route.state, route.offered_to, route.offered_recipient(third.pk)) == (
        RequestState.SET_ASIDE, [], None,
    )  # fmt: skip
    sweep.run(now=timezone.now())
    assert submitted.unsealed.routing.state == RequestState.SET_ASIDE
    assert waiting_summary(timezone.now()).set_aside == 1


def test_who_marked_it_puts_it_back_and_peers_are_asked_again(
    client: Client, ana: Member, ben: Member, ben_key: bytes, coordinator: User
) -> None:
    """Two tired people press "Check all": what they cleared is seen at once, and one press undoes it."""
    cleo = make_member("Cleo Castro", confirmed_by=coordinator)
    first, other = submit_request(Urgency.NOW), submit_request(Urgency.NOW)
    mark(ana, first, other)
    sign_in(client, ben)
    offers = [str(each.unsealed.id) for each in (first, other)]
    page = client.post("/desk/offers/not-real/", {"offers": offers}, follow=True).content.decode()
    assert "Marked: two requests. Somebody else had marked them too, so nobody is asked" in page
    assert "Two requests that you marked as not real are set aside" in page and "Put back" in page
    assert not_real.put_back(member=cleo) == 0, "not theirs"
    page = client.post("/desk/offers/put-back/", follow=True).content.decode()
    assert "Two requests are offered to peers again." in page and "Put back" not in page
    for submitted in (first, other):
        route = submitted.unsealed.routing
        assert (route.state, route.marked_by) == (RequestState.OFFERED, (ana.pk,))
        assert set(route.offered_to) == {ben.pk, cleo.pk}, "ana's envelope went with her mark"
    assert len(members.offers_for(ben, ben_key)) == 2
    assert client.post("/desk/offers/put-back/").status_code == 302 and not_real.put_back(member=ana) == 0


def test_a_list_longer_than_a_form_can_be_shows_its_first_part(
    client: Client, ana: Member, ben: Member, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(desk_presenter, "OFFERS_LISTED", 2)
    for _ in range(3):
        submit_request(Urgency.NOW)
    page = sign_in(client, ana).get("/desk/offers/?check=all").content.decode()
    assert page.count('name="offers"') == 2 and "One more request comes after these." in page


def test_who_waits_for_a_first_answer_stands_above_new_offers(
    client: Client, ana: Member, ana_key: bytes, ben: Member
) -> None:
    submitted = submit_request(Urgency.NOW)
    peer.accept(member=ana, request_id=submitted.unsealed.id, private_key=ana_key)
    submit_request(Urgency.NOW)
    desk = sign_in(client, ana).get("/desk/").content.decode()
    assert desk.index("Open contacts") < desk.index('class="offer"')


def test_its_officer_reads_a_kind_sentence_with_the_numbers_first_and_sends_it_again(
    officer: Client, ana: Member, ben: Member, coordinator: User
) -> None:
    submitted = submit_request(Urgency.NOW)
    mark(ana, submitted)
    mark(ben, submitted)
    officer.post("/request/return/", {"receipt": " ".join(submitted.receipt_words)})
    page = officer.get("/request/thread/").content.decode()
    assert "If they were wrong, we&#x27;re sorry." in page and "Send it again" in page
    assert page.index("tel:988") < page.index("Send it again")
    turn = re.search(r'name="turn" value="(\d+)"', page)[1]
    page = officer.post("/request/send-on/", {"turn": turn, "waiver": ""}, follow=True).content.decode()
    assert "You sent it again." in page and "Many requests are coming in right now" not in page
    assert page.index("tel:988") < page.index('id="thread"')
    summary = waiting_summary(timezone.now())
    assert (summary.in_line, summary.waiting, summary.set_aside) == (0, 1, 0)
    Notice.objects.all().delete()
    sweep.run(now=timezone.now())
    assert not Notice.objects.filter(recipient=coordinator).exists(), "nobody hears of a flood by it"
    route = submitted.unsealed.routing
    assert (route.state, set(route.offered_to), route.marked_by) == (
        RequestState.OFFERED,
        {ana.pk, ben.pk},
        (),
    )


def test_what_nobody_sends_again_is_erased_within_days_and_sooner_while_no_more_can_be_stored(
    officer: Client, ana: Member, ben: Member, settings
) -> None:
    now = timezone.now()
    with time_machine.travel(now - timedelta(days=30)):
        submitted = submit_request(Urgency.NOW)
    settings.MAX_OPEN_REQUESTS = 2
    mark(ana, submitted)
    mark(ben, submitted)
    for days, most, is_kept in ((6, 2, True), (6, 1, False), (7, 2, False)):
        settings.MAX_OPEN_REQUESTS = most
        with transaction.atomic():
            sweep.run(now=now + timedelta(days=days, hours=1 if days == 7 else 0))
            assert Request.objects.exists() is is_kept
            transaction.set_rollback(True)
    settings.MAX_OPEN_REQUESTS = 1
    sweep.run(now=now + timedelta(hours=23))
    assert submitted.unsealed.routing.state == RequestState.SET_ASIDE
    sweep.run(now=now + timedelta(hours=25))
    page = officer.post("/request/return/", {"receipt": " ".join(submitted.receipt_words)}).content.decode()
    assert not Request.objects.exists() and "No open request goes with these words." in page


def test_what_was_sent_again_is_kept_as_long_as_any_other(ana: Member, ben: Member) -> None:
    submitted = submit_request(Urgency.NOW)
    mark(ana, submitted)
    mark(ben, submitted)
    officer_actions.offer_again(creds=submitted.credentials)
    sweep.run(now=timezone.now() + timedelta(days=40))
    assert Request.objects.exists()


def test_what_was_accepted_once_is_never_set_aside(ana: Member, ana_key: bytes, ben: Member, coordinator: User) -> None:
    submitted = submit_request(Urgency.NOW)
    peer.accept(member=ana, request_id=submitted.unsealed.id, private_key=ana_key)
    officer_actions.change_peer(creds=submitted.credentials, next_may_read=False, turn=1)
    cleo, dan = (make_member(name, confirmed_by=coordinator) for name in ("Cleo Castro", "Dan Diaz"))
    officer_actions.offer_again(creds=submitted.credentials)
    for member in (ben, cleo, dan):
        mark(member, submitted)
    assert submitted.unsealed.routing.state != RequestState.SET_ASIDE


def test_a_full_desk_is_cleared_with_two_presses(client: Client, ana: Member, ben: Member) -> None:
    real = submit_request(Urgency.NOW, concern="grief")
    for _ in range(14):
        submit_request(Urgency.NOW)
    sign_in(client, ana)
    desk = client.get("/desk/").content.decode()
    assert "15 requests are waiting for your answer." in desk
    assert desk.count('class="offer"') == 3 and 'href="/desk/offers/"' in desk
    listed = client.get("/desk/offers/?check=all").content.decode()
    checked = re.findall(r'name="offers" value="([0-9a-f-]+)" checked', listed)
    assert len(checked) == 15
    checked.remove(str(real.unsealed.id))
    page = client.post("/desk/offers/not-real/", {"offers": checked}, follow=True).content.decode()
    assert "One request is waiting for your answer." in page
    assert "Others are still asked." in page


def test_enter_on_a_checkbox_of_the_list_presses_a_button_that_does_nothing(client: Client, ana: Member) -> None:
    """A browser presses the first button of the form that a checkbox belongs to."""
    submitted = submit_request(Urgency.NOW)
    listed = sign_in(client, ana).get("/desk/offers/").content.decode()
    forms = re.findall(r"<form.*?</form>", listed[listed.index('class="rows"') :], re.DOTALL)
    accept, not_real = forms[:2]
    assert f"/desk/offers/{submitted.unsealed.id}/accept/" in accept and '<input type="checkbox' not in accept
    assert re.search(r'<input type="checkbox"[^>]* form="([^"]+)"', listed)[1] == "not-real"
    assert 'id="not-real"' in not_real
    assert re.findall(r"<button[^>]*>", not_real)[0] == '<button type="submit" formmethod="dialog" hidden>'
    assert re.findall(r'class="button"', listed) == ['class="button"'] and 'class="button"' in accept


def test_what_somebody_marked_comes_after_all_others(
    ana: Member, ben: Member, ben_key: bytes, coordinator: User
) -> None:
    marked, plain = submit_request(Urgency.NOW), submit_request(Urgency.NOW)
    mark(ana, marked)
    assert [offer.request_id for offer in members.offers_for(ben, ben_key)] == [plain.unsealed.id, marked.unsealed.id]


def test_only_what_is_offered_to_somebody_can_be_marked_by_them(client: Client, ana: Member, ben: Member) -> None:
    submitted = submit_request(Urgency.NOW, excluded_members=[ana.pk])
    assert mark(ana, submitted) == 0
    sign_in(client, ana)
    page = client.post("/desk/offers/not-real/", {"offers": [str(submitted.unsealed.id), "x", ""]}, follow=True)
    assert "Nothing was marked." in page.content.decode()
    assert submitted.unsealed.routing.marked_by == ()


def test_the_list_takes_as_many_queries_for_thirty_as_for_one(
    client: Client, ana: Member, ben: Member, django_assert_max_num_queries
) -> None:
    submit_request(Urgency.NOW)
    sign_in(client, ana)
    client.get("/desk/offers/")
    for _ in range(6):
        submit_request(Urgency.NOW)
    with django_assert_max_num_queries(40):
        client.get("/desk/offers/")


def test_marking_leaves_no_trace_in_what_the_next_member_sees(
    client: Client, ana: Member, ben: Member, ben_key: bytes
) -> None:
    submitted = submit_request(Urgency.NOW)
    before = [request.routing.offered_recipient(ben.pk) for request in unsealing.open_requests()]
    mark(ana, submitted)
    after = [request.routing.offered_recipient(ben.pk) for request in unsealing.open_requests()]
    assert before == after
