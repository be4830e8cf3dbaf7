"""Attacks this program's published reports, and those of made-up agencies, and prints what comes out."""

import json
from argparse import ArgumentParser
from collections.abc import Iterator
from pathlib import Path
from secrets import randbits
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.template.loader import render_to_string

from ...documents import files, readback
from ...domain import attacks, simulations
from ...models import StatsReport
from ...presenters.closed_years import text_of

AGENCIES = (100, 500, 5000)
SMALL, YEARS = 20, 2
DELTA = 0.003


class Command(BaseCommand):
    help = "Tries to work back from published reports to single contacts, and prints the figures."
    requires_system_checks: list[str] = []

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--folder", type=Path, help="files as downloaded: statistics-2025.json, .csv, .xlsx, ...")
        parser.add_argument("--agencies", type=int, default=40, help="made-up agencies of each size (default 40)")
        parser.add_argument("--releases", type=int, default=4000, help="releases of each neighboring year")
        parser.add_argument("--trials", type=int, default=1000, help="years that the insider reads")

    def handle(self, *args: Any, **options: Any) -> None:
        try:
            findings = self.attack_published(options["folder"]) + self.attack_made_up(options)
        except (attacks.NoSolver, readback.NoReader) as missing:
            raise CommandError(str(missing)) from None
        if findings:
            raise CommandError(f"{len(findings)} findings. These reports tell more than they should.")
        self.stdout.write("Nothing was found beyond the printed bands.")

    def attack_published(self, folder: Path | None) -> list[str]:
        """Schema, grid, and linear programs over the years that are closed."""
        years = list(_in_folder(folder) if folder else _of_this_site())
        if folder and not years:
            raise CommandError(f"There is no statistics-<year>.json in {folder}.")
        findings = [f"{year}: {finding}" for year, made in years for finding in readback.check_files(made)]
        reports = [json.loads(made["json"]) for __, made in years]
        findings += attacks.check_intervals(attacks.intervals(reports))
        read = ", ".join(f"{year} ({' '.join(sorted(made))})" for year, made in years) or "none is closed yet"
        self.say("Published years read", read)
        cells = sum(len(attacks.rows_with_period(report)) for report in reports)
        self.say("Cells that linear programs narrow below their band", f"{len(findings)} of {cells}")
        for finding in findings:
            self.stderr.write(f"  {finding}")
        return findings

    def attack_made_up(self, options: dict[str, Any]) -> list[str]:
        """The same attackers on other products' tables, where they must succeed, and on this program's."""
        findings = []
        for contacts in AGENCIES:
            masked = simulations.attack_masked_tables(contacts, options["agencies"], randbits)
            narrowed = simulations.attack_reports(contacts, -(-options["agencies"] // 10), randbits)
            share = masked.recovered / max(1, masked.small)
            self.say(
                f"Counts under 10 masked, {contacts:,} contacts",
                f"{share:.3f} of {masked.small} small cells recovered exactly; "
                f"{masked.agencies_hit} of {masked.agencies} reports lose at least one",
            )
            self.say(f"This program's reports, {contacts:,} contacts", f"{len(narrowed)} cells narrowed")
            findings += narrowed
        narrowed = simulations.attack_breakdowns(SMALL, YEARS, options["agencies"], randbits)
        self.say(f"The same, {SMALL} contacts a year, lists over {YEARS} years", f"{len(narrowed)} cells narrowed")
        findings += narrowed
        loss = simulations.measure_privacy_loss(options["releases"], randbits)
        self.say("One person added: greatest |ln(p/q)|", f"{loss.added:.3f} (bound 0.5, and 3 standard errors)")
        self.say("One person's code changed", f"{loss.changed:.3f} (bound 1.0, and 3 standard errors)")
        self.say("Other codes meanwhile", f"{loss.others:.3f} (bound 0, and 3 standard errors)")
        insider = simulations.simulate_insider(options["trials"], AGENCIES[1], randbits)
        self.say(
            "Insider who knows every contact but one",
            f"mean posterior of the truth {insider.mean_of_truth:.3f}, of the likeliest {insider.mean_of_highest:.3f} "
            f"(prior {1 / 12:.3f}); sure in {insider.sure} of {insider.trials} years (delta allows {DELTA} of them)",
        )
        # One label in a hundred goes beyond three standard errors by chance now and then; more than one does not.
        findings += loss.findings if len(loss.findings) > 1 else []
        findings += ["the insider gets sure too often"] if insider.sure > max(2, 2 * DELTA * insider.trials) else []
        return findings

    def say(self, what: str, figure: str) -> None:
        self.stdout.write(f"{what}: {figure}")


def _of_this_site() -> Iterator[tuple[str, dict[str, bytes]]]:
    """Each closed year with its files, exactly as the pages give them out; nothing else in the database is read."""
    for closed in StatsReport.objects.all():
        page = render_to_string("stats/published_report.html", {"report": text_of(closed)})
        yield str(closed.year), {kind: make(closed) for kind, make in files.FILES.items()} | {"html": page.encode()}


def _in_folder(folder: Path) -> Iterator[tuple[str, dict[str, bytes]]]:
    for path in sorted(folder.glob("statistics-*.json")):
        paths = {kind: path.with_suffix(f".{kind}") for kind in ("json", *readback.CHECKS)}
        yield path.stem.removeprefix("statistics-"), {k: p.read_bytes() for k, p in paths.items() if p.is_file()}
