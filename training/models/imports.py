"""Training history from a spreadsheet, on its way into the records."""

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from peersupport.core.retention import OnlyRows, Retention
from peersupport.core.spreadsheet.cells import OUTCOME_LABELS, RowOutcome
from peersupport.core.spreadsheet.preview import cells_in_order
from peersupport.core.translation import choices, remark_text
from peersupport.team.models import Member, User

from ..domain.import_rows import COLUMNS
from ..domain.states import IMPORT_WORKFLOW, ImportState
from .subjects import Subject

FINISHED = [state.value for state, further in IMPORT_WORKFLOW.moves.items() if not further]


class Import(models.Model):
    """One file. The worker reads and checks it; someone looks at the preview, then confirms or discards it."""

    state = models.CharField(max_length=12, choices=choices(IMPORT_WORKFLOW.labels), default=ImportState.UPLOADED)
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
        title=_("Imported training history"),
        plane="team",
        reason=_("To import years of training history without typing it in."),
        lifetime=_("The file and its rows until they are imported or discarded; the entry about it, permanently."),
        readers=_("The coordinator."),
        in_backup=OnlyRows({"state__in": FINISHED}, _("The entry about it, once it is finished.")),
        fields={
            "id": _("Number of the import."),
            "state": _("How far along it is."),
            "uploaded_by": _("Who uploaded it."),
            "uploaded_on": _("The day."),
            "content": _("The file; emptied when it is imported or discarded."),
            "rows_total": _("How many rows it has."),
            "rows_done": _("How many rows have been checked."),
            "written": _("How many records it added."),
            "refusal": _("Why it can't be read, if it can't."),
            "claimed_until": _("So that the same work isn't done twice. If it breaks off, the claim lapses."),
            "tries": _("How often it was tried, so that a file that can't be read isn't tried forever."),
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
    outcome = models.CharField(max_length=12, choices=choices(OUTCOME_LABELS))
    remarks = models.JSONField(default=list)
    member = models.ForeignKey(Member, null=True, on_delete=models.CASCADE, related_name="+")
    subject = models.ForeignKey(Subject, null=True, on_delete=models.CASCADE, related_name="+")
    completed_on = models.DateField(null=True)
    hours = models.DecimalField(max_digits=5, decimal_places=2, null=True)

    retention = Retention(
        title=_("A row of imported training history"),
        plane="team",
        reason=_("To show what would be imported and what needs correcting, before anything is saved."),
        lifetime=_("Until the import is finished or discarded."),
        readers=_("The coordinator."),
        in_backup=False,
        fields={
            "id": _("Number of the entry."),
            "training_import": _("The import it belongs to."),
            "number": _("The row in the file."),
            "cells": _("What the row says."),
            "outcome": _("New, already on record or wrong."),
            "remarks": _("What is wrong, column by column."),
            "member": _("The member it is about."),
            "subject": _("The subject."),
            "completed_on": _("The day it was completed."),
            "hours": _("How many hours it took."),
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
        return cells_in_order(self.cells, COLUMNS)

    @property
    def shown_remarks(self) -> list[tuple[str, str]]:
        """Heading of the column and sentence of each remark."""
        return [(remark["column"], remark_text(remark)) for remark in self.remarks]
