"""Every way in which a request can end, each stopped once where the most is on record, so that it can be copied.

Used by the suite with one request for each end, and by tests/bench/erase_many.py with a thousand.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import date, timedelta

from django.utils import timezone

from peersupport.program import form_tokens
from peersupport.team.actions.membership import return_from_leave, take_leave
from peersupport.team.domain.states import Purpose
from peersupport.team.models import Member, User, WeeklyHours
from requests_app.actions import closing_note, officer, peer, sweep, tallies
from requests_app.domain.states import Urgency
from requests_app.queries import members
from tests.requests_app.conftest import Asked, ask

CANARY = "canary7f3aK9"
TALK = f"{CANARY} wakes at four"


@dataclass(frozen=True)
class Team:
    """Two who serve, with their private keys; and who coordinates them."""

    first: Member
    second: Member
    keys: dict[int, bytes]
    coordinator: User

    def accept(self, asked: Asked, member: Member) -> None:
        key = self.keys[member.pk]
        answer = peer.accept(member=member, request_id=asked.opened.id, private_key=key)
        assert answer == peer.Answer.ACCEPTED

    def write(self, asked: Asked, member: Member) -> None:
        officer.write_as_officer(creds=asked.credentials, token=form_tokens.fresh("write"), text=TALK)
        key, token = self.keys[member.pk], form_tokens.fresh("write")
        peer.write_as_peer(member=member, request_id=asked.opened.id, private_key=key, token=token, text=TALK)


def requested(team: Team, **typed: object) -> Asked:
    """For the first of the two, then the other."""
    words = {"message": f"{CANARY} has not slept", "contact": f"{CANARY} 555-0100", "concern": "grief"}
    return ask(Urgency.TODAY, wanted=team.first.pk, **{**words, **typed})


def talked(team: Team) -> Asked:
    asked = requested(team)
    team.accept(asked, team.first)
    team.write(asked, team.first)
    return asked


def later(**passed: int) -> None:
    sweep.tend_all(now=timezone.now() + timedelta(**passed))


def owed_id(member: Member) -> object:
    return members.owed_by(member)[0].id


End = Callable[[Team], Iterator[Asked]]


def closed_before_anybody_said_yes(team: Team) -> Iterator[Asked]:
    asked = requested(team)
    yield asked
    officer.close_as_officer(creds=asked.credentials)


def closed_when_nobody_was_left(team: Team) -> Iterator[Asked]:
    asked = requested(team)
    for member in (team.first, team.second):
        peer.decline(member=member, request_id=asked.opened.id)
    yield asked
    officer.close_as_officer(creds=asked.credentials)


def closed_by_the_officer_with_a_last_word_and_counted(team: Team) -> Iterator[Asked]:
    asked = talked(team)
    yield asked
    officer.close_as_officer(creds=asked.credentials, last_word=TALK, feedback="helped_again")
    (word_id,) = members.last_words_for(team.first)
    closing_note.read_last_word(member=team.first, word_id=word_id, private_key=team.keys[team.first.pk])
    tallies.tally(
        member=team.first,
        owed_id=owed_id(team.first),
        first_this_year=True,
        first_referral=False,
        codes={"concern": "grief"},
    )


def closed_by_the_officer_with_a_last_word_that_nobody_read(team: Team) -> Iterator[Asked]:
    asked = talked(team)
    yield asked
    officer.close_as_officer(creds=asked.credentials, last_word=TALK)
    later(days=8)


def closed_by_the_peer_and_not_counted(team: Team) -> Iterator[Asked]:
    asked = talked(team)
    yield asked
    peer.close_as_peer(member=team.first, request_id=asked.opened.id)
    tallies.skip_tally(member=team.first, owed_id=owed_id(team.first))


def no_real_request(team: Team) -> Iterator[Asked]:
    asked = talked(team)
    yield asked
    peer.discard_as_peer(member=team.first, request_id=asked.opened.id)


def closing_was_suggested_and_nobody_answered(team: Team) -> Iterator[Asked]:
    asked = talked(team)
    peer.suggest_closing(member=team.first, request_id=asked.opened.id)
    yield asked
    later(days=8)
    later(days=17)


def nobody_touched_it(team: Team) -> Iterator[Asked]:
    asked = talked(team)
    yield asked
    later(days=46)
    later(days=55)


def handed_on_by_one_who_knows_them(team: Team) -> Iterator[Asked]:
    asked = talked(team)
    peer.know_this_person(member=team.first, request_id=asked.opened.id)
    team.accept(asked, team.second)
    yield asked
    peer.close_as_peer(member=team.second, request_id=asked.opened.id)
    later(days=8)


def went_on_without_a_first_answer(team: Team) -> Iterator[Asked]:
    asked = requested(team)
    team.accept(asked, team.first)
    officer.write_as_officer(creds=asked.credentials, token=form_tokens.fresh("write"), text=TALK)
    later(hours=5)
    later(hours=10)
    officer.let_next_read(creds=asked.credentials, turn=1)
    team.accept(asked, team.second)
    yield asked
    officer.close_as_officer(creds=asked.credentials)
    later(days=8)


def given_to_another_peer_who_may_read(team: Team) -> Iterator[Asked]:
    asked = talked(team)
    officer.change_peer(creds=asked.credentials, next_may_read=True, turn=1)
    team.accept(asked, team.second)
    team.write(asked, team.second)
    yield asked
    officer.close_as_officer(creds=asked.credentials)
    later(days=8)


def given_to_another_peer_who_may_not_read(team: Team) -> Iterator[Asked]:
    asked = talked(team)
    officer.change_peer(creds=asked.credentials, next_may_read=False, turn=1)
    yield asked
    officer.close_as_officer(creds=asked.credentials)
    later(days=8)


def the_peer_was_lost(team: Team) -> Iterator[Asked]:
    asked = talked(team)
    today: date = timezone.localdate()
    take_leave(member_id=team.first.pk, first=today, last=None, by=team.coordinator)
    later(minutes=1)
    officer.try_again(creds=asked.credentials)
    yield asked
    officer.close_as_officer(creds=asked.credentials)
    later(days=8)
    return_from_leave(member_id=team.first.pk, by=team.coordinator)
    WeeklyHours.objects.create(member=team.first, purpose=Purpose.ON_CALL, since=timezone.now())


ENDS: tuple[End, ...] = (
    closed_before_anybody_said_yes,
    closed_when_nobody_was_left,
    closed_by_the_officer_with_a_last_word_and_counted,
    closed_by_the_officer_with_a_last_word_that_nobody_read,
    closed_by_the_peer_and_not_counted,
    no_real_request,
    closing_was_suggested_and_nobody_answered,
    nobody_touched_it,
    handed_on_by_one_who_knows_them,
    went_on_without_a_first_answer,
    given_to_another_peer_who_may_read,
    given_to_another_peer_who_may_not_read,
    the_peer_was_lost,
)
