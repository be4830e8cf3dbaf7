"""Where a member stands, in a sentence for themselves or for the coordinator."""

from dataclasses import dataclass
from datetime import date

from django.utils.formats import date_format
from django.utils.translation import gettext as _

from ..domain.serving import NOT_SERVING_LABELS, NotServing
from ..domain.standing import Standing
from ..domain.states import MEMBERSHIP_STATE_LABELS


def own_availability(standing: Standing, *, has_phone_alert: bool = False) -> str:
    """What members read of themselves."""
    match standing.first_reason:
        case None if standing.is_on_call and has_phone_alert:
            return _("You're on call. Your phone alerts you when a request can't wait.")
        case None:
            return _("You're on call now.") if standing.is_on_call else _("You're not on call right now.")
        case NotServing.ON_LEAVE:
            return _("You're on leave. No new requests come to you.")
        case NotServing.UNREACHABLE:
            return _(
                "You were made unavailable, because you couldn't get in. No new requests come to you until you're back."
            )
        case NotServing.PAUSING:
            return _("You're paused until %(day)s. Until then no new requests come to you, and you're not on call.") % {
                "day": _day(standing.back_on)
            }
    return not_offered(standing).fact


def availability(standing: Standing) -> str:
    """What a coordinator reads of a member."""
    match standing.first_reason:
        case None:
            return _("On call now.") if standing.is_on_call else _("Not on call right now.")
        case NotServing.ON_LEAVE:
            return _("On leave.")
        case NotServing.UNREACHABLE:
            return _("Unavailable until they sign in and say that they're back.")
        case NotServing.PAUSING:
            return _("Paused until %(day)s.") % {"day": _day(standing.back_on)}
        case reason:
            return _("%(reason)s. Until that changes, no hours count.") % {"reason": _(NOT_SERVING_LABELS[reason])}


def labels(standing: Standing) -> list[str]:
    """The state of a membership and what applies today, each as a label."""
    said = [_(MEMBERSHIP_STATE_LABELS[standing.state])]
    said += [_label(reason, standing) for reason in standing.not_serving if reason is not NotServing.IN_TRAINING]
    if standing.leave_from:
        said.append(_("On leave from %(day)s") % {"day": date_format(standing.leave_from)})
    if standing.is_on_call:
        said.append(_("On call now"))
    return said


def _label(reason: NotServing, standing: Standing) -> str:
    if reason is NotServing.ON_LEAVE and standing.leave_until:
        return _("On leave through %(day)s") % {"day": date_format(standing.leave_until)}
    if reason is NotServing.PAUSING and standing.back_on:
        return _("Paused until %(day)s") % {"day": _day(standing.back_on)}
    return _(NOT_SERVING_LABELS[reason])


@dataclass(frozen=True)
class NotOffered:
    """Why a member gets no new requests: the fact, and what follows. button: to end it themselves, if they can."""

    fact: str
    rest: str
    button: str = ""


def not_offered(standing: Standing) -> NotOffered:
    """For a member who can't serve today: the first of the reasons, and what follows from it."""
    match standing.first_reason:
        case NotServing.UNREACHABLE:
            return NotOffered(
                _("You were made unavailable, because you couldn't get in."),
                _("No new requests come to you until you say that you're back. Your open contacts stayed with you."),
                button=_("I'm back"),
            )
        case NotServing.PAUSING:
            return NotOffered(
                _("You're paused until %(day)s.") % {"day": _day(standing.back_on)},
                _("Until then no new requests come to you. Your open contacts stay with you."),
                button=_("End pause"),
            )
        case NotServing.ON_LEAVE:
            return NotOffered(
                _on_leave(standing.leave_until),
                _(
                    "No new requests come to you. Your open contacts stay with you. "
                    "If you're back already, tell the coordinator."
                ),
            )
        case NotServing.TERM_ENDED if standing.term_ended_on:
            return NotOffered(*term_ended(standing.term_ended_on))
    return _without_working_key(standing)


def _without_working_key(standing: Standing) -> NotOffered:
    match standing.first_reason:
        case NotServing.NO_KEY:
            return NotOffered(
                _("You don't have a key yet."),
                _("You get one when you follow the link in your invitation. If you can't find it, ask for another."),
            )
        case NotServing.KEY_UNCHECKED:
            return NotOffered(
                _("Your recovery code hasn't been checked yet."),
                _("No new requests come to you until you've typed it back once, which shows that it's on paper."),
            )
        case NotServing.KEY_UNCONFIRMED:
            return NotOffered(
                _("Your key isn't confirmed yet."),
                _("No new requests come to you until the coordinator has compared its four words with you."),
            )
        case NotServing.KEY_UNVERIFIED:
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
    return _("You're on leave through %(day)s.") % {"day": _day(last_day)}


def _day(day: date | None) -> str:
    return date_format(day, "DAY_FORMAT") if day else ""
