"""When members can be reached: reads the tables for the plain arithmetic of `domain.on_call`."""

from collections import defaultdict
from collections.abc import Collection
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta, tzinfo

from django.db.models import Q, QuerySet
from django.utils import timezone

from peersupport.notices import queries as notices

from ..domain import on_call
from ..domain.on_call import DAY, Availability, Interval, Shift, WeeklyPattern
from ..domain.states import HoursPurpose
from ..models import Member, Pause, ShiftHandover, WeeklyHours
from ..presenters import hours as hours_presenter
from . import Serving, eligibility, serving

PATTERN = ("pk", "member_id", "days", "starts", "ends", "since", "until")
ABSENT = ("term_ends_on", "ended_on", "leave_from", "leave_until")
Absences = dict[int, list[Interval]]  # by member id


@dataclass(frozen=True)
class PlannedShift:
    """One on-call shift: whose hours it belongs to, who has it (name), and who is asked to take it."""

    shift: Shift
    owner_id: int
    name: str
    offered_to: int | None = None
    offered_to_name: str = ""


@dataclass(frozen=True)
class UpcomingSchedule:
    """The on-call schedule of the next days.

    on_call: names and when they are on call; gaps: when nobody is. Both count only members who can serve then.
    without_phone_alert: names of those with a shift whom no phone alert reaches.
    """

    shifts: list[PlannedShift]
    on_call: list[tuple[str, Interval]]
    gaps: list[Interval]
    without_phone_alert: set[str]

    def shifts_of(self, member: Member) -> list[Shift]:
        return [planned.shift for planned in self.shifts if planned.shift.member_id == member.pk]

    def hour_labels_of(self, member: Member, *, back_on: date | None = None) -> list[str]:
        """The member's shifts as text; overlapping ones appear as one. back_on: when the pause they are on is over."""
        intervals = [(shift.starts, shift.ends) for shift in self.shifts_of(member)]
        if back_on is not None:
            back = on_call.midnight(back_on, _zone())
            intervals = [(max(starts, back), ends) for starts, ends in intervals if ends > back]
        merged = on_call.merge_intervals(intervals, merge_touching=False)
        return [hours_presenter.interval_label(interval, _zone()) for interval in merged]

    def offered_to(self, member: Member) -> list[PlannedShift]:
        return [planned for planned in self.shifts if planned.offered_to == member.pk]

    def offered_by(self, member: Member) -> list[PlannedShift]:
        return [planned for planned in self.shifts if planned.offered_to and planned.shift.member_id == member.pk]


@dataclass(frozen=True)
class Reachable:
    """Ids of members.

    on_call_soon: those with a shift in the time ahead, whether or not they are absent then. in_hours: on call, in
    their hours, or without hours set.
    """

    on_call: frozenset[int]
    on_call_soon: frozenset[int]
    in_hours: frozenset[int]


def on_call_at(moment: datetime, of: Collection[int] | None = None) -> frozenset[int]:
    """The ids of the members on call: by weekly hours, handovers and absences, of those who can serve that day.

    of: only of these.
    """
    hours = _availability(HoursPurpose.ON_CALL, moment, moment, of=of)
    reachable = on_call.members_reachable_at(_of_those_able(hours, timezone.localdate(moment)), moment, _zone())
    return reachable if of is None else reachable.intersection(of)


def reachable(now: datetime, soon: timedelta) -> Reachable:
    """Who can be reached now. soon: how far ahead `on_call_soon` looks."""
    absences = _absences(now, now + soon)
    able = frozenset(eligibility.able_unless_away(serving(timezone.localdate(now))))
    on_call_hours, hours = (
        replace(_availability(purpose, now, now + soon, absences), eligible=able)
        for purpose in (HoursPurpose.ON_CALL, HoursPurpose.AVAILABLE)
    )
    on_call_now = on_call.members_reachable_at(on_call_hours, now, _zone())
    have_hours = {pattern.member_id for pattern in hours.patterns if pattern.since <= now}
    at_any_time = {pk for pk in able - have_hours if not on_call.is_absent(hours, pk, now)}
    return Reachable(
        on_call=on_call_now,
        on_call_soon=frozenset(shift.member_id for shift in on_call.shifts(on_call_hours, now, now + soon, _zone())),
        in_hours=on_call.members_reachable_at(hours, now, _zone()) | at_any_time | on_call_now,
    )


