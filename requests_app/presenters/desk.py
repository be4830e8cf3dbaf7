"""What a member reads on their desk."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import TYPE_CHECKING
from uuid import UUID

from django.urls import reverse
from django.utils.formats import date_format
from django.utils.text import capfirst
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from peersupport.core.plurals import in_words, with_number
from peersupport.core.todo import Todo

from ..domain.card import Card
from ..domain.routing import Routing
from ..domain.states import Urgency
from .consultation import PendingConsultation
from .contact import concern_label, concern_sentence, reason_sentences

if TYPE_CHECKING:
    from ..queries.members import Offer

OFFER_HEADINGS = {
    Urgency.NOW: gettext_lazy("Someone needs an answer now"),
    Urgency.TODAY: gettext_lazy("Someone would like an answer today"),
    Urgency.WHEN_YOU_CAN: gettext_lazy("Someone would like to talk, no rush"),
}
CONTACT_URGENCIES = {
    Urgency.NOW: gettext_lazy("Asked for an answer now"),
    Urgency.TODAY: gettext_lazy("Asked for an answer today"),
    Urgency.WHEN_YOU_CAN: gettext_lazy("No rush"),
}
HOURS_SHOWN = 3
OFFERS_SHOWN = 3  # in full; all of them are in the list
OFFERS_LISTED = 200  # at once; a form takes no more than 1,000 fields


@dataclass(frozen=True)
class OfferText:
    """An offer as the desk shows it. concern, reasons: whole sentences."""

    request_id: UUID
    heading: str
    concern: str
    reasons: list[str]
    card: Card


@dataclass(frozen=True)
class ContactRow:
    """An open contact as the desk lists it. needs_answer: whether the officer waits for this peer."""

    request_id: UUID
    state: str
    needs_answer: bool
    details: list[str]


@dataclass(frozen=True)
class Row:
    """One line with its link. details: lines below the text."""

    text: str
    url: str
    action: str
    details: Sequence[str] = ()


@dataclass(frozen=True)
class Section:
    title: str
    rows: list[Row]


def lead(*, offers: int, is_called_out: bool, is_anything_left: bool) -> str:
    """is_called_out: and has not answered yet. is_anything_left: besides offers and the call."""
    said = []
    if offers:
        sentence = ngettext(
            "%(number)s request is waiting for your answer.", "%(number)s requests are waiting for your answer.", offers
        )
        said.append(with_number(sentence, offers))
    if is_called_out:
        said.append(_("The team has been called out."))
    if said:
        return " ".join(said)
    if is_anything_left:
        return _("Nobody new is waiting for you.")
    return _("You're all caught up. Thank you for being here.")


def marked_text(number: int, *, set_aside: int) -> str:
    """After "Not a real request". set_aside: how many of them somebody else had marked before."""
    if set_aside:
        return _set_aside_now_text(number, set_aside)
    sentence = ngettext(
        "Marked: %(number)s request has left your desk. Others are still asked. If someone else marks it too, it's set "
        "aside, and the officer reads how to send it again.",
        "Marked: %(number)s requests have left your desk. Others are still asked. Those that someone else marks too "
        "are set aside, and their officers read how to send them again.",
        number,
    )
    return sentence % {"number": in_words(number)}


def _set_aside_now_text(number: int, set_aside: int) -> str:
    if set_aside == number:
        sentence = ngettext(
            "Marked: %(number)s request. Somebody else had marked it too, so nobody is asked about it anymore.",
            "Marked: %(number)s requests. Somebody else had marked them too, so nobody is asked about them anymore.",
            number,
        )
        return sentence % {"number": in_words(number)}
    marked = ngettext("Marked: %(number)s request.", "Marked: %(number)s requests.", number)
    sentence = ngettext(
        "Somebody else had marked %(set_aside)s of them too: nobody is asked about that one anymore.",
        "Somebody else had marked %(set_aside)s of them too: nobody is asked about those anymore.",
        set_aside,
    )
    return " ".join([marked % {"number": in_words(number)}, sentence % {"set_aside": in_words(set_aside)}])


def set_aside_text(number: int) -> str:
    """What a member reads who has marked these, as one of two. Empty where there are none."""
    if not number:
        return ""
    return with_number(
        ngettext(
            "%(number)s request that you marked as not real is set aside: nobody is asked about it, and it's erased "
            "within a week. Not sure anymore? Put it back, and peers are asked again.",
            "%(number)s requests that you marked as not real are set aside: nobody is asked about them, and they're "
            "erased within a week. Not sure anymore? Put them back, and peers are asked again.",
            number,
        ),
        number,
    )


def put_back_text(number: int) -> str:
    return with_number(
        ngettext(
            "%(number)s request is offered to peers again.", "%(number)s requests are offered to peers again.", number
        ),
        number,
    )


def further_text(number: int) -> str:
    """How many more there are than one list shows. Empty where it shows all."""
    if number <= 0:
        return ""
    return with_number(
        ngettext("%(number)s more request comes after these.", "%(number)s more requests come after these.", number),
        number,
    )


def offer_text(offer: "Offer") -> OfferText:
    card = offer.card
    return OfferText(
        offer.request_id,
        _("Someone would like to talk")
        if _is_never_no_rush(offer.urgency, card.concern)
        else str(OFFER_HEADINGS[offer.urgency]),
        concern_sentence(card.concern),
        reason_sentences(offer.reasons, card.gender),
        card,
    )


def offers_in_full(offers: "Sequence[Offer]", *, first: str) -> list[OfferText]:
    """Those that the desk shows. first: the id of the one that somebody chose in the list of all, if any."""
    chosen_first = sorted(offers, key=lambda offer: str(offer.request_id) != first)
    return [offer_text(offer) for offer in chosen_first[:OFFERS_SHOWN]]


def _is_never_no_rush(urgency: Urgency, concern: str) -> bool:
    """Whether they chose "when you can" with thoughts of suicide: no peer is told that there is no rush."""
    return urgency == Urgency.WHEN_YOU_CAN and concern == "suicidal_thoughts"


def load_sentence(*, contacts: int, cap: int) -> str:
    """How many open contacts the member has, beside what they said they can carry."""
    numbers = {"number": in_words(contacts), "cap": in_words(cap)}
    if contacts == 0:
        return _("You have no open contacts. You said you can take %(cap)s at a time.") % numbers
    sentence = ngettext(
        "%(number)s open contact. You said you can take %(cap)s.",
        "%(number)s open contacts. You said you can take %(cap)s.",
        contacts,
    )
    return str(capfirst(sentence % numbers))


def contact_row(
    request_id: UUID, routing: Routing, *, concern: str, due_at: datetime | None, today: date
) -> ContactRow:
    """concern: empty where it isn't known. due_at: in local time; None where nothing is due."""
    state = _("Nothing new")
    if routing.is_unread_by_peer:
        state = _("They've written to you")
    elif not routing.is_answered:
        state = _("They're waiting for your first answer")
    details = [
        concern_label(concern),
        "" if _is_never_no_rush(routing.urgency, concern) else str(CONTACT_URGENCIES[routing.urgency]),
        _due_sentence(routing, due_at, today),
        "" if routing.closing_suggested is None else _("You suggested closing"),
    ]
    needs_answer = routing.is_unread_by_peer or not routing.is_answered
    return ContactRow(request_id, state, needs_answer, [detail for detail in details if detail])


