"""What an officer reads while peers are asked."""

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from peersupport.core.plurals import with_number

from ..domain.matching import Waiver
from ..domain.states import Urgency

CHECK_BACK = {
    Urgency.NOW: gettext_lazy("Check back in about 15 minutes."),
    Urgency.TODAY: gettext_lazy("Check back in an hour or two."),
    Urgency.WHEN_YOU_CAN: gettext_lazy("Check back tomorrow."),
}


def waiting_text(
    *, offered_count: int, urgency: Urgency, is_for_named_peer_only: bool, waiver: Waiver | None = None
) -> str:
    """Who is being asked, and when to check back; where nobody is, why, and the numbers to call.

    waiver: what the officer could waive so that somebody is asked.
    """
    if not offered_count:
        return _join(
            _why_nobody_is_asked(waiver, is_for_named_peer_only=is_for_named_peer_only),
            oversight_sentence(),
            _("If it can't wait, call or text 988, or use one of the other numbers on this page."),
        )
    if is_for_named_peer_only:
        return _join(_named_peer_is_asked(urgency), CHECK_BACK[urgency])
    return _join(_peers_are_asked(offered_count, urgency), CHECK_BACK[urgency])


def oversight_sentence() -> str:
    return _("The people who run the program have been told that someone is waiting, and nothing else.")


def ways_on_text(*, offered_count: int, waiver: Waiver | None) -> str:
    """What the officer can do about it on the page behind the seven words, where nobody was asked."""
    if waiver:
        return _("You can ask others there with one press.")
    return "" if offered_count else _("You can ask again there with one press.")


def _why_nobody_is_asked(waiver: Waiver | None, *, is_for_named_peer_only: bool) -> str:
    if waiver == Waiver.NAMES:
        return _("None of the peers you allowed is free right now, so nobody was asked.")
    if waiver == Waiver.SUPERVISORS:
        return _("Only a supervisor could take it right now, so nobody was asked.")
    if is_for_named_peer_only:
        return _("The peer you named isn't free right now. That is about schedules, not about you.")
    return _("Nobody on the team is free right now. That is about schedules, not about you.")


def _named_peer_is_asked(urgency: Urgency) -> str:
    if urgency == Urgency.WHEN_YOU_CAN:  # held until the day begins
        return _("Only the peer you named is being asked, during the day.")
    return _("The peer you named is being asked, and nobody else.")


def _peers_are_asked(offered_count: int, urgency: Urgency) -> str:
    if urgency == Urgency.NOW:
        sentence = ngettext(
            "%(number)s peer is being asked right now.", "%(number)s peers are being asked right now.", offered_count
        )
        return with_number(sentence, offered_count)
    if urgency == Urgency.TODAY:
        return _("A peer is being asked now. If they can't, the next one is asked.")
    return _("Peers are asked one at a time, during the day.")


def _join(*sentences: object) -> str:
    """Whole sentences, one after another."""
    return " ".join(str(sentence) for sentence in sentences)
