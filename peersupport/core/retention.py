"""What a table keeps, declared on its model. Backups, the erasure test and the public page /what-we-keep/ read this."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Literal

from django.utils.translation import gettext_lazy as _

if TYPE_CHECKING:
    from django.db.models import Model
    from django_stubs_ext import StrOrPromise

Plane = Literal["team", "support", "statistics", "program"]


@dataclass(frozen=True)
class Sealed:
    """Why a field is there of which the database holds only ciphertext."""

    reason: "StrOrPromise"


@dataclass(frozen=True)
class OnlyRows:
    """Backups have only the rows of a table that fulfill this condition. sentence: which these are."""

    condition: Mapping[str, Any]
    sentence: "StrOrPromise"


@dataclass(frozen=True)
class Retention:
    """One table's declaration. The public page prints all of it.

    title: the table's name on that page.
    plane: "team" is recorded and audited; "support" is sealed while a request is open and erased with it; "statistics"
    has counts only; "program" has the program's own texts and settings.
    fields: by field name, why it is there; of a sealed field, as `Sealed(reason)`.
    in_backup: whether backups have it, where the plane doesn't say: all of "team" and "program", nothing of "support";
    what is on "statistics" says it itself. `OnlyRows` for some of its rows.
    """

    title: "StrOrPromise"
    plane: Plane
    reason: "StrOrPromise"
    lifetime: "StrOrPromise"
    readers: "StrOrPromise"
    fields: "Mapping[str, StrOrPromise | Sealed]"
    in_backup: "bool | OnlyRows | None" = None

    def __post_init__(self) -> None:
        if self.plane == "support" and self.in_backup:
            raise ValueError("no backup has anything of the support plane")
        if self.plane == "statistics" and self.in_backup is None:
            raise ValueError("a table of the statistics says whether backups have it")

    @property
    def is_in_backup(self) -> bool:
        if self.in_backup is None:
            return self.plane in {"team", "program"}
        return bool(self.in_backup)

    @property
    def rows_in_backup(self) -> "Mapping[str, Any]":
        """The condition on the rows that backups have, as a query has it; empty for all of them."""
        return self.in_backup.condition if isinstance(self.in_backup, OnlyRows) else {}

    @property
    def backup_sentence(self) -> "StrOrPromise":
        """What the public page says of it."""
        if isinstance(self.in_backup, OnlyRows):
            return self.in_backup.sentence
        return _("Yes, sealed.") if self.is_in_backup else _("No.")


# Tables of the libraries. Most stay empty; none has anything of the support plane.
RETENTION_OF_LIBRARIES: dict[str, Retention] = {
    "sessions.Session": Retention(
        title=_("Who is signed in"),
        plane="team",
        reason=_("So that a person on the team stays signed in from page to page."),
        lifetime=_(
            "Until they sign out: eight hours at most, or twelve on a member's own phone. Anonymous pages write "
            "nothing here."
        ),
        readers=_("Nobody. It contains a member's private key, sealed with a key that only their browser has."),
        in_backup=False,
        fields={
            "session_key": _("A random number that the browser has too."),
            "session_data": _(
                "Who is signed in and has passed the second factor, the sealed private key, and whether it's for a "
                "shift. Nothing about what they do."
            ),
            "expire_date": _("When it ends, rounded to the hour: at most eight hours after signing in, or twelve."),
        },
    ),
    "contenttypes.ContentType": Retention(
        title=_("List of tables"),
        plane="program",
        reason=_("The framework's list of tables."),
        lifetime=_("As long as the program is installed."),
        readers=_("The program."),
        in_backup=False,
        fields={"id": _("Number."), "app_label": _("Which part of the program."), "model": _("Which table.")},
    ),
    "auth.Permission": Retention(
        title=_("List of permissions"),
        plane="program",
        reason=_("The framework's own list of permissions; this program uses roles instead."),
        lifetime=_("As long as the program is installed."),
        readers=_("The program."),
        in_backup=False,
        fields={"id": _("Number."), "name": _("Its name."), "content_type": _("Which table."), "codename": _("Code.")},
    ),
    "auth.Group": Retention(
        title=_("Groups"),
        plane="program",
        reason=_("Comes with the framework and stays empty: roles are kept with the account."),
        lifetime=_("Never filled."),
        readers=_("Nobody."),
        in_backup=False,
        fields={"id": _("Number."), "name": _("Its name.")},
    ),
    "auth.Group_permissions": Retention(
        title=_("Permissions of groups"),
        plane="program",
        reason=_("Comes with the framework and stays empty."),
        lifetime=_("Never filled."),
        readers=_("Nobody."),
        in_backup=False,
        fields={"id": _("Number."), "group": _("Which group."), "permission": _("Which permission.")},
    ),
    "account.EmailAddress": Retention(
        title=_("E-mail addresses of the sign-in library"),
        plane="team",
        reason=_("Comes with the sign-in library and stays empty: the address is kept with the account."),
        lifetime=_("Never filled."),
        readers=_("Nobody."),
        fields={
            "id": _("Number."),
            "user": _("Whose address."),
            "email": _("The address."),
            "verified": _("Whether it was verified."),
            "primary": _("Whether it is the main one."),
        },
    ),
    "account.EmailConfirmation": Retention(
        title=_("Confirmed e-mail addresses of the sign-in library"),
        plane="team",
        reason=_("Comes with the sign-in library and stays empty."),
        lifetime=_("Never filled."),
        readers=_("Nobody."),
        fields={
            "id": _("Number."),
            "email_address": _("Which address."),
            "created": _("When it was made."),
            "sent": _("When it was sent."),
            "key": _("Its key."),
        },
    ),
    "mfa.Authenticator": Retention(
        title=_("Second factors"),
        plane="team",
        reason=_("So that a password alone, or a mailed link, opens nobody's account."),
        lifetime=_("Until its owner removes it, or until two people lift it. As long as the account."),
        readers=_("Nobody. The program compares what is typed or signed with it."),
        fields={
            "id": _("Number."),
            "user": _("Whose it is."),
            "type": _("An app's codes, a passkey or security key, or printed backup codes."),
            "data": _(
                "What it is checked with, and a passkey's name. An app's secret and the backup codes are sealed. "
                "Which backup codes were used."
            ),
            "created_at": _("When it was added."),
            "last_used_at": _("Never filled."),
        },
    ),
}

# Tables without a model, with their columns.
RETENTION_WITHOUT_MODEL: dict[str, Retention] = {
    "django_migrations": Retention(
        title=_("Changes made to the tables"),
        plane="program",
        reason=_("The framework's list of the changes made to the tables."),
        lifetime=_("As long as the program is installed."),
        readers=_("The program."),
        fields={
            "id": _("Number."),
            "app": _("Which part of the program."),
            "name": _("Which change."),
            "applied": _("When the tables were changed."),
        },
    ),
}


def declared_for(model: "type[Model]") -> Retention | None:
    """What this model, or this program for a library's model, declares."""
    # From __dict__: a declaration inherited from another model says nothing about this table.
    declared: Retention | None = model.__dict__.get("retention") or RETENTION_OF_LIBRARIES.get(model._meta.label)
    return declared
