"""What several people do to one request in the same moment: each in a process of their own."""

import logging
import time
from collections.abc import Callable, Iterator
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

import pytest
from django.utils import timezone

from peersupport.notices.models import Notice
from peersupport.program import form_tokens
from peersupport.sealing import actions as sealing
from peersupport.sealing import keyring
from peersupport.sealing import queries as sealing_queries
from peersupport.sealing.models import KeyToDestroy
from peersupport.sealing.receipt import Credentials, credentials
from peersupport.team.models import Member, User
from requests_app.actions import officer as officer_actions
from requests_app.actions import peer as peer_actions
from requests_app.actions import submission, tallies, transitions
from requests_app.actions import sweep as sweep_actions
from requests_app.actions.peer import Answer
from requests_app.domain import routing
from requests_app.domain.routing import Routing
from requests_app.domain.states import Author, Standing, State, Urgency
from requests_app.models import Message, PendingTally, PlaneKey, Request, SubmittedForm
from requests_app.queries import members as members_queries
from requests_app.queries import officers
from stats import vault as stats_vault
from stats.actions import open_current_year
from stats.models import StatsYear
from tests.cast import make_member, private_key_of, take_off_call
from tests.races.racing import FORK, LONGEST_SECONDS, Outcome, race
from tests.requests_app.conftest import Asked, ask

pytestmark = pytest.mark.django_db(transaction=True)
ROUNDS = range(4)
THE_NEXT_HALF_HOUR = timedelta(minutes=61)
Step = Callable[[], object]


@pytest.fixture(autouse=True)
def no_key_is_left_without_a_row(db: None) -> Iterator[None]:
    """Whatever was raced for: at the end every key has its row, once the sweep has had its hour."""
    yield
    sealing.destroy_condemned()
    sealing.destroy_orphans(now=timezone.now() + timedelta(hours=2))
    assert set(keyring.shred_ids()) == sealing_queries.key_ids_for_sweep()
    assert not KeyToDestroy.objects.exists()


# How a race is run: the same runners meet round after round, so that the later rounds find them warm


def race_each(*runners: list[Step]) -> list[list[Outcome]]:
    """Each runner takes its first step when all the others do, then its second; the outcomes, round by round."""
    line = FORK.Barrier(len(runners))

    def run(steps: list[Step]) -> list[Outcome]:
        outcomes = []
        for step in steps:
            line.wait(LONGEST_SECONDS)
            try:
                outcomes.append(Outcome(value=step()))
            except Exception as error:
                outcomes.append(Outcome(error=type(error).__name__, said=str(error)))
        return outcomes

    return [list(met) for met in zip(*values(race(run, *({"steps": steps} for steps in runners))), strict=True)]


def values(outcomes: list[Outcome]) -> list[Any]:
    assert [outcome for outcome in outcomes if outcome.error] == []
    return [outcome.value for outcome in outcomes]


def errors(outcomes: list[Outcome]) -> list[str | None]:
    return [outcome.error for outcome in outcomes]


# What the runners do


def accepting(member: Member, asked: Asked) -> Step:
    request_id, private_key = asked.opened.id, private_key_of(member.user.name)
    return lambda: peer_actions.accept(member=member, request_id=request_id, private_key=private_key)


def declining(member: Member, asked: Asked) -> Step:
    request_id = asked.opened.id
    return lambda: peer_actions.decline(member=member, request_id=request_id)


def sending(token: str, text: str) -> Step:
    return lambda: submission.send(token=token, typed=submission.Typed(urgency=Urgency.TODAY, message=text))


def writing_as_officer(asked: Asked, token: str = "") -> Step:
    token = token or form_tokens.fresh("write")
    return lambda: officer_actions.write_as_officer(creds=asked.credentials, token=token, text="by the officer")


def writing_as_peer(asked: Asked, member: Member) -> Step:
    request_id, private_key, token = asked.opened.id, private_key_of(member.user.name), form_tokens.fresh("write")
    return lambda: peer_actions.write_as_peer(
        member=member, request_id=request_id, private_key=private_key, token=token, text="by the peer"
    )


def closing_as_officer(asked: Asked) -> Step:
    return lambda: officer_actions.close_as_officer(creds=asked.credentials)


def closing_as_peer(asked: Asked, member: Member) -> Step:
    request_id = asked.opened.id
    return lambda: peer_actions.close_as_peer(member=member, request_id=request_id)


def tallying(member: Member, owed_id: UUID) -> Step:
    return lambda: tallies.tally(member=member, owed_id=owed_id, first_this_year=False, first_referral=False, codes={})


