"""What the reviewers of one application say, in a table of their points and one by one."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from django.utils.translation import gettext as _

from ..domain.panel import CriterionSummary, summarize
from ..domain.states import ReviewState

if TYPE_CHECKING:
    from ..models import Review, Score


@dataclass(frozen=True)
class CriterionRow:
    """badge_class: set where the reviewers are far apart."""

    criterion: str
    mean: float
    spread: str
    badge_class: str


@dataclass(frozen=True)
class ReviewEntry:
    """note: why there are no answers. answers: a criterion with its points and remark, or what else they said."""

    heading: str
    note: str
    answers: list[tuple[str, str]]


@dataclass(frozen=True)
class Panel:
    """note: why there is nothing to see."""

    note: str
    criteria: list[CriterionRow]
    reviews: list[ReviewEntry]


def panel(reviews: "Sequence[Review]", *, is_to_review: bool) -> Panel:
    """reviews: those that this person may see. is_to_review: they see none before they have given their own."""
    if is_to_review:
        return Panel(_("You'll see the other reviews once you've given your own."), [], [])
    if not reviews:
        return Panel(_("Nobody has been asked to review it yet."), [], [])
    given = [_points(review) for review in reviews if review.state == ReviewState.GIVEN]
    return Panel("", [_criterion(summary) for summary in summarize(given)], [_review(review) for review in reviews])


def spread_text(points: Sequence[int]) -> str:
    """How far the reviewers are apart."""
    if len(points) == 1:
        return _("One review")
    low, high = min(points), max(points)
    return _("All agree") if low == high else _("From %(low)s to %(high)s") % {"low": low, "high": high}


def _criterion(summary: CriterionSummary) -> CriterionRow:
    badge_class = "badge badge--warm" if summary.is_far_apart else ""
    return CriterionRow(summary.criterion, summary.mean, spread_text(summary.points), badge_class)


def _points(review: "Review") -> dict[str, int]:
    return {score.criterion: score.points for score in review.scores.all()}


def _review(review: "Review") -> ReviewEntry:
    name = {"name": review.reviewer.name}
    if review.state == ReviewState.GIVEN:
        answers = [(score.criterion, _points_and_remark(score)) for score in review.scores.all()]
        if review.remarks:
            answers.append((_("Anything else"), review.remarks))
        return ReviewEntry(_("%(name)s's review") % name, "", answers)
    if review.state == ReviewState.RECUSED:
        note = _("They don't see this application.")
        return ReviewEntry(_("%(name)s stepped aside") % name, note, [])
    note = _("They've been notified that there's something for them to do.")
    return ReviewEntry(_("%(name)s hasn't given a review yet") % name, note, [])


def _points_and_remark(score: "Score") -> str:
    if not score.remark:
        return str(score.points)
    return _("%(points)s: %(remark)s") % {"points": score.points, "remark": score.remark}
