"""A year is one sealed row while it is open, and one finished document once it is closed.

In an agency under 100 employees, the lists of two or three years are counted together in a second sealed row.
"""

import json

from django.db import models
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from peersupport.core.retention import Retention, Sealed
from peersupport.sealing.fields import ShredKeyField

from .domain.periods import Period, Span
from .domain.report import Report
from .domain.team_bands import public_report


class SealedCounters(models.Model):
    """Open counters. A tally leaves no row, time or history: each write replaces key and blob."""

    year = models.PositiveSmallIntegerField(primary_key=True)
    # No index, so that PostgreSQL rewrites the row within its page and the table keeps its size, whatever is counted.
    key_id = ShredKeyField()
    blob = models.BinaryField()

    sealed_as: str

    class Meta:
        abstract = True


class StatsBreakdown(SealedCounters):
    """The lists of two or three years counted together; written like a year, released with the last of them."""

    years = models.PositiveSmallIntegerField()

    sealed_as = "stats breakdown"

    retention = Retention(
        title=_("Lists counted over several years"),
        plane="statistics",
        reason=_("To say what a small program's contacts were about, without any line about just one or two people."),
        lifetime=_("Until the last of its years is closed. It gets a new key every night."),
        readers=_(
            "No page shows it. The program adds to it, and reads bands from it once, when its last year is closed. "
            "The people who run the server could open it: they would find the numbers with their noise, and in two "
            "copies what was counted in between."
        ),
        in_backup=False,
        fields={
            "year": _("The first of the years counted together."),
            "years": _("How many years; changing the setting later doesn't affect it."),
            "key_id": _("Random name of the key's file, new at every write."),
            "blob": Sealed(_("All counters with their noise, always the same length.")),
        },
    )

    class Meta:
        db_table = "stats_breakdown"
        constraints = [
            models.CheckConstraint(
                name="breakdown_of_two_or_three_years", condition=models.Q(years__gte=2, years__lte=3)
            )
        ]

    def __str__(self) -> str:
        return gettext("the lists from %(year)s on") % {"year": self.year}

    @property
    def span(self) -> Span:
        return Span(self.year, self.years)


class StatsYear(SealedCounters):
    """An open year."""

    first_month = models.PositiveSmallIntegerField(default=1)
    months = models.PositiveSmallIntegerField(default=12)
    breakdown = models.ForeignKey(StatsBreakdown, on_delete=models.PROTECT, null=True, related_name="open_years")

    sealed_as = "stats year"

    retention = Retention(
        title=_("Counts of the open year"),
        plane="statistics",
        reason=_("To count how much support was given, without keeping any contact."),
        lifetime=_("Until the year is closed, at most 31 days after its end. It gets a new key every night."),
        readers=_(
            "No page shows it. The program adds to it, and reads bands from it once, when the year is closed. "
            "The people who run the server could open it: they would find the numbers with their noise, and in two "
            "copies what was counted in between."
        ),
        in_backup=False,
        fields={
            "year": _("The year."),
            "first_month": _("The month it began; changing the setting later doesn't affect it."),
            "months": _("How many months it lasts."),
            "breakdown": _("Where its lists are counted, if they're counted together with other years."),
            "key_id": _("Random name of the key's file, new at every write."),
            "blob": Sealed(_("All counters with their noise, always the same length.")),
        },
    )

    class Meta:
        db_table = "stats_year"

    def __str__(self) -> str:
        return str(self.year)

    @property
    def period(self) -> Period:
        return Period(self.year, self.first_month, self.months)

    @property
    def span(self) -> Span:
        return self.breakdown.span if self.breakdown else Span(self.year)


class StatsReport(models.Model):
    """A closed year as released: bands of ten from noised counters, and the team's exact figures."""

    year = models.PositiveSmallIntegerField(primary_key=True)
    first_month = models.PositiveSmallIntegerField(default=1)
    months = models.PositiveSmallIntegerField(default=12)
    agency = models.CharField(max_length=120, default="")
    program = models.CharField(max_length=80, default="")
    document = models.TextField()
    is_published = models.BooleanField(default=False)
    shows_concern = models.BooleanField(default=False)

    retention = Retention(
        title=_("Yearly reports"),
        plane="statistics",
        reason=_("The program's yearly evaluation."),
        lifetime=_("As long as the program keeps its reports."),
        readers=_("The team, its coordinator and its clinical director; everyone once it's published."),
        in_backup=True,
        fields={
            "year": _("The year."),
            "first_month": _("The month that year began."),
            "months": _("How many months it lasted."),
            "agency": _("The agency's name when the year was closed."),
            "program": _("The program's name at that time."),
            "document": _(
                "The report itself. Only the coordinator and the clinical director read applications and reasons for "
                "leaving exactly; everyone else and all files get bands of ten."
            ),
            "is_published": _("Whether the clinical director published it."),
            "shows_concern": _("Whether the public page also says what people came with."),
        },
    )

    class Meta:
        db_table = "stats_report"
        ordering = ["-year"]

    def __str__(self) -> str:
        return str(self.year)

    @property
    def report(self) -> Report:
        """As everybody may read it."""
        return public_report(self.exact_report)

    @property
    def exact_report(self) -> Report:
        """As it is stored. For coordinator and clinical director alone: see domain.team_bands."""
        return Report.from_dict(json.loads(self.document))

    @property
    def label(self) -> str:
        return Period(self.year, self.first_month, self.months).label
