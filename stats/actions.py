"""Opening, counting, and closing a year. Every write seals under a new key and has the old one destroyed."""

import logging
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import replace
from datetime import date
from secrets import randbits
from typing import TypeVar

from django.db import IntegrityError, transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from peersupport.audit import actions as audit
from peersupport.core.errors import Refused
from peersupport.program.queries import settings_now
from peersupport.sealing import keyring
from peersupport.sealing.actions import condemn
from peersupport.team.models import User

from . import queries, vault
from .documents import exports
from .domain.disclosure import discrete_laplace
from .domain.ledger import (
    COUNTERS,
    TOTALS,
    CounterId,
    Ledger,
    counter_for_feedback,
    counter_for_group_session,
    counters_for_contact,
)
from .domain.periods import YEARS, Period, Span
from .models import SealedCounters, StatsBreakdown, StatsReport, StatsYear

logger = logging.getLogger(__name__)
SealedRow = TypeVar("SealedRow", bound=SealedCounters)


def open_year(*, year: int, is_partial: bool = False, by: User | None = None) -> None:
    """Start counting a year, every counter at secret noise. is_partial: part of the year was not counted.

    Raises Refused ("no_such_year", "already_open", "closed", "keyring_unwritable").
    """
    if year not in YEARS:
        sentence = _("The year must be between %(first)s and %(last)s.")
        raise Refused(sentence % {"first": YEARS.start, "last": YEARS.stop - 1}, code="no_such_year")
    period, span = queries.period_of_year(year), queries.span_of_year(year)
    with _new_key() as key_id, transaction.atomic():
        try:
            with transaction.atomic():
                row = StatsYear(year=year, first_month=period.first_month, months=period.months, key_id=key_id)
                row.breakdown = _breakdown_of(span, year, is_partial)
                _insert(row, _new_ledger(is_partial))
        except IntegrityError:
            raise Refused(_("%(year)s is already open.") % {"year": year}, code="already_open") from None
        # Only after the insert, which waits for a closing in progress, so that its report is seen here.
        if StatsReport.objects.filter(year__gte=year, year__lt=span.stop).exists():
            sentence = _("%(year)s is closed, and a closed year can't be opened again.")
            raise Refused(sentence % {"year": year}, code="closed")
        _record("year_opened", year, by)


def open_current_year() -> None:
    """Run daily: open the current year unless it is open or closed already, as partial after its first day."""
    today = timezone.localdate()
    period = queries.current_period(today)
    # A later report means that the clock was set back.
    has_report = StatsReport.objects.filter(year__gte=period.year).exists()
    if not has_report and not StatsYear.objects.filter(year=period.year).exists():
        try:
            open_year(year=period.year, is_partial=today > period.starts_on)
        except Refused as refused:
            if refused.code != "already_open":  # by another worker, a moment ago
                raise


@transaction.atomic
def restart_year(*, year: int, by: User) -> None:
    """Start a year again whose key is lost or whose counters are damaged. What it had counted is gone.

    Raises Refused ("not_open", "closed", "in_order", "keyring_unwritable").
    """
    row = _locked(StatsYear, year)
    rows: list[SealedCounters] = [row]
    if row.breakdown_id is not None:
        rows.append(_locked(StatsBreakdown, row.breakdown_id))
    unreadable = [each for each in rows if vault.problem_with(each)]
    if not unreadable:
        sentence = _("The counters of %(year)s are fine, so there's nothing to start over.")
        raise Refused(sentence % {"year": year}, code="in_order")
    for each in unreadable:
        with _new_key() as key_id:
            _replace(each, key_id, _new_ledger(is_partial=True))
    _record("year_restarted", year, by)


def tally(
    *,
    year: int,
    first_this_year: bool = False,
    first_referral: bool = False,
    codes: Mapping[str, str] | None = None,
    times: int = 1,
    by: User | None = None,
) -> None:
    """Count one contact, or several identical ones at once. It cannot be undone, and `by` is stored nowhere.

    codes: list name -> code; ledger.counters_for_contact says which of them count.
    Raises Refused ("not_open", "closed", "unknown_list", "unknown_code", "two_codes", "key_missing", "damaged",
    "other_lists", "keyring_unwritable").
    """
    counters = counters_for_contact(first_this_year=first_this_year, first_referral=first_referral, codes=codes or {})
    _count(year, *counters * times)


def tally_all(*, year: int, counters: Iterable[CounterId]) -> None:
    """Count many contacts and group sessions in one write, by the counters that they add 1 to. Raises as `tally`."""
    _count(year, *counters)


def tally_group(*, year: int, code: str) -> None:
    """Count one group session, separately from all contacts. Raises Refused as `tally` does."""
    _count(year, counter_for_group_session(code))


def count_feedback(*, year: int, code: str) -> None:
    """Count the feedback an officer gave at the end, once for each contact; the peer's tally counts the contact itself.

    Raises Refused as `tally` does.
    """
    _count(year, counter_for_feedback(code))


def reseal() -> None:
    """Run nightly: rewrite every open row, so that nobody can tell from the database whether a day had a tally."""
    for model in (StatsYear, StatsBreakdown):
        for year in model.objects.values_list("year", flat=True):
            try:
                with _new_key() as key_id, transaction.atomic():
                    row = _locked(model, year)
                    _replace(row, key_id, vault.unseal(row))
            except Refused as refusal:
                if refusal.code != "closed":
                    logger.error(f"statistics: an open year was not resealed, {refusal.code}")