def _due_sentence(routing: Routing, due_at: datetime | None, today: date) -> str:
    if due_at is None or routing.is_answered:
        return ""
    when = {"time": date_format(due_at, "TIME_FORMAT" if due_at.date() == today else "DAY_TIME_FORMAT")}
    if routing.is_reminded:
        return _("Goes to someone else if you haven't answered by %(time)s") % when
    return _("Please answer by %(time)s") % when


def sections(
    *, shifts: Iterable[str], tallies: int, applications: Iterable[Todo], training: Iterable[Todo]
) -> list[Section]:
    """What else is to do, without the parts that have nothing. shifts: that the member is asked to take, as text."""
    on_call = reverse("team:on_call")
    found = [
        Section(_("Shifts you're asked to take"), [Row(shift, on_call, _("Answer")) for shift in shifts]),
        Section(_("Contacts to tally"), [_tallies_row(tallies)] if tallies else []),
        Section(_("Applications to review"), [_row(todo, _("Read")) for todo in applications]),
        Section(_("Your training"), [_row(todo, _("View")) for todo in training]),
    ]
    return [section for section in found if section.rows]


def _tallies_row(number: int) -> Row:
    text = ngettext("%(number)s contact to tally", "%(number)s contacts to tally", number)
    return Row(
        with_number(text, number),
        reverse("requests_app:tally"),
        _("Tally"),
        [_("Only the first question needs an answer, and there's nothing to write. Kept for seven days at most.")],
    )


def _row(todo: Todo, action: str) -> Row:
    return Row(todo.text, todo.url, action, [todo.detail] if todo.detail else [])


def own_rows(
    *,
    is_on_call: bool,
    has_phone_alert: bool,
    can_serve: bool,
    hours: Sequence[str],
    consultation: PendingConsultation | None,
) -> list[Row]:
    """About the member themselves. hours: the next ones on call, as text."""
    return [
        _on_call_row(is_on_call=is_on_call, has_phone_alert=has_phone_alert, can_serve=can_serve),
        *([_telephone_row()] if is_on_call else []),
        *([_hours_row(hours)] if hours else []),
        _consultation_row(consultation),
        Row(
            _("When you must act"),
            reverse("program:duty_to_report"),
            _("Read"),
            [_("Thoughts of suicide and intent, and what the law requires of you. Reading it isn't recorded.")],
        ),
        Row(
            _("Matching preferences"),
            reverse("requests_app:matching_preferences"),
            _("Choose"),
            [_("What you'd rather not take right now, and what you've been through. Only your own pages show it.")],
        ),
    ]


def _telephone_row() -> Row:
    """For those on call, who may switch it."""
    detail = _("For when nobody would see requests in time: the form shows numbers, for four hours at most.")
    return Row(_("By telephone only"), reverse("requests_app:telephone_only"), _("Change"), [detail])


def _on_call_row(*, is_on_call: bool, has_phone_alert: bool, can_serve: bool) -> Row:
    if is_on_call and can_serve and not has_phone_alert:
        return Row(_("You're on call, but only by e-mail."), reverse("team:phone_alert"), _("Phone alerts"))
    if is_on_call:
        text, detail = _("You're on call"), _("You're alerted right away when someone needs an answer now.")
    else:
        text, detail = _("You're not on call"), _("You're asked in turn.")
    return Row(text, reverse("team:own_hours"), _("Change"), [detail] if can_serve else [])


def _hours_row(hours: Sequence[str]) -> Row:
    return Row(_("Your next hours on call"), reverse("team:on_call"), _("Pass to someone else"), hours[:HOURS_SHOWN])


def _consultation_row(consultation: PendingConsultation | None) -> Row:
    url = reverse("requests_app:request_consultation")
    if consultation is not None:
        return Row(consultation.sentence, url, _("View"))
    detail = _("The clinical director or a designee can call you. They keep it confidential too.")
    return Row(_("Not sure about something?"), url, _("Ask for a call"), [detail])
