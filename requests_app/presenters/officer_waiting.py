"""What an officer reads while peers are asked."""

from collections.abc import Collection

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from ..domain.matching import Waiver
from ..domain.states import Urgency

CHECK_BACK = {
    Urgency.NOW: gettext_lazy("Check back in about 15 minutes."),
    Urgency.TODAY: gettext_lazy("Check back in an hour or two."),
    Urgency.WHEN_YOU_CAN: gettext_lazy("Check back tomorrow."),
}


def waiting_text(*, is_offered: bool, urgency: Urgency, waivers: Collection[Waiver], is_in_line: bool = False) -> str:
    """Who is being asked, and when to check back; where nobody is, whom to call.

    waivers: what the officer could waive so that others are asked too. is_in_line: it waits in the slow lane.
    """
    if is_in_line:
        return in_line_text()
    if not is_offered:
        return _join(
            why_nobody(waivers),
            oversight_sentence(),
            _("If it can't wait, call or text 988, or use one of the other numbers on this page."),
        )
    if Waiver.NAMED in waivers:
        return _join(_named_peer_is_asked(urgency), CHECK_BACK[urgency])
    return _join(_peers_are_asked(urgency), CHECK_BACK[urgency])


def late_text() -> str:
    """The worker doesn't run, so notices may not have left."""
    return _join(
        _("This takes longer than it should. Something on our side is wrong, and maybe nobody was told of it yet."),
        _("Your request is stored, and it isn't lost."),
        _("You don't need to wait for us: call or text 988, or use one of the other numbers on this page."),
        CHECK_BACK[Urgency.TODAY],
    )


def in_line_text() -> str:
    """Said without a number or a time: a flood is nothing that asking should measure."""
    return _join(
        _("Many requests are coming in right now, so yours is waiting for its turn. It's stored, and it isn't lost."),
        _("You don't need to wait for us: call or text 988, or use one of the other numbers on this page."),
        _("Check back in a few minutes."),
    )


def sent_again_text() -> str:
    """Two members took it for no real request, and its officer has sent it again."""
    return _join(
        _("You sent it again. Peers are asked within a minute or two, or a little later while many requests come in."),
        _("You don't need to wait for us: call or text 988, or use one of the other numbers on this page."),
        _("Check back in a few minutes."),
    )


def set_aside_text() -> str:
    return _join(
        _("Two of the peers who were asked took this for a test or a mistake, so nobody is being asked right now."),
        _("If they were wrong, we're sorry. Press “Send it again” below, and peers are asked again."),
        _("If you don't, it's erased within a week."),
        _("You don't need to wait for us: call or text 988, or use one of the other numbers on this page."),
    )


def why_nobody(waivers: Collection[Waiver]) -> str:
    """Nobody is asked: what follows from the officer's own choices and the program's rules, and no more.

    True whoever is free, and also after somebody declined.
    """
    if Waiver.NAMED in waivers:
        return _("The peer you named can't take it right now. This is not about you.")
    if {Waiver.NAMES, Waiver.UNIT, Waiver.AGENCY} & set(waivers):
        return _("With the choices you made, nobody can be asked right now. This is not about you.")
    if Waiver.TRAINING in waivers:
        return _("None of the peers who may be asked can take it right now. This is not about you.")
    if Waiver.SUPERVISORS in waivers:
        return _(
            "None of the peers who may be asked can take it right now. That is about schedules, not about you. "
            "Supervisors are asked only if you say so."
        )
    return _("Nobody on the team is free right now. That is about schedules, not about you.")


def oversight_sentence() -> str:
    return _("The people who run the program have been told that someone is waiting, and nothing else.")


def is_988_first(*, is_offered: bool, waivers: Collection[Waiver]) -> bool:
    """Whether the page begins with 988: nobody is asked, and it is about something that peers have a training for."""
    return not is_offered and Waiver.TRAINING in waivers


def ways_on_text(*, is_offered: bool, waivers: Collection[Waiver]) -> str:
    """What the officer can do about it on the page behind the seven words, where nobody was asked."""
    if is_offered:
        return ""
    return _("You can ask others there with one press.") if waivers else _("You can ask again there with one press.")


def _named_peer_is_asked(urgency: Urgency) -> str:
    if urgency == Urgency.WHEN_YOU_CAN:  # held until the day begins
        return _("Only the peer you named is being asked, during the day.")
    return _("The peer you named is being asked, and nobody else.")


def _peers_are_asked(urgency: Urgency) -> str:
    """Says no number: how many are on call, or free, is nothing that asking should tell."""
    if urgency == Urgency.NOW:
        return _("Peers are being asked right now.")
    if urgency == Urgency.TODAY:
        return _("A peer is being asked now. If they can't, the next one is asked.")
    return _("Peers are asked one at a time, during the day.")


def _join(*sentences: object) -> str:
    """Whole sentences, one after another."""
    return " ".join(str(sentence) for sentence in sentences)
