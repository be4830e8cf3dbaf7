"""The attackers let loose on made-up agencies: how much they get from masked tables, and how little from our reports.

Pure: random bits are an argument. How often each code occurs is made up; what matters is that some codes are rare.
"""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from typing import Any

from peersupport.program.vocabulary import CONTACT_LEVEL, GROUP, PERSON_LEVEL

from . import attacks
from .attacks import Bands
from .disclosure import SCALE, RandomBits, Row, discrete_laplace, release, release_lists, release_totals, uniform_below
from .ledger import COUNTERS, TOTALS, CounterId

EDGE_VALUES = (8, 9, 10, 19, 20)  # true counts on both sides of a band's edge
SURE = 0.95
Counts = Mapping[tuple[str, str], int]  # (vector, code) -> true count


def made_up_counts(contacts: int, bits: RandomBits) -> Counts:
    """The true counts of an agency's year in which every question was answered, as other products print them."""
    counts: Counter[tuple[str, str]] = Counter({("persons", "all"): contacts, ("contacts", "all"): contacts})
    for vector in (*PERSON_LEVEL, *CONTACT_LEVEL):
        weights = _uneven_weights(len(vector.codes), bits)
        for _ in range(contacts):
            counts[vector.name, vector.codes[_draw_code(weights, bits)]] += 1
    return {counter: counts[counter] for counter in COUNTERS if counter.vector != GROUP.name}


def released_report(counts: Counts, bits: RandomBits) -> dict[str, Any]:
    """The same year as this program reports it."""
    return {"period": "2025", "rows": _as_dicts(release(_with_noise(counts, bits)))}


def released_breakdown_reports(years: Sequence[Counts], bits: RandomBits) -> list[dict[str, Any]]:
    """The reports of a small agency whose lists are counted over all of these years together."""
    lists = release_lists(_with_noise(sum(map(Counter, years), Counter()), bits))
    earlier, reports = dict.fromkeys(TOTALS, 0), []
    for number, counts in enumerate(years, start=1):
        released = lists if number == len(years) else []
        rows = release_totals(_with_noise(counts, bits), released, earlier)
        earlier = {total: earlier[total] + row.lo for total, row in zip(TOTALS, rows, strict=True)}
        breakdown = {"period": "together", "first_year": 1, "years": len(years), "rows": _as_dicts(released)}
        reports.append({"period": str(number), "rows": _as_dicts(rows), "breakdown": breakdown})
    return reports


def _with_noise(counts: Counts, bits: RandomBits) -> dict[CounterId, int]:
    return {counter: counts.get(counter, 0) + discrete_laplace(bits) for counter in COUNTERS}


def _as_dicts(rows: Sequence[Row]) -> list[dict[str, Any]]:
    return [asdict(row) for row in rows]


@dataclass(frozen=True)
class MaskedTables:
    """What the linear programs recovered from tables that mask counts under 10.

    recovered: small cells that came back exactly. small: how many there were. agencies_hit: agencies that lost one.
    """

    recovered: int
    small: int
    agencies_hit: int
    agencies: int


def attack_masked_tables(contacts: int, agencies: int, bits: RandomBits) -> MaskedTables:
    """Attack masked tables beside exact totals, of so many agencies and contacts each. Raises attacks.NoSolver."""
    recovered = small = hit = 0
    for _ in range(agencies):
        counts = made_up_counts(contacts, bits)
        cells = attacks.intervals([{"period": "", "rows": attacks.masked_rows(counts)}], are_sums_exact=True)
        got, of = attacks.recovered_small_cells(cells or [], counts)
        recovered, small, hit = recovered + got, small + of, hit + (got > 0)
    return MaskedTables(recovered, small, hit, agencies)


def attack_reports(contacts: int, agencies: int, bits: RandomBits) -> list[str]:
    """What the same attacker finds in this program's reports. Raises attacks.NoSolver."""
    return [
        finding
        for _ in range(agencies)
        for finding in attacks.check_intervals(
            attacks.intervals([released_report(made_up_counts(contacts, bits), bits)])
        )
    ]


