"""Every way a request can end. Each yields once, where the most is on record, so that a copy can be taken there.

The tests run each end once; tests/bench/erase_many.py runs a thousand.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import date, timedelta

from django.utils import timezone

from peersupport.program import form_tokens
from peersupport.team.actions.membership import return_from_leave, take_leave
from peersupport.team.domain.states import HoursPurpose
from peersupport.team.models import Member, User, WeeklyHours
from requests_app.actions import closing_note, officer, peer, sweep, tallies
from requests_app.domain.states import Urgency
from requests_app.domain.tally import TallyAnswers
from requests_app.queries import members
from tests.requests_app.conftest import OpenRequest, submit_request

CANARY = "canary7f3aK9"
TALK = f"{CANARY} wakes at four"


@dataclass(frozen=True)
class Team:
    """Two members who serve, with their private keys by member id, and their coordinator."""

    first: Member
    second: Member
    keys: dict[int, bytes]
    coordinator: User

    def accept(self, submitted: OpenRequest, member: Member) -> None:
        key = self.keys[member.pk]
        answer = peer.accept(member=member, request_id=submitted.unsealed.id, private_key=key)
        assert answer == peer.AcceptOutcome.ACCEPTED

    def write(self, submitted: OpenRequest, member: Member) -> None:
        officer.write(creds=submitted.credentials, token=form_tokens.fresh("write"), text=TALK)
        key, token = self.keys[member.pk], form_tokens.fresh("write")
        peer.write(member=member, request_id=submitted.unsealed.id, private_key=key, token=token, text=TALK)


def requested(team: Team, **typed: object) -> OpenRequest:
    """A request for the first member, then the second."""
    words = {"message": f"{CANARY} has not slept", "contact": f"{CANARY} 555-0100", "concern": "grief"}
    return submit_request(Urgency.TODAY, wanted=team.first.pk, **{**words, **typed})


def contact_with_messages(team: Team) -> OpenRequest:
    submitted = requested(team)
    team.accept(submitted, team.first)
    team.write(submitted, team.first)
    return submitted


def later(**elapsed: int) -> None:
    sweep.run(now=timezone.now() + timedelta(**elapsed))


def pending_tally_id(member: Member) -> object:
    return members.pending_tallies_of(member)[0].id


End = Callable[[Team], Iterator[OpenRequest]]


def closed_before_anybody_accepted(team: Team) -> Iterator[OpenRequest]:
    submitted = requested(team)
    yield submitted
    officer.close(creds=submitted.credentials)


def closed_when_nobody_was_left(team: Team) -> Iterator[OpenRequest]:
    submitted = requested(team)
    for member in (team.first, team.second):
        peer.decline(member=member, request_id=submitted.unsealed.id)
    yield submitted
    officer.close(creds=submitted.credentials)


def closed_by_the_officer_with_a_note_and_tallied(team: Team) -> Iterator[OpenRequest]:
    submitted = contact_with_messages(team)
    yield submitted
    officer.close(creds=submitted.credentials, note=TALK, feedback="helped_again")
    (note_id,) = members.closing_notes_for(team.first)
    closing_note.read(member=team.first, note_id=note_id, private_key=team.keys[team.first.pk])
    tallies.tally_contact(
        member=team.first,
        tally_id=pending_tally_id(team.first),
        answers=TallyAnswers(first_this_year=True, codes={"concern": "grief"}),
    )


def closed_by_the_officer_with_a_note_that_nobody_read(team: Team) -> Iterator[OpenRequest]:
    submitted = contact_with_messages(team)
    yield submitted
    officer.close(creds=submitted.credentials, note=TALK)
    later(days=8)


def closed_by_the_peer_and_not_tallied(team: Team) -> Iterator[OpenRequest]:
    submitted = contact_with_messages(team)
    yield submitted
    peer.close(member=team.first, request_id=submitted.unsealed.id)
    tallies.skip(member=team.first, tally_id=pending_tally_id(team.first))


def discarded_by_the_peer(team: Team) -> Iterator[OpenRequest]:
    submitted = contact_with_messages(team)
    yield submitted
    peer.discard(member=team.first, request_id=submitted.unsealed.id)


def closed_after_a_suggestion_without_an_answer(team: Team) -> Iterator[OpenRequest]:
    submitted = contact_with_messages(team)
    peer.suggest_closing(member=team.first, request_id=submitted.unsealed.id)
    yield submitted
    later(days=8)
    later(days=17)


def closed_after_45_days_untouched(team: Team) -> Iterator[OpenRequest]:
    submitted = contact_with_messages(team)
    yield submitted
    later(days=46)
    later(days=55)


def passed_on_by_recusal(team: Team) -> Iterator[OpenRequest]:
    submitted = contact_with_messages(team)
    peer.recuse(member=team.first, request_id=submitted.unsealed.id)
    team.accept(submitted, team.second)
    yield submitted
    peer.close(member=team.second, request_id=submitted.unsealed.id)
    later(days=8)


def passed_on_without_a_first_answer(team: Team) -> Iterator[OpenRequest]:
    submitted = requested(team)
    team.accept(submitted, team.first)
    officer.write(creds=submitted.credentials, token=form_tokens.fresh("write"), text=TALK)
    later(hours=5)
    later(hours=10)
    officer.share_thread(creds=submitted.credentials, turn=1)
    team.accept(submitted, team.second)
    yield submitted
    officer.close(creds=submitted.credentials)
    later(days=8)


def changed_peer_who_may_read(team: Team) -> Iterator[OpenRequest]:
    submitted = contact_with_messages(team)
    officer.change_peer(creds=submitted.credentials, next_may_read=True, turn=1)
    team.accept(submitted, team.second)
    team.write(submitted, team.second)
    yield submitted
    officer.close(creds=submitted.credentials)
    later(days=8)


def changed_peer_who_may_not_read(team: Team) -> Iterator[OpenRequest]:
    submitted = contact_with_messages(team)
    officer.change_peer(creds=submitted.credentials, next_may_read=False, turn=1)
    yield submitted
    officer.close(creds=submitted.credentials)
    later(days=8)


def peer_lost(team: Team) -> Iterator[OpenRequest]:
    submitted = contact_with_messages(team)
    today: date = timezone.localdate()
    take_leave(member_id=team.first.pk, first=today, last=None, by=team.coordinator)
    later(minutes=1)
    officer.offer_again(creds=submitted.credentials)
    yield submitted
    officer.close(creds=submitted.credentials)
    later(days=8)
    return_from_leave(member_id=team.first.pk, by=team.coordinator)
    WeeklyHours.objects.create(member=team.first, purpose=HoursPurpose.ON_CALL, since=timezone.now())


ENDS: tuple[End, ...] = (
    closed_before_anybody_accepted,
    closed_when_nobody_was_left,
    closed_by_the_officer_with_a_note_and_tallied,
    closed_by_the_officer_with_a_note_that_nobody_read,
    closed_by_the_peer_and_not_tallied,
    discarded_by_the_peer,
    closed_after_a_suggestion_without_an_answer,
    closed_after_45_days_untouched,
    passed_on_by_recusal,
    passed_on_without_a_first_answer,
    changed_peer_who_may_read,
    changed_peer_who_may_not_read,
    peer_lost,
)
