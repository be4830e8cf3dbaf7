"""The attackers: what a reader of published files can work out, and the bounds that it must stay within. Pure.

Each attack answers with findings: sentences that say what it could tell. No finding is what is hoped for.
"""

import math
from collections import Counter as Tally
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from peersupport.program.vocabulary import CONTACT_LEVEL, PERSON_LEVEL

from ..documents.exports import lines
from .disclosure import BAND, CUT, SCALE, RandomBits, lower_bound, noise
from .ledger import CONTACTS, COUNTERS, PERSONS, TOTALS

Row = Mapping[str, Any]
Line = tuple[str, Row]  # a row with the period that it counts
Report = Mapping[str, Any]
Label = tuple[int, ...]  # the feet of the bands that are printed for one or more counters
NARROWEST = BAND - 1  # an interval from 0 to 9, or from 40 to 49, is this wide
LISTS = tuple(counter for counter in COUNTERS if counter not in TOTALS)


class NoSolver(Exception):
    """The solver of linear programs is not installed."""


@dataclass(frozen=True)
class Interval:
    """What the attacker knows of one cell in the end."""

    period: str
    vector: str
    code: str
    lo: int
    hi: int
    low: float
    high: float

    @property
    def width(self) -> float:
        return self.high - self.low

    @property
    def is_exact(self) -> bool:
        return self.width < 0.5


# 1 and 2: schema and grid


def schema(report: Report) -> list[str]:
    """Only listed codes, each once and in order, and nothing else in a row. Lists of several years come together."""
    together = report.get("breakdown")
    rows, lists = list(report["rows"]), list(together["rows"]) if together else []
    expected = [*TOTALS, *(LISTS if lists else ())] if together else list(COUNTERS)
    found = [(row.get("vector"), row.get("code")) for row in rows + lists]
    wrong = [] if found == expected else ["the codes are not the listed ones in their order"]
    if set(report) - {"breakdown"} != {"period", "rows", "team"}:
        wrong.append("the report has other parts than period, rows and team")
    if together and set(together) != {"period", "first_year", "years", "rows"}:
        wrong.append("the lists of several years have other parts than their period, years and rows")
    return wrong + [f"{row} has other fields" for row in rows + lists if set(row) != {"vector", "code", "lo", "hi"}]


def grid(rows: Sequence[Row]) -> list[str]:
    return [
        f"{row['vector']}:{row['code']} is printed as {row['lo']}-{row['hi']}"
        for row in rows
        if type(row["lo"]) is not int or row["lo"] % BAND or row["lo"] < 0 or row["hi"] != row["lo"] + BAND - 1
    ]


# 3 and 4: linear programs


def intervals(reports: Sequence[Report], *, are_sums_exact: bool = False) -> list[Interval] | None:
    """The tightest range of each cell over all reports together; None when no table fits them.

    The program's own rules are known to the attacker: each person-level vector sums to persons at most, persons to
    contacts at most, each contact-level vector to contacts at most; lists of several years to those of all these years.
    `are_sums_exact`: every vector sums to its total instead, as in tables without a skip. Raises NoSolver.
    """
    found: list[Interval] = []
    for joined in _joined(reports):
        solved = _intervals_of(joined, are_sums_exact)
        if solved is None:
            return None
        found += solved
    return found


def _joined(reports: Sequence[Report]) -> list[list[Report]]:
    """Reports that some rule joins, because they share their lists. All others are solved one by one."""
    groups: dict[object, list[Report]] = {}
    for place, report in enumerate(reports):
        together = report.get("breakdown")
        groups.setdefault((together["first_year"], together["years"]) if together else place, []).append(report)
    return list(groups.values())


def narrowed(found: Sequence[Interval] | None) -> list[str]:
    """What the linear programs tell beyond the bands that are printed."""
    if found is None:
        return ["no table fits what is printed: the report contradicts itself"]
    return [
        f"{cell.vector}:{cell.code} of {cell.period} lies in {cell.low:g}-{cell.high:g}"
        for cell in found
        if (cell.lo == 0 and (cell.low > 0 or cell.high < NARROWEST)) or (cell.lo > 0 and cell.width < NARROWEST)
    ]


def _intervals_of(reports: Sequence[Report], are_sums_exact: bool) -> list[Interval] | None:
    cells = [line for report in reports for line in lines(report)]
    optimum = _solver(cells, _rules(reports, cells), are_sums_exact)
    found: list[Interval] = []
    for at, (period, row) in enumerate(cells):
        is_given = row["lo"] == row["hi"] and found  # the first is solved anyway: does any table fit at all?
        low, high = (row["lo"], row["hi"]) if is_given else (optimum(at, 1), optimum(at, -1))
        if low is None or high is None:
            return None
        found.append(Interval(period, row["vector"], row["code"], row["lo"], row["hi"], low, high))
    return found


