"""What several people do to one request in the same moment: each in a process of their own."""

import logging
import time
from collections.abc import Iterator
from datetime import timedelta
from uuid import UUID

import pytest
from django.utils import timezone

from peersupport.notices.models import Notice
from peersupport.sealing import actions as sealing
from peersupport.sealing import keyring
from peersupport.sealing import queries as sealing_queries
from peersupport.sealing.models import KeyToDestroy
from peersupport.sealing.receipt import Credentials, credentials
from peersupport.team.models import Member, User
from requests_app import actions, queries, routing, tokens
from requests_app.actions import Answer
from requests_app.models import Message, PlaneKey, Request, SpentMark, TallyOwed
from requests_app.states import Author, Standing, State, Urgency
from stats import vault as stats_vault
from stats.actions import open_current_year
from stats.models import StatsYear
from tests.cast import make_member
from tests.requests_app.conftest import Asked, ask

from .racing import Outcome, race

pytestmark = pytest.mark.django_db(transaction=True)
ROUNDS = range(4)
THE_NOW_TIME_OUT = timedelta(minutes=11)
THE_NEXT_HALF_HOUR = timedelta(minutes=61)


@pytest.fixture(autouse=True)
def no_key_is_left_without_a_row(db: None) -> Iterator[None]:
    """Whatever was raced for: at the end every key has its row, once the sweep has had its hour."""
    yield
    sealing.destroy_condemned()
    sealing.destroy_orphans(now=timezone.now() + timedelta(hours=2))
    assert set(keyring.shred_ids()) == sealing_queries.key_ids_for_sweep()
    assert not KeyToDestroy.objects.exists()


def values(outcomes: list[Outcome]) -> list[object]:
    assert [outcome for outcome in outcomes if outcome.error] == []
    return [outcome.value for outcome in outcomes]


def tend(now: object) -> None:
    """The sweep, which writes its troubles into a log: here they are told."""
    troubles: list[logging.LogRecord] = []
    handler = logging.Handler()
    handler.emit = troubles.append  # type: ignore[method-assign]
    logging.getLogger("peersupport.requests").addHandler(handler)
    actions.tend_all(now=now)  # type: ignore[arg-type]
    for trouble in troubles:
        raise trouble.exc_info[1]  # type: ignore[index,misc]


def accepted_by(ana: Member, ana_key: bytes) -> Asked:
    asked = ask(Urgency.NOW, message="I have not slept.")
    assert actions.accept(member=ana, request_id=asked.opened.id, private_key=ana_key) == Answer.ACCEPTED
    return asked


def accepting(member: Member, asked: Asked, private_key: bytes) -> dict[str, object]:
    return {"member": member, "request_id": asked.opened.id, "private_key": private_key}


def at_once(run: object, **keywords: object) -> dict[str, object]:
    """For a race between different things: what a runner of `do` does."""
    return {"run": run, "keywords": keywords}


def do(run: object, keywords: dict[str, object]) -> object:
    return run(**keywords)  # type: ignore[operator]


# Accepting


def test_of_two_members_who_accept_one_has_it(ana: Member, ana_key: bytes, ben: Member, ben_key: bytes) -> None:
    for _ in ROUNDS:
        asked = ask(Urgency.NOW, message="I have not slept.")
        answers = values(race(actions.accept, accepting(ana, asked, ana_key), accepting(ben, asked, ben_key)))
        assert sorted(answers) == [Answer.ACCEPTED, Answer.TAKEN]
        winner, key = (ana, ana_key) if answers[0] == Answer.ACCEPTED else (ben, ben_key)
        route = asked.opened.routing
        assert [place.member_id for place in route.places if place.standing == Standing.ACCEPTED] == [winner.pk]
        # One thread key: what the winner writes, the officer reads.
        actions.write_as_peer(
            member=winner, request_id=asked.opened.id, private_key=key, token=tokens.fresh("write"), text="I am here."
        )
        own = queries.own_request(asked.credentials)
        assert own is not None and [message.text for message in own.thread] == ["I am here."]
        actions.close_as_officer(creds=asked.credentials)