def tending(now: datetime) -> Step:
    """The sweep, which writes its troubles into a log: here they are told."""

    def tend() -> None:
        troubles: list[logging.LogRecord] = []
        handler = logging.Handler()
        handler.emit = troubles.append  # type: ignore[method-assign]
        logging.getLogger("peersupport.requests").addHandler(handler)
        sweep_actions.tend_all(now=now)
        for trouble in troubles:
            raise trouble.exc_info[1]  # type: ignore[index,misc]

    return tend


def nothing() -> None:
    """A step of waiting for the others."""


def or_gone(step: Step) -> object:
    try:
        return step()
    except transitions.Gone:
        return "Gone"


def looked_at(rounds: list[list[Outcome]]) -> list[Any]:
    """What the first runner saw, where each prepares, meets the others and looks, over and over."""
    first = [values(outcomes)[0] for outcomes in rounds]
    return first[2::3]


def creds_of(sent: submission.Sent) -> Credentials:
    return credentials(keyring.lasting("credentials"), sent.words)


def accepted_by(member: Member) -> Asked:
    asked = ask(Urgency.NOW, message="I have not slept.")
    assert accepting(member, asked)() == Answer.ACCEPTED
    return asked


@pytest.fixture
def with_many_places(ana: Member, ben: Member) -> None:
    Member.objects.update(cap=20)


# Accepting


def test_of_two_members_who_accept_one_has_it(with_many_places: None, ana: Member, ben: Member) -> None:
    requests = [ask(Urgency.NOW) for _ in ROUNDS]
    rounds = race_each([accepting(ana, asked) for asked in requests], [accepting(ben, asked) for asked in requests])
    for asked, answers in zip(requests, map(values, rounds), strict=True):
        assert sorted(answers) == [Answer.ACCEPTED, Answer.TAKEN]
        winner = ana if answers[0] == Answer.ACCEPTED else ben
        places = asked.opened.routing.places
        assert [place.member_id for place in places if place.standing == Standing.ACCEPTED] == [winner.pk]
        # There is one thread key: what the winner writes, the officer reads.
        writing_as_peer(asked, winner)()
        own = officers.own_request(asked.credentials)
        assert own is not None and [message.text for message in own.thread] == ["by the peer"]


def test_a_member_with_one_place_left_who_accepts_two_has_one(coordinator: User) -> None:
    members = [make_member(f"M{number} Member", confirmed_by=coordinator, cap=1) for number in ROUNDS]
    pairs = [(ask(Urgency.NOW), ask(Urgency.NOW)) for _ in members]
    rounds = race_each(
        *([accepting(*one) for one in zip(members, each, strict=True)] for each in zip(*pairs, strict=True))
    )
    for member, pair, answers in zip(members, pairs, map(values, rounds), strict=True):
        assert sorted(answers) == [Answer.ACCEPTED, Answer.NOT_ABLE]
        assert len(members_queries.contacts_of(member)) == member.cap
        (handed_on,) = (asked.opened.routing for asked in pair if not asked.opened.routing.holds_contact(member.pk))
        assert handed_on.state == State.OFFERED and handed_on.place_of(member.pk) is None


def test_accepting_at_the_time_out_neither_loses_it_nor_gives_it_twice(
    with_many_places: None, ana: Member, ben: Member
) -> None:
    take_off_call(ben)
    asked, answer = [], []

    def look() -> tuple[Answer, Routing]:
        route = asked[-1].opened.routing
        closing_as_officer(asked[-1])()
        return answer[-1], route

    member = [
        lambda: asked.append(ask(Urgency.TODAY, wanted=ana.pk)),
        lambda: answer.append(accepting(ana, asked[-1])()),
        look,
    ]
    sweep = [nothing, tending(timezone.now() + THE_NEXT_HALF_HOUR), nothing]
    for taken, route in looked_at(race_each(member * 8, sweep * 8)):
        if taken == Answer.ACCEPTED:
            assert route.holds_contact(ana.pk) and routing.asked(route) == []
        else:
            assert (taken, route.state, route.place_of(ana.pk)) == (Answer.TAKEN, State.OFFERED, None)
            assert routing.asked(route) == [ben.pk]


def test_accepting_while_another_declines(with_many_places: None, ana: Member, ben: Member) -> None:
    requests = [ask(Urgency.NOW) for _ in ROUNDS]
    rounds = race_each([accepting(ana, asked) for asked in requests], [declining(ben, asked) for asked in requests])
    assert [values(outcomes)[0] for outcomes in rounds] == [Answer.ACCEPTED] * len(requests)
    assert all(asked.opened.routing.holds_contact(ana.pk) for asked in requests)


