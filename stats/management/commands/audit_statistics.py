"""Attacks the program's own published reports, and made-up agencies, and prints what comes out."""

from argparse import ArgumentParser
from collections.abc import Iterator
from pathlib import Path
from secrets import randbits
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.template.loader import render_to_string

from ... import queries
from ...documents import exports, files, readback
from ...domain import attacks, simulations
from ...models import StatsReport

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
            wrong = self.published(options["folder"]) + self.made_up(options)
        except (attacks.NoSolver, readback.NoReader) as missing:
            raise CommandError(str(missing)) from None
        if wrong:
            raise CommandError(f"{len(wrong)} findings. These reports tell more than they should.")
        self.stdout.write("Nothing was found beyond the printed bands.")

    def published(self, folder: Path | None) -> list[str]:
        """Schema, grid and linear programs over the years that are closed."""
        years = list(_in_folder(folder) if folder else _of_this_site())
        if folder and not years:
            raise CommandError(f"There is no statistics-<year>.json in {folder}.")
        wrong = [f"{year}: {finding}" for year, found in years for finding in readback.findings(found)]
        reports = [exports.from_json(found["json"].decode()) for _, found in years]
        wrong += attacks.narrowed(attacks.intervals(reports))
        read = ", ".join(f"{year} ({' '.join(sorted(found))})" for year, found in years) or "none is closed yet"
        self.say("Published years read", read)
        cells = sum(len(exports.lines(report)) for report in reports)
        self.say("Cells that linear programs narrow below their band", f"{len(wrong)} of {cells}")
        for finding in wrong:
            self.stderr.write(f"  {finding}")
        return wrong

    def made_up(self, options: dict[str, Any]) -> list[str]:
        """The same attackers on other products' tables, where they must bite, and on ours."""
        wrong = []
        for contacts in AGENCIES:
            teeth = simulations.teeth(contacts, options["agencies"], randbits)
            found = simulations.against_ours(contacts, -(-options["agencies"] // 10), randbits)
            share = teeth.recovered / max(1, teeth.small)
            self.say(
                f"Counts under 10 masked, {contacts:,} contacts",
                f"{share:.3f} of {teeth.small} small cells recovered exactly; "
                f"{teeth.agencies_hit} of {teeth.agencies} reports lose at least one",
            )
            self.say(f"This program's reports, {contacts:,} contacts", f"{len(found)} cells narrowed")
            wrong += found
        found = simulations.against_ours_together(SMALL, YEARS, options["agencies"], randbits)
        self.say(f"The same, {SMALL} contacts a year, lists over {YEARS} years", f"{len(found)} cells narrowed")
        wrong += found
        noise = simulations.one_person_more(options["releases"], randbits)
        self.say("One person added: greatest |ln(p/q)|", f"{noise.added:.3f} (bound 0.5, and 3 standard errors)")
        self.say("One person's code changed", f"{noise.changed:.3f} (bound 1.0, and 3 standard errors)")
        self.say("Other codes meanwhile", f"{noise.others:.3f} (bound 0, and 3 standard errors)")
        insider = simulations.insider(options["trials"], AGENCIES[1], randbits)
        self.say(
            "Insider who knows every contact but one",
            f"mean posterior of the truth {insider.mean_of_truth:.3f}, of the likeliest {insider.mean_of_highest:.3f} "
            f"(prior {1 / 12:.3f}); sure in {insider.sure} of {insider.trials} years (delta allows {DELTA} of them)",
        )
        # Noise goes beyond three standard errors by chance now and then: more than one label in a hundred is no chance.
        wrong += noise.beyond if len(noise.beyond) > 1 else []
        wrong += ["the insider gets sure too often"] if insider.sure > max(2, 2 * DELTA * insider.trials) else []
        return wrong

    def say(self, what: str, figure: str) -> None:
        self.stdout.write(f"{what}: {figure}")


def _of_this_site() -> Iterator[tuple[str, dict[str, bytes]]]:
    """Each closed year's files, exactly as the pages give them out; nothing else of the database is read."""
    for closed in StatsReport.objects.all():
        page = render_to_string("stats/result.html", {"words": queries.words_of(closed)})
        yield str(closed.year), {kind: make(closed) for kind, make in files.FILES.items()} | {"html": page.encode()}


def _in_folder(folder: Path) -> Iterator[tuple[str, dict[str, bytes]]]:
    for path in sorted(folder.glob("statistics-*.json")):
        kinds = ["json", *readback.READERS]
        found = {kind: path.with_suffix(f".{kind}") for kind in kinds}
        yield path.stem.removeprefix("statistics-"), {k: p.read_bytes() for k, p in found.items() if p.is_file()}
