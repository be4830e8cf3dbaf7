"""The attackers: what a reader of published reports can work out, and the bounds that must hold. Pure.

Each `check_` function returns findings: sentences about what an attack could tell. An empty list is a pass.
"""

import math
from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from peersupport.program.vocabulary import CONTACT_LEVEL, PERSON_LEVEL

from .disclosure import BAND, CUT, SCALE, RandomBits, discrete_laplace, lower_bound
from .ledger import CONTACTS, COUNTERS, PERSONS, TOTALS

Report = Mapping[str, Any]  # as the JSON file has it: see domain.report
ReportRow = Mapping[str, Any]  # vector, code, lo, hi
PeriodRow = tuple[str, ReportRow]  # a row with the label of the period it counts
Bands = tuple[int, ...]  # the printed lower bounds of one or more counters
FULL_WIDTH = BAND - 1  # an interval that the attacker could not narrow: from 0 to 9, or from 40 to 49
LIST_COUNTERS = tuple(counter for counter in COUNTERS if counter not in TOTALS)


class NoSolver(Exception):
    """The solver of linear programs is not installed."""


@dataclass(frozen=True)
class Interval:
    """What the attacker knows of one cell in the end: printed as lo..hi, it lies in least..most."""

    period: str
    vector: str
    code: str
    lo: int
    hi: int
    least: float
    most: float

    @property
    def width(self) -> float:
        return self.most - self.least

    @property
    def is_exact(self) -> bool:
        return self.width < 0.5


def rows_with_period(report: Report) -> list[PeriodRow]:
    """Every row with the period it counts: the year's own, or the years counted together."""
    breakdown = report.get("breakdown", {"period": "", "rows": []})
    own = [(report["period"], row) for row in report["rows"]]
    return own + [(breakdown["period"], row) for row in breakdown["rows"]]


# 1 and 2: schema and grid


def check_schema(report: Report) -> list[str]:
    """Only the listed codes, each once and in order, and no other fields. A breakdown has all of its lists or none."""
    breakdown = report.get("breakdown")
    rows, lists = list(report["rows"]), list(breakdown["rows"]) if breakdown else []
    expected = [*TOTALS, *(LIST_COUNTERS if lists else ())] if breakdown else list(COUNTERS)
    codes = [(row.get("vector"), row.get("code")) for row in rows + lists]
    findings = [] if codes == expected else ["the codes are not the listed ones in their order"]
    if set(report) - {"breakdown"} != {"period", "rows", "team"}:
        findings.append("the report has other parts than period, rows and team")
    if breakdown and set(breakdown) != {"period", "first_year", "years", "rows"}:
        findings.append("the lists of several years have other parts than their period, years and rows")
    return findings + [f"{row} has other fields" for row in rows + lists if set(row) != {"vector", "code", "lo", "hi"}]


def check_grid(rows: Sequence[ReportRow]) -> list[str]:
    """Every row is a band of ten that starts at a multiple of ten."""
    return [
        f"{row['vector']}:{row['code']} is printed as {row['lo']}-{row['hi']}"
        for row in rows
        if type(row["lo"]) is not int or row["lo"] % BAND or row["lo"] < 0 or row["hi"] != row["lo"] + BAND - 1
    ]


# 3 and 4: linear programs


def intervals(reports: Sequence[Report], *, are_sums_exact: bool = False) -> list[Interval] | None:
    """The tightest range of each cell over all reports together, or None if no table fits what is printed.

    The attacker knows the program's own rules: each person-level vector sums to persons at most, persons to contacts
    at most, each contact-level vector to contacts at most, lists of several years to the totals of all these years.
    are_sums_exact: every vector sums to its total instead, as in tables where no question is skipped. Raises NoSolver.
    """
    cells: list[Interval] = []
    for group in _grouped_by_breakdown(reports):
        solved = _intervals_of_group(group, are_sums_exact)
        if solved is None:
            return None
        cells += solved
    return cells


def _grouped_by_breakdown(reports: Sequence[Report]) -> list[list[Report]]:
    """Reports that share their lists are solved together, because the rules connect them; all others one by one."""
    groups: dict[object, list[Report]] = {}
    for position, report in enumerate(reports):
        breakdown = report.get("breakdown")
        groups.setdefault((breakdown["first_year"], breakdown["years"]) if breakdown else position, []).append(report)
    return list(groups.values())


def check_intervals(cells: Sequence[Interval] | None) -> list[str]:
    """Cells that the linear programs narrowed below the printed band. `cells` is what `intervals` returned."""
    if cells is None:
        return ["no table fits what is printed: the report contradicts itself"]
    return [
        f"{cell.vector}:{cell.code} of {cell.period} lies in {cell.least:g}-{cell.most:g}"
        for cell in cells
        if (cell.lo == 0 and (cell.least > 0 or cell.most < FULL_WIDTH)) or (cell.lo > 0 and cell.width < FULL_WIDTH)
    ]


def _intervals_of_group(reports: Sequence[Report], are_sums_exact: bool) -> list[Interval] | None:
    rows = [row for report in reports for row in rows_with_period(report)]
    optimum = _solver(rows, _sum_rules(reports, rows), are_sums_exact)
    cells: list[Interval] = []
    for position, (period, row) in enumerate(rows):
        is_given = row["lo"] == row["hi"] and cells  # the first is solved anyway: does any table fit at all?
        least, most = (row["lo"], row["hi"]) if is_given else (optimum(position, 1), optimum(position, -1))
        if least is None or most is None:
            return None
        cells.append(Interval(period, row["vector"], row["code"], row["lo"], row["hi"], least, most))
    return cells