def test_a_member_with_one_place_left_who_accepts_two_has_one(ana: Member, ana_key: bytes, ben: Member) -> None:
    Member.objects.filter(pk=ben.pk).update(on_call=False)
    for _ in range(ana.cap - 1):
        accepted_by(ana, ana_key)
    for _ in ROUNDS:
        pair = [ask(Urgency.NOW), ask(Urgency.NOW)]
        answers = values(race(actions.accept, *(accepting(ana, asked, ana_key) for asked in pair)))
        assert sorted(answers) == [Answer.ACCEPTED, Answer.NOT_ABLE]
        assert len(queries.contacts_of(ana)) == ana.cap
        (handed_on,) = (asked for asked in pair if not asked.opened.routing.holds_contact(ana.pk))
        assert routing.asked(handed_on.opened.routing) == [ben.pk]
        for asked in pair:
            actions.close_as_officer(creds=asked.credentials)


def test_accepting_at_the_time_out_neither_loses_it_nor_gives_it_twice(
    ana: Member, ana_key: bytes, ben: Member
) -> None:
    Member.objects.filter(pk=ben.pk).update(on_call=False)
    for _ in ROUNDS:
        asked = ask(Urgency.NOW)
        answer, _ = values(
            race(
                do,
                at_once(actions.accept, **accepting(ana, asked, ana_key)),
                at_once(tend, now=timezone.now() + THE_NOW_TIME_OUT),
            )
        )
        route = asked.opened.routing
        if answer == Answer.ACCEPTED:
            assert route.holds_contact(ana.pk) and routing.asked(route) == []
        else:
            assert (answer, route.state, route.place_of(ana.pk)) == (Answer.TAKEN, State.OFFERED, None)
            assert routing.asked(route) == [ben.pk]
        actions.close_as_officer(creds=asked.credentials)


def test_accepting_while_another_declines(ana: Member, ana_key: bytes, ben: Member) -> None:
    for _ in ROUNDS:
        asked = ask(Urgency.NOW)
        answer, _ = values(
            race(
                do,
                at_once(actions.accept, **accepting(ana, asked, ana_key)),
                at_once(actions.decline, member=ben, request_id=asked.opened.id),
            )
        )
        assert answer == Answer.ACCEPTED
        assert asked.opened.routing.holds_contact(ana.pk)
        actions.close_as_officer(creds=asked.credentials)


def test_two_who_decline_at_once_leave_it_with_the_third(coordinator: User, ana: Member, ben: Member) -> None:
    third = make_member("Third Member", confirmed_by=coordinator, on_call=False)
    for _ in ROUNDS:
        asked = ask(Urgency.NOW)
        values(race(actions.decline, *({"member": who, "request_id": asked.opened.id} for who in (ana, ben))))
        route = asked.opened.routing
        assert [place.member_id for place in route.places] == routing.asked(route) == [third.pk]
        actions.close_as_officer(creds=asked.credentials)


# The sweep


def test_two_sweeps_at_once_hand_on_once(coordinator: User, ana: Member, ben: Member) -> None:
    make_member("Third Member", confirmed_by=coordinator)
    for _ in ROUNDS:
        asked = ask(Urgency.TODAY)
        (first,) = routing.asked(asked.opened.routing)
        Notice.objects.all().delete()
        later = {"now": timezone.now() + THE_NEXT_HALF_HOUR}
        values(race(tend, later, later, later))
        route = asked.opened.routing
        assert len(route.places) == 2 and route.place_of(first) is None
        assert len(routing.asked(route)) == 1
        actions.close_as_officer(creds=asked.credentials)


