"""What leaves a year: noise at its opening, bands of ten at its closing. Pure arithmetic on whole numbers.

The noise is discrete Laplace with epsilon 0.5, P(z) proportional to e^(-|z|/2), cut at |z| = 9. It is drawn
exactly, without a float, by rejection on random bits:

- C. L. Canonne, G. Kamath, T. Steinke, "The Discrete Gaussian for Differential Privacy" (2020),
  arXiv:2004.00010, algorithms 1 (Bernoulli of e^-x) and 2 (discrete Laplace);
- A. Ghosh, T. Roughgarden, M. Sundararajan, "Universally Utility-Maximizing Privacy Mechanisms" (2009),
  arXiv:0811.2841, for the mechanism itself;
- I. Mironov, "On Significance of the Least Significant Bits for Differential Privacy" (2012), for why no
  float decides.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

from peersupport.program.vocabulary import CONTACT_LEVEL, PERSON_LEVEL, Vocabulary

from .ledger import CONTACTS, PERSONS, TOTALS, Counter

RandomBits = Callable[[int], int]  # k -> a whole number of k random bits, as secrets.randbits gives

SCALE = 2  # 1 / epsilon
CUT = 9  # one less than a band's width: a cell printed "10-19" cannot be truly empty
BAND = 10


@dataclass(frozen=True)
class Row:
    """One released line: the true count lies about lo..hi."""

    vector: str
    code: str
    lo: int
    hi: int


def below(limit: int, bits: RandomBits) -> int:
    """A whole number from 0 to limit - 1, each equally likely. Limit is 1 or more."""
    if limit == 1:
        return 0
    width = (limit - 1).bit_length()
    while (drawn := bits(width)) >= limit:
        pass
    return drawn


def happens(numerator: int, denominator: int, bits: RandomBits) -> bool:
    """True with probability e^-(numerator / denominator), for a fraction from 0 to 1 (algorithm 1)."""
    k = 1
    while below(denominator * k, bits) < numerator:
        k += 1
    return k % 2 == 1


def noise(bits: RandomBits) -> int:
    """One draw from -9..9 with P(z) proportional to e^(-|z|/2) (algorithm 2, then the cut)."""
    while True:
        rest = below(SCALE, bits)
        if not happens(rest, SCALE, bits):
            continue
        whole = 0
        while happens(1, 1, bits):
            whole += 1
        size = rest + SCALE * whole
        is_negative = bits(1) == 1
        if size > CUT or (is_negative and size == 0):  # zero has no sign: counted twice it would come too often
            continue
        return -size if is_negative else size


def lower_bound(value: int) -> int:
    """The foot of the band of ten that a noised counter lies in; a negative one counts as none."""
    return BAND * (max(0, value) // BAND)


def release(values: Mapping[Counter, int]) -> list[Row]:
    """The protected part of a year's report, in the order of the counters given, persons and contacts among them."""
    lists = release_lists(values)
    return [*release_totals(values, lists), *lists]


def release_lists(values: Mapping[Counter, int]) -> list[Row]:
    """Everything but the totals."""
    return [_row(counter, lower_bound(value)) for counter, value in values.items() if counter not in TOTALS]


def release_totals(
    values: Mapping[Counter, int], lists: Sequence[Row] = (), earlier: Mapping[Counter, int] | None = None
) -> list[Row]:
    """Persons and contacts, lifted to the sum of the lower bounds below them: no report contradicts itself.

    lists: what is released of the lists along with them. earlier: where those count several years, what the earlier
    of these years had as lower bounds of the totals; they are out, so that the last year bears what is missing.
    """
    before = dict.fromkeys(TOTALS, 0) | dict(earlier or {})
    persons = max(lower_bound(values[PERSONS]), *(_sum(lists, vector) - before[PERSONS] for vector in PERSON_LEVEL))
    least = max(persons, *(_sum(lists, vector) - before[CONTACTS] for vector in CONTACT_LEVEL))
    return [_row(PERSONS, persons), _row(CONTACTS, max(lower_bound(values[CONTACTS]), least))]


def _sum(lists: Sequence[Row], vector: Vocabulary) -> int:
    return sum(row.lo for row in lists if row.vector == vector.name)


def _row(counter: Counter, lo: int) -> Row:
    return Row(*counter, lo, lo + BAND - 1)
