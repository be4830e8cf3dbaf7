"""What pages and mails say about lifting a second factor."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING

from django.urls import reverse
from django.utils.formats import date_format
from django.utils.timezone import localtime
from django.utils.translation import gettext as _

from peersupport.access.permissions import Role

from ..domain import lifting as rules
from ..domain.lifting import LiftState
from .accounts import role_names
from .notes import Row

if TYPE_CHECKING:
    from ..models import FactorLift, User


@dataclass(frozen=True)
class Button:
    label: str
    url: str
    is_quiet: bool = False


@dataclass(frozen=True)
class LiftPage:
    """paragraphs: where it stands, and what follows. warning: what to make sure of first; empty for none."""

    paragraphs: Sequence[str]
    warning: str = ""
    button: Button | None = None


def office(code: str) -> str:
    """An office in a sentence."""
    return {
        Role.COORDINATOR: _("the coordinator"),
        Role.CLINICAL_DIRECTOR: _("the clinical director"),
        Role.OPERATOR: _("the person who runs the server"),
    }[Role(code)]


def moment(at: datetime) -> str:
    """ "on Sunday, November 29, 14:05" """
    return _("on %(moment)s") % {"moment": date_format(localtime(at), "DAY_TIME_FORMAT")}


def moment_in_mail(at: datetime) -> str:
    """With the year and the time zone: a mail is read anywhere, and later."""
    return _("on %(moment)s") % {"moment": date_format(localtime(at), "LONG_TIME_FORMAT")}


def asked_enough() -> str:
    return _(
        "You asked for this three times since yesterday, and none of them went on. Talk to the owner, and ask again "
        "tomorrow if you have to. Someone else can still ask."
    )


def page(
    owner: "User", viewer: "User", lift: "FactorLift | None", *, has_factor: bool, has_asked_enough: bool = False
) -> LiftPage:
    """lift: the open one. has_asked_enough: whether the viewer can't ask again today."""
    name = {"name": owner.name}
    if owner == viewer:
        return LiftPage([_("This is your own account. If you lose your second factor, two others have to lift it.")])
    if lift is not None:
        return _going_on(lift, viewer)
    if not has_factor:
        return LiftPage([_("%(name)s has no second factor, so there's nothing to lift.") % name])
    if has_asked_enough:
        return LiftPage([asked_enough()])
    said = [
        _("Once you've asked, someone of another office has to second it within seven days.") + " " + _who_decides(),
        _(
            "%(name)s is told by e-mail each time, and can stop it with the link in it. 24 hours after it was "
            "seconded, the second factor is gone, and they set up a new one with their password."
        )
        % name,
    ]
    if owner.is_member:
        said.append(
            _("As long as they can't get in, no new requests come to them. When they're back, one press ends that.")
        )
    return LiftPage(
        said,
        _("Speak with %(name)s first, face to face or by phone if you know their voice. A mail could be from anyone.")
        % name,
        Button(_("Ask to lift it"), reverse("team:ask_lift", args=[owner.pk])),
    )


def _who_decides() -> str:
    return _("It takes two of coordinator, clinical director and operator; someone who is two of them counts once.")


def _going_on(lift: "FactorLift", viewer: "User") -> LiftPage:
    take_back = Button(_("Take it back"), reverse("team:take_back_lift", args=[lift.user_id]), is_quiet=True)
    decided = viewer.pk in (lift.asked_by_id, lift.seconded_by_id)
    if lift.state == LiftState.SECONDED and lift.seconded_by and lift.seconded_at:
        people = {
            "first": lift.asked_by.name,
            "second": lift.seconded_by.name,
            "moment": moment(rules.takes_effect_at(lift.seconded_at)),
        }
        said = [
            _("%(first)s asked, and %(second)s seconded it. It's lifted %(moment)s.") % people,
            _("Until then, either of them can take it back, and the owner can stop it by the mail they got."),
        ]
        return LiftPage(said, button=take_back if decided else None)
    lapses = {"moment": moment(rules.lapses_at(lift.asked_at))}
    if decided:
        said = [
            _("You asked. It waits for someone of another office. If nobody seconds it, it ends %(moment)s.") % lapses
        ]
        return LiftPage([*said, _who_decides()], button=take_back)
    asked = {"name": lift.asked_by.name, "office": office(lift.asked_office), **lapses}
    sentence = _("%(name)s, %(office)s, asked to lift it. If nobody seconds it, it ends %(moment)s.") % asked
    if rules.two_offices(lift.asked_by.roles, viewer.roles) is None:
        return LiftPage([sentence, _("Someone of another office than theirs and yours has to second it.")])
    return LiftPage(
        [sentence, _("24 hours after you second it, the second factor is gone, unless the owner stops it.")],
        _("Speak with %(name)s yourself first, face to face or by phone if you know their voice.")
        % {"name": lift.user.name},
        Button(_("Second it"), reverse("team:second_lift", args=[lift.user_id])),
    )


def open_rows(lifts: "Sequence[FactorLift]") -> list[Row]:
    """The liftings that go on."""
    return [
        Row(lift.user.name, _status(lift), reverse("team:lost_factor", args=[lift.user_id]), _("View"), lift.user.name)
        for lift in lifts
    ]


def account_rows(users: "Sequence[User]") -> list[Row]:
    """Whoever has a second factor, to find the one who lost it."""
    return [
        Row(
            user.name,
            role_names(user.roles),
            reverse("team:lost_factor", args=[user.pk]),
            _("Lost it"),
            _("the second factor of %(name)s") % {"name": user.name},
        )
        for user in users
    ]


def _status(lift: "FactorLift") -> str:
    if lift.state == LiftState.SECONDED and lift.seconded_at:
        return _("Is lifted %(moment)s") % {"moment": moment(rules.takes_effect_at(lift.seconded_at))}
    return _("Waits for a second person until %(day)s") % {
        "day": date_format(localtime(rules.lapses_at(lift.asked_at)), "DAY_FORMAT")
    }


def row_on(user: "User") -> Row:
    """On the pages about a person, for whoever can ask."""
    return Row(
        _("Second factor"),
        _("When %(name)s lost their phone or security key and can't get in") % {"name": user.name},
        reverse("team:lost_factor", args=[user.pk]),
        _("Lost second factor"),
    )


def own(lift: "FactorLift") -> str:
    """To the owner of the account."""
    if lift.state == LiftState.SECONDED and lift.seconded_at:
        offices = {
            "first": office(lift.asked_office),
            "second": office(lift.seconded_office),
            "moment": moment(rules.takes_effect_at(lift.seconded_at)),
        }
        return _("Two people said that you lost it: %(first)s and %(second)s. It's lifted %(moment)s.") % offices
    return _("Someone said that you lost it: %(office)s. Once someone of another office agrees, it's lifted.") % {
        "office": office(lift.asked_office)
    }
