"""What an officer reads on the page of their request."""

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from peersupport.core.plurals import with_number
from peersupport.team.domain.states import MEMBER_KIND_LABELS, MemberKind

from ..domain.matching import Waiver
from ..domain.states import Recusal, RequestState
from . import officer_waiting

if TYPE_CHECKING:
    from peersupport.team.models import Member

    from ..queries.officers import OwnRequest

OFFER_AGAIN = "requests_app/offer_again.html"
NOBODY_LEFT_HELP = "requests_app/nobody_left.html"
SHARE_THREAD = "requests_app/share_thread.html"
NUMBERS = "requests_app/numbers.html"
NUMBERS_FIRST = {RequestState.NOBODY, RequestState.IN_LINE, RequestState.SET_ASIDE}
WAIVER_BUTTONS = {
    Waiver.NAMED: gettext_lazy("Ask others too"),
    Waiver.NAMES: gettext_lazy("Ask the ones you left out, too"),
    Waiver.SUPERVISORS: gettext_lazy("Ask a supervisor too"),
    Waiver.UNIT: gettext_lazy("Ask someone from that unit too"),
    Waiver.AGENCY: gettext_lazy("Ask someone from this agency too"),
}


@dataclass(frozen=True)
class AskButton:
    """A button by which it is offered to others. waiver: what the officer waives by pressing it, or empty."""

    label: str
    waiver: str = ""
    is_quiet: bool = False


@dataclass(frozen=True)
class ThreadPage:
    """What the page of a request says, apart from the messages.

    peer_details: about the peer who has it. news: what happened, and who is told or reads what.
    untouched: why it is erased soon.
    is_988_first: whether 988 comes before everything else. has_numbers_above: whether the numbers to call come before
    the rest of the page, and not after it.
    """

    standing: str
    peer_details: list[str]
    peer_changed: str
    damage: str
    news: list[str]
    ask_buttons: list[AskButton]
    is_988_first: bool
    has_numbers_above: bool
    untouched: str
    new_messages: str


def thread_page(own: "OwnRequest") -> ThreadPage:
    return ThreadPage(
        standing=standing_text(own),
        peer_details=peer_details(own.peer) if own.peer else [],
        peer_changed=peer_changed_text(str(own.peer or "")),
        damage=damage_text(own),
        news=news(own),
        ask_buttons=ask_buttons(own),
        is_988_first=_is_988_first(own),
        has_numbers_above=own.state in NUMBERS_FIRST or own.is_late,
        untouched=untouched_text(own),
        new_messages=new_messages_sentence(own.unread),
    )


def next_steps(own: "OwnRequest") -> tuple[str, ...]:
    """The templates for what the officer can do while nobody has it, the most useful first.

    Numbers to call come before another offer, unless only the peer they named was asked: then others may well be free.
    """
    if own.state == RequestState.NOBODY and Waiver.NAMED in own.waivers and not _is_988_first(own):
        return OFFER_AGAIN, NOBODY_LEFT_HELP
    if own.state == RequestState.NOBODY:
        return NOBODY_LEFT_HELP, OFFER_AGAIN
    if own.state == RequestState.PEER_LOST:
        return (OFFER_AGAIN,)
    if own.state == RequestState.IN_LINE:
        return (NUMBERS,)
    if own.state == RequestState.SET_ASIDE:
        return NUMBERS, OFFER_AGAIN
    is_thread_withheld = own.state == RequestState.OFFERED and own.thread and not own.next_may_read
    return (*((NUMBERS,) if own.is_late else ()), *((SHARE_THREAD,) if is_thread_withheld else ()))


def standing_text(own: "OwnRequest") -> str:
    """Where the request stands."""
    if own.state == RequestState.ACCEPTED:
        return _("%(peer)s accepted your request and is here for you.") % {"peer": own.peer}
    if own.is_late:
        return officer_waiting.late_text()
    if own.state == RequestState.OFFERED:
        return officer_waiting.waiting_text(is_offered=own.is_offered, urgency=own.urgency, waivers=own.waivers)
    if own.state == RequestState.IN_LINE:
        return officer_waiting.sent_again_text() if own.is_sent_again else officer_waiting.in_line_text()
    if own.state == RequestState.SET_ASIDE:
        return officer_waiting.set_aside_text()
    if own.state == RequestState.PEER_LOST:
        return _("Your peer can't continue. This is not about you. Send it to someone else?")
    if own.waivers:
        return officer_waiting.why_nobody(own.waivers)
    return _("Nobody on the team could take it so far. That is about schedules, not about you.")


