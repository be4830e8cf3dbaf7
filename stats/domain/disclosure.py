"""What leaves a year: noise when it opens, bands of ten when it closes. Pure arithmetic on whole numbers.

The noise is discrete Laplace with epsilon 0.5, P(z) proportional to e^(-|z|/2), cut at |z| = 9. It is drawn
exactly, without floats, by rejection sampling on random bits:

- C. L. Canonne, G. Kamath, T. Steinke, "The Discrete Gaussian for Differential Privacy" (2020),
  arXiv:2004.00010, algorithms 1 (Bernoulli of e^-x) and 2 (discrete Laplace);
- A. Ghosh, T. Roughgarden, M. Sundararajan, "Universally Utility-Maximizing Privacy Mechanisms" (2009),
  arXiv:0811.2841, for the mechanism itself;
- I. Mironov, "On Significance of the Least Significant Bits for Differential Privacy" (2012), for why no
  float is involved.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

from peersupport.program.vocabulary import CONTACT_LEVEL, PERSON_LEVEL, Vocabulary

from .ledger import CONTACTS, PERSONS, TOTALS, CounterId

RandomBits = Callable[[int], int]  # k -> a whole number of k random bits, like secrets.randbits

SCALE = 2  # 1 / epsilon
CUT = 9  # one less than a band's width: a cell printed "10-19" cannot be truly empty
BAND = 10


@dataclass(frozen=True)
class Row:
    """One released line: the true count lies in or near lo..hi."""

    vector: str
    code: str
    lo: int
    hi: int


def uniform_below(limit: int, bits: RandomBits) -> int:
    """Draw a whole number from 0 to limit - 1, each equally likely. `limit` is 1 or more."""
    if limit == 1:
        return 0
    width = (limit - 1).bit_length()
    while (drawn := bits(width)) >= limit:
        pass
    return drawn


def bernoulli_exp(numerator: int, denominator: int, bits: RandomBits) -> bool:
    """True with probability e^-(numerator / denominator), for a fraction from 0 to 1 (algorithm 1)."""
    k = 1
    while uniform_below(denominator * k, bits) < numerator:
        k += 1
    return k % 2 == 1


def discrete_laplace(bits: RandomBits) -> int:
    """Draw once from -9..9 with P(z) proportional to e^(-|z|/2) (algorithm 2, then the cut)."""
    while True:
        remainder = uniform_below(SCALE, bits)
        if not bernoulli_exp(remainder, SCALE, bits):
            continue
        quotient = 0
        while bernoulli_exp(1, 1, bits):
            quotient += 1
        size = remainder + SCALE * quotient
        is_negative = bits(1) == 1
        if size > CUT or (is_negative and size == 0):  # zero has no sign: accepted twice, it would come too often
            continue
        return -size if is_negative else size


def lower_bound(value: int) -> int:
    """The lower bound of the band of ten that a noised counter falls in; a negative one counts as zero."""
    return BAND * (max(0, value) // BAND)


def release(values: Mapping[CounterId, int]) -> list[Row]:
    """The protected part of a report, from noised counters that include both totals: the totals, then the lists.

    The lists keep the order of `values`.
    """
    lists = release_lists(values)
    return [*release_totals(values, lists), *lists]


def release_lists(values: Mapping[CounterId, int]) -> list[Row]:
    """The bands of everything but the totals, in the order of `values`."""
    return [_row(counter, lower_bound(value)) for counter, value in values.items() if counter not in TOTALS]


def release_totals(
    values: Mapping[CounterId, int], lists: Sequence[Row] = (), earlier: Mapping[CounterId, int] | None = None
) -> list[Row]:
    """Persons and contacts, raised to the sum of the lower bounds below them, so that no report contradicts itself.

    lists: the lists released along with these totals, if any. earlier: where those lists count several years, the
    sum of the lower bounds that the earlier years printed for each total. Those reports are out already, so the last
    year's totals make up the difference.
    """
    before = dict.fromkeys(TOTALS, 0) | dict(earlier or {})
    persons = max(lower_bound(values[PERSONS]), *(_sum(lists, vector) - before[PERSONS] for vector in PERSON_LEVEL))
    least = max(persons, *(_sum(lists, vector) - before[CONTACTS] for vector in CONTACT_LEVEL))
    return [_row(PERSONS, persons), _row(CONTACTS, max(lower_bound(values[CONTACTS]), least))]


def _sum(lists: Sequence[Row], vector: Vocabulary) -> int:
    return sum(row.lo for row in lists if row.vector == vector.name)


def _row(counter: CounterId, lo: int) -> Row:
    return Row(*counter, lo, lo + BAND - 1)
