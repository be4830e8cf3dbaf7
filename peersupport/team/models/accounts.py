"""Accounts, invitations to one, and queued mails with a personal link."""

import secrets
from typing import ClassVar

from django.contrib.auth.base_user import AbstractBaseUser, BaseUserManager
from django.db import models
from django.db.models import Q
from django.db.models.functions import Lower
from django.utils.crypto import salted_hmac
from django.utils.translation import gettext_lazy as _

from peersupport.access.permissions import Role
from peersupport.core.retention import Retention
from peersupport.core.translation import choices

from ..domain import passwords
from ..domain.states import MEMBER_KIND_LABELS, MemberKind


def new_generation() -> str:
    return secrets.token_urlsafe(16)


class UserManager(BaseUserManager["User"]):
    def get_by_natural_key(self, email: str | None) -> "User":
        return self.get(email=(email or "").lower())


class User(AbstractBaseUser):
    """Somebody who signs in: an e-mail address, a name, and one or more roles."""

    last_login = None  # type: ignore[assignment,misc]  # nobody records when somebody signs in

    email = models.EmailField(max_length=254, unique=True)
    name = models.CharField(max_length=120)
    is_active = models.BooleanField(default=True)
    is_member = models.BooleanField(default=False)
    is_coordinator = models.BooleanField(default=False)
    is_clinical_director = models.BooleanField(default=False)
    is_designee = models.BooleanField(default=False)
    is_operator = models.BooleanField(default=False)
    session_generation = models.CharField(max_length=22, default=new_generation)

    USERNAME_FIELD = "email"
    EMAIL_FIELD = "email"
    REQUIRED_FIELDS: ClassVar[list[str]] = []
    objects = UserManager()

    retention = Retention(
        title=_("Account"),
        plane="team",
        reason=_("So that the people who serve can sign in."),
        lifetime=_("As long as the person serves; deactivated when they leave."),
        readers=_("The person; the coordinator and the operator see the name, address and roles."),
        fields={
            "id": _("Number of the account."),
            "password": _("A slow hash of the password, never the password."),
            "email": _("To sign in, and to get notices."),
            "name": _("What the team calls them."),
            "is_active": _("Whether they may sign in."),
            "is_member": _("Gives one-on-one support."),
            "is_coordinator": _("Runs the program."),
            "is_clinical_director": _("Oversees it clinically."),
            "is_designee": _("Stands in for the clinical director."),
            "is_operator": _("Runs the server; excludes every other role."),
            "session_generation": _("A random number that every sign-in is bound to; a new one ends them all."),
        },
    )

    class Meta:
        constraints = [
            models.CheckConstraint(name="email_in_lower_case", condition=Q(email=Lower("email"))),
            models.CheckConstraint(
                name="operator_excludes_other_roles",
                condition=Q(is_operator=False)
                | Q(is_member=False, is_coordinator=False, is_clinical_director=False, is_designee=False),
            ),
        ]

    def __str__(self) -> str:
        return self.name

    def set_password(self, raw_password: str | None) -> None:
        super().set_password(None if raw_password is None else passwords.normalized(raw_password))

    def check_password(self, raw_password: str | None) -> bool:
        return any(super(User, self).check_password(spelling) for spelling in passwords.spellings(raw_password or ""))

    def is_password_normalized(self, password: str) -> bool:
        """Whether the hash was made from the normalized password, and it is this one."""
        return super().check_password(passwords.normalized(password))

    def _get_session_auth_hash(self, secret: str | None = None) -> str:
        """Django's, which ends all sessions with a new password, and with a new generation too."""
        bound_to = f"{self.password} {self.session_generation}"
        return salted_hmac("peersupport.team session", bound_to, secret=secret, algorithm="sha256").hexdigest()

    @property
    def roles(self) -> frozenset[Role]:
        return frozenset(role for role in Role if self.is_active and getattr(self, f"is_{role.value}"))


