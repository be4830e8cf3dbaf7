"""The program's own texts and settings. Nothing here is about an officer."""

import hashlib

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from peersupport.core.retention import Retention

from .domain import defaults
from .domain.phone_numbers import dialed
from .domain.prose import Block, blocks


class ProgramSettings(models.Model):
    """One row: what the program is called, who runs it, when its year starts."""

    agency = models.CharField(max_length=120, default=defaults.AGENCY)
    name = models.CharField(max_length=80, default=defaults.NAME)
    coordinator_name = models.CharField(max_length=120, blank=True)
    coordinator_contact = models.CharField(max_length=200, blank=True)
    clinical_director = models.CharField(max_length=120, blank=True)
    clinical_contact = models.CharField(max_length=200, blank=True)
    on_call_phone = models.CharField(max_length=30, blank=True)
    year_starts_month = models.PositiveSmallIntegerField(default=1)
    breakdown_years = models.PositiveSmallIntegerField(default=1)
    term_years = models.PositiveSmallIntegerField(null=True, blank=True)
    program_word = models.CharField(max_length=40, blank=True)

    retention = Retention(
        title=_("Program settings"),
        plane="program",
        reason=_("So that every page says whose program this is and who to ask."),
        lifetime=_("As long as the program runs."),
        readers=_(
            "Everyone, but only members see the clinical director's number, and only a poster or card shows the word."
        ),
        fields={
            "id": _("Always 1: there is one program."),
            "agency": _("Whose program it is."),
            "name": _("What the program is called."),
            "coordinator_name": _("Who runs it."),
            "coordinator_contact": _("How to reach them, for anyone who wants to join or has a question."),
            "clinical_director": _("Who oversees it clinically."),
            "clinical_contact": _("Where a member can reach them or a designee when it can't wait."),
            "on_call_phone": _("The program's own number, for when nobody can be alerted through this site."),
            "year_starts_month": _("The month in which a year of statistics starts."),
            "program_word": _(
                "The word on the poster and card that unlocks the team's names; empty if anyone may read them."
            ),
            "term_years": _("For how many years a member is designated; empty if a designation has no end."),
            "breakdown_years": _("How many years of lists the statistics count together."),
        },
    )

    class Meta:
        constraints = [
            models.CheckConstraint(name="one_program", condition=Q(id=1)),
            models.CheckConstraint(
                name="year_starts_in_a_month", condition=Q(year_starts_month__gte=1, year_starts_month__lte=12)
            ),
            models.CheckConstraint(
                name="term_is_of_some_years",
                condition=Q(term_years__isnull=True) | Q(term_years__gte=1, term_years__lte=20),
            ),
            models.CheckConstraint(
                name="lists_count_up_to_three_years", condition=Q(breakdown_years__gte=1, breakdown_years__lte=3)
            ),
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def on_call_link(self) -> str:
        return f"tel:{dialed(self.on_call_phone)}"


class CrisisLine(models.Model):
    """One line of the crisis card. The first two are at the top of every public page."""

    order = models.PositiveSmallIntegerField(unique=True)
    name = models.CharField(max_length=80)
    description = models.CharField(max_length=200, blank=True)
    call = models.CharField(max_length=30, blank=True)
    text_to = models.CharField(max_length=30, blank=True)
    text_body = models.CharField(max_length=30, blank=True)

    retention = Retention(
        title=_("Crisis line"),
        plane="program",
        reason=_("So that every public page leads to someone who answers right now."),
        lifetime=_("As long as the program runs."),
        readers=_("Everyone."),
        fields={
            "id": _("Number of the line."),
            "order": _("Its place on the card."),
            "name": _("What it is called."),
            "description": _("Who answers, and who it is for."),
            "call": _("The number to call."),
            "text_to": _("The number to text."),
            "text_body": _("The word to text."),
        },
    )

    class Meta:
        ordering = ["order"]
        constraints = [
            models.CheckConstraint(name="line_has_a_number", condition=~Q(call="") | ~Q(text_to="")),
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def call_link(self) -> str:
        return f"tel:{dialed(self.call)}"

    @property
    def text_link(self) -> str:
        body = f"?body={self.text_body}" if self.text_body else ""
        return f"sms:{dialed(self.text_to)}{body}"


class ProgramText(models.Model):
    """One wording of one of the program's texts. A wording is never edited: the next one gets the next number.

    The built-in one gets a row, and a number, when somebody approves it; then nobody here has written it.
    """

    class Name(models.TextChoices):
        EXCEPTIONS = "confidentiality_exceptions", _("Exceptions to confidentiality")
        AGREEMENT = "confidentiality_agreement", _("Confidentiality agreement")
        DUTY_TO_REPORT = "duty_to_report", _("Duty to report")

    name = models.CharField(max_length=40, choices=Name.choices)
    version = models.PositiveIntegerField()
    body = models.TextField()
    written_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+", null=True, blank=True
    )
    approved_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+", null=True, blank=True
    )
    approved_on = models.DateField(null=True, blank=True)

    retention = Retention(
        title=_("Program text"),
        plane="program",
        reason=_(
            "To show, word for word, what officers were told and what members were told or signed, and who approved it."
        ),
        lifetime=_("As long as the program runs; earlier versions are kept."),
        readers=_("Everyone reads the approved version; drafts and names are for those who write and approve."),
        fields={
            "id": _("Number of the row."),
            "name": _("Which of the program's texts it is."),
            "version": _("Counts the versions of one text."),
            "body": _("The text."),
            "written_by": _("Who wrote it; empty if it came with the program and was approved as it was."),
            "approved_by": _("Who approved it."),
            "approved_on": _("The day it was approved."),
        },
    )

    class Meta:
        ordering = ["name", "-version"]
        constraints = [
            models.UniqueConstraint(fields=["name", "version"], name="one_wording_per_version"),
            models.CheckConstraint(
                name="approved_by_somebody_on_a_day",
                condition=Q(approved_by__isnull=True, approved_on__isnull=True)
                | Q(approved_by__isnull=False, approved_on__isnull=False),
            ),
            models.CheckConstraint(
                name="written_or_approved_by_somebody",
                condition=Q(written_by__isnull=False) | Q(approved_by__isnull=False),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.name} {self.version}"

    @property
    def blocks(self) -> list[Block]:
        return blocks(self.body)

    @property
    def digest(self) -> str:
        """Of its words, by which a page says which ones it has shown."""
        return hashlib.sha256(self.body.encode()).hexdigest()


class CrisisLinesConfirmation(models.Model):
    """Somebody has called every number of the crisis card. Valid for a year, and for exactly these numbers."""

    confirmed_on = models.DateField()
    lines_digest = models.CharField(max_length=64)

    retention = Retention(
        title=_("Crisis lines confirmed"),
        plane="program",
        reason=_("So that the program finds a number that nobody answers before someone in need does."),
        lifetime=_("As long as the program runs."),
        readers=_("The coordinator and the clinical director."),
        fields={
            "id": _("Always 1: there is one crisis card."),
            "confirmed_on": _("The day the numbers were called."),
            "lines_digest": _("A hash of these numbers: when a number changes, they have to be confirmed again."),
        },
    )

    class Meta:
        verbose_name = "crisis lines confirmed"
        constraints = [models.CheckConstraint(name="one_confirmation", condition=Q(id=1))]

    def __str__(self) -> str:
        return "crisis lines confirmed"


class LaunchPaper(models.Model):
    """The coordinator says that something the program can't look at is done: counsel, the schedule, the union."""

    class Code(models.TextChoices):
        COUNSEL = "counsel", _("Counsel has signed the questions and answers")
        RETENTION_SCHEDULE = "retention_schedule", _("The retention schedule has its entry")
        UNION = "union", _("The union was told")

    code = models.CharField(max_length=20, choices=Code.choices, primary_key=True)
    confirmed_on = models.DateField()

    retention = Retention(
        title=_("Papers confirmed"),
        plane="program",
        reason=_("So that the questions of law are asked before the program opens, and not after."),
        lifetime=_("As long as the program runs, or until the coordinator takes it back."),
        readers=_("The coordinator."),
        fields={
            "code": _("Which paper it is."),
            "confirmed_on": _("The day the coordinator confirmed it."),
        },
    )

    def __str__(self) -> str:
        return self.code


class ClockSeen(models.Model):
    """What the rounds have seen of the clock: see domain/clock.py. One row."""

    seen_at = models.DateTimeField()
    steady_since = models.DateTimeField()

    retention = Retention(
        title=_("The clock"),
        plane="program",
        in_backup=False,
        reason=_("So that a clock that jumps ahead erases nothing too early, and closes no year."),
        lifetime=_("Until the next minute."),
        readers=_("The operator."),
        fields={
            "id": _("Always 1: there is one clock."),
            "seen_at": _("The minute of the last regular task."),
            "steady_since": _("Since when the clock has gone on without a jump."),
        },
    )

    class Meta:
        constraints = [models.CheckConstraint(name="one_clock", condition=Q(id=1))]

    def __str__(self) -> str:
        return "clock"


class Launch(models.Model):
    """Since when officers can ask for support. There is no row before the launch."""

    launched_on = models.DateField()
    gaps_notified = models.CharField(max_length=200, blank=True)

    retention = Retention(
        title=_("Launch"),
        plane="program",
        reason=_("So that nobody asks a team that isn't ready to answer."),
        lifetime=_("As long as the program runs."),
        readers=_("The coordinator and the clinical director."),
        fields={
            "id": _("Always 1: there is one program."),
            "launched_on": _("The day the program was launched."),
            "gaps_notified": _(
                "Which items of the launch checklist have been found missing since, so that people are told only once."
            ),
        },
    )

    class Meta:
        constraints = [models.CheckConstraint(name="one_launch", condition=Q(id=1))]

    def __str__(self) -> str:
        return "launch"
