"""A year is one sealed row while it is open, and one finished document when it is closed."""

from django.db import models

from peersupport.keeping import Kept
from peersupport.sealing.fields import ShredKeyField


class StatsYear(models.Model):
    """An open year. There is no row for a tally, no time and no history: each write replaces key and blob."""

    year = models.PositiveSmallIntegerField(primary_key=True)
    key_id = ShredKeyField(unique=True)
    blob = models.BinaryField()

    kept = Kept(
        plane="statistics",
        reason="To count how much support was given, without keeping any contact.",
        lifetime="Until the year is closed, 31 days after its end at the latest; every night under a new key.",
        readers="Nobody. The program adds to it, and bands are read from it once, when the year is closed.",
        fields={
            "year": "Which year is being counted.",
            "key_id": "Random name of the key's file, in clear; a new one at every write.",
            "blob": "Sealed: all counters with their noise, always the same length.",
        },
    )

    class Meta:
        db_table = "stats_year"

    def __str__(self) -> str:
        return str(self.year)


class StatsReport(models.Model):
    """A closed year, as released: bands of ten from noised counters, and the team's exact figures."""

    year = models.PositiveSmallIntegerField(primary_key=True)
    document = models.TextField()

    kept = Kept(
        plane="statistics",
        reason="The program's yearly evaluation.",
        lifetime="As long as the program keeps its reports.",
        readers="The team, its coordinator and its clinical director.",
        fields={
            "year": "Which year it reports.",
            "document": "The report itself, as it is given to everybody who may read it.",
        },
    )

    class Meta:
        db_table = "stats_report"
        ordering = ["-year"]

    def __str__(self) -> str:
        return str(self.year)
