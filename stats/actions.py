"""Opening, counting and closing a year. Every write seals under a new key and has the old one destroyed."""

import logging
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import replace
from datetime import date
from secrets import randbits
from typing import TypeVar

from django.db import IntegrityError, transaction
from django.utils import timezone

from peersupport.audit import actions as audit
from peersupport.core.errors import Refused
from peersupport.program.queries import settings_now
from peersupport.sealing import keyring
from peersupport.sealing.actions import condemn
from peersupport.team.models import User

from . import queries, vault
from .documents import exports
from .domain.disclosure import noise
from .domain.ledger import COUNTERS, TOTALS, Counter, Ledger, counted, counted_feedback, counted_group
from .domain.periods import YEARS, Period, Span
from .models import Sealed, StatsBreakdown, StatsReport, StatsYear

logger = logging.getLogger(__name__)
SomeRow = TypeVar("SomeRow", bound=Sealed)


def open_year(*, year: int, is_partial: bool = False, by: User | None = None) -> None:
    """Start counting a year, every counter at secret noise. Partial: something of the year was not counted."""
    if year not in YEARS:
        raise Refused(f"A year lies between {YEARS.start} and {YEARS.stop - 1}.", code="no_such_year")
    period, span = queries.period_of_year(year), queries.span_of_year(year)
    with _new_key() as key_id, transaction.atomic():
        try:
            with transaction.atomic():
                row = StatsYear(year=year, first_month=period.first_month, months=period.months, key_id=key_id)
                row.breakdown = _open_breakdown(span, year, is_partial)
                _insert(row, _fresh(is_partial))
        except IntegrityError:
            raise Refused(f"{year} is open already.", code="already_open") from None
        # Asked after the insert, which waits for a closing under way: its report is then seen here.
        if StatsReport.objects.filter(year__gte=year, year__lt=span.stop).exists():
            raise Refused(f"{year} is closed, and a closed year is not opened again.", code="closed")
        _record("year_opened", year, by)


def open_current_year() -> None:
    """What the calendar does each day. A year found missing after its first day is marked as partial."""
    today = timezone.localdate()
    period = queries.current_period(today)
    # A later report means that the clock was set back.
    is_known = StatsReport.objects.filter(year__gte=period.year).exists()
    if not is_known and not StatsYear.objects.filter(year=period.year).exists():
        open_year(year=period.year, is_partial=today > period.starts_on)


@transaction.atomic
def open_anew(*, year: int, by: User) -> None:
    """Start again a year whose key is lost or whose counters are damaged. What it had counted is gone."""
    row = _locked(StatsYear, year)
    rows: list[Sealed] = [row]
    if row.breakdown_id is not None:
        rows.append(_locked(StatsBreakdown, row.breakdown_id))
    lost = [each for each in rows if vault.trouble_with(each)]
    if not lost:
        raise Refused(f"The counters of {year} are in order. There is nothing to start again.", code="in_order")
    for each in lost:
        with _new_key() as key_id:
            _replace(each, key_id, _fresh(is_partial=True))
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
    """The nightly empty write to all that is open: nobody can tell from the store whether a day had a tally."""
    for model in (StatsYear, StatsBreakdown):
        for year in model.objects.values_list("year", flat=True):
            try:
                with _new_key() as key_id, transaction.atomic():
                    row = _locked(model, year)
                    _replace(row, key_id, vault.unseal(row))
            except Refused as refusal:
                logger.error(f"statistics: an open year was not sealed anew, {refusal.code}")


def close_year(*, year: int, by: User | None = None) -> None:
    """Release a year's bands and destroy its counters: by a person after its end, by the calendar after 31 days."""
    today = timezone.localdate()
    with transaction.atomic():
        row = _locked(StatsYear, year)
        _refuse_before_its_time(row.period, today, by)
        breakdown = _released_with(row)
        report = queries.report_of(row, breakdown, today)
        program = settings_now()
        StatsReport.objects.create(
            year=year,
            first_month=row.first_month,
            months=row.months,
            agency=program.agency,
            program=program.name,
            document=exports.to_json(report),
        )
        for done in (row, breakdown):
            if done is not None:
                done.delete()
                condemn(key_id=done.key_id)
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
        raise Refused(f"There is no report of {year}.", code="no_report")


