"""When members can be reached: the tables, opened for the plain arithmetic of `on_call`."""

from collections import defaultdict
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta, tzinfo

from django.db.models import Q, QuerySet
from django.utils import timezone

from peersupport.notices import queries as notices

from ..domain import on_call as on_call_domain
from ..domain import schedule
from ..domain.on_call import DAY
from ..domain.states import Purpose
from ..models import Member, Pause, ShiftHandover, WeeklyHours
from .members import designated_and_here, pauses_on, public_roster, with_working_key

Away = dict[int, list[on_call_domain.Stretch]]


@dataclass(frozen=True)
class PlannedShift:
    """One shift on call, whose hours it is of, who has it, and who is asked to take it."""

    shift: on_call_domain.Shift
    owner_id: int
    name: str
    offered_to: int | None = None
    offered_to_name: str = ""


@dataclass(frozen=True)
class Ahead:
    """The schedule of the next days.

    taken, gaps: only members whose key works count as on call. without_bell: who has a shift and cannot be rung.
    """

    shifts: list[PlannedShift]
    taken: list[tuple[str, on_call_domain.Stretch]]
    gaps: list[on_call_domain.Stretch]
    without_bell: set[str]

    def shifts_of(self, member: Member) -> list[on_call_domain.Shift]:
        return [planned.shift for planned in self.shifts if planned.shift.member_id == member.pk]

    def hours_of(self, member: Member) -> list[str]:
        """The same in words: hours that overlap are told once."""
        shifts = ((each.starts, each.ends) for each in self.shifts_of(member))
        return [schedule.in_words(each, _zone()) for each in on_call_domain.joined(shifts, where_they_meet=False)]

    def asked_of(self, member: Member) -> list[PlannedShift]:
        return [planned for planned in self.shifts if planned.offered_to == member.pk]


@dataclass(frozen=True)
class Reachable:
    """Members. on_call_soon: who has a shift, pauses aside. available: on call, in their hours, or with none set."""

    on_call: frozenset[int]
    on_call_soon: frozenset[int]
    available: frozenset[int]


def on_call_at(moment: datetime) -> frozenset[int]:
    """The ids of the members who are on call, by the weekly pattern, the shifts handed over and the pauses."""
    return on_call_domain.reachable_at(_known(Purpose.ON_CALL, moment, moment), moment, _zone())


def reachable(now: datetime, soon: timedelta) -> Reachable:
    """Who can be reached at this moment, and who is on call within the time after it."""
    away = _away(now, now + soon)
    duty, hours = (_known(purpose, now, now + soon, away) for purpose in (Purpose.ON_CALL, Purpose.AVAILABLE))
    on_call_now = on_call_domain.reachable_at(duty, now, _zone())
    here = designated_and_here(timezone.localdate(now)).prefetch_related(None).values_list("pk", flat=True)
    have_hours = {one.member_id for one in hours.weekly if one.since <= now}
    at_any_time = {pk for pk in here if pk not in have_hours and not on_call_domain.is_away(hours, pk, now)}
    return Reachable(
        on_call=on_call_now,
        on_call_soon=frozenset(shift.member_id for shift in on_call_domain.shifts(duty, now, now + soon, _zone())),
        available=on_call_domain.reachable_at(hours, now, _zone()) | at_any_time | on_call_now,
    )


def on_call_share(first: date, last: date) -> float:
    """In which part of the hours from the first to the last day, both included, somebody was on call: 0 to 1."""
    since, until = on_call_domain.midnight(first, _zone()), on_call_domain.midnight(last + DAY, _zone())
    return on_call_domain.share(_known(Purpose.ON_CALL, since, until), since, until, _zone())


def ahead(now: datetime, days: int) -> Ahead:
    """The schedule from now to the end of the last of so many days, today included."""
    last = on_call_domain.midnight(timezone.localdate(now) + days * DAY, _zone())
    known = _known(Purpose.ON_CALL, now, last)
    planned = on_call_domain.shifts(known, now, last, _zone())
    handovers = ShiftHandover.objects.filter(offered_to__isnull=False, day__gte=timezone.localdate(now) - DAY)
    offered = {(hours, day): to for hours, day, to in handovers.values_list("hours_id", "day", "offered_to_id")}
    members = Member.objects.values_list("pk", "user", "user__name")
    users, names = {pk: user for pk, user, _ in members}, {pk: name for pk, _, name in members}
    rung = notices.with_bell(users[shift.member_id] for shift in planned)
    able = with_working_key(timezone.localdate(now)).prefetch_related(None).values_list("pk", flat=True)
    known = replace(known, among=frozenset(able))
    owners = {one.id: one.member_id for one in known.weekly}
    taken = [(names[who], stretch) for who, stretch in on_call_domain.stretches(known, now, last, _zone())]
    asked = [(each, offered.get((each.weekly_id, each.day), 0)) for each in planned]
    return Ahead(
        shifts=[
            PlannedShift(each, owners[each.weekly_id], names[each.member_id], to or None, names.get(to, ""))
            for each, to in asked
        ],
        taken=taken,
        gaps=on_call_domain.gaps(known, now, last, _zone()),
        without_bell={names[each.member_id] for each in planned if users[each.member_id] not in rung},
    )


