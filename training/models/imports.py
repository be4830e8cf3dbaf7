"""Training history from a spreadsheet, on its way into the records."""

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from peersupport.core.retention import Retention
from peersupport.core.spreadsheet.cells import OUTCOME_LABELS, RowOutcome
from peersupport.core.spreadsheet.preview import shown_cells
from peersupport.team.models import Member, User

from ..domain.import_rows import COLUMNS
from ..domain.states import IMPORT_WORKFLOW, ImportState
from .subjects import Subject


class Import(models.Model):
    """One file. The worker reads and checks it; somebody looks at the preview, then confirms or discards it."""

    state = models.CharField(
        max_length=12, choices=[(s.value, IMPORT_WORKFLOW.labels[s]) for s in ImportState], default=ImportState.UPLOADED
    )
    uploaded_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    uploaded_on = models.DateField()
    content = models.BinaryField()
    rows_total = models.PositiveIntegerField(default=0)
    rows_done = models.PositiveIntegerField(default=0)
    written = models.PositiveIntegerField(default=0)
    refusal = models.CharField(max_length=300, blank=True)
    claimed_until = models.DateTimeField(null=True)
    tries = models.PositiveSmallIntegerField(default=0)

    retention = Retention(
        title=_("Training history that is brought in"),
        plane="team",
        reason=_("To bring in years of training history without typing it."),
        lifetime=_("The file and its rows until it is written or left; the line that it happened for good."),
        readers=_("The coordinator."),
        fields={
            "id": _("Number of the import."),
            "state": _("How far it is."),
            "uploaded_by": _("Who uploaded it."),
            "uploaded_on": _("The day."),
            "content": _("The file; emptied when it is written or left."),
            "rows_total": _("How many rows it has."),
            "rows_done": _("How many rows have been looked at."),
            "written": _("How many records came of it."),
            "refusal": _("Why it cannot be read, if so."),
            "claimed_until": _("So that two workers do not do the same; a dead worker's claim lapses."),
            "tries": _("How often a worker has taken it, so that a file that stops workers is not taken for ever."),
        },
    )

    class Meta:
        ordering = ["-id"]

    def __str__(self) -> str:
        return f"import {self.pk}"


class ImportRow(models.Model):
    """One row of the preview: what the file says, and what would become of it."""

    training_import = models.ForeignKey(Import, on_delete=models.CASCADE, related_name="rows")
    number = models.PositiveIntegerField()
    cells = models.JSONField()
    outcome = models.CharField(max_length=12, choices=[(o.value, OUTCOME_LABELS[o]) for o in RowOutcome])
    remarks = models.JSONField(default=list)
    member = models.ForeignKey(Member, null=True, on_delete=models.CASCADE, related_name="+")
    subject = models.ForeignKey(Subject, null=True, on_delete=models.CASCADE, related_name="+")
    completed_on = models.DateField(null=True)
    hours = models.DecimalField(max_digits=5, decimal_places=2, null=True)

    retention = Retention(
        title=_("A row of that history"),
        plane="team",
        reason=_("To show before anything is written what would be written, and what is wrong where."),
        lifetime=_("Until the import is written or left."),
        readers=_("The coordinator."),
        fields={
            "id": _("Number of the line."),
            "training_import": _("Which import."),
            "number": _("The row in the file."),
            "cells": _("What the row says."),
            "outcome": _("New, on record already, or wrong."),
            "remarks": _("What is wrong, by column, in words."),
            "member": _("Whom it is about."),
            "subject": _("What was trained."),
            "completed_on": _("When."),
            "hours": _("For how long."),
        },
    )

    class Meta:
        ordering = ["number"]
        constraints = [
            models.UniqueConstraint(fields=["training_import", "number"], name="a_row_is_staged_once"),
            models.CheckConstraint(
                name="new_rows_are_complete",
                condition=~Q(outcome=RowOutcome.NEW)
                | Q(member__isnull=False, subject__isnull=False, completed_on__isnull=False, hours__isnull=False),
            ),
        ]

    def __str__(self) -> str:
        return f"row {self.number}"

    @property
    def shown(self) -> list[tuple[str, str]]:
        """Heading and text of each cell, in the order of the columns."""
        return shown_cells(self.cells, COLUMNS)
