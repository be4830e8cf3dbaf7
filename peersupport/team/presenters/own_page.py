"""What one's own page says."""

from datetime import date

from django.urls import reverse
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from ..domain.standing import Standing
from ..domain.states import MembershipState
from .notes import Note, Row
from .standing import own_availability, term_ended


def notes(standing: Standing, *, is_to_sign: bool, has_phone_alert: bool) -> list[Note]:
    """What a member should see to."""
    said = []
    if is_to_sign:
        said.append(_to_sign(standing.state))
    if standing.term_ended_on:
        said.append(Note(*term_ended(standing.term_ended_on)))
    if standing.is_on_call and not has_phone_alert:
        said.append(
            Note(
                _("You're on call, but phone alerts aren't set up."),
                _("You only get e-mail."),
                reverse("team:phone_alert"),
                _("Set up phone alerts"),
            )
        )
    return said


def notes_of_lift(*, is_under_way: bool) -> list[Note]:
    """Wherever its owner may look first."""
    note = Note(
        _("Someone asked to lift your second factor."),
        _("You're signed in, so you may not need that."),
        reverse("team:own_lift"),
        _("See it, or stop it"),
    )
    return [note] if is_under_way else []


def _to_sign(state: MembershipState) -> Note:
    why = (
        _("You sign it before you're designated.")
        if state == MembershipState.IN_TRAINING
        else _("There's a new version.")
    )
    return Note(_("Please sign the confidentiality agreement."), why, reverse("team:agreement"), _("Read and sign it"))


def member_rows(standing: Standing, *, has_phone_alert: bool, is_to_sign: bool, is_designated: bool) -> list[Row]:
    """What a member can look at or change."""
    rows = [
        Row(
            _("On call and pauses"),
            own_availability(standing, has_phone_alert=has_phone_alert),
            reverse("team:own_hours"),
            _("Your hours"),
        ),
        phone_alerts(has_phone_alert=has_phone_alert),
        Row(
            _("Matching preferences"),
            _("What you'd rather not be asked about. Only your own pages show it."),
            reverse("requests_app:matching_preferences"),
            _("Choose"),
            _("matching preferences"),
        ),
    ]
    if not is_to_sign:
        rows.append(
            Row(
                _("Confidentiality agreement"),
                _("The agreement you signed, and your designation packet")
                if is_designated
                else _("The agreement you signed"),
                reverse("team:agreement"),
                _("Read the agreement"),
            )
        )
    return rows


def account_rows(*, is_enrolled: bool) -> list[Row]:
    """What everybody has who signs in."""
    return [address(), password(), second_factor(is_enrolled=is_enrolled)]


def phone_alerts(*, has_phone_alert: bool) -> Row:
    if has_phone_alert:
        detail, link = _("Your phone alerts you when something comes in"), _("Change or test phone alerts")
    else:
        detail, link = _("Get an alert on your phone when something comes in"), _("Set up phone alerts")
    return Row(_("Phone alerts"), detail, reverse("team:phone_alert"), link)


def address() -> Row:
    return Row(
        _("E-mail address"), _("To sign in, and for notices"), reverse("team:change_address"), _("Change address")
    )


def password() -> Row:
    return Row(_("Password"), "", reverse("account_change_password"), _("Change password"))


def second_factor(*, is_enrolled: bool) -> Row:
    detail, link = (
        (_("Your app, passkeys and backup codes"), _("Change"))
        if is_enrolled
        else (_("So that your password alone doesn't open your account"), _("Turn it on"))
    )
    return Row(_("Second factor"), detail, reverse("team:second_factor"), link, _("second factor"))


def agreement_lead(*, is_to_sign: bool, has_signed: bool) -> str:
    """Above the agreement. has_signed: an earlier wording, or this one."""
    if not is_to_sign:
        return _("You've signed the current version. There's nothing left to do.")
    if has_signed:
        return _("This is a new version. Please read it and sign it at the end. The one you signed stays on record.")
    return _("Please take your time to read it, and sign it at the end.")


def paused(back_on: date) -> str:
    return _("You're paused until %(day)s. Until then no new requests come to you.") % {
        "day": date_format(back_on, "DAY_FORMAT")
    }
