"""Where a member stands, in a sentence for themselves or for the coordinator."""

from dataclasses import dataclass
from datetime import date

from django.utils.formats import date_format
from django.utils.translation import gettext as _

from ..domain.standing import Standing
from ..domain.states import MEMBERSHIP_STATE_LABELS, MembershipState


def own_availability(standing: Standing, *, has_phone_alert: bool = False) -> str:
    """What members read of themselves."""
    if standing.is_on_leave:
        return _("You're on leave. No new requests come to you.")
    if standing.is_unreachable:
        return _(
            "You were made unavailable, because you couldn't get in. No new requests come to you until you're back."
        )
    if standing.back_on:
        return _("You're paused until %(day)s. Until then no new requests come to you, and you're not on call.") % {
            "day": date_format(standing.back_on, "DAY_FORMAT")
        }
    if standing.is_on_call and has_phone_alert:
        return _("You're on call. Your phone alerts you when a request can't wait.")
    return _("You're on call now.") if standing.is_on_call else _("You're not on call right now.")


def availability(standing: Standing) -> str:
    """What a coordinator reads of a member."""
    if standing.is_on_leave:
        return _("On leave.")
    if standing.is_unreachable:
        return _("Unavailable until they sign in and say that they're back.")
    if standing.back_on:
        return _("Paused until %(day)s.") % {"day": date_format(standing.back_on, "DAY_FORMAT")}
    return _("On call now.") if standing.is_on_call else _("Not on call right now.")


def labels(standing: Standing) -> list[str]:
    """The state of a membership and what applies today, each as a label."""
    said = [_(MEMBERSHIP_STATE_LABELS[standing.state])]
    if standing.is_on_leave or standing.leave_from:
        said.append(_leave(standing))
    if standing.is_on_call:
        said.append(_("On call now"))
    if standing.is_unreachable:
        said.append(_("Unavailable"))
    if standing.back_on:
        said.append(_("Paused until %(day)s") % {"day": date_format(standing.back_on, "DAY_FORMAT")})
    return said


def _leave(standing: Standing) -> str:
    if standing.leave_from:
        return _("On leave from %(day)s") % {"day": date_format(standing.leave_from)}
    if standing.leave_until:
        return _("On leave through %(day)s") % {"day": date_format(standing.leave_until)}
    return _("On leave")


@dataclass(frozen=True)
class NotOffered:
    """Why a member gets no new requests: the fact, and what follows. button: to end it themselves, if they can."""

    fact: str
    rest: str
    button: str = ""


def not_offered(standing: Standing) -> NotOffered:
    """For a member who can't serve today."""
    if standing.is_unreachable:
        return NotOffered(
            _("You were made unavailable, because you couldn't get in."),
            _("No new requests come to you until you say that you're back. Your open contacts stayed with you."),
            button=_("I'm back"),
        )
    if standing.state == MembershipState.DESIGNATED and standing.back_on:
        day = date_format(standing.back_on, "DAY_FORMAT")
        return NotOffered(
            _("You're paused until %(day)s.") % {"day": day},
            _("Until then no new requests come to you. Your open contacts stay with you."),
            button=_("End pause"),
        )
    if standing.is_on_leave:
        return NotOffered(
            _on_leave(standing.leave_until),
            _(
                "No new requests come to you. Your open contacts stay with you. "
                "If you're back already, tell the coordinator."
            ),
        )
    if standing.state == MembershipState.DESIGNATED and standing.term_ended_on:
        return NotOffered(*term_ended(standing.term_ended_on))
    if standing.state == MembershipState.DESIGNATED and standing.is_key_unverified:
        return NotOffered(
            _("Your key has to be confirmed again."),
            _(
                "No new requests come to you until the coordinator has compared its four words with you once more. "
                "Your open contacts stay with you."
            ),
        )
    return NotOffered(
        _("You don't get requests yet."),
        _(
            "First you need to be designated, and to have a key: you type its recovery code back, "
            "and the coordinator compares its four words with you."
        ),
    )


def term_ended(day: date) -> tuple[str, str]:
    """To a member whose term is over: the fact, and what follows."""
    fact = _("Your term ended on %(day)s.") % {"day": date_format(day)}
    return fact, _("No new requests come to you until the coordinator gets it renewed.")


def _on_leave(last_day: date | None) -> str:
    if last_day is None:
        return _("You're on leave.")
    return _("You're on leave through %(day)s.") % {"day": date_format(last_day, "DAY_FORMAT")}
