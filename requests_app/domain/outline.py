"""What the program itself decides about a request by: where it stands, who is asked, and by when. Pure.

An outline is the part of a routing that a process may remember while the request's key is there
(docs/decisions/0782-what-a-process-remembers.md): no locator, no key, no envelope, nothing that anybody wrote.
"""

from collections.abc import Collection, Mapping
from dataclasses import dataclass, fields
from datetime import timedelta
from functools import cached_property

from .escalation import WAVES, WaveTarget
from .half_hours import HALF_HOUR, MINUTE
from .states import (
    SET_ASIDE_ERASED_AFTER,
    SET_ASIDE_ERASED_AFTER_WHILE_FULL,
    SUGGESTION_EXPIRES_AFTER,
    UNREAD_FREES_CAPACITY_AFTER,
    UNTOUCHED_ERASED_AFTER,
    UNTOUCHED_REMINDER_AFTER,
    RecipientStatus,
    RequestState,
    Urgency,
)

# No time on /settings/times/ is longer than 72 hours, and a night may follow.
FURTHEST_DUE = timedelta(days=5)
# What is due counts as overdue only after the sweep has had the time to escalate it. So long after that no sweep runs.
OVERDUE_GRACE_MINUTES, NO_SWEEP_MINUTES = 2, 10


@dataclass(frozen=True, kw_only=True)
class Standing:
    """Where one of the members stands to whom a request is sealed. key_id: the member key it is sealed to."""

    member_id: int
    key_id: int
    status: RecipientStatus = RecipientStatus.WAITING


@dataclass(frozen=True, kw_only=True)
class Outline:
    """Where a request stands.

    submitted, touched, officer_read, closing_suggested: half hours (see half_hours.half_hour_of).
    due: when the next wave starts, or when the accepting peer should have answered; minutes since 1970.
    is_held: the peers it is offered to are not notified before `due`.
    over_cap, wanted: as in Need.
    marked_by: members who took it for no real request. is_sent_again: set aside by two of them, and then the officer
    said that it is real.
    """

    state: RequestState
    urgency: Urgency
    submitted: int
    touched: int
    officer_read: int
    recipients: tuple[Standing, ...] = ()
    wave: int = 0
    due: int | None = None
    is_held: bool = False
    over_cap: int = 0
    wanted: int | None = None
    is_answered: bool = False
    is_reminded: bool = False
    closing_suggested: int | None = None
    notified_untouched: bool = False
    marked_by: tuple[int, ...] = ()
    is_sent_again: bool = False

    @cached_property
    def peer_id(self) -> int | None:
        """The member who has accepted it."""
        return next((each.member_id for each in self.recipients if each.status == RecipientStatus.ACCEPTED), None)

    @cached_property
    def offered_to(self) -> list[int]:
        """The ids of the members it is offered to and who have not answered yet."""
        return [each.member_id for each in self.recipients if each.status == RecipientStatus.OFFERED]

    def is_offered_to(self, member_id: int) -> bool:
        return self.state == RequestState.OFFERED and member_id in self.offered_to

    def is_contact_of(self, member_id: int) -> bool:
        return self.state == RequestState.ACCEPTED and self.peer_id == member_id

    def counts_toward_cap(self, half_hour: int) -> bool:
        """Whether it counts toward its peer's cap: not once the officer hasn't read it for a week."""
        is_read = half_hour - self.officer_read < UNREAD_FREES_CAPACITY_AFTER // HALF_HOUR
        return self.state == RequestState.ACCEPTED and is_read

    def is_due(self, minute: int) -> bool:
        """Whether the deadline has passed: for those it is offered to, or for the peer's first answer.

        Or it is further away than any can be: then it was set while the clock was ahead.
        """
        return self.due is not None and not minute < self.due <= minute + FURTHEST_DUE // MINUTE

    def is_late(self, minute: int) -> bool:
        """Whether nobody goes on asking: the worker that should have passed it on doesn't run."""
        return self.state == RequestState.OFFERED and self.is_due(minute - NO_SWEEP_MINUTES)

    @property
    def is_oversight_notified(self) -> bool:
        """Whether coordinator and designee have been notified that it waits."""
        if self.state != RequestState.OFFERED:
            return self.state == RequestState.NOBODY
        return WAVES[self.urgency][self.wave].target == WaveTarget.OVERSIGHT

    def is_expired(self, half_hour: int, *, is_full: bool) -> bool:
        """Whether nobody has touched it, or answered the suggestion to close it, for too long.

        is_full: whether the form takes nothing any more. Then what was set aside as not real goes sooner.
        """
        suggested = self.closing_suggested
        if suggested is not None and half_hour - suggested >= SUGGESTION_EXPIRES_AFTER // HALF_HOUR:
            return True
        kept_for = UNTOUCHED_ERASED_AFTER
        if self.state == RequestState.SET_ASIDE:
            kept_for = SET_ASIDE_ERASED_AFTER_WHILE_FULL if is_full else SET_ASIDE_ERASED_AFTER
        return half_hour - self.touched >= kept_for // HALF_HOUR

    def is_untouched_reminder_due(self, half_hour: int) -> bool:
        return not self.notified_untouched and half_hour - self.touched >= UNTOUCHED_REMINDER_AFTER // HALF_HOUR

    def lost(self, keys: Mapping[int, int], unreachable: Collection[int]) -> set[int]:
        """The members who can't go on with it.

        Whoever no longer serves or has a new key, and so can't open anything; and of those it is offered to, whoever
        can't get in: they keep what they have accepted. keys: the key of each member who serves, by id.
        """
        without_key = {each.member_id for each in self.recipients if keys.get(each.member_id) != each.key_id}
        return without_key | (set(self.offered_to).intersection(unreachable) if unreachable else set())


STANDING_FIELDS, OUTLINE_FIELDS = ([field.name for field in fields(each)] for each in (Standing, Outline))


def outline_of(routing: Outline) -> Outline:
    """The outline alone of a routing, which is one with more to it."""
    kept = {name: getattr(routing, name) for name in OUTLINE_FIELDS}
    standings = (Standing(**{name: getattr(each, name) for name in STANDING_FIELDS}) for each in routing.recipients)
    return Outline(**{**kept, "recipients": tuple(standings)})


def is_overdue(outline: Outline, minute: int) -> bool:
    """Whether the officer has waited too long for a peer, or for a peer's first answer. minute: now, since 1970."""
    if outline.state == RequestState.ACCEPTED:
        return outline.is_reminded and not outline.is_answered
    is_announced = outline.state == RequestState.OFFERED and not outline.is_held
    return is_announced and (outline.is_due(minute - OVERDUE_GRACE_MINUTES) or outline.is_oversight_notified)