def test_two_who_decline_at_once_leave_it_with_the_third(coordinator: User, ana: Member, ben: Member) -> None:
    third = make_member("Third Member", confirmed_by=coordinator, on_call=False)
    requests = [ask(Urgency.NOW) for _ in ROUNDS]
    rounds = race_each([declining(ana, asked) for asked in requests], [declining(ben, asked) for asked in requests])
    for asked, _ in zip(requests, map(values, rounds), strict=True):
        route = asked.opened.routing
        assert [place.member_id for place in route.places] == routing.asked(route) == [third.pk]


# The sweep


def test_sweeps_at_once_hand_on_once(coordinator: User, ana: Member, ben: Member) -> None:
    make_member("Third Member", confirmed_by=coordinator)
    requests = [ask(Urgency.TODAY) for _ in ROUNDS]
    first = [routing.asked(asked.opened.routing) for asked in requests]
    sweep = [tending(timezone.now() + THE_NEXT_HALF_HOUR)]
    for outcomes in race_each(sweep, sweep, sweep):
        values(outcomes)
    for asked, (passed_over,) in zip(requests, first, strict=True):
        route = asked.opened.routing
        assert len(route.places) == 2 and route.place_of(passed_over) is None
        assert len(routing.asked(route)) == 1


def test_requests_that_ring_many_at_once_do_not_block_each_other(coordinator: User) -> None:
    """A set of numbers has an order of its own: 8 stands before 7 in a small one and after it in a larger one."""
    members = [make_member(f"M{pk} Member", confirmed_by=coordinator, pk=pk) for pk in (7, 8, 9, 10, 11)]
    others = tuple(member.pk for member in members[2:])
    User.objects.update(is_active=False)
    waiting = [ask(Urgency.NOW, not_these=not_these) for not_these in ((), others, (), others)]
    assert {asked.opened.routing.state for asked in waiting} == {State.NOBODY}
    User.objects.update(is_active=True)
    sent = values(race(officer_actions.try_again, *({"creds": asked.credentials} for asked in waiting)))
    assert [each.asked for each in sent] == [5, 2, 5, 2]
    assert Notice.objects.count() == 0  # the bell rang, and who was to be told has been


# Sending


def test_one_form_sent_several_times_at_once_is_one_request(ana: Member) -> None:
    ask()  # the week's key is there
    before = set(keyring.shred_ids())
    forms = [form_tokens.fresh("ask") for _ in ROUNDS]
    presses = [sending(token, "one and the same") for token in forms]
    for first, second, third in map(values, race_each(presses, presses, presses)):
        assert first == second == third
        assert len(first.words) == 7
        assert officers.request_with(creds_of(first)) is not None
    assert Request.objects.count() == SubmittedForm.objects.count() == len(forms) + 1
    assert len(set(keyring.shred_ids()) - before) == len(forms)  # nothing is left for the sweep


def test_one_form_sent_twice_at_once_with_other_words_is_two_requests(ana: Member) -> None:
    forms = [form_tokens.fresh("ask") for _ in ROUNDS]
    rounds = race_each([sending(token, "one") for token in forms], [sending(token, "two") for token in forms])
    for sent in map(values, rounds):
        found = [officers.own_request(creds_of(each)) for each in sent]
        assert [own.words["message"] for own in found if own] == ["one", "two"]


@pytest.mark.parametrize("again", range(2))
def test_the_very_first_requests_agree_on_one_key_to_be_found_by(ana: Member, again: int) -> None:
    del again  # there is a first time only in an empty database
    (outcomes,) = race_each(*([sending(form_tokens.fresh("ask"), text)] for text in ("one", "two", "three")))
    assert PlaneKey.objects.count() == 1
    assert all(officers.request_with(creds_of(sent)) for sent in values(outcomes))


def test_renewing_the_key_to_be_found_by_loses_nobody(ana: Member) -> None:
    asked = ask()
    seconds = 0.6
    ((_, times_missing, more_times_missing),) = map(
        values,
        race_each(
            [lambda: again_and_again(lambda: sweep_actions.renew_plane_key(now=timezone.now()), seconds)],
            [lambda: sum(again_and_again(send_and_come_back, seconds))],
            [lambda: come_back_again_and_again(asked.credentials, seconds)],
        ),
    )
    assert (times_missing, more_times_missing) == (0, 0)
    assert all(officers.request_with(creds) for creds in (asked.credentials, ask().credentials))