def peer_details(peer: "Member") -> list[str]:
    """Lines about the peer: what they are and where they work, then what they say of themselves."""
    kind = (
        _("Family member of someone here")
        if peer.kind == MemberKind.FAMILY
        else _(MEMBER_KIND_LABELS[MemberKind(peer.kind)])
    )
    place = " · ".join(detail for detail in (kind, peer.unit, peer.agency) if detail)
    return [line for line in (place, peer.about) if line]


def peer_changed_text(peer: str) -> str:
    """The officer pressed "Talk to someone else" on a page of an earlier peer. peer: who has it now, or empty."""
    if not peer:
        return _("Your request had already moved on when you pressed, so nothing more was changed.")
    return _(
        "Your request had already moved on when you pressed, so nothing more was changed. %(peer)s has it now."
    ) % {"peer": peer}


def damage_text(own: "OwnRequest") -> str:
    """What can't be opened, and what the officer can do. Empty where all of it can."""
    if not own.is_damaged:
        return ""
    if own.card is None or own.words is None:
        return _(
            "Part of this is damaged and can't be opened. We're sorry. Please close it below and send a new request."
        )
    if own.peer is None:
        return _(
            "The messages are damaged and can't be opened. What you wrote first is still here, and goes to the next "
            "peer without them."
        )
    return _(
        "The messages are damaged and can't be opened, so nothing more can be written here. What you wrote first is "
        "still here: “Talk to someone else” sends it to another peer."
    )


def news(own: "OwnRequest") -> list[str]:
    """What happened to it while nobody has it, and what the next peer may read."""
    if own.state == RequestState.ACCEPTED:
        lost = _("The earlier messages were damaged, so your new peer doesn't have them. They're gone for you, too.")
        return [lost] if own.is_earlier_thread_lost else []
    is_oversight_told = own.state == RequestState.OFFERED and own.is_offered and own.is_oversight_notified
    told = [officer_waiting.oversight_sentence()] if is_oversight_told else []
    return [*_recusal(own.recusal), *told, *_what_the_next_peer_reads(own)]


def ask_buttons(own: "OwnRequest") -> list[AskButton]:
    """The one that most likely gets an answer stands out and comes first; none does where 988 comes first."""
    if own.state == RequestState.SET_ASIDE:
        return [AskButton(_("Send it again"))]
    if own.state != RequestState.NOBODY:
        return [AskButton(_("Ask someone else"))]
    again, is_988_first = AskButton(_("Ask again"), is_quiet=True), _is_988_first(own)
    waiving = [AskButton(str(label), waiver, True) for waiver, label in WAIVER_BUTTONS.items() if waiver in own.waivers]
    buttons = [*waiving, again] if Waiver.NAMED in own.waivers else [again, *waiving]
    return [replace(buttons[0], is_quiet=is_988_first), *buttons[1:]]


def _is_988_first(own: "OwnRequest") -> bool:
    return own.state == RequestState.NOBODY and officer_waiting.is_988_first(is_offered=False, waivers=own.waivers)


def untouched_text(own: "OwnRequest") -> str:
    """Why it is erased soon, and what keeps it open. Empty while that is far away."""
    if not own.is_untouched:
        return ""
    if own.peer:
        return _(
            "Nobody has written here for a month. Write something and it stays open. Otherwise it's erased within "
            "two weeks, and you can always ask again."
        )
    return _("Nothing has happened here for a month. It's erased within two weeks, and you can always ask again.")


def new_messages_sentence(number: int) -> str:
    if not number:
        return ""
    sentence = ngettext("%(number)s new message.", "%(number)s new messages.", number)
    return with_number(sentence, number)


def _recusal(recusal: Recusal | None) -> list[str]:
    if recusal is None:
        return []
    if recusal == Recusal.READ:
        return [_("A peer opened it, thought they might know you, and stepped aside. Nobody else is told.")]
    return [
        _(
            "A peer who was asked thought they might know you and stepped aside without opening it. They read none of "
            "your words. Nobody else is told."
        )
    ]


def _what_the_next_peer_reads(own: "OwnRequest") -> list[str]:
    if own.state == RequestState.PEER_LOST and not own.thread:
        return [_("Your first message goes to the next peer.")]
    if own.state == RequestState.PEER_LOST:
        return [_("Your first message goes to the next peer. Whether they may read the rest is up to you.")]
    if own.state != RequestState.OFFERED or not own.thread:
        return []
    if own.next_may_read:
        return [_("The next peer who accepts may read everything here.")]
    only_first = _("The next peer who accepts reads only your first message, and the rest is erased then.")
    if own.last_could_read:
        return [
            only_first,
            _("You let the last peer read everything. If the next one should too, choose it again below."),
        ]
    return [only_first]
