"""The attackers set upon agencies that were made up: how much they get from masked tables, and how little from ours.

Pure: random bits are an argument. Shares are of contacts, rounded from what programs report of themselves; that some
codes are rare is what matters.
"""

from collections import Counter as Tally
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from typing import Any

from peersupport.program.vocabulary import CONTACT_LEVEL, GROUP, PERSON_LEVEL

from . import attacks
from .disclosure import SCALE, RandomBits, Row, below, noise, release, release_lists, release_totals
from .ledger import COUNTERS, TOTALS, Counter

NEIGHBORS = (8, 9, 10, 19, 20)
SURE = 0.95
Values = Mapping[tuple[str, str], int]


@dataclass(frozen=True)
class Teeth:
    """What the linear programs got back from tables that mask counts under ten."""

    recovered: int
    small: int
    agencies_hit: int
    agencies: int


def agency(contacts: int, bits: RandomBits) -> Values:
    """The true counts of a year, every question answered: the tables as other products print them."""
    counts: Tally[tuple[str, str]] = Tally({("persons", "all"): contacts, ("contacts", "all"): contacts})
    for vector in (*PERSON_LEVEL, *CONTACT_LEVEL):
        weights = _weights(len(vector.codes), bits)
        for _ in range(contacts):
            counts[vector.name, vector.codes[_drawn(weights, bits)]] += 1
    return {counter: counts[counter] for counter in COUNTERS if counter.vector != GROUP.name}


def ours(values: Values, bits: RandomBits) -> dict[str, Any]:
    """The same year as this program prints it."""
    return {"period": "2025", "rows": _printed(release(_noised(values, bits)))}


def ours_together(years: Sequence[Values], bits: RandomBits) -> list[dict[str, Any]]:
    """The reports of a small agency, whose lists count several years together."""
    lists = release_lists(_noised(sum(map(Tally, years), Tally()), bits))
    before, found = dict.fromkeys(TOTALS, 0), []
    for place, values in enumerate(years, start=1):
        released = lists if place == len(years) else []
        rows = release_totals(_noised(values, bits), released, before)
        before = {total: before[total] + row.lo for total, row in zip(TOTALS, rows, strict=True)}
        together = {"period": "together", "first_year": 1, "years": len(years), "rows": _printed(released)}
        found.append({"period": str(place), "rows": _printed(rows), "breakdown": together})
    return found


def _noised(values: Values, bits: RandomBits) -> dict[Counter, int]:
    return {counter: values.get(counter, 0) + noise(bits) for counter in COUNTERS}


def _printed(rows: Sequence[Row]) -> list[dict[str, Any]]:
    return [asdict(row) for row in rows]


def teeth(contacts: int, agencies: int, bits: RandomBits) -> Teeth:
    """The attacker on masked tables beside exact totals. Raises attacks.NoSolver."""
    recovered = small = hit = 0
    for _ in range(agencies):
        values = agency(contacts, bits)
        found = attacks.intervals([{"period": "", "rows": attacks.masked(values)}], are_sums_exact=True)
        got, of = attacks.share_recovered(found or [], values)
        recovered, small, hit = recovered + got, small + of, hit + (got > 0)
    return Teeth(recovered, small, hit, agencies)


def against_ours(contacts: int, agencies: int, bits: RandomBits) -> list[str]:
    """What the same attacker finds in our reports. Raises attacks.NoSolver."""
    return [
        finding
        for _ in range(agencies)
        for finding in attacks.narrowed(attacks.intervals([ours(agency(contacts, bits), bits)]))
    ]


def against_ours_together(contacts: int, years: int, agencies: int, bits: RandomBits) -> list[str]:
    """The same for small agencies whose lists count several years together. Raises attacks.NoSolver."""
    return [
        finding
        for _ in range(agencies)
        for finding in attacks.narrowed(
            attacks.intervals(ours_together([agency(contacts, bits) for _ in range(years)], bits))
        )
    ]


@dataclass(frozen=True)
class Noise:
    """The greatest |ln(p/q)| of a label between two years that differ in one person, and what lies beyond a bound."""

    added: float
    changed: float
    others: float
    beyond: tuple[str, ...]


def one_person_more(releases: int, bits: RandomBits) -> Noise:
    """Years that differ in one person, who was added, or whose code was another; and what it does to other codes."""
    greatest, wrong = {"added": 0.0, "changed": 0.0, "others": 0.0}, []
    bounds = {"added": 1 / SCALE, "changed": 2 / SCALE, "others": 0.0}
    for value in NEIGHBORS:
        without = _released((value, value, value), releases, bits)
        added = _released((value + 1, value, value), releases, bits)
        changed = _released((value, value + 1, value), releases, bits)
        pairs = {
            "added": (_of(without, 0), _of(added, 0)),
            "changed": (_of(added, 0, 1), _of(changed, 0, 1)),
            "others": (_of(without, 2), _of(added, 2)),
        }
        for what, (one, other) in pairs.items():
            found = attacks.ratios(one, other)
            greatest[what] = max([greatest[what], *(abs(ratio) for ratio, _ in found.values())])
            wrong += [f"{what} at {value}, {words}" for words in attacks.beyond(found, bounds[what])]
    return Noise(**greatest, beyond=tuple(wrong))


Printed = tuple[int, ...]


def _released(values: Printed, releases: int, bits: RandomBits) -> list[Printed]:
    """The bands of a few codes of a year, over and over. No total lifts a code's band: they are drawn one by one."""
    return [tuple(attacks.bands(values, bits)) for _ in range(releases)]


def _of(found: Sequence[Printed], *places: int) -> Tally[Printed]:
    return Tally(tuple(printed[place] for place in places) for printed in found)


@dataclass(frozen=True)
class Insider:
    """What somebody who knows every contact but one makes of the report: how sure they get, and of the truth."""

    trials: int
    sure: int  # trials in which one concern got 0.95 or more
    mean_of_truth: float
    mean_of_highest: float


def insider(trials: int, contacts: int, bits: RandomBits) -> Insider:
    """Years in which the insider knows all contacts but one, whose concern is one of twelve, each as likely."""
    sure, of_truth, of_highest = 0, 0.0, 0.0
    codes = PERSON_LEVEL[0].codes
    prior = [1 / len(codes)] * len(codes)
    for _ in range(trials):
        weights = _weights(len(codes), bits)
        drawn = Tally(_drawn(weights, bits) for _ in range(contacts - 1))
        known = [drawn[code] for code in range(len(codes))]
        truth = below(len(codes), bits)
        counts = [value + (code == truth) for code, value in enumerate(known)]
        chances = attacks.posterior(known, attacks.bands(counts, bits), prior)
        sure += max(chances) >= SURE
        of_truth, of_highest = of_truth + chances[truth], of_highest + max(chances)
    return Insider(trials, sure, of_truth / trials, of_highest / trials)


def _weights(many: int, bits: RandomBits) -> list[int]:
    """Shares that differ much: a few codes are frequent, some are rare, and which is another matter each time."""
    return [1 + below(100, bits) ** 3 for _ in range(many)]


def _drawn(weights: Sequence[int], bits: RandomBits) -> int:
    place = below(sum(weights), bits)
    for code, weight in enumerate(weights):
        if place < weight:
            return code
        place -= weight
    raise AssertionError("the place lies below the sum")