def _solver(
    cells: Sequence[Line], rules: Sequence[Sequence[int]], are_sums_exact: bool
) -> Callable[[int, int], float | None]:
    """optimum(cell, 1) is the least that the cell can be and optimum(cell, -1) the most, in whole numbers."""
    try:
        from scipy.optimize import Bounds, LinearConstraint, milp
    except ImportError:
        raise NoSolver(
            "The linear programs need scipy, which is not installed here: pip install -r requirements-dev.txt"
        ) from None
    constraints = LinearConstraint(rules, 0 if are_sums_exact else -math.inf, 0) if rules else None
    bounds = Bounds([row["lo"] for _, row in cells], [row["hi"] for _, row in cells])

    def optimum(cell: int, sign: int) -> float | None:
        aim = [0] * len(cells)
        aim[cell] = sign
        solved = milp(aim, constraints=constraints, bounds=bounds, integrality=[1] * len(cells))
        return None if not solved.success else float(round(sign * solved.fun))

    return optimum


def _rules(reports: Sequence[Report], cells: Sequence[Line]) -> list[list[int]]:
    """One line for each rule "these cells, less their totals, are zero at most"."""
    years = [report["period"] for report in reports]
    rules = [({(year, *PERSONS)}, {(year, *CONTACTS)}) for year in years]
    for period, of_years in {(year, (year,)) for year in years} | _complete(reports):
        for vectors, total in ((PERSON_LEVEL, PERSONS), (CONTACT_LEVEL, CONTACTS)):
            totals = {(year, *total) for year in of_years}
            rules += [({(period, vector.name, code) for code in vector.codes}, totals) for vector in vectors]
    names = [(period, row["vector"], row["code"]) for period, row in cells]
    return [
        [(name in parts) - (name in totals) for name in names]
        for parts, totals in rules
        if not parts.isdisjoint(names) and totals <= set(names)
    ]


def _complete(reports: Sequence[Report]) -> set[tuple[str, tuple[str, ...]]]:
    """The lists of several years, with all of these years; a year that is not at hand could hold any number."""
    years = tuple(report["period"] for report in reports)
    together = [report["breakdown"] for report in reports if "breakdown" in report]
    return {(each["period"], years) for each in together if each["rows"] and each["years"] == len(years)}


# 5: what one person more changes in what is printed


def ratios(one: Tally[Label], other: Tally[Label], at_least: int = 200) -> dict[Label, tuple[float, float]]:
    """For each label seen often enough in both: the logarithm of the ratio of its shares, and its standard error."""
    n, m = one.total(), other.total()
    return {
        label: (math.log((one[label] / n) / (other[label] / m)), math.sqrt(1 / one[label] + 1 / other[label]))
        for label in one
        if one[label] >= at_least and other[label] >= at_least
    }


def beyond(found: Mapping[Label, tuple[float, float]], bound: float) -> list[str]:
    return [f"label {label}: {ratio:.3f}" for label, (ratio, error) in found.items() if abs(ratio) > bound + 3 * error]


# 6: the insider who knows every contact but one


def label_odds(value: int) -> dict[int, float]:
    """The exact probability of each printed label for a counter that truly holds `value`."""
    weights = {z: math.exp(-abs(z) / SCALE) for z in range(-CUT, CUT + 1)}
    odds: Tally[int] = Tally()
    for z, weight in weights.items():
        odds[lower_bound(value + z)] += weight / sum(weights.values())  # type: ignore[assignment]
    return dict(odds)


def posterior(known: Sequence[int], printed: Sequence[int], prior: Sequence[float]) -> list[float]:
    """The chance that the one unknown contact is of each code, for whoever knows the count of all the others.

    Zeroes throughout when what is printed is impossible by what the insider knows.
    """
    without = [label_odds(value).get(label, 0.0) for value, label in zip(known, printed, strict=True)]
    with_one = [label_odds(value + 1).get(label, 0.0) for value, label in zip(known, printed, strict=True)]
    weights = []
    for code, before in enumerate(prior):
        others = math.prod(odds for at, odds in enumerate(without) if at != code)
        weights.append(before * with_one[code] * others)
    total = sum(weights)
    return [weight / total if total else 0.0 for weight in weights]


def bands(values: Sequence[int], bits: RandomBits) -> list[int]:
    """What is printed for counters that truly hold these values."""
    return [lower_bound(value + noise(bits)) for value in values]


# What other products print, to show that the attackers can bite


def masked(values: Mapping[tuple[str, str], int]) -> list[dict[str, Any]]:
    """A report that hides counts under 10 and prints all others, and the totals, exactly."""
    return [
        {"vector": vector, "code": code, "lo": 1, "hi": 9} | ({} if 0 < value < BAND else {"lo": value, "hi": value})
        for (vector, code), value in values.items()
    ]


def share_recovered(found: Sequence[Interval], values: Mapping[tuple[str, str], int]) -> tuple[int, int]:
    """How many small cells the linear programs give back exactly, and how many there are."""
    small = [cell for cell in found if 0 < values[cell.vector, cell.code] < BAND]
    return sum(cell.is_exact for cell in small), len(small)
