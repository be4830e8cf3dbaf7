from collections.abc import Iterable, Mapping
from typing import Any

from django.db import IntegrityError, transaction
from django.utils import timezone

from peersupport.audit.actions import record

from . import queries
from .models import CrisisLine, CrisisLinesConfirmation, Launch, ProgramSettings, ProgramText


class ReadAgain(Exception):
    """Somebody else wrote or approved a wording meanwhile: this one was made without having read it."""


@transaction.atomic
def change_settings(*, values: Mapping[str, Any], lines: Iterable[Mapping[str, str]], by: int | None) -> None:
    """Sets the program's settings and its crisis lines, in the order given. The calendar and setup have no `by`."""
    ProgramSettings.objects.update_or_create(pk=1, defaults=dict(values))
    CrisisLine.objects.all().delete()
    for order, line in enumerate(lines, start=1):
        CrisisLine.objects.create(order=order, **line)
    record(action="settings_changed", by=by)


@transaction.atomic
def write_text(*, name: str, body: str, after_version: int, by: int) -> ProgramText:
    """A new wording, which stands once it is approved.

    after_version: the newest wording that the writer has read. Raises ReadAgain if there is a newer one by now.
    """
    newest = ProgramText.objects.filter(name=name).order_by("-version").first()
    if after_version != (newest.version if newest else 0):
        raise ReadAgain
    try:
        with transaction.atomic():
            text = ProgramText.objects.create(name=name, version=after_version + 1, body=body, written_by_id=by)
    except IntegrityError as error:  # two writers at the same moment: the constraint lets one through
        raise ReadAgain from error
    record(action="text_written", by=by, about=f"text:{text.pk}")
    return text


@transaction.atomic
def approve_text(*, name: str, version: int, by: int) -> None:
    """From now on this wording stands. Raises ReadAgain if it is not the newest, or no longer waits."""
    newest = ProgramText.objects.select_for_update().filter(name=name).order_by("-version").first()
    if newest is None or newest.version != version or newest.approved_on:
        raise ReadAgain
    newest.approved_by_id = by
    newest.approved_on = timezone.localdate()
    newest.save(update_fields=["approved_by", "approved_on"])
    record(action="text_approved", by=by, about=f"text:{newest.pk}")


@transaction.atomic
def confirm_lines(*, by: int) -> None:
    """Somebody has called every number of the crisis card today."""
    confirmed = {"confirmed_on": timezone.localdate(), "lines_digest": queries.lines_digest()}
    CrisisLinesConfirmation.objects.update_or_create(pk=1, defaults=confirmed)
    record(action="crisis_lines_confirmed", by=by)


@transaction.atomic
def open_program(*, by: int) -> None:
    """From now on somebody can ask for support. Twice is harmless. Who calls it has looked at the checklist."""
    _, is_new = Launch.objects.get_or_create(pk=1, defaults={"opened_on": timezone.localdate()})
    if is_new:
        record(action="program_opened", by=by)


def claim_gaps(*, codes: Iterable[str]) -> bool:
    """Whether a line of the checklist is missing since the coordinator was last told. Says yes once for each."""
    missing = ",".join(sorted(codes))
    before = Launch.objects.filter(pk=1).exclude(gaps_told=missing).values_list("gaps_told", flat=True).first()
    if before is None or not Launch.objects.filter(pk=1, gaps_told=before).update(gaps_told=missing):
        return False
    return bool(set(missing.split(",")) - set(before.split(",")) - {""})