def _solver(
    rows: Sequence[PeriodRow], rules: Sequence[Sequence[int]], are_sums_exact: bool
) -> Callable[[int, int], float | None]:
    """optimum(position, 1) is the least that a cell can be and optimum(position, -1) the most, in whole numbers."""
    try:
        from scipy.optimize import Bounds, LinearConstraint, milp
    except ImportError:
        raise NoSolver(
            "The linear programs need scipy, which is not installed here: pip install -r requirements-dev.txt"
        ) from None
    constraints = LinearConstraint(rules, 0 if are_sums_exact else -math.inf, 0) if rules else None
    bounds = Bounds([row["lo"] for _, row in rows], [row["hi"] for _, row in rows])

    def optimum(position: int, sign: int) -> float | None:
        objective = [0] * len(rows)
        objective[position] = sign
        solved = milp(objective, constraints=constraints, bounds=bounds, integrality=[1] * len(rows))
        return None if not solved.success else float(round(sign * solved.fun))

    return optimum


def _sum_rules(reports: Sequence[Report], rows: Sequence[PeriodRow]) -> list[list[int]]:
    """One line of coefficients for each rule "these cells, minus their totals, are zero at most"."""
    years = [report["period"] for report in reports]
    rules = [({(year, *PERSONS)}, {(year, *CONTACTS)}) for year in years]
    for period, of_years in {(year, (year,)) for year in years} | _complete_breakdowns(reports):
        for vectors, total in ((PERSON_LEVEL, PERSONS), (CONTACT_LEVEL, CONTACTS)):
            totals = {(year, *total) for year in of_years}
            rules += [({(period, vector.name, code) for code in vector.codes}, totals) for vector in vectors]
    cells = [(period, row["vector"], row["code"]) for period, row in rows]
    return [
        [(cell in parts) - (cell in totals) for cell in cells]
        for parts, totals in rules
        if not parts.isdisjoint(cells) and totals <= set(cells)
    ]


def _complete_breakdowns(reports: Sequence[Report]) -> set[tuple[str, tuple[str, ...]]]:
    """Released breakdowns with the labels of their years, if all are at hand: a missing year could hold any number."""
    years = tuple(report["period"] for report in reports)
    breakdowns = [report["breakdown"] for report in reports if "breakdown" in report]
    return {(each["period"], years) for each in breakdowns if each["rows"] and each["years"] == len(years)}


# 5: what one more person changes in what is printed


def log_ratios(one: Counter[Bands], other: Counter[Bands], at_least: int = 200) -> dict[Bands, tuple[float, float]]:
    """For bands seen `at_least` times in both samples: ln(p/q) of their shares p and q, and its standard error."""
    n, m = one.total(), other.total()
    return {
        bands: (math.log((one[bands] / n) / (other[bands] / m)), math.sqrt(1 / one[bands] + 1 / other[bands]))
        for bands in one
        if one[bands] >= at_least and other[bands] >= at_least
    }


def check_ratios(ratios: Mapping[Bands, tuple[float, float]], bound: float) -> list[str]:
    """Bands whose ratio is beyond the bound by more than three standard errors."""
    return [f"label {bands}: {ratio:.3f}" for bands, (ratio, error) in ratios.items() if abs(ratio) > bound + 3 * error]


# 6: the insider who knows every contact but one


def band_probabilities(value: int) -> dict[int, float]:
    """Lower bound -> the exact probability that it is printed for a counter that truly holds `value`."""
    weights = {z: math.exp(-abs(z) / SCALE) for z in range(-CUT, CUT + 1)}
    probabilities: Counter[int] = Counter()
    for z, weight in weights.items():
        probabilities[lower_bound(value + z)] += weight / sum(weights.values())  # type: ignore[assignment]
    return dict(probabilities)


def posterior(known: Sequence[int], printed: Sequence[int], prior: Sequence[float]) -> list[float]:
    """The chance that the one unknown contact has each code, for someone who knows the count of all the others.

    All three have one number for each code: the counts without the unknown contact, the printed lower bounds, and
    the chances assumed beforehand. All zeros if what is printed is impossible by what the insider knows.
    """
    without = [band_probabilities(value).get(lo, 0.0) for value, lo in zip(known, printed, strict=True)]
    with_one = [band_probabilities(value + 1).get(lo, 0.0) for value, lo in zip(known, printed, strict=True)]
    weights = []
    for code, before in enumerate(prior):
        others = math.prod(chance for other, chance in enumerate(without) if other != code)
        weights.append(before * with_one[code] * others)
    total = sum(weights)
    return [weight / total if total else 0.0 for weight in weights]


def noised_bands(values: Sequence[int], bits: RandomBits) -> Bands:
    """The lower bounds printed, this time, for counters that truly hold these values."""
    return tuple(lower_bound(value + discrete_laplace(bits)) for value in values)


# What other products print, to show that the attackers can bite


def masked_rows(values: Mapping[tuple[str, str], int]) -> list[dict[str, Any]]:
    """The rows of a report that hides counts under 10 and prints all others, and the totals, exactly."""
    return [
        {"vector": vector, "code": code, "lo": 1, "hi": 9} | ({} if 0 < value < BAND else {"lo": value, "hi": value})
        for (vector, code), value in values.items()
    ]


def recovered_small_cells(cells: Sequence[Interval], values: Mapping[tuple[str, str], int]) -> tuple[int, int]:
    """How many cells under 10 the linear programs recovered exactly, and how many such cells there were to recover."""
    small = [cell for cell in cells if 0 < values[cell.vector, cell.code] < BAND]
    return sum(cell.is_exact for cell in small), len(small)
