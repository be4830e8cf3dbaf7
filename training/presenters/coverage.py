"""What the coverage says in words and as a picture. Numbers are spelled out up to nine."""

from collections.abc import Sequence

from django.contrib.humanize.templatetags.humanize import apnumber

from peersupport.core.plurals import counted
from peersupport.program.vocabulary import CONCERN

from ..domain.coverage import Gap
from ..domain.standing import TRAINED, Standing, Status
from ..queries.coverage import SubjectGap, SubjectOutlook
from .formats import in_a_sentence, long_day


def gap_text(subject_gap: SubjectGap) -> str:
    """ "Two members are trained in suicide intervention; for one of them it lapses on 3 March 2027." """
    return _gap_text(subject_gap.gap, in_a_sentence(subject_gap.subject.name))


def _gap_text(gap: Gap, subject: str) -> str:
    if not gap.trained:
        return f"Nobody is trained in {subject}."
    are_trained = counted(gap.trained, "member is", "members are").capitalize()
    sentence = f"{are_trained} trained in {subject}"
    if not gap.lapses:
        return f"{sentence}."
    first = long_day(gap.lapses[0])
    if gap.trained == 1:
        return f"{sentence}, and it lapses on {first}."
    if len(gap.lapses) == 1:
        return f"{sentence}; for one of them it lapses on {first}."
    return f"{sentence}; for {apnumber(len(gap.lapses))} of them it lapses within 60 days, first on {first}."


def concerns_text(codes: Sequence[str]) -> str:
    """The concerns with these codes: "suicidal thoughts, critical incident"."""
    return ", ".join(CONCERN.labels[code].lower() for code in codes if code in CONCERN.labels)


def outlook_text(ahead: SubjectOutlook) -> str:
    return f"{ahead.counts[0]} now, {ahead.counts[-1]} in a year"


def outlook_bars(ahead: SubjectOutlook) -> str:
    """The SVG path of thirteen bars on a ground of 130 by 32, each as high as its share of the team."""
    top = max(ahead.members, 1)
    heights = [round(28 * count / top, 1) for count in ahead.counts]
    return "".join(f"M{10 * index + 1} 31v-{height}h8v{height}z" for index, height in enumerate(heights))


def standings_text(standings: Sequence[Standing]) -> str:
    """One member's row in a sentence: "all 7 current", "5 of 7 current, 1 lapses soon"."""
    trained = sum(standing.status in TRAINED for standing in standings)
    soon = sum(standing.status == Status.EXPIRING for standing in standings)
    all_of_them = bool(standings) and trained == len(standings)
    text = f"all {len(standings)} current" if all_of_them else f"{trained} of {len(standings)} current"
    return f"{text}, {soon} {'lapses' if soon == 1 else 'lapse'} soon" if soon else text