def test_requests_that_ring_many_at_once_do_not_block_each_other(coordinator: User) -> None:
    """A set of numbers has an order of its own: 8 stands before 7 in a small one and after it in a larger one."""
    members = [make_member(f"M{pk} Member", confirmed_by=coordinator, pk=pk) for pk in (7, 8, 9, 10, 11)]
    others = tuple(member.pk for member in members[2:])
    User.objects.update(is_active=False)
    waiting = [ask(Urgency.NOW, not_these=not_these) for not_these in ((), others, (), others)]
    assert {asked.opened.routing.state for asked in waiting} == {State.NOBODY}
    User.objects.update(is_active=True)
    sent = values(race(actions.send_on, *({"creds": asked.credentials} for asked in waiting)))
    assert [each.asked for each in sent] == [5, 2, 5, 2]


# Sending


def test_one_form_sent_several_times_at_once_is_one_request(ana: Member) -> None:
    ask()  # the week's key is there
    for number in ROUNDS:
        before = set(keyring.shred_ids())
        form = {
            "token": tokens.fresh("ask"),
            "typed": actions.Typed(urgency=Urgency.TODAY, message=f"form {number}"),
        }
        first, second, third = values(race(actions.send, form, form, form))
        assert first == second == third
        assert len(first.words) == 7
        assert Request.objects.count() == SpentMark.objects.count() == number + 2
        assert len(set(keyring.shred_ids()) - before) == 1  # nothing is left for the sweep
        assert queries.request_with(_credentials(first.words)) is not None


def test_one_form_sent_twice_at_once_with_other_words_is_two_requests(ana: Member) -> None:
    token = tokens.fresh("ask")
    sent = values(
        race(
            actions.send,
            {"token": token, "typed": actions.Typed(urgency=Urgency.TODAY, message="one")},
            {"token": token, "typed": actions.Typed(urgency=Urgency.TODAY, message="two")},
        )
    )
    found = [queries.own_request(_credentials(each.words)) for each in sent]
    assert [own.words["message"] for own in found if own] == ["one", "two"]


def test_the_very_first_requests_agree_on_one_key_to_be_found_by(ana: Member) -> None:
    for _ in ROUNDS:
        forms = [
            {"token": tokens.fresh("ask"), "typed": actions.Typed(urgency=Urgency.TODAY, message=text)}
            for text in ("one", "two", "three")
        ]
        sent = values(race(actions.send, *forms))
        assert PlaneKey.objects.count() == 1
        assert all(queries.request_with(_credentials(each.words)) for each in sent)
        for each in sent:
            actions.close_as_officer(creds=_credentials(each.words))
        PlaneKey.objects.all().delete()


def test_renewing_the_key_to_be_found_by_loses_nobody(ana: Member) -> None:
    asked = [ask() for _ in range(3)]
    for number in ROUNDS:
        form = {"token": tokens.fresh("ask"), "typed": actions.Typed(urgency=Urgency.TODAY, message=f"{number}")}
        _, sent, times_missing = values(
            race(
                do,
                at_once(renew_several_times),
                at_once(actions.send, **form),
                at_once(come_back_again_and_again, creds=asked[0].credentials),
            )
        )
        assert times_missing == 0
        for creds in (_credentials(sent.words), *(each.credentials for each in asked)):
            assert queries.request_with(creds) is not None


def renew_several_times() -> None:
    for _ in range(8):
        actions.renew_plane_key(now=timezone.now())


def come_back_again_and_again(creds: Credentials) -> int:
    """How often nothing was found."""
    until, missing = time.monotonic() + 0.3, 0
    while time.monotonic() < until:
        missing += queries.request_with(creds) is None
    return missing


# Writing and closing


def test_two_who_close_at_once_end_it_once(ana: Member, ana_key: bytes) -> None:
    for _ in ROUNDS:
        asked = accepted_by(ana, ana_key)
        key_id = asked.opened.row.key_id
        outcomes = race(
            do,
            at_once(actions.close_as_officer, creds=asked.credentials),
            at_once(actions.close_as_peer, member=ana, request_id=asked.opened.id),
        )
        assert sorted(outcome.error or "closed" for outcome in outcomes) == ["Gone", "closed"]
        assert {outcome.value for outcome in outcomes} == {key_id, None}
        assert keyring.is_destroyed(key_id)
        (owed,) = queries.owed_by(ana)
        actions.skip_tally(member=ana, owed_id=owed.id)
        assert not Request.objects.exists() and not TallyOwed.objects.exists()


