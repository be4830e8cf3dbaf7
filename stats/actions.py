"""Opening, counting and closing a year. Every write seals under a new key and has the old one destroyed."""

import logging
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from datetime import date
from secrets import randbits

from django.db import IntegrityError, transaction
from django.utils import timezone

from peersupport.audit import actions as audit
from peersupport.program.queries import settings_now
from peersupport.sealing import keyring
from peersupport.sealing.actions import condemn
from peersupport.team.models import User

from . import exports, queries, vault
from .disclosure import noise
from .ledger import COUNTERS, Counter, Ledger, counted, counted_feedback, counted_group
from .models import StatsReport, StatsYear
from .periods import YEARS, Period
from .refusals import Refused

logger = logging.getLogger(__name__)


def open_year(*, year: int, is_partial: bool = False, by: User | None = None) -> None:
    """Start counting a year, every counter at secret noise. Partial: something of the year was not counted."""
    if year not in YEARS:
        raise Refused("no_such_year", f"A year lies between {YEARS.start} and {YEARS.stop - 1}.")
    period = queries.period_of_year(year)
    with _new_key() as key_id, transaction.atomic():
        try:
            with transaction.atomic():
                StatsYear.objects.create(
                    year=year,
                    first_month=period.first_month,
                    months=period.months,
                    key_id=key_id,
                    blob=vault.seal(year, key_id, _fresh(is_partial)),
                )
        except IntegrityError:
            raise Refused("already_open", f"{year} is open already.") from None
        # Asked after the insert, which waits for a closing under way: its report is then seen here.
        if StatsReport.objects.filter(year=year).exists():
            raise Refused("closed", f"{year} is closed, and a closed year is not opened again.")
        _record("year_opened", year, by)


def open_current_year() -> None:
    """What the calendar does each day. A year found missing after its first day is marked as partial."""
    today = timezone.localdate()
    period = queries.current_period(today)
    # A later report means that the clock was set back.
    is_known = StatsReport.objects.filter(year__gte=period.year).exists()
    if not is_known and not StatsYear.objects.filter(year=period.year).exists():
        open_year(year=period.year, is_partial=today > period.starts_on)


def open_anew(*, year: int, by: User) -> None:
    """Start again a year whose key is lost or whose counters are damaged. What it had counted is gone."""
    with _new_key() as key_id, transaction.atomic():
        row = _locked(year)
        if queries.alarm_of(row) is None:
            raise Refused("in_order", f"The counters of {year} are in order. There is nothing to start again.")
        _replace(row, key_id, _fresh(is_partial=True))
        _record("year_opened_anew", year, by)


def tally(
    *,
    year: int,
    first_this_year: bool = False,
    first_referral: bool = False,
    codes: Mapping[str, str] | None = None,
    times: int = 1,
    by: User | None = None,
) -> None:
    """Count one contact, or several alike at once; it cannot be taken back. `by` is kept nowhere."""
    counters = counted(first_this_year=first_this_year, first_referral=first_referral, codes=codes or {})
    _count(year, *counters * times)


def tally_group(*, year: int, code: str, by: User | None = None) -> None:
    """Count one group session, apart from all contacts. `by` is kept nowhere."""
    _count(year, counted_group(code))


def count_feedback(*, year: int, code: str, by: User | None = None) -> None:
    """Count what an officer chose to say at the end, once for a contact; whoever gave it counts the contact itself."""
    _count(year, counted_feedback(code))


def reseal() -> None:
    """The nightly empty write to every open year: nobody can tell from the store whether a day had a tally."""
    for year in StatsYear.objects.values_list("year", flat=True):
        try:
            _write(year, lambda ledger: ledger)
        except Refused as refusal:
            logger.error(f"statistics: an open year was not sealed anew, {refusal.code}")


def close_year(*, year: int, by: User | None = None) -> None:
    """Release a year's bands and destroy its counters: by a person after its end, by the calendar after 31 days."""
    today = timezone.localdate()
    with transaction.atomic():
        row = _locked(year)
        period = Period(row.year, row.first_month, row.months)
        _refuse_before_its_time(period, today, by)
        report = queries.report_of(period, vault.unseal(row), today)
        program = settings_now()
        StatsReport.objects.create(
            year=year,
            first_month=period.first_month,
            months=period.months,
            agency=program.agency,
            program=program.name,
            document=exports.to_json(report),
        )
        row.delete()
        condemn(key_id=row.key_id)
        _record("year_closed", year, by)


@transaction.atomic
def publish(*, year: int, shows_concern: bool, by: User) -> None:
    """Put a closed year on the public pages, without what people came with unless that is chosen too."""
    _publish(year, is_published=True, shows_concern=shows_concern)
    _record("year_published_with_concern" if shows_concern else "year_published", year, by)


@transaction.atomic
def withdraw(*, year: int, by: User) -> None:
    """Take a year off the public pages again. Who has read it has read it."""
    _publish(year, is_published=False, shows_concern=False)
    _record("year_withdrawn", year, by)


def _publish(year: int, **changed: bool) -> None:
    if not StatsReport.objects.filter(year=year).update(**changed):
        raise Refused("no_report", f"There is no report of {year}.")


def close_due_years() -> None:
    """What the calendar does each day: close every year whose 31 days of grace are over."""
    today = timezone.localdate()
    for due in queries.open_years(today):
        if due.period.is_closed_by_the_calendar(today):
            try:
                close_year(year=due.period.year)
            except Refused as refusal:
                logger.error(f"statistics: a year that is due was not closed, {refusal.code}")


def _fresh(is_partial: bool) -> Ledger:
    return Ledger(tuple(noise(randbits) for _ in COUNTERS), is_partial)


def _count(year: int, *counters: Counter) -> None:
    _write(year, lambda ledger: ledger.add(*counters))


def _write(year: int, change: Callable[[Ledger], Ledger]) -> None:
    with _new_key() as key_id, transaction.atomic():
        row = _locked(year)
        _replace(row, key_id, change(vault.unseal(row)))


def _replace(row: StatsYear, key_id: str, ledger: Ledger) -> None:
    old_key_id = row.key_id
    row.key_id, row.blob = key_id, vault.seal(row.year, key_id, ledger)
    row.save(update_fields=["key_id", "blob"])
    condemn(key_id=old_key_id)


def _locked(year: int) -> StatsYear:
    row = StatsYear.objects.select_for_update().filter(year=year).first()
    if row is None:
        raise queries.refusal_for_year_not_open(year)
    return row


def _record(action: str, year: int, by: User | None) -> None:
    audit.record(action=action, by=by.pk if by else None, about=f"year:{year}")


@contextmanager
def _new_key() -> Iterator[str]:
    """A new key, on the disk before any lock is taken, so that nobody waits for the disk."""
    try:
        key_id = keyring.create()
    except OSError:
        raise Refused("keyring_full", "The keyring cannot be written to, so nothing was counted.") from None
    try:
        yield key_id
    except Refused:
        # Only here is it certain that no row took the key. After a commit cut off halfway the sweep decides.
        keyring.destroy(key_id)
        raise


def _refuse_before_its_time(period: Period, today: date, by: User | None) -> None:
    if not period.has_ended(today):
        raise Refused("not_ended", f"{period.label} has not ended yet. It can be closed once it has.")
    if by is None and not period.is_closed_by_the_calendar(today):
        raise Refused("in_grace", f"{period.label} can still be counted to. The calendar closes it later.")
