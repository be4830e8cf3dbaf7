"""Predictable sources of random bits."""

import random
from collections.abc import Callable, Iterator
from fractions import Fraction


class CountedBits:
    """Seeded bits, with a count of how many were asked for."""

    def __init__(self, seed: int) -> None:
        self.random = random.Random(seed)
        self.count = 0

    def __call__(self, k: int) -> int:
        self.count += k
        return self.random.getrandbits(k)


class OutOfBits(Exception):
    def __init__(self, wanted: int) -> None:
        self.wanted = wanted


class GivenBits:
    """Returns exactly these draws, then raises OutOfBits."""

    def __init__(self, draws: tuple[int, ...]) -> None:
        self.draws: Iterator[int] = iter(draws)

    def __call__(self, k: int) -> int:
        try:
            return next(self.draws)
        except StopIteration:
            raise OutOfBits(k) from None


def exact_masses(draw: Callable, depth: int) -> tuple[dict[int, Fraction], Fraction]:
    """Run `draw` on every string of up to `depth` bits: the probability of each outcome, and the undecided rest."""
    masses: dict[int, Fraction] = {}
    undecided = Fraction(0)
    waiting = [((), 0)]
    while waiting:
        draws, used = waiting.pop()
        try:
            outcome = draw(GivenBits(draws))
        except OutOfBits as out:
            if used + out.wanted > depth:
                undecided += Fraction(1, 2**used)
            else:
                waiting += [((*draws, value), used + out.wanted) for value in range(2**out.wanted)]
        else:
            masses[outcome] = masses.get(outcome, Fraction(0)) + Fraction(1, 2**used)
    return masses, undecided