@pytest.mark.parametrize("closing", ["officer", "peer"])
def test_a_message_at_the_moment_of_closing_is_erased_or_refused(ana: Member, ana_key: bytes, closing: str) -> None:
    for _ in ROUNDS:
        asked = accepted_by(ana, ana_key)
        request_id = asked.opened.id
        close = {
            "officer": at_once(actions.close_as_officer, creds=asked.credentials),
            "peer": at_once(actions.close_as_peer, member=ana, request_id=request_id),
        }
        officer, peer, closed = race(do, *writing(asked, ana, ana_key), close[closing])
        assert {officer.error, peer.error} <= {None, "Gone"}
        assert closed.error is None
        assert not Message.objects.exists() and not Request.objects.exists()


def test_messages_written_at_once_are_all_there_in_one_order(ana: Member, ana_key: bytes) -> None:
    asked = accepted_by(ana, ana_key)
    for number in ROUNDS:
        same_press = tokens.fresh("write")
        officer = at_once(actions.write_as_officer, creds=asked.credentials, token=same_press, text="once")
        values(race(do, officer, officer, writing(asked, ana, ana_key)[1]))
        own = queries.own_request(asked.credentials)
        assert own is not None
        assert [message.number for message in own.thread] == list(range(1, 2 * number + 3))
        assert sorted(message.author for message in own.thread[-2:]) == [Author.OFFICER, Author.PEER]


def writing(asked: Asked, member: Member, private_key: bytes) -> list[dict[str, object]]:
    return [
        at_once(actions.write_as_officer, creds=asked.credentials, token=tokens.fresh("write"), text="hello"),
        at_once(
            actions.write_as_peer, **accepting(member, asked, private_key), token=tokens.fresh("write"), text="hello"
        ),
    ]


# Counting


def test_one_contact_tallied_twice_at_once_counts_once(ana: Member, ana_key: bytes) -> None:
    open_current_year()
    for _ in ROUNDS:
        accepted = [accepted_by(ana, ana_key) for _ in range(2)]
        for asked in accepted:
            actions.close_as_peer(member=ana, request_id=asked.opened.id)
        one, other = (owed.id for owed in queries.owed_by(ana))
        before = contacts_counted()
        outcomes = race(actions.tally, *(tallying(ana, owed_id) for owed_id in (one, one, other)))
        assert sorted(outcome.error or "counted" for outcome in outcomes) == ["Gone", "counted", "counted"]
        assert contacts_counted() == before + 2
        assert not TallyOwed.objects.exists()


def test_a_tally_on_the_day_it_is_dropped_is_counted_or_gone(ana: Member, ana_key: bytes) -> None:
    open_current_year()
    for _ in ROUNDS:
        asked = accepted_by(ana, ana_key)
        actions.close_as_peer(member=ana, request_id=asked.opened.id)
        (owed,) = queries.owed_by(ana)
        before = contacts_counted()
        counted, swept, again = race(
            do,
            at_once(actions.tally, **tallying(ana, owed.id)),
            at_once(tend, now=timezone.now() + timedelta(days=8)),
            at_once(tend, now=timezone.now() + timedelta(days=8)),
        )
        assert (swept.error, again.error) == (None, None)
        assert counted.error in {None, "Gone"}
        assert contacts_counted() - before == (counted.error is None)
        assert not TallyOwed.objects.exists()


def tallying(member: Member, owed_id: UUID) -> dict[str, object]:
    return {"member": member, "owed_id": owed_id, "first_this_year": False, "first_referral": False, "codes": {}}


def contacts_counted() -> int:
    (row,) = StatsYear.objects.all()
    counted = stats_vault.unseal(row).by_counter()
    return next(value for counter, value in counted.items() if counter.vector == "contacts")


def _credentials(words: tuple[str, ...]) -> Credentials:
    return credentials(keyring.lasting("credentials"), words)
