"""What those responsible for the program read about officers who wait."""

from dataclasses import dataclass

from django.contrib.humanize.templatetags.humanize import apnumber
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from ..domain.wait_reasons import WaitReasonCode
from ..queries.waiting import WaitingSummary


@dataclass(frozen=True)
class Remedy:
    """What to do about a reason, and where.

    page: a URL name. page_label: the page's own name, the link in the summary. action: the link on the home.
    """

    text: str
    page: str
    page_label: str
    action: str


REMEDIES: dict[WaitReasonCode, Remedy] = {
    WaitReasonCode.NOBODY_SERVES: Remedy(
        gettext_lazy("A member is asked once designated, with a confirmed key, and neither on leave nor pausing."),
        "team:roster",
        "Team",
        gettext_lazy("See the team"),
    ),
    WaitReasonCode.NOBODY_ON_CALL: Remedy(
        gettext_lazy("Ask two of the team to take these hours. Until then “Now” is not offered."),
        "team:on_call",
        gettext_lazy("On call"),
        gettext_lazy("See the schedule"),
    ),
    WaitReasonCode.NO_PHONE_ALERT: Remedy(
        gettext_lazy("Ask those on call to set a way to be rung, and to test it once."),
        "team:on_call",
        gettext_lazy("On call"),
        gettext_lazy("See the schedule"),
    ),
    WaitReasonCode.ALL_AT_THEIR_CAP: Remedy(
        gettext_lazy("Ask whether somebody can carry one more, or is back from leave."),
        "team:roster",
        "Team",
        gettext_lazy("See the team"),
    ),
    WaitReasonCode.NOBODY_TRAINED: Remedy(
        gettext_lazy("Plan a refresher, or record one that was held."),
        "training:coverage",
        "Training",
        gettext_lazy("See coverage"),
    ),
    WaitReasonCode.ONLY_SUPERVISORS: Remedy(
        gettext_lazy("Supervisors are asked only where the officer says yes."),
        "team:roster",
        "Team",
        gettext_lazy("See the team"),
    ),
}


def sentences(summary: WaitingSummary) -> list[str]:
    """The same sentences on the home and on the page of who waits."""
    lines = []
    if summary.nobody_left:
        waits = "request waits" if summary.nobody_left == 1 else "requests wait"
        lines.append(f"{_number(summary.nobody_left)} {waits} and nobody is left to ask.")
    if summary.overdue:
        waited = (
            _("request has waited longer than it")
            if summary.overdue == 1
            else _("requests have waited longer than they")
        )
        lines.append(f"{_number(summary.overdue)} {waited} should.")
    if not lines and summary.is_anybody_waiting:
        lines.append(_none_too_long(summary.waiting + summary.unanswered))
    return lines or [_("Nobody who asked for support is waiting.")]


def _none_too_long(number: int) -> str:
    if number == 1:
        return _("One waits for an answer, and has not waited too long.")
    return f"{_number(number)} wait for an answer; none has waited too long."


def _number(number: int) -> str:
    return str(apnumber(number)).capitalize()