def again_and_again(step: Callable[[], Any], seconds: float) -> list[Any]:
    until, found = time.monotonic() + seconds, []
    while time.monotonic() < until:
        found.append(step())
    return found


def send_and_come_back() -> int:
    return come_back_again_and_again(ask().credentials, 0.04)


def come_back_again_and_again(creds: Credentials, seconds: float) -> int:
    """How often nothing was found."""
    return sum(again_and_again(lambda: officers.request_with(creds) is None, seconds))


# Writing and closing


def test_two_who_close_at_once_end_it_once(with_many_places: None, ana: Member) -> None:
    requests = [accepted_by(ana) for _ in ROUNDS]
    key_ids = [asked.opened.row.key_id for asked in requests]
    rounds = race_each(
        [closing_as_officer(asked) for asked in requests], [closing_as_peer(asked, ana) for asked in requests]
    )
    for outcomes, key_id in zip(rounds, key_ids, strict=True):
        assert sorted(outcome.error or outcome.value for outcome in outcomes) == sorted(["Gone", key_id])
        assert keyring.is_destroyed(key_id)
    assert not Request.objects.exists()
    assert len(members_queries.owed_by(ana)) == PendingTally.objects.count() == len(requests)


def test_a_message_at_the_moment_of_closing_is_erased_refused_or_read_first(
    with_many_places: None, ana: Member
) -> None:
    requests = [accepted_by(ana) for _ in range(6)]
    ids = [asked.opened.id for asked in requests]
    rounds = race_each(
        [writing_as_officer(asked) for asked in requests],
        [writing_as_peer(asked, ana) for asked in requests],
        [
            closing_as_peer(asked, ana) if number % 2 else closing_as_officer(asked)
            for number, asked in enumerate(requests)
        ],
    )
    for request_id, (officer, peer, closed) in zip(ids, map(errors, rounds), strict=True):
        assert {officer, peer} <= {None, "Gone"}
        is_open = Request.objects.filter(pk=request_id).exists()
        assert (closed, Message.objects.filter(request=request_id).exists()) == ("Unread" if is_open else None, is_open)


def test_messages_written_at_once_are_all_there_in_one_order(ana: Member) -> None:
    asked = accepted_by(ana)
    presses = [form_tokens.fresh("write") for _ in ROUNDS]
    officer = [writing_as_officer(asked, token) for token in presses]
    for outcomes in race_each(officer, officer, [writing_as_peer(asked, ana) for _ in ROUNDS]):
        values(outcomes)
    own = officers.own_request(asked.credentials)
    assert own is not None
    assert [message.number for message in own.thread] == list(range(1, 2 * len(presses) + 1))
    assert sorted(message.author for message in own.thread) == sorted([*Author] * len(presses))


# Counting


def test_one_contact_tallied_twice_at_once_counts_once(with_many_places: None, ana: Member) -> None:
    open_current_year()
    for asked in [accepted_by(ana) for _ in range(2 * len(ROUNDS))]:
        closing_as_peer(asked, ana)()
    owed = [each.id for each in members_queries.owed_by(ana)]
    twice = [tallying(ana, owed_id) for owed_id in owed[::2]]
    before = contacts_counted()
    for first, second, other in map(
        errors, race_each(twice, twice, [tallying(ana, owed_id) for owed_id in owed[1::2]])
    ):
        assert {first, second} == {None, "Gone"}
        assert other is None
    assert contacts_counted() == before + len(owed)
    assert not PendingTally.objects.exists()


def test_a_tally_on_the_day_it_is_dropped_is_counted_or_gone(with_many_places: None, ana: Member) -> None:
    open_current_year()
    counted = []

    def tally() -> None:
        (owed,) = members_queries.owed_by(ana)
        before = contacts_counted()
        answer = or_gone(tallying(ana, owed.id))
        counted.append((answer, contacts_counted() - before))

    member = [
        lambda: closing_as_peer(accepted_by(ana), ana)(),
        tally,
        lambda: (*counted[-1], PendingTally.objects.count()),
    ]
    sweep = [nothing, tending(timezone.now() + timedelta(days=8)), nothing]
    for found in looked_at(race_each(member * 5, sweep * 5, sweep * 5)):
        assert found in {(None, 1, 0), ("Gone", 0, 0)}


def contacts_counted() -> int:
    (row,) = StatsYear.objects.all()
    counted = stats_vault.unseal(row).by_counter()
    return next(value for counter, value in counted.items() if counter.vector == "contacts")