def attack_breakdowns(contacts: int, years: int, agencies: int, bits: RandomBits) -> list[str]:
    """The same for small agencies, with so many contacts a year. Raises attacks.NoSolver."""
    return [
        finding
        for _ in range(agencies)
        for finding in attacks.check_intervals(
            attacks.intervals(released_breakdown_reports([made_up_counts(contacts, bits) for _ in range(years)], bits))
        )
    ]


@dataclass(frozen=True)
class PrivacyLoss:
    """The greatest |ln(p/q)| of what is printed for two years that differ in one person, and what exceeds a bound.

    added: the person is in one year only. changed: the person's code is another. others: the codes of other people.
    """

    added: float
    changed: float
    others: float
    findings: tuple[str, ...]


def measure_privacy_loss(releases: int, bits: RandomBits) -> PrivacyLoss:
    """Release pairs of years that differ in one person so many times each, and compare what is printed."""
    greatest, findings = {"added": 0.0, "changed": 0.0, "others": 0.0}, []
    bounds = {"added": 1 / SCALE, "changed": 2 / SCALE, "others": 0.0}
    for value in EDGE_VALUES:
        without = _release_often((value, value, value), releases, bits)
        added = _release_often((value + 1, value, value), releases, bits)
        changed = _release_often((value, value + 1, value), releases, bits)
        pairs = {
            "added": (_band_counts(without, 0), _band_counts(added, 0)),
            "changed": (_band_counts(added, 0, 1), _band_counts(changed, 0, 1)),
            "others": (_band_counts(without, 2), _band_counts(added, 2)),
        }
        for what, (one, other) in pairs.items():
            ratios = attacks.log_ratios(one, other)
            greatest[what] = max([greatest[what], *(abs(ratio) for ratio, _ in ratios.values())])
            findings += [f"{what} at {value}, {finding}" for finding in attacks.check_ratios(ratios, bounds[what])]
    return PrivacyLoss(**greatest, findings=tuple(findings))


def _release_often(values: Sequence[int], releases: int, bits: RandomBits) -> list[Bands]:
    """The bands of a few codes, released again and again. Totals don't matter here: they never raise a code's band."""
    return [attacks.noised_bands(values, bits) for _ in range(releases)]


def _band_counts(releases: Sequence[Bands], *codes: int) -> Counter[Bands]:
    return Counter(tuple(bands[code] for code in codes) for bands in releases)


@dataclass(frozen=True)
class InsiderResult:
    """How sure someone gets who knows every contact but one, and how near to the truth.

    sure: trials in which one concern reached SURE. mean_of_truth, mean_of_highest: mean chance given to the true and
    to the likeliest concern.
    """

    trials: int
    sure: int
    mean_of_truth: float
    mean_of_highest: float


def simulate_insider(trials: int, contacts: int, bits: RandomBits) -> InsiderResult:
    """Make up so many years in which the insider misses one contact, whose concern is each of twelve equally likely."""
    sure, of_truth, of_highest = 0, 0.0, 0.0
    codes = PERSON_LEVEL[0].codes
    prior = [1 / len(codes)] * len(codes)
    for _ in range(trials):
        weights = _uneven_weights(len(codes), bits)
        drawn = Counter(_draw_code(weights, bits) for _ in range(contacts - 1))
        known = [drawn[code] for code in range(len(codes))]
        truth = uniform_below(len(codes), bits)
        counts = [value + (code == truth) for code, value in enumerate(known)]
        chances = attacks.posterior(known, attacks.noised_bands(counts, bits), prior)
        sure += max(chances) >= SURE
        of_truth, of_highest = of_truth + chances[truth], of_highest + max(chances)
    return InsiderResult(trials, sure, of_truth / trials, of_highest / trials)


def _uneven_weights(codes: int, bits: RandomBits) -> list[int]:
    """Random weights that differ widely: a few codes are frequent and some rare, different ones each time."""
    return [1 + uniform_below(100, bits) ** 3 for _ in range(codes)]


def _draw_code(weights: Sequence[int], bits: RandomBits) -> int:
    """The index of one code, drawn by its weight."""
    remainder = uniform_below(sum(weights), bits)
    for code, weight in enumerate(weights):
        if remainder < weight:
            return code
        remainder -= weight
    raise AssertionError("the draw is below the sum of the weights")
