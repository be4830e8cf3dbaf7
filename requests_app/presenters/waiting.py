"""What those responsible for the program read about officers who wait."""

from dataclasses import dataclass
from typing import TYPE_CHECKING

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from peersupport.core.plurals import with_number

from ..domain.wait_reasons import WaitReason, WaitReasonCode

if TYPE_CHECKING:
    from django_stubs_ext import StrOrPromise

    from ..queries.waiting import WaitingSummary


@dataclass(frozen=True)
class Remedy:
    """What to do about a reason, and where.

    page: a URL name. page_label: the page's own name.
    """

    text: "StrOrPromise"
    page: str
    page_label: "StrOrPromise"


REMEDIES: dict[WaitReasonCode, Remedy] = {
    WaitReasonCode.NOBODY_SERVES: Remedy(
        gettext_lazy("Members are asked once they're designated, have a confirmed key, and aren't on leave or paused."),
        "team:roster",
        gettext_lazy("Team"),
    ),
    WaitReasonCode.NOBODY_ON_CALL: Remedy(
        gettext_lazy("Ask two people on the team to take these hours. Until then, “Now” isn't offered."),
        "team:on_call",
        gettext_lazy("On call"),
    ),
    WaitReasonCode.NO_PHONE_ALERT: Remedy(
        gettext_lazy("Ask the people on call to set up a phone alert and test it once."),
        "team:on_call",
        gettext_lazy("On call"),
    ),
    WaitReasonCode.ALL_AT_THEIR_CAP: Remedy(
        gettext_lazy("Ask if someone can take one more, or is back from leave."),
        "team:roster",
        gettext_lazy("Team"),
    ),
    WaitReasonCode.NOBODY_TRAINED: Remedy(
        gettext_lazy("Plan a refresher, or record one that took place."),
        "training:coverage",
        gettext_lazy("Coverage"),
    ),
    WaitReasonCode.ONLY_SUPERVISORS: Remedy(
        gettext_lazy("Supervisors are asked only if the officer says yes."),
        "team:roster",
        gettext_lazy("Team"),
    ),
}


def reason_text(reason: WaitReason) -> str:
    """One reason, with the trainings that are missing where it is about training."""
    if reason.subjects:
        return _("%(reason)s: %(subjects)s") % {"reason": _(reason.label), "subjects": ", ".join(reason.subjects)}
    return _(reason.label)


def sentences(summary: "WaitingSummary") -> list[str]:
    """The same sentences on the home and on the page of open requests."""
    lines = []
    if summary.in_line:
        lines.append(
            with_number(
                ngettext(
                    "Many requests are coming in: %(number)s is waiting for its turn.",
                    "Many requests are coming in: %(number)s are waiting for their turn.",
                    summary.in_line,
                ),
                summary.in_line,
            )
        )
    if summary.nobody_left:
        lines.append(
            with_number(
                ngettext(
                    "%(number)s request is waiting, and nobody is left to ask.",
                    "%(number)s requests are waiting, and nobody is left to ask.",
                    summary.nobody_left,
                ),
                summary.nobody_left,
            )
        )
    if summary.overdue:
        lines.append(
            with_number(
                ngettext(
                    "%(number)s request has waited too long.",
                    "%(number)s requests have waited too long.",
                    summary.overdue,
                ),
                summary.overdue,
            )
        )
    if summary.unreadable:
        lines.append(
            with_number(
                ngettext(
                    "%(number)s request can't be opened. Tell the person who runs the server.",
                    "%(number)s requests can't be opened. Tell the person who runs the server.",
                    summary.unreadable,
                ),
                summary.unreadable,
            )
        )
    if not lines and summary.is_anybody_waiting:
        lines.append(_none_too_long(summary.waiting + summary.unanswered))
    return lines or [_("Nobody who asked for support is waiting.")]


def _none_too_long(number: int) -> str:
    return with_number(
        ngettext(
            "%(number)s request is waiting for an answer. It hasn't waited too long.",
            "%(number)s requests are waiting for an answer. None has waited too long.",
            number,
        ),
        number,
    )


def reasons_heading(*, is_anybody_waiting: bool) -> str:
    return _("Why they're waiting") if is_anybody_waiting else _("What would keep someone waiting")


def no_reason_sentence(summary: "WaitingSummary") -> str:
    """Where the team as a whole doesn't explain it."""
    said = [
        _("Nothing is wrong on the team's side."),
        with_number(
            ngettext("%(number)s member is on call.", "%(number)s members are on call.", summary.on_call),
            summary.on_call,
        ),
        with_number(
            ngettext(
                "%(number)s member can take another request.",
                "%(number)s members can take another request.",
                summary.free,
            ),
            summary.free,
        ),
    ]
    if summary.in_line:
        said.append(
            _("Far more requests than usual came in, so they take turns. The next few are offered each minute.")
        )
    elif summary.is_anybody_waiting and not summary.is_anybody_waiting_too_long:
        said.append(_("The people who were asked still have time to answer."))
    elif summary.is_anybody_waiting:
        said.append(
            _(
                "The people who were asked haven't answered in time, or few of them fit what was asked for. "
                "It may help to tell the team: “Check your desk.”"
            )
        )
    return " ".join(said)
