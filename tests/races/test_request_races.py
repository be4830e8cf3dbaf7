"""Several people act on one request in the same moment, each in a process of their own."""

import logging
import time
from collections.abc import Callable, Iterator
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

import pytest
from django.conf import settings
from django.utils import timezone

from peersupport.notices.actions import outbox
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
from requests_app.actions import plane_key, submission, tallies
from requests_app.actions import sweep as sweep_actions
from requests_app.actions.peer import AcceptOutcome
from requests_app.domain.card import Card, Words
from requests_app.domain.routing import Routing
from requests_app.domain.states import Author, RecipientStatus, RequestState, Urgency
from requests_app.domain.tally import TallyAnswers
from requests_app.models import Message, PendingTally, PlaneKey, Request, SubmittedForm
from requests_app.queries import members as members_queries
from requests_app.queries import officers
from stats import vault as stats_vault
from stats.actions import open_current_year
from stats.models import StatsYear
from tests.cast import make_member, private_key_of, take_off_call
from tests.races.racing import FORK, LONGEST_SECONDS, Outcome, race
from tests.requests_app.conftest import OpenRequest, submit_request

pytestmark = pytest.mark.django_db(transaction=True)
ROUNDS = range(4)
AFTER_THE_TIMEOUT = timedelta(minutes=61)
Step = Callable[[], object]


@pytest.fixture(autouse=True)
def no_key_is_left_without_a_row(db: None) -> Iterator[None]:
    """However a race ends, every key has its row once the sweep has had its hour."""
    yield
    sealing.destroy_condemned()
    sealing.destroy_orphans(now=timezone.now() + timedelta(hours=2))
    assert set(keyring.shred_ids()) == sealing_queries.key_ids_in_use()
    assert not KeyToDestroy.objects.exists()


# How a race is run: the same runners meet round after round, so that they are warm in the later rounds


def race_each(*runners: list[Step]) -> list[list[Outcome]]:
    """All runners take their first step together, then their second, and so on. Returns the outcomes by round."""
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


def accepting(member: Member, submitted: OpenRequest) -> Step:
    request_id, private_key = submitted.unsealed.id, private_key_of(member.user.name)
    return lambda: peer_actions.accept(member=member, request_id=request_id, private_key=private_key)


def declining(member: Member, submitted: OpenRequest) -> Step:
    request_id = submitted.unsealed.id
    return lambda: peer_actions.decline(member=member, request_id=request_id)


def submitting(token: str, text: str) -> Step:
    typed = submission.Submission(Card(urgency=Urgency.TODAY), Words(text))
    return lambda: submission.submit(token=token, submission=typed)


def writing_as_officer(submitted: OpenRequest, token: str = "") -> Step:
    token = token or form_tokens.fresh("write")
    return lambda: officer_actions.write(creds=submitted.credentials, token=token, text="by the officer")


def writing_as_peer(submitted: OpenRequest, member: Member) -> Step:
    request_id, private_key, token = submitted.unsealed.id, private_key_of(member.user.name), form_tokens.fresh("write")
    return lambda: peer_actions.write(
        member=member, request_id=request_id, private_key=private_key, token=token, text="by the peer"
    )


def closing_as_officer(submitted: OpenRequest) -> Step:
    return lambda: officer_actions.close(creds=submitted.credentials)


def closing_as_peer(submitted: OpenRequest, member: Member) -> Step:
    request_id = submitted.unsealed.id
    return lambda: peer_actions.close(member=member, request_id=request_id)


def tallying(member: Member, tally_id: UUID) -> Step:
    answers = TallyAnswers(first_this_year=False)
    return lambda: tallies.tally_contact(member=member, tally_id=tally_id, answers=answers)


def sweeping(now: datetime) -> Step:
    """The sweep, which logs its errors: here they are raised."""

    def run_sweep() -> None:
        records: list[logging.LogRecord] = []
        handler = logging.Handler()
        handler.emit = records.append  # type: ignore[method-assign]
        logging.getLogger("peersupport.requests").addHandler(handler)
        sweep_actions.run(now=now)
        for record in records:
            raise record.exc_info[1]  # type: ignore[index,misc]

    return run_sweep


def nothing() -> None:
    """A step in which a runner only waits for the others."""


def or_already_tallied(step: Step) -> object:
    try:
        return step()
    except tallies.AlreadyTallied:
        return "AlreadyTallied"


def observations(rounds: list[list[Outcome]]) -> list[Any]:
    """What the first runner saw, where its steps are: prepare, meet the others, look; over and over."""
    first = [values(outcomes)[0] for outcomes in rounds]
    return first[2::3]