def is_shift_ahead(hours: WeeklyHours, day: date, now: datetime, until: datetime | None = None) -> bool:
    """Whether these hours have a shift that starts on this day, is not over, and begins before the second moment."""
    known = on_call_domain.Known(weekly=(hours.weekly,))
    last = on_call_domain.midnight(day + 2 * DAY, _zone())
    return any(shift.day == day for shift in on_call_domain.shifts(known, now, min(last, until or last), _zone()))


def taken_over(holder: Member, since: datetime, until: datetime | None) -> list[ShiftHandover]:
    """The shifts of others that this member has taken over and that lie at least partly between the two moments."""
    return _taken(ShiftHandover.objects.filter(held_by=holder), since, until)


def taken_from(hours: WeeklyHours, since: datetime) -> list[ShiftHandover]:
    """The shifts of these hours that somebody else has taken over and that are not over at this moment."""
    return _taken(ShiftHandover.objects.filter(hours=hours, held_by__isnull=False), since, None)


def _taken(handovers: QuerySet[ShiftHandover], since: datetime, until: datetime | None) -> list[ShiftHandover]:
    near = handovers.filter(day__gte=timezone.localdate(since) - DAY).select_related("hours__member", "held_by")
    return [each for each in near if is_shift_ahead(each.hours, each.day, since, until)]


def can_be_on_call(today: date) -> list[tuple[int, str]]:
    """The members to whom a shift can be handed, by name."""
    return list(public_roster(today).values_list("pk", "user__name"))


def hours_holding(moment: datetime) -> QuerySet[WeeklyHours]:
    """What has not been ended before this moment."""
    return WeeklyHours.objects.filter(Q(until__isnull=True) | Q(until__gt=moment)).order_by("since", "pk")


def own_hours(member: Member, purpose: Purpose, now: datetime) -> QuerySet[WeeklyHours]:
    return hours_holding(now).filter(member=member, purpose=purpose)


def hours_for(member: Member, hours_id: int) -> WeeklyHours | None:
    return WeeklyHours.objects.filter(pk=hours_id, member=member).select_related("member__user").first()


def pause_of(member: Member, today: date) -> Pause | None:
    """The pause that the member is in."""
    return pauses_on(today).filter(member=member).first()


def _known(purpose: Purpose, first: datetime, last: datetime, away: Away | None = None) -> on_call_domain.Known:
    """What says who can be reached between the two moments. away: as for these two, where it is known already."""
    holding = hours_holding(first).filter(purpose=purpose, since__lte=last)
    days = (timezone.localdate(first) - DAY, timezone.localdate(last))
    taken = ShiftHandover.objects.filter(held_by__isnull=False, hours__purpose=purpose, day__range=days)
    return on_call_domain.Known(
        weekly=tuple(row.weekly for row in holding),
        held={(hours, day): held_by for hours, day, held_by in taken.values_list("hours_id", "day", "held_by_id")},
        away=_away(first, last) if away is None else away,
    )


def _away(first: datetime, last: datetime) -> Away:
    """Pauses, leaves, terms that have ended, and those who have left, whatever shifts they had.

    Of a day outside what is asked for it counts only that it is outside: the first and last ones a database can hold
    have no midnight.
    """
    away: Away = defaultdict(list)
    since, today = timezone.localdate(first), timezone.localdate(last)
    for pause in Pause.objects.filter(since__lte=last, until__gte=since):
        ends = on_call_domain.midnight(min(pause.until, today + DAY), _zone())
        away[pause.member_id].append((pause.since, min(ends, pause.ended_at or ends)))
    gone = Q(term_ends_on__lte=today) | Q(ended_on__lt=today) | Q(leave_from__lte=today)
    for member in Member.objects.filter(gone):
        spans = (
            (member.term_ends_on, None),
            (member.ended_on and min(member.ended_on, today) + DAY, None),
            (member.leave_from, member.leave_until),
        )
        for begins, until in spans:
            if begins is not None and begins <= today and (until is None or until >= since):
                span = (max(begins, since), min(until or today, today) + DAY)
                away[member.pk].append(
                    (on_call_domain.midnight(span[0], _zone()), on_call_domain.midnight(span[1], _zone()))
                )
    return away


def _zone() -> tzinfo:
    return timezone.get_default_timezone()
