"""What the pages of the second factor say."""

from collections.abc import Iterable
from dataclasses import dataclass

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from peersupport.core.plurals import in_words, with_number

from ..domain.second_factor import FEW_CODES_LEFT, Step
from .notes import Note, Row


@dataclass(frozen=True)
class Field:
    label: str
    hint: str


@dataclass(frozen=True)
class Link:
    href: str
    label: str


@dataclass(frozen=True)
class OwnFactor:
    """A row of one's own list, and what can be done with it."""

    name: str
    detail: str
    links: tuple[Link, ...]


def code_field(*, has_app: bool) -> Field:
    """At the second step."""
    if has_app:
        return Field(
            _("Code from your app"),
            _("Six digits. If your phone isn't at hand, type one of your printed backup codes. There's no hurry."),
        )
    return Field(_("Backup code"), _("Eight digits, from your printed list. Each works once. There's no hurry."))


def after_backup_code(left: int) -> str:
    """Once somebody has signed in with one."""
    if left == 0:
        return _("That was your last backup code. Make new ones on your page, under “Second factor”.")
    said = ngettext("You used a backup code. One is left.", "You used a backup code. Left: %(number)s.", left)
    said = said % {"number": in_words(left)}
    if left <= FEW_CODES_LEFT:
        return said + " " + _("Make new ones on your page, under “Second factor”.")
    return said


def lead(step: Step, *, is_enrolled: bool) -> str:
    """On top of one's own page about it."""
    if step is Step.TO_ENROLL:
        return _(
            "A password can be guessed, or read over your shoulder. So your account needs a second lock before you "
            "go on: something only you have. It takes two minutes, and you do it once."
        )
    if step is Step.TO_KEEP_CODES:
        return _("One thing is left: your backup codes. You need them on the day your phone is lost or broken.")
    if is_enrolled:
        return _("When you sign in, you're asked for one of these after your password.")
    return _("With a second factor, nobody gets into your account who only knows your password, or reads your mail.")


def app_factor(factor_id: int, *, may_remove: bool) -> OwnFactor:
    return OwnFactor(
        _("App with codes"), _("Shows six digits, new every 30 seconds"), _removing(factor_id, may_remove=may_remove)
    )


def passkey(factor_id: int, name: str, *, may_remove: bool) -> OwnFactor:
    rename = Link(reverse("team:rename_passkey", args=[factor_id]), _("Rename"))
    return OwnFactor(name, _("Passkey or security key"), (rename, *_removing(factor_id, may_remove=may_remove)))


def _removing(factor_id: int, *, may_remove: bool) -> tuple[Link, ...]:
    return (Link(reverse("team:remove_factor", args=[factor_id]), _("Remove")),) if may_remove else ()


def ways(*, has_app: bool, has_passkey: bool) -> list[Row]:
    """What can be added."""
    return [
        Row(
            _("A passkey or a security key"),
            _("Your phone, your computer, or a key on your key ring. Easiest: you only touch it or look at it."),
            reverse("team:add_passkey"),
            _("Add another") if has_passkey else _("Add one"),
            _("passkey or security key"),
        ),
        Row(
            _("An app with codes"),
            _("On your phone, such as Google or Microsoft Authenticator. You type six digits when you sign in."),
            reverse("team:add_app"),
            _("Replace it") if has_app else _("Set it up"),
            _("app with codes"),
        ),
    ]


def ways_title(*, is_enrolled: bool) -> str:
    return _("Add another") if is_enrolled else _("Choose one")


def before_removing(*, is_last: bool, may_remove: bool) -> str:
    if not may_remove:
        return _("It's your only one, and your account needs one. Add another first, then you can remove this one.")
    if is_last:
        return _("It's your only one, so your password alone opens your account then. Your backup codes go too.")
    return _("After that it no longer opens your account.")


def back() -> Link:
    return Link(reverse("team:second_factor"), _("Back to Second factor"))


def way_on(step: Step) -> Link | None:
    """From the page about it; none while nothing else opens."""
    return Link(reverse("team:me"), _("Back to My page")) if step is Step.THROUGH else None


def backup_codes(left: int | None, *, are_kept: bool) -> Row:
    link, href = _("Make new ones"), reverse("team:backup_codes")
    if left is None:
        return Row(_("Backup codes"), _("None yet"), href, _("Make them"), _("backup codes"))
    if not are_kept:
        detail, kept = _("You haven't said that you keep them on paper"), _("I have them, or make new ones")
        return Row(_("Backup codes"), detail, reverse("team:keep_backup_codes"), kept, _("backup codes"))
    detail = (
        with_number(ngettext("%(number)s is left", "%(number)s are left", left), left) if left else _("None is left")
    )
    return Row(_("Backup codes"), detail, href, link, _("backup codes"))


def turn_on() -> Note:
    """Where none is required."""
    return Note(
        _("Turn on a second factor."),
        _("Then nobody gets in who only knows your password."),
        reverse("team:second_factor"),
        _("Turn it on"),
    )


def qr_path(modules: Iterable[Iterable[bool]]) -> str:
    """A QR code as the path of an SVG: a square for each dark module, in units of one module."""
    rows = [list(row) for row in modules]
    return "".join(f"M{x} {y}h1v1h-1z" for y, row in enumerate(rows) for x, is_dark in enumerate(row) if is_dark)