def close_due_years() -> None:
    """What the calendar does each day: close every year whose 31 days of grace are over."""
    today = timezone.localdate()
    for due in reversed(queries.open_years(today)):  # the oldest first: the last of several waits for the others
        if due.period.is_closed_by_the_calendar(today):
            try:
                close_year(year=due.period.year)
            except Refused as refusal:
                logger.error(f"statistics: a year that is due was not closed, {refusal.code}")


def _fresh(is_partial: bool) -> Ledger:
    return Ledger(tuple(noise(randbits) for _ in COUNTERS), is_partial)


def _open_breakdown(span: Span, year: int, is_partial: bool) -> StatsBreakdown | None:
    """Where several years' lists are counted: opened with the first of them, or anew after a loss, and then marked."""
    if span.years == 1:
        return None
    row = StatsBreakdown.objects.select_for_update().filter(year=span.year).first()
    if row is None:
        with _new_key() as key_id:
            row = StatsBreakdown(year=span.year, years=span.years, key_id=key_id)
            _insert(row, _fresh(is_partial or year != span.year))
    elif is_partial and vault.trouble_with(row) is None:
        with _new_key() as key_id:
            _replace(row, key_id, replace(vault.unseal(row), is_partial=True))
    return row


def _count(year: int, *counters: Counter) -> None:
    with _new_key() as key_id, transaction.atomic():
        row = _locked(StatsYear, year)
        if row.breakdown_id is None:
            _replace(row, key_id, vault.unseal(row).add(*counters))
            return
        _replace(row, key_id, vault.unseal(row).add(*(c for c in counters if c in TOTALS)))
        with _new_key() as key_id:
            breakdown = _locked(StatsBreakdown, row.breakdown_id)
            _replace(breakdown, key_id, vault.unseal(breakdown).add(*(c for c in counters if c not in TOTALS)))


def _insert(row: Sealed, ledger: Ledger) -> None:
    row.blob = vault.seal(row, ledger)
    row.save(force_insert=True)


def _replace(row: Sealed, key_id: str, ledger: Ledger) -> None:
    old_key_id, row.key_id = row.key_id, key_id
    row.blob = vault.seal(row, ledger)
    row.save(update_fields=["key_id", "blob"])
    condemn(key_id=old_key_id)


def _locked(model: type[SomeRow], year: int) -> SomeRow:
    row = model._default_manager.select_for_update().filter(year=year).first()
    if row is None:
        raise queries.refusal_for_year_not_open(year)
    return row


def _released_with(row: StatsYear) -> StatsBreakdown | None:
    """The lists that end with this year. The years before it come first: its totals are measured by theirs."""
    breakdown = row.breakdown
    if breakdown is None or not breakdown.span.is_over_with(row.period):
        return None
    before = breakdown.open_years.exclude(year=row.year).order_by("year").first()
    if before is not None:
        raise Refused(
            f"{before.period.label} is still open. Close it first: both share their lists.", code="earlier_open"
        )
    return _locked(StatsBreakdown, breakdown.year)


def _record(action: str, year: int, by: User | None) -> None:
    audit.record(action=action, by=by.pk if by else None, about=f"year:{year}")


@contextmanager
def _new_key() -> Iterator[str]:
    """A new key on the disk, destroyed again when refused. Taken before a lock, so that nobody waits for the disk."""
    try:
        key_id = keyring.create()
    except OSError:
        raise Refused("The keyring cannot be written to, so nothing was counted.", code="keyring_full") from None
    try:
        yield key_id
    except Refused:
        # Only here is it certain that no row took the key. After a commit cut off halfway the sweep decides.
        keyring.destroy(key_id)
        raise


def _refuse_before_its_time(period: Period, today: date, by: User | None) -> None:
    if not period.has_ended(today):
        raise Refused(f"{period.label} has not ended yet. It can be closed once it has.", code="not_ended")
    if by is None and not period.is_closed_by_the_calendar(today):
        raise Refused(f"{period.label} is still open to late contacts. The calendar closes it later.", code="in_grace")