def close_year(*, year: int, by: User | None = None) -> None:
    """Release a year's bands and destroy its counters. Without `by`, only when the 31 days of grace are over.

    Raises Refused ("not_open", "closed", "not_ended", "in_grace", "earlier_open", "key_missing", "damaged",
    "other_lists").
    """
    today = timezone.localdate()
    with transaction.atomic():
        row = _locked(StatsYear, year)
        _refuse_early_closing(row.period, today, by)
        breakdown = _breakdown_ending_with(row)
        report = queries.compose_report(row, breakdown, today)
        program = settings_now()
        StatsReport.objects.create(
            year=year,
            first_month=row.first_month,
            months=row.months,
            agency=program.agency,
            program=program.name,
            document=exports.to_json(report),
        )
        for released in (row, breakdown):
            if released is not None:
                released.delete()
                condemn(key_id=released.key_id)
        _record("year_closed", year, by)


@transaction.atomic
def publish(*, year: int, shows_concern: bool, by: User) -> None:
    """Put a closed year on the public pages; `shows_concern` adds what people came with."""
    _publish(year, is_published=True, shows_concern=shows_concern)
    _record("year_published_with_concern" if shows_concern else "year_published", year, by)


@transaction.atomic
def withdraw(*, year: int, by: User) -> None:
    """Take a year off the public pages again."""
    _publish(year, is_published=False, shows_concern=False)
    _record("year_withdrawn", year, by)


def _publish(year: int, **changed: bool) -> None:
    if not StatsReport.objects.filter(year=year).update(**changed):
        raise queries.no_report(year)


def close_due_years() -> None:
    """Run daily: close every year whose 31 days of grace are over."""
    today = timezone.localdate()
    for due in reversed(queries.open_years(today)):  # oldest first: the last year of a breakdown waits for the others
        if due.period.is_due_to_close(today):
            try:
                close_year(year=due.period.year)
            except Refused as refusal:
                if refusal.code != "closed":  # by another worker, a moment ago
                    logger.error(f"statistics: a year that is due was not closed, {refusal.code}")


def _new_ledger(is_partial: bool) -> Ledger:
    return Ledger(tuple(discrete_laplace(randbits) for _ in COUNTERS), is_partial)


def _breakdown_of(span: Span, year: int, is_partial: bool) -> StatsBreakdown | None:
    """The row that counts the lists of a span of years: opened with the first of them, or as partial after a loss."""
    if span.years == 1:
        return None
    row = StatsBreakdown.objects.select_for_update().filter(year=span.year).first()
    if row is None:
        with _new_key() as key_id:
            row = StatsBreakdown(year=span.year, years=span.years, key_id=key_id)
            _insert(row, _new_ledger(is_partial or year != span.year))
    elif is_partial and vault.problem_with(row) is None:
        with _new_key() as key_id:
            _replace(row, key_id, replace(vault.unseal(row), is_partial=True))
    return row


def _count(year: int, *counters: CounterId) -> None:
    with _new_key() as key_id, transaction.atomic():
        row = _locked(StatsYear, year)
        if row.breakdown_id is None:
            _replace(row, key_id, vault.unseal(row).add(*counters))
            return
        _replace(row, key_id, vault.unseal(row).add(*(c for c in counters if c in TOTALS)))
        with _new_key() as key_id:
            breakdown = _locked(StatsBreakdown, row.breakdown_id)
            _replace(breakdown, key_id, vault.unseal(breakdown).add(*(c for c in counters if c not in TOTALS)))


def _insert(row: SealedCounters, ledger: Ledger) -> None:
    row.blob = vault.seal(row, ledger)
    row.save(force_insert=True)


def _replace(row: SealedCounters, key_id: str, ledger: Ledger) -> None:
    old_key_id, row.key_id = row.key_id, key_id
    row.blob = vault.seal(row, ledger)
    row.save(update_fields=["key_id", "blob"])
    condemn(key_id=old_key_id)


def _locked(model: type[SealedRow], year: int) -> SealedRow:
    row = model._default_manager.select_for_update().filter(year=year).first()
    if row is None:
        raise queries.refusal_for_year_not_open(year)
    return row


def _breakdown_ending_with(row: StatsYear) -> StatsBreakdown | None:
    """The lists to release with this year, if it is the last of their years. The earlier ones must be closed first."""
    breakdown = row.breakdown
    if breakdown is None or not breakdown.span.ends_with(row.period):
        return None
    earlier = breakdown.open_years.exclude(year=row.year).order_by("year").first()
    if earlier is not None:
        sentence = _("%(year)s is still open. Close it first, because the two years share their lists.")
        raise Refused(sentence % {"year": earlier.period.label}, code="earlier_open")
    return _locked(StatsBreakdown, breakdown.year)


def _record(action: str, year: int, by: User | None) -> None:
    audit.record(action=action, by=by.pk if by else None, about=f"year:{year}")


@contextmanager
def _new_key() -> Iterator[str]:
    """A new key on disk, destroyed if the write is refused. Made before rows are locked, so that none waits for it."""
    try:
        key_id = keyring.create()
    except OSError:
        raise Refused(
            _("The keyring can't be written to, so nothing was counted."), code="keyring_unwritable"
        ) from None
    try:
        yield key_id
    except Refused:
        # Only here is it certain that no row uses the key. After a commit that was cut off, the sweep decides.
        keyring.destroy(key_id)
        raise


def _refuse_early_closing(period: Period, today: date, by: User | None) -> None:
    if not period.has_ended(today):
        sentence = _("%(year)s hasn't ended yet. You can close it once it has.")
        raise Refused(sentence % {"year": period.label}, code="not_ended")
    if by is None and not period.is_due_to_close(today):
        sentence = _("%(year)s is still open for late contacts. It closes by itself later.")
        raise Refused(sentence % {"year": period.label}, code="in_grace")
