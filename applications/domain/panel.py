"""The panel's scores in one table: for each criterion, the mean and how far the reviewers are apart. Pure."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

FAR_APART_POINTS = 2


@dataclass(frozen=True)
class CriterionSummary:
    """One criterion over all reviews that scored it; points from 1 to 5."""

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
        """Whether the panel should talk about it."""
        return self.spread >= FAR_APART_POINTS


def summarize(reviews: Iterable[Mapping[str, int]]) -> list[CriterionSummary]:
    """reviews: each reviewer's points by criterion. Returns the criteria in order of first appearance."""
    points_by_criterion: dict[str, list[int]] = {}
    for review in reviews:
        for criterion, points in review.items():
            points_by_criterion.setdefault(criterion, []).append(points)
    return [CriterionSummary(criterion, tuple(points)) for criterion, points in points_by_criterion.items()]