def creds_of(sent: submission.Submitted) -> Credentials:
    return credentials(keyring.lasting("credentials"), sent.receipt_words)


def accepted_by(member: Member) -> OpenRequest:
    submitted = submit_request(Urgency.NOW, message="I have not slept.")
    assert accepting(member, submitted)() == AcceptOutcome.ACCEPTED
    return submitted


@pytest.fixture
def high_caps(ana: Member, ben: Member) -> None:
    Member.objects.update(cap=20)


# Accepting


def test_one_of_two_members_who_accept_gets_it(high_caps: None, ana: Member, ben: Member) -> None:
    requests = [submit_request(Urgency.NOW) for _ in ROUNDS]
    rounds = race_each(
        [accepting(ana, submitted) for submitted in requests], [accepting(ben, submitted) for submitted in requests]
    )
    for submitted, answers in zip(requests, map(values, rounds), strict=True):
        assert sorted(answers) == [AcceptOutcome.ACCEPTED, AcceptOutcome.TAKEN]
        winner = ana if answers[0] == AcceptOutcome.ACCEPTED else ben
        recipients = submitted.unsealed.routing.recipients
        assert [recipient.member_id for recipient in recipients if recipient.status == RecipientStatus.ACCEPTED] == [
            winner.pk
        ]
        # There is one thread key: what the winner writes, the officer reads.
        writing_as_peer(submitted, winner)()
        own = officers.own_request(submitted.credentials)
        assert own is not None and [message.text for message in own.thread] == ["by the peer"]


def test_member_with_room_for_one_who_accepts_two_gets_one(coordinator: User) -> None:
    members = [make_member(f"M{number} Member", confirmed_by=coordinator, cap=1) for number in ROUNDS]
    pairs = [(submit_request(Urgency.NOW), submit_request(Urgency.NOW)) for _ in members]
    rounds = race_each(
        *([accepting(*one) for one in zip(members, each, strict=True)] for each in zip(*pairs, strict=True))
    )
    for member, pair, answers in zip(members, pairs, map(values, rounds), strict=True):
        assert sorted(answers) == [AcceptOutcome.ACCEPTED, AcceptOutcome.NOT_ELIGIBLE]
        assert len(members_queries.contacts_of(member)) == member.cap
        (shared,) = (
            submitted.unsealed.routing for submitted in pair if not submitted.unsealed.routing.is_contact_of(member.pk)
        )
        assert shared.state == RequestState.OFFERED and shared.recipient_for(member.pk) is None


def test_accepting_at_the_timeout_neither_loses_it_nor_gives_it_twice(
    high_caps: None, ana: Member, ben: Member
) -> None:
    take_off_call(ben)
    submitted, answer = [], []

    def look() -> tuple[AcceptOutcome, Routing]:
        route = submitted[-1].unsealed.routing
        closing_as_officer(submitted[-1])()
        return answer[-1], route

    member = [
        lambda: submitted.append(submit_request(Urgency.TODAY, wanted=ana.pk)),
        lambda: answer.append(accepting(ana, submitted[-1])()),
        look,
    ]
    sweep = [nothing, sweeping(timezone.now() + AFTER_THE_TIMEOUT), nothing]
    for outcome, route in observations(race_each(member * 8, sweep * 8)):
        if outcome == AcceptOutcome.ACCEPTED:
            assert route.is_contact_of(ana.pk) and route.offered_to == []
        else:
            assert (outcome, route.state, route.recipient_for(ana.pk)) == (
                AcceptOutcome.TAKEN,
                RequestState.OFFERED,
                None,
            )
            assert route.offered_to == [ben.pk]


def test_accepting_while_another_declines(high_caps: None, ana: Member, ben: Member) -> None:
    requests = [submit_request(Urgency.NOW) for _ in ROUNDS]
    rounds = race_each(
        [accepting(ana, submitted) for submitted in requests], [declining(ben, submitted) for submitted in requests]
    )
    assert [values(outcomes)[0] for outcomes in rounds] == [AcceptOutcome.ACCEPTED] * len(requests)
    assert all(submitted.unsealed.routing.is_contact_of(ana.pk) for submitted in requests)


def test_two_declines_at_once_leave_it_with_the_third(coordinator: User, ana: Member, ben: Member) -> None:
    third = make_member("Third Member", confirmed_by=coordinator, on_call=False)
    requests = [submit_request(Urgency.NOW) for _ in ROUNDS]
    rounds = race_each(
        [declining(ana, submitted) for submitted in requests], [declining(ben, submitted) for submitted in requests]
    )
    for submitted, _ in zip(requests, map(values, rounds), strict=True):
        route = submitted.unsealed.routing
        assert [recipient.member_id for recipient in route.recipients] == route.offered_to == [third.pk]