class Invitation(models.Model):
    """An invitation for one person, by a link that works once. Accepting it deletes the row."""

    email = models.EmailField(max_length=254, unique=True)
    name = models.CharField(max_length=120)
    roles = models.JSONField()
    kind = models.CharField(max_length=20, choices=choices(MEMBER_KIND_LABELS), default=MemberKind.SWORN)
    agency = models.CharField(max_length=120, blank=True)
    unit = models.CharField(max_length=80, blank=True)
    is_supervisor = models.BooleanField(default=False)
    token_hash = models.CharField(max_length=64, unique=True)
    valid_until = models.DateTimeField()
    invited_by = models.ForeignKey(User, null=True, on_delete=models.PROTECT, related_name="+")
    undelivered_since = models.DateField(null=True)

    retention = Retention(
        title=_("Invitation"),
        plane="team",
        reason=_("So that the person who was invited can set up their account."),
        lifetime=_(
            "Until it is accepted, replaced or canceled; the link works for 30 days, and for three if it gives another "
            "role than the member's."
        ),
        readers=_("The coordinator and the operator."),
        fields={
            "id": _("Number of the invitation."),
            "email": _("Where the link goes; becomes the address they sign in with."),
            "name": _("What the team calls them."),
            "roles": _("The roles they will have."),
            "kind": _("For a member: sworn, professional staff, family or retired."),
            "agency": _("For a member: where they work, when it is another agency."),
            "unit": _("For a member: so that an officer can ask for someone from elsewhere."),
            "is_supervisor": _("For a member: whether they supervise others."),
            "token_hash": _("A hash of the link's secret, never the secret."),
            "valid_until": _("When the link stops working."),
            "invited_by": _("Who invited them; none for the first account."),
            "undelivered_since": _("Since when the mail server has said that there is no such address."),
        },
    )

    class Meta:
        constraints = [
            models.CheckConstraint(name="invited_email_in_lower_case", condition=Q(email=Lower("email"))),
        ]

    def __str__(self) -> str:
        return f"invitation {self.pk}"


class AddressChange(models.Model):
    """The new address that somebody wants to sign in with, until they follow the link that was mailed to it."""

    user = models.OneToOneField(User, on_delete=models.CASCADE)
    email = models.EmailField(max_length=254)
    token_hash = models.CharField(max_length=64, unique=True)
    valid_until = models.DateTimeField()

    retention = Retention(
        title=_("A new e-mail address that isn't confirmed yet"),
        plane="team",
        reason=_("So that nobody's notices go to an address that isn't theirs."),
        lifetime=_(
            "Until the person confirms it, asks for another or changes their password; the link itself works for 24 "
            "hours, and what nobody confirmed is deleted on the next day."
        ),
        readers=_("The person."),
        fields={
            "id": _("Number of the change."),
            "user": _("Whose address it will be."),
            "email": _("The new address."),
            "token_hash": _("A hash of the link's secret, never the secret."),
            "valid_until": _("When the link stops working."),
        },
    )

    class Meta:
        constraints = [
            models.CheckConstraint(name="new_email_in_lower_case", condition=Q(email=Lower("email"))),
        ]

    def __str__(self) -> str:
        return f"address change {self.pk}"


class QueuedMail(models.Model):
    """A mail to somebody who is not signed in, waiting to be sent. Its content is sealed; sending deletes the row."""

    kind = models.CharField(max_length=20)
    email = models.EmailField(max_length=254)
    sealed = models.BinaryField()
    claimed_until = models.DateTimeField(null=True)

    retention = Retention(
        title=_("An e-mail with a personal link"),
        plane="team",
        reason=_(
            "So that no e-mail to someone without an account, and no personal link, is lost while the "
            "mail server is down."
        ),
        lifetime=_("Until it is sent, usually less than a minute."),
        readers=_("Nobody but the task that sends it."),
        in_backup=False,
        fields={
            "id": _("Number of the e-mail."),
            "kind": _("Which e-mail it is."),
            "email": _("The address it goes to."),
            "sealed": _("The e-mail with its link, sealed under a key outside the database."),
            "claimed_until": _("So that the same e-mail isn't sent twice."),
        },
    )

    def __str__(self) -> str:
        return f"mail {self.pk}"