def on_call_share(first: date, last: date) -> float:
    """The part of the hours from the first to the last day, both included, with somebody on call: 0 to 1."""
    since, until = on_call.midnight(first, _zone()), on_call.midnight(last + DAY, _zone())
    return on_call.covered_share(_availability(HoursPurpose.ON_CALL, since, until), since, until, _zone())


def upcoming_schedule(now: datetime, days: int) -> UpcomingSchedule:
    """The on-call schedule from now to the end of the last of so many days, today included."""
    today, zone = timezone.localdate(now), _zone()
    last = on_call.midnight(today + days * DAY, zone)
    availability = _availability(HoursPurpose.ON_CALL, now, last)
    shifts = on_call.shifts(availability, now, last, zone)
    handovers = ShiftHandover.objects.filter(offered_to__isnull=False, day__gte=today - DAY)
    offered = {(hours, day): to for hours, day, to in handovers.values_list("hours_id", "day", "offered_to_id")}
    members = Member.objects.values_list("pk", "user", "user__name")
    users, names = {pk: user for pk, user, _ in members}, {pk: name for pk, _, name in members}
    by_phone = notices.reachable_by_phone(users[shift.member_id] for shift in shifts)
    availability = _of_those_able(availability, today)
    owners = {pattern.id: pattern.member_id for pattern in availability.patterns}
    intervals = on_call.reachable_intervals(availability, now, last, zone)
    shifts_and_offers = [(shift, offered.get((shift.hours_id, shift.day), 0)) for shift in shifts]
    return UpcomingSchedule(
        shifts=[
            PlannedShift(shift, owners[shift.hours_id], names[shift.member_id], to or None, names.get(to, ""))
            for shift, to in shifts_and_offers
        ],
        on_call=[(names[member_id], interval) for member_id, interval in intervals],
        gaps=on_call.gaps_between(intervals, now, last),
        without_phone_alert={names[shift.member_id] for shift in shifts if users[shift.member_id] not in by_phone},
    )


def gaps_on_call(now: datetime, days: int, team: Serving) -> list[Interval]:
    """The gaps of `upcoming_schedule`, for who asks no more. team: who serves today."""
    last = on_call.midnight(timezone.localdate(now) + days * DAY, _zone())
    hours = _availability(HoursPurpose.ON_CALL, now, last)
    able = frozenset(eligibility.able_unless_away(team))
    return on_call.gaps(replace(hours, eligible=able), now, last, _zone())


def is_shift_upcoming(hours: WeeklyHours, day: date, now: datetime, until: datetime | None = None) -> bool:
    """Whether these hours have a shift that starts on this day, is not over, and begins before `until`."""
    availability = Availability(patterns=(hours.pattern,))
    last = on_call.midnight(day + 2 * DAY, _zone())
    return any(shift.day == day for shift in on_call.shifts(availability, now, min(last, until or last), _zone()))


def shifts_taken_over_by(holder: Member, since: datetime, until: datetime | None) -> list[ShiftHandover]:
    """Shifts of others that this member has taken over and that lie at least partly between the two moments."""
    return _upcoming(ShiftHandover.objects.filter(held_by=holder), since, until)


def shifts_taken_over_from(hours: WeeklyHours, since: datetime) -> list[ShiftHandover]:
    """Shifts of these hours that somebody else has taken over and that are not over at this moment."""
    return _upcoming(ShiftHandover.objects.filter(hours=hours, held_by__isnull=False), since, None)


