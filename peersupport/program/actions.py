import logging
from collections.abc import Iterable, Mapping
from dataclasses import asdict
from datetime import datetime
from typing import Any

from django.db import IntegrityError, transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from peersupport.audit.actions import record
from peersupport.core.errors import Refused

from . import queries
from .domain import clock
from .models import ClockSeen, CrisisLine, CrisisLinesConfirmation, Launch, LaunchPaper, ProgramSettings, ProgramText

log = logging.getLogger("peersupport.rounds")


class TextChanged(Exception):
    """Somebody else wrote or approved a wording since this page was shown."""


@transaction.atomic
def change_settings(*, values: Mapping[str, Any], lines: Iterable[Mapping[str, str]], by: int | None) -> None:
    """Set the program's settings, and replace its crisis lines by these, in this order. by: None during setup.

    Recorded is which of them are other than before, and never what they say.
    """
    before, lines_before = ProgramSettings.objects.filter(pk=1).first() or ProgramSettings(), _lines()
    ProgramSettings.objects.update_or_create(pk=1, defaults=dict(values))
    CrisisLine.objects.all().delete()
    for order, line in enumerate(lines, start=1):
        CrisisLine.objects.create(order=order, **line)
    changed = [code for code, value in values.items() if getattr(before, code) != value]
    for code in [*changed, *(["crisis_lines"] if _lines() != lines_before else [])]:
        record(action="settings_changed", by=by, about=f"setting:{code}")


def _lines() -> list[tuple[object, ...]]:
    return list(CrisisLine.objects.values_list("order", "name", "description", "call", "text_to", "text_body"))


@transaction.atomic
def write_text(*, name: str, body: str, after_version: int, by: int) -> ProgramText:
    """Add a wording, which applies once it is approved.

    after_version: the newest wording that the writer has read. Raises TextChanged if there is a newer one by now, and
    Refused if it says just the same.
    """
    newest = queries.wordings(name)[0]
    if after_version != newest.version:
        raise TextChanged
    if body.splitlines() == newest.body.splitlines():
        raise Refused(_("Nothing has changed."))
    text = _add(ProgramText(name=name, version=after_version + 1, body=body, written_by_id=by))
    record(action="text_written", by=by, about=f"text:{text.pk}")
    return text


def _add(text: ProgramText) -> ProgramText:
    """Raises TextChanged if somebody added this version at the same moment: the constraint lets one through."""
    try:
        with transaction.atomic():
            text.save(force_insert=True)
    except IntegrityError as error:
        raise TextChanged from error
    return text


@transaction.atomic
def approve_built_in_text(*, name: str, digest: str, by: int) -> None:
    """Make the built-in wording, as it is, version 1 and the current one.

    digest: of the words that were read. Raises TextChanged if they are others by now, or there is a version already.
    """
    built_in = queries.built_in_text(name)
    if digest != built_in.digest or ProgramText.objects.filter(name=name).exists():
        raise TextChanged
    built_in.version, built_in.approved_by_id, built_in.approved_on = 1, by, timezone.localdate()
    text = _add(built_in)
    record(action="text_approved", by=by, about=f"text:{text.pk}")


@transaction.atomic
def approve_text(*, name: str, version: int, by: int) -> None:
    """Make this wording the current one. Raises TextChanged if it is not the newest, or was approved already."""
    newest = ProgramText.objects.select_for_update().filter(name=name).order_by("-version").first()
    if newest is None or newest.version != version or newest.approved_on:
        raise TextChanged
    newest.approved_by_id = by
    newest.approved_on = timezone.localdate()
    newest.save(update_fields=["approved_by", "approved_on"])
    record(action="text_approved", by=by, about=f"text:{newest.pk}")


@transaction.atomic
def confirm_crisis_lines(*, by: int) -> None:
    """Record that somebody has called every number of the crisis card today."""
    values = {"confirmed_on": timezone.localdate(), "lines_digest": queries.crisis_lines_digest()}
    CrisisLinesConfirmation.objects.update_or_create(pk=1, defaults=values)
    record(action="crisis_lines_confirmed", by=by)


@transaction.atomic
def record_paper(*, code: str, is_done: bool, by: int) -> None:
    """Record that a paper of the launch is done since today, or take that back. Idempotent."""
    if not is_done:
        if LaunchPaper.objects.filter(code=code).delete()[0]:
            record(action=f"paper_{code}_taken_back", by=by)
        return
    __, is_new = LaunchPaper.objects.get_or_create(code=code, defaults={"confirmed_on": timezone.localdate()})
    if is_new:
        record(action=f"paper_{code}_confirmed", by=by)


@transaction.atomic
def record_launch(*, by: int) -> None:
    """Record that officers can ask for support from today on. Idempotent.

    It doesn't look at the launch checklist: dashboard.actions.launch does, and is what the page calls.
    """
    __, is_new = Launch.objects.get_or_create(pk=1, defaults={"launched_on": timezone.localdate()})
    if is_new:
        record(action="program_launched", by=by)


def record_gaps(*, codes: Iterable[str]) -> bool:
    """Record the launch checklist's missing items; True if one of them was not missing at the last call.

    False before the launch, and for all but one of several callers at the same moment.
    """
    missing = ",".join(sorted(codes))
    before = Launch.objects.filter(pk=1).exclude(gaps_notified=missing).values_list("gaps_notified", flat=True).first()
    if before is None or not Launch.objects.filter(pk=1, gaps_notified=before).update(gaps_notified=missing):
        return False
    return bool(set(missing.split(",")) - set(before.split(",")) - {""})


def note_clock(*, now: datetime) -> None:
    """Each minute, by whichever worker has the round."""
    minute = now.replace(second=0, microsecond=0)
    seen = queries.clock_seen()
    noted = clock.begins(minute) if seen is None else seen.at(minute)
    if seen is not None and noted.steady_since != seen.steady_since:
        log.error("the clock has jumped, or no worker ran for a day: nothing is erased or closed by it for a day")
    ClockSeen.objects.update_or_create(pk=1, defaults=asdict(noted))
