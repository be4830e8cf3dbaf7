"""What the coordinator reads about an activation, and what a member reads who is called out."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import TYPE_CHECKING

from django.urls import reverse
from django.utils.formats import date_format
from django.utils.text import capfirst
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from peersupport.core.plurals import in_words, with_number

from .domain.activation import ANSWER_LABELS, Answer, FollowUp

if TYPE_CHECKING:
    from .models import CallOut, GroupSession
    from .queries import PastActivation


@dataclass(frozen=True)
class FollowUpCard:
    """A reminder to check on people. url: where to mark it as done."""

    title: str
    advice: str
    url: str


@dataclass(frozen=True)
class PastRow:
    """An activation that has ended. period: its days."""

    period: str
    details: list[str]


@dataclass(frozen=True)
class CallRow:
    """A member who was called out, with their answer. tone: a class of the style sheet."""

    name: str
    answer: str
    tone: str


@dataclass(frozen=True)
class Button:
    """An answer that a member can give. name: of the field that it sends."""

    name: str
    label: str
    tone: str = ""


@dataclass(frozen=True)
class CalledOut:
    """What a member who is called out reads. meeting: their coordinator's words, or a sentence; may be empty."""

    title: str
    meeting: str = ""
    sessions: "Sequence[GroupSession]" = ()
    notes: list[str] = field(default_factory=list)
    buttons: list[Button] = field(default_factory=list)


def lead(begun_on: date | None, answers: Sequence[Answer]) -> str:
    """Where the running activation stands. begun_on: None while none is running."""
    if begun_on is None:
        return _(
            "Call out the team, let members take extra contacts for a few days, post a public notice, and plan group "
            "sessions. Who was at the incident isn't recorded anywhere."
        )
    started = _("Started %(day)s.") % {"day": date_format(begun_on, "DATE_FORMAT")}
    return f"{started} {_answers_sentence(answers)}"


def _answers_sentence(answers: Sequence[Answer]) -> str:
    called, coming = len(answers), sum(answer == Answer.COMES for answer in answers)
    if not called:
        return _("Nobody has been called out yet.")
    if not coming:
        return _("So far, nobody has said they can come.")
    sentence = ngettext(
        "The %(called)s member you called out can come.",
        "So far, %(coming)s of the %(called)s members you called out can come.",
        called,
    )
    return sentence % {"called": in_words(called), "coming": in_words(coming)}


def follow_up_card(activation_id: int, begun_on: date, due: FollowUp) -> FollowUpCard:
    """What to think of so long after an incident."""
    day = {"day": date_format(begun_on, "DATE_FORMAT")}
    url = reverse("incidents:acknowledge_follow_up", args=[activation_id, due.value])
    if due == FollowUp.THREE_DAYS:
        title, advice = (
            _("Three days since the incident of %(day)s"),
            _(
                "By now, some people are sleeping again and some aren't. Ask the team who might need someone, and how "
                "they're doing themselves."
            ),
        )
    elif due == FollowUp.TWO_WEEKS:
        title, advice = (
            _("Two weeks since the incident of %(day)s"),
            _(
                "Anyone who isn't better by now may need more than a talk. Offer another session, and remind everyone "
                "how to reach the clinical director."
            ),
        )
    else:
        title, advice = (
            _("A year since the incident of %(day)s"),
            _("Anniversaries bring it back for everyone who was there. It helps to hear from the team first."),
        )
    return FollowUpCard(title % day, advice, url)


def past_row(past: "PastActivation") -> PastRow:
    first, last = date_format(past.begun_on, "DATE_FORMAT"), date_format(past.ended_on, "DATE_FORMAT")
    period = first if first == last else _("%(first)s to %(last)s") % {"first": first, "last": last}
    details = [_call_sentence(past.called, past.could_come)]
    if past.planned:
        sentence = ngettext("%(number)s session planned", "%(number)s sessions planned", past.planned)
        details.append(with_number(sentence, past.planned))
    return PastRow(period, details)


def _call_sentence(called: int, could_come: int) -> str:
    if not called:
        return _("Nobody was called out")
    if not could_come:
        sentence = ngettext(
            "%(called)s member called out, who couldn't come",
            "%(called)s members called out, and nobody could come",
            called,
        )
    else:
        sentence = ngettext(
            "%(called)s member called out, who could come",
            "%(called)s members called out, and %(came)s could come",
            called,
        )
    return capfirst(sentence % {"called": in_words(called), "came": in_words(could_come)})


def call_row(name: str, answer: Answer) -> CallRow:
    return CallRow(name, _(ANSWER_LABELS[answer]), "warm" if answer == Answer.NONE else "")


def caps_note(extra_contacts: int, until: date | None, today: date) -> str:
    """How many extra contacts members can be asked to take now; empty while it's only what they chose."""
    if until is None or until < today:
        return ""
    sentence = ngettext(
        "Through %(day)s, each member can be asked to take %(number)s extra contact.",
        "Through %(day)s, each member can be asked to take %(number)s extra contacts.",
        extra_contacts,
    )
    return sentence % {"day": date_format(until, "DAY_FORMAT"), "number": in_words(extra_contacts)}


def notice_note(until: date | None, today: date) -> str:
    """Whether the public pages show the notice; empty where there is none."""
    if until is None:
        return ""
    day = {"day": date_format(until, "DAY_FORMAT")}
    if until < today:
        return _("The public pages no longer show this notice. Its last day was %(day)s.") % day
    return _("The public pages show this notice through %(day)s.") % day


def called_out(
    call: "CallOut", sessions: "Sequence[GroupSession]", extra_contacts: int, *, is_offered: bool
) -> CalledOut:
    """is_offered: requests are waiting for this member too, and accepting one comes first."""
    activation, caps = call.activation, _extra_contacts_note(extra_contacts, call.activation.caps_until)
    comes, cannot = _("I can come"), _("I can't")
    if call.answer == Answer.CANNOT:
        title = _("The team has been called out. You said you can't come.")
        return CalledOut(title, activation.meeting, notes=caps, buttons=[Button("comes", comes, "button--quiet")])
    meeting = activation.meeting or _("You'll be told where and when to meet.")
    cannot_button = Button("cannot", cannot, "button--quiet")
    if call.answer == Answer.COMES:
        title = _("The team has been called out. You said you can come.")
        return CalledOut(title, meeting, sessions, caps, [cannot_button])
    notes = [*caps, _("Nobody will ask why if you can't. You can change your answer.")]
    comes_button = Button("comes", comes, "button--quiet" if is_offered else "")
    return CalledOut(_("Can you come?"), meeting, sessions, notes, [comes_button, cannot_button])


def _extra_contacts_note(extra_contacts: int, until: date | None) -> list[str]:
    if not extra_contacts or until is None:
        return []
    sentence = ngettext(
        "Through %(day)s, you can be asked to take %(number)s more contact than you chose. You can still decline.",
        "Through %(day)s, you can be asked to take %(number)s more contacts than you chose. You can still decline.",
        extra_contacts,
    )
    return [sentence % {"day": date_format(until, "DAY_FORMAT"), "number": in_words(extra_contacts)}]
