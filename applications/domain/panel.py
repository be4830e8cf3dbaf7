"""What a panel has said, in one table: each criterion with how far the reviewers are apart. Pure."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

FAR_APART = 2


@dataclass(frozen=True)
class Line:
    """One criterion over all reviews that have it."""

    criterion: str
    points: tuple[int, ...]

    @property
    def mean(self) -> float:
        return sum(self.points) / len(self.points)

    @property
    def spread(self) -> int:
        return max(self.points) - min(self.points)

    @property
    def is_far_apart(self) -> bool:
        """Worth talking about."""
        return self.spread >= FAR_APART

    @property
    def words(self) -> str:
        if len(self.points) == 1:
            return "one review"
        return "all agree" if not self.spread else f"from {min(self.points)} to {max(self.points)}"


def summary(reviews: Iterable[Mapping[str, int]]) -> list[Line]:
    """reviews: for each reviewer the points by criterion. The criteria in the order in which they first appear."""
    found: dict[str, list[int]] = {}
    for review in reviews:
        for criterion, points in review.items():
            found.setdefault(criterion, []).append(points)
    return [Line(criterion, tuple(points)) for criterion, points in found.items()]