# The sweep


def test_concurrent_sweeps_pass_it_on_once(coordinator: User, ana: Member, ben: Member) -> None:
    make_member("Third Member", confirmed_by=coordinator)
    requests = [submit_request(Urgency.TODAY) for _ in ROUNDS]
    first = [submitted.unsealed.routing.offered_to for submitted in requests]
    sweep = [sweeping(timezone.now() + AFTER_THE_TIMEOUT)]
    for outcomes in race_each(sweep, sweep, sweep):
        values(outcomes)
    for submitted, (passed_over,) in zip(requests, first, strict=True):
        route = submitted.unsealed.routing
        assert len(route.recipients) == 2 and route.recipient_for(passed_over) is None
        assert len(route.offered_to) == 1


def test_requests_that_notify_many_at_once_do_not_deadlock(coordinator: User) -> None:
    """A set of integers has an order of its own: 8 comes before 7 in a small set and after it in a larger one."""
    members = [make_member(f"M{pk} Member", confirmed_by=coordinator, pk=pk) for pk in (7, 8, 9, 10, 11)]
    others = tuple(member.pk for member in members[2:])
    User.objects.update(is_active=False)
    waiting = [submit_request(Urgency.NOW, excluded_members=excluded) for excluded in ((), others, (), others)]
    assert {submitted.unsealed.routing.state for submitted in waiting} == {RequestState.NOBODY}
    User.objects.update(is_active=True)
    sent = values(race(officer_actions.offer_again, *({"creds": submitted.credentials} for submitted in waiting)))
    assert all(each.is_offered for each in sent)
    assert [len(submitted.unsealed.routing.offered_to) for submitted in waiting] == [5, 2, 5, 2]
    # The doorbell rang. What came for somebody who had been notified a moment before waits for the quiet time.
    outbox.send(urgent=True, now=timezone.now() + (settings.QUIET_MINUTES + 1) * timedelta(minutes=1))
    assert Notice.objects.count() == 0


# Submitting


def test_one_form_submitted_several_times_at_once_is_one_request(ana: Member) -> None:
    submit_request()  # so that the plane key exists
    before = set(keyring.shred_ids())
    forms = [form_tokens.fresh("request") for _ in ROUNDS]
    presses = [submitting(token, "one and the same") for token in forms]
    for first, second, third in map(values, race_each(presses, presses, presses)):
        assert first == second == third
        assert len(first.receipt_words) == 7
        assert officers.request_of(creds_of(first)) is not None
    assert Request.objects.count() == len(forms) + 1
    # Of the form, of the moment, and where a proof's would be.
    assert SubmittedForm.objects.count() == 3 * Request.objects.count()
    assert len(set(keyring.shred_ids()) - before) == len(forms)  # nothing is left for the sweep


def test_one_form_submitted_twice_at_once_with_other_text_is_two_requests(ana: Member) -> None:
    forms = [form_tokens.fresh("request") for _ in ROUNDS]
    rounds = race_each([submitting(token, "one") for token in forms], [submitting(token, "two") for token in forms])
    for sent in map(values, rounds):
        found = [officers.own_request(creds_of(each)) for each in sent]
        assert [own.words.message for own in found if own] == ["one", "two"]


@pytest.mark.parametrize("again", range(2))
def test_very_first_requests_agree_on_one_plane_key(ana: Member, again: int) -> None:
    del again  # there is a first time only in an empty database
    (outcomes,) = race_each(*([submitting(form_tokens.fresh("request"), text)] for text in ("one", "two", "three")))
    assert PlaneKey.objects.count() == 1
    assert all(officers.request_of(creds_of(sent)) for sent in values(outcomes))


def test_renewing_the_plane_key_loses_no_request(ana: Member) -> None:
    submitted = submit_request()
    seconds = 0.6
    ((_, times_missing, more_times_missing),) = map(
        values,
        race_each(
            [lambda: repeat(lambda: plane_key.renew(now=timezone.now()), seconds)],
            [lambda: sum(repeat(submit_and_look_up, seconds))],
            [lambda: count_failed_lookups(submitted.credentials, seconds)],
        ),
    )
    assert (times_missing, more_times_missing) == (0, 0)
    assert all(officers.request_of(creds) for creds in (submitted.credentials, submit_request().credentials))


def repeat(step: Callable[[], Any], seconds: float) -> list[Any]:
    until, found = time.monotonic() + seconds, []
    while time.monotonic() < until:
        found.append(step())
    return found