def _upcoming(handovers: QuerySet[ShiftHandover], since: datetime, until: datetime | None) -> list[ShiftHandover]:
    recent = handovers.filter(day__gte=timezone.localdate(since) - DAY).select_related("hours__member", "held_by")
    return [handover for handover in recent if is_shift_upcoming(handover.hours, handover.day, since, until)]


def members_who_can_take_shifts(today: date) -> list[tuple[int, str]]:
    """Id and name of each member to whom a shift can be offered, by name."""
    return eligibility.names_on_public_roster(today)


def hours_not_ended(moment: datetime) -> QuerySet[WeeklyHours]:
    """Weekly hours that have not been ended by this moment, those that begin later included."""
    return WeeklyHours.objects.filter(Q(until__isnull=True) | Q(until__gt=moment)).order_by("since", "pk")


def hours_not_ended_of(member: Member, purpose: HoursPurpose, now: datetime) -> QuerySet[WeeklyHours]:
    return hours_not_ended(now).filter(member=member, purpose=purpose)


def hours_by_id(member: Member, hours_id: int) -> WeeklyHours | None:
    """These weekly hours, if they are the member's."""
    return WeeklyHours.objects.filter(pk=hours_id, member=member).select_related("member__user").first()


def _availability(
    purpose: HoursPurpose,
    first: datetime,
    last: datetime,
    absences: Absences | None = None,
    of: Collection[int] | None = None,
) -> Availability:
    """What decides who can be reached between the two moments. absences: those of this time, if fetched already.

    of: what decides it of these members.
    """
    hours = hours_not_ended(first).filter(purpose=purpose, since__lte=last)
    days = (timezone.localdate(first) - DAY, timezone.localdate(last))
    taken = ShiftHandover.objects.filter(held_by__isnull=False, hours__purpose=purpose, day__range=days)
    if of is not None:
        hours = hours.filter(Q(member__in=of) | Q(pk__in=taken.filter(held_by__in=of).values("hours")))
        taken = taken.filter(Q(held_by__in=of) | Q(hours__member__in=of))
    return Availability(
        patterns=tuple(
            WeeklyPattern(pk, member_id, on_call.days_of(days), *times)
            for pk, member_id, days, *times in hours.values_list(*PATTERN)  # no whole models: they are many
        ),
        handovers={(pk, day): held_by for pk, day, held_by in taken.values_list("hours_id", "day", "held_by_id")},
        absences=_absences(first, last) if absences is None else absences,
    )


def _of_those_able(availability: Availability, today: date) -> Availability:
    """Without the shifts of members who couldn't serve even if they weren't away; when they are is in the absences."""
    return replace(availability, eligible=frozenset(eligibility.able_unless_away(serving(today))))


def _absences(first: datetime, last: datetime) -> Absences:
    """Pauses, leaves, ended terms and ended memberships that touch the time between the two moments.

    Days outside that time are cut to just outside: the first and last days that a database can store have no midnight.
    """
    absences: Absences = defaultdict(list)
    since, today = timezone.localdate(first), timezone.localdate(last)
    for pause in Pause.objects.filter(Q(back_on__isnull=True) | Q(back_on__gte=since), since__lte=last):
        ends = on_call.midnight(min(pause.back_on or today + DAY, today + DAY), _zone())
        absences[pause.member_id].append((pause.since, min(ends, pause.ended_at or ends)))
    absent = Q(term_ends_on__lte=today) | Q(ended_on__lt=today) | Q(leave_from__lte=today)
    for member in Member.objects.filter(absent).only(*ABSENT):
        spans = (
            (member.term_ends_on, None),
            (member.ended_on and min(member.ended_on, today) + DAY, None),
            (member.leave_from, member.leave_until),
        )
        for begins, until in spans:
            if begins is not None and begins <= today and (until is None or until >= since):
                span = (max(begins, since), min(until or today, today) + DAY)
                absences[member.pk].append((on_call.midnight(span[0], _zone()), on_call.midnight(span[1], _zone())))
    return absences


def _zone() -> tzinfo:
    return timezone.get_default_timezone()
