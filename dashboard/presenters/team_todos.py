"""What the team asks of its coordinator: call-outs, keys, designations, gaps on call, terms, agreements."""

from collections.abc import Iterator, Mapping, Sequence
from datetime import date, datetime
from typing import TYPE_CHECKING

from django.urls import reverse
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from peersupport.core.plurals import in_words, with_number
from peersupport.core.todo import Todo
from peersupport.team.domain.states import KeyState
from peersupport.team.presenters.members import why_unverified

if TYPE_CHECKING:
    from peersupport.team.models import FactorLift, Member

    from ..queries.home import Activation


def activations(activation: "Activation | None", to_follow_up: Sequence[date]) -> Iterator[Todo]:
    url, action = reverse("incidents:activation"), _("Critical incidents")
    if activation is not None:
        yield Todo(activation_sentence(activation), _unanswered(activation.unanswered), url, action)
    for day in to_follow_up:
        text = _("Time to check on people after the incident of %(day)s") % {"day": date_format(day, "DATE_FORMAT")}
        yield Todo(text, _("Due after three days, two weeks and a year"), url, action)


def lifts(to_second: "Sequence[FactorLift]") -> Iterator[Todo]:
    """Lost second factors whose lifting waits for a second person, who can be the one who reads this."""
    for lift in to_second:
        text = _("%(name)s lost their second factor, and it takes a second person to lift it") % {
            "name": lift.user.name
        }
        detail = _("Asked by %(name)s. Speak with both first.") % {"name": lift.asked_by.name}
        url = reverse("team:lost_factor", args=[lift.user_id])
        yield Todo(text, detail, url, _("View"), needs_attention=True, entry="team:lost_factors", count=1)


def activation_sentence(activation: "Activation") -> str:
    """How the call-out of a running activation goes."""
    if not activation.called:
        return _("An activation is running, and nobody has been called out yet")
    if not activation.coming:
        return _("The team has been called out. Nobody has said they can come yet.")
    return ngettext(
        "The team has been called out. So far, %(number)s member can come.",
        "The team has been called out. So far, %(number)s members can come.",
        activation.coming,
    ) % {"number": in_words(activation.coming)}


def _unanswered(number: int) -> str:
    if not number:
        return ""
    text = ngettext("%(number)s hasn't answered yet", "%(number)s haven't answered yet", number)
    return with_number(text, number)


def keys(states: Mapping[int, KeyState]) -> Iterator[Todo]:
    """states: of the keys that wait to be confirmed, by the member's id."""
    new = [member_id for member_id, state in states.items() if state == KeyState.UNCONFIRMED]
    again = [member_id for member_id, state in states.items() if state == KeyState.UNVERIFIED]
    if new:
        text = ngettext("%(number)s new key to confirm", "%(number)s new keys to confirm", len(new))
        detail = _("Ask for the four words, face to face or by phone if you know their voice")
        yield _keys(new, text, detail, _("Confirm"))
    if again:
        text = ngettext("%(number)s key to confirm again", "%(number)s keys to confirm again", len(again))
        detail = " ".join([why_unverified(), _("Tell the person who runs the server.")])
        yield _keys(again, text, detail, _("Compare"), needs_attention=True)


def _keys(members: Sequence[int], text: str, detail: str, action: str, *, needs_attention: bool = False) -> Todo:
    number, entry = len(members), "team:roster"
    url = reverse("team:member", args=members) if number == 1 else reverse(entry)
    text = with_number(text, number)
    return Todo(text, detail, url, action, needs_attention=needs_attention, entry=entry, count=number)


def undelivered(number: int) -> Iterator[Todo]:
    """Of invitations whose address the mail server doesn't know."""
    if number:
        text = ngettext(
            "%(number)s invitation couldn't be delivered", "%(number)s invitations couldn't be delivered", number
        )
        detail = _("The mail server knows no such address. Is it right?")
        yield Todo(with_number(text, number), detail, reverse("team:invite"), _("Invitations"), needs_attention=True)


def invited(members: Sequence[tuple[int, str]]) -> Iterator[Todo]:
    """Who was invited and hasn't signed in yet. members: id and name of each."""
    detail = _("Until they do, nobody can ask for them, and they aren't counted as serving")
    if len(members) == 1:
        ((member_id, name),) = members
        text = _("%(name)s was invited and hasn't signed in yet") % {"name": name}
        yield Todo(text, detail, reverse("team:member", args=[member_id]), _("View"))
    elif members:
        text = ngettext(
            "%(number)s invited member hasn't signed in yet",
            "%(number)s invited members haven't signed in yet",
            len(members),
        )
        yield Todo(with_number(text, len(members)), detail, reverse("team:invite"), _("Invitations"))


def readiness(ready: "Sequence[Member]", untrained: int) -> Iterator[Todo]:
    """Who can be designated, and how many serve without having trained."""
    detail = _("Trained, and the agreement is signed")
    if len(ready) == 1:
        text = _("%(name)s is ready to be designated") % {"name": ready[0]}
        yield Todo(text, detail, reverse("team:member", args=[ready[0].pk]), _("Designate"))
    elif ready:
        text = ngettext(
            "%(number)s member is ready to be designated", "%(number)s members are ready to be designated", len(ready)
        )
        text = with_number(text, len(ready))
        yield Todo(text, detail, f"{reverse('team:roster')}#ready", _("Team"))
    if untrained:
        text = ngettext(
            "%(number)s member serves without required training",
            "%(number)s members serve without required training",
            untrained,
        )
        detail = _("The initial training, or a subject that some requests need, isn't on record")
        url = reverse("training:coverage")
        yield Todo(with_number(text, untrained), detail, url, _("Coverage"), needs_attention=True)


def gaps_on_call(hours: int, first: datetime | None) -> Iterator[Todo]:
    """hours: how many in the next two weeks have nobody on call. first: when the first begins, in local time."""
    if first is not None:
        text = ngettext(
            "Nobody is on call for %(number)s hour in the next two weeks",
            "Nobody is on call for %(number)s hours in the next two weeks",
            hours,
        ) % {"number": in_words(hours)}
        detail = _("First gap: %(start)s") % {"start": date_format(first, "DAY_TIME_FORMAT")}
        yield Todo(text, detail, reverse("team:on_call"), _("Fill the gap"), needs_attention=True)


def terms(ending: "Sequence[Member]") -> Iterator[Todo]:
    detail = _("Renew it or let it end")
    if len(ending) == 1:
        text = _("%(name)s's term has ended or ends soon") % {"name": ending[0]}
        yield Todo(text, detail, reverse("team:member", args=[ending[0].pk]), _("Renew"))
    elif ending:
        text = _("Terms have ended or end within 60 days")
        yield Todo(text, _("Renew them or let them end"), reverse("team:roster"), _("Team"))


def unsigned(number: int) -> Iterator[Todo]:
    if number:
        text = ngettext(
            "%(number)s member still has to sign the confidentiality agreement",
            "%(number)s members still have to sign the confidentiality agreement",
            number,
        )
        yield Todo(
            with_number(text, number), _("They can sign it on their own page"), reverse("team:roster"), _("Team")
        )