def submit_and_look_up() -> int:
    return count_failed_lookups(submit_request().credentials, 0.04)


def count_failed_lookups(creds: Credentials, seconds: float) -> int:
    """How often the request was not found."""
    return sum(repeat(lambda: officers.request_of(creds) is None, seconds))


# Writing and closing


def test_closing_from_both_sides_at_once_ends_it_once(high_caps: None, ana: Member) -> None:
    requests = [accepted_by(ana) for _ in ROUNDS]
    key_ids = [submitted.unsealed.row.key_id for submitted in requests]
    rounds = race_each(
        [closing_as_officer(submitted) for submitted in requests],
        [closing_as_peer(submitted, ana) for submitted in requests],
    )
    for outcomes, key_id in zip(rounds, key_ids, strict=True):
        # The officer's end says a little more than the peer's.
        ended = [outcome.error or getattr(outcome.value, "key_id", outcome.value) for outcome in outcomes]
        assert sorted(ended) == sorted(["RequestUnavailable", key_id])
        assert keyring.is_destroyed(key_id)
    assert not Request.objects.exists()
    assert len(members_queries.pending_tallies_of(ana)) == PendingTally.objects.count() == len(requests)


def test_message_at_the_moment_of_closing_is_erased_refused_or_read_first(high_caps: None, ana: Member) -> None:
    requests = [accepted_by(ana) for _ in range(6)]
    ids = [submitted.unsealed.id for submitted in requests]
    rounds = race_each(
        [writing_as_officer(submitted) for submitted in requests],
        [writing_as_peer(submitted, ana) for submitted in requests],
        [
            closing_as_peer(submitted, ana) if number % 2 else closing_as_officer(submitted)
            for number, submitted in enumerate(requests)
        ],
    )
    for request_id, (officer, peer, closed) in zip(ids, map(errors, rounds), strict=True):
        assert {officer, peer} <= {None, "RequestUnavailable"}
        is_open = Request.objects.filter(pk=request_id).exists()
        assert (closed, Message.objects.filter(request=request_id).exists()) == (
            "UnreadMessages" if is_open else None,
            is_open,
        )


def test_messages_written_at_once_are_all_kept_in_one_order(ana: Member) -> None:
    submitted = accepted_by(ana)
    presses = [form_tokens.fresh("write") for _ in ROUNDS]
    officer = [writing_as_officer(submitted, token) for token in presses]
    for outcomes in race_each(officer, officer, [writing_as_peer(submitted, ana) for _ in ROUNDS]):
        values(outcomes)
    own = officers.own_request(submitted.credentials)
    assert own is not None
    assert [message.number for message in own.thread] == list(range(1, 2 * len(presses) + 1))
    assert sorted(message.author for message in own.thread) == sorted([*Author] * len(presses))


# Tallying


def test_one_contact_tallied_twice_at_once_counts_once(high_caps: None, ana: Member) -> None:
    open_current_year()
    for submitted in [accepted_by(ana) for _ in range(2 * len(ROUNDS))]:
        closing_as_peer(submitted, ana)()
    tally_ids = [each.id for each in members_queries.pending_tallies_of(ana)]
    twice = [tallying(ana, tally_id) for tally_id in tally_ids[::2]]
    before = contact_counter()
    for first, second, other in map(
        errors, race_each(twice, twice, [tallying(ana, tally_id) for tally_id in tally_ids[1::2]])
    ):
        assert {first, second} == {None, "AlreadyTallied"}
        assert other is None
    assert contact_counter() == before + len(tally_ids)
    assert not PendingTally.objects.exists()


def test_tally_on_the_day_it_expires_is_counted_or_gone(high_caps: None, ana: Member) -> None:
    open_current_year()
    counted = []

    def tally() -> None:
        (pending_tally,) = members_queries.pending_tallies_of(ana)
        before = contact_counter()
        answer = or_already_tallied(tallying(ana, pending_tally.id))
        counted.append((answer, contact_counter() - before))

    member = [
        lambda: closing_as_peer(accepted_by(ana), ana)(),
        tally,
        lambda: (*counted[-1], PendingTally.objects.count()),
    ]
    sweep = [nothing, sweeping(timezone.now() + timedelta(days=8)), nothing]
    for found in observations(race_each(member * 5, sweep * 5, sweep * 5)):
        assert found in {(None, 1, 0), ("AlreadyTallied", 0, 0)}


def contact_counter() -> int:
    (row,) = StatsYear.objects.all()
    counted = stats_vault.unseal(row).by_counter()
    return next(value for counter, value in counted.items() if counter.vector == "contacts")
