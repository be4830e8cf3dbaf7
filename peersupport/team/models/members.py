"""Members and their keys."""

from dataclasses import fields
from datetime import date
from typing import Optional

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from peersupport.core.retention import Retention
from peersupport.core.translation import choices
from peersupport.sealing import receipt

from .. import key_confirmation
from ..domain import terms, word_codes
from ..domain.attributes import GENDER_LABELS
from ..domain.states import (
    END_REASON_LABELS,
    MEMBER_KIND_LABELS,
    MEMBERSHIP_STATE_LABELS,
    KeyState,
    MemberKind,
    MembershipState,
    key_state,
)
from ..key_pair import KeyPair
from .accounts import User


class Member(models.Model):
    """A member of the team: what the roster and the strict rules of matching need."""

    user = models.OneToOneField(User, on_delete=models.PROTECT)
    state = models.CharField(
        max_length=20,
        choices=choices(MEMBERSHIP_STATE_LABELS),
        default=MembershipState.IN_TRAINING,
    )
    kind = models.CharField(max_length=20, choices=choices(MEMBER_KIND_LABELS), default=MemberKind.SWORN)
    agency = models.CharField(max_length=120, blank=True)
    unit = models.CharField(max_length=80, blank=True)
    about = models.CharField(max_length=300, blank=True)
    is_supervisor = models.BooleanField(default=False)
    cap = models.PositiveSmallIntegerField(default=3)
    is_asked_by_name = models.BooleanField(default=True)
    languages = models.JSONField(default=list, blank=True)
    gender = models.CharField(max_length=20, blank=True, choices=choices(GENDER_LABELS))
    leave_from = models.DateField(null=True, blank=True)
    leave_until = models.DateField(null=True, blank=True)
    designated_on = models.DateField(null=True, blank=True)
    designated_by = models.CharField(max_length=120, blank=True)
    designation_order = models.CharField(max_length=60, blank=True)
    term_ends_on = models.DateField(null=True, blank=True)
    notified_about_term_end = models.DateField(null=True, blank=True)
    notified_about_wording = models.PositiveIntegerField(null=True, blank=True)
    ended_on = models.DateField(null=True, blank=True)
    end_reason = models.CharField(max_length=20, blank=True, choices=choices(END_REASON_LABELS))

    retention = Retention(
        title=_("Member"),
        plane="team",
        reason=_("The roster, and the dated designation that state law refers to."),
        lifetime=_("As long as the program keeps its team records."),
        readers=_(
            "The coordinator and the clinical director; the public list shows their name, kind and unit, and "
            "what they say about themselves."
        ),
        fields={
            "id": _("Number of the member."),
            "user": _("The account they sign in with."),
            "state": _("In training, designated or ended."),
            "kind": _("Sworn, professional staff, family or retired."),
            "agency": _("Where they work, when it is another agency."),
            "unit": _("So that an officer can ask for someone from elsewhere."),
            "about": _("What they want an officer to know about them."),
            "is_supervisor": _("Supervisors are offered a request only if the officer says yes."),
            "cap": _("The most open contacts they want at once."),
            "is_asked_by_name": _("Whether an officer can ask for them by name."),
            "languages": _("What they speak besides English, if they choose to say so, from a closed list."),
            "gender": _("Their own choice to say or not, so that an officer can ask for it."),
            "leave_from": _("Leave of absence, first day."),
            "leave_until": _("Leave of absence, last day; none while it is open."),
            "designated_on": _("Date of the designation."),
            "designated_by": _("Head of the agency who designated them."),
            "designation_order": _("Number of the order."),
            "term_ends_on": _("First day on which the designation no longer applies; none where it has no end."),
            "notified_about_term_end": _(
                "The end of a term that the coordinator was notified about, so it happens once."
            ),
            "notified_about_wording": _(
                "The version of the agreement that they were notified about, so it happens once."
            ),
            "ended_on": _("When they stopped being a member."),
            "end_reason": _("Why, from a closed list."),
        },
    )

    class Meta:
        constraints = [
            models.CheckConstraint(
                name="designated_has_a_date",
                condition=~Q(state=MembershipState.DESIGNATED) | Q(designated_on__isnull=False),
            ),
            models.CheckConstraint(
                name="ended_has_date_and_reason",
                condition=~Q(state=MembershipState.ENDED) | (Q(ended_on__isnull=False) & ~Q(end_reason="")),
            ),
            models.CheckConstraint(
                name="term_ends_after_designation",
                condition=Q(term_ends_on__isnull=True) | Q(term_ends_on__gt=models.F("designated_on")),
            ),
            models.CheckConstraint(name="cap_is_sensible", condition=Q(cap__gte=1, cap__lte=20)),
            models.CheckConstraint(
                name="leave_ends_after_it_starts",
                condition=Q(leave_until__isnull=True) | Q(leave_until__gte=models.F("leave_from")),
            ),
        ]

    def __str__(self) -> str:
        return self.user.name

    @property
    def current_key(self) -> Optional["MemberKey"]:
        """The key that is not retired. Costs no query where `prefetch_current_key` has fetched it."""
        fetched = self.__dict__.get("current_keys")
        if fetched is None:
            return self.keys.filter(is_retired=False).first()
        return fetched[0] if fetched else None

    @property
    def key_state(self) -> KeyState:
        return self.current_key.state if self.current_key else KeyState.NONE

    def is_on_leave(self, today: date) -> bool:
        return terms.is_on_leave(self.leave_from, self.leave_until, today)

    def has_term_ended(self, today: date) -> bool:
        return terms.has_ended(self.term_ends_on, today)


class MemberKey(models.Model):
    """A member's X25519 key pair. The private half is sealed under the password and under the recovery code.

    Requests are sealed to a key only after a coordinator has confirmed whose it is, only while that confirmation
    verifies, and until it is retired.
    """

    member = models.ForeignKey(Member, on_delete=models.PROTECT, related_name="keys")
    public_key = models.BinaryField(max_length=32)
    password_salt = models.BinaryField(max_length=16)
    sealed_by_password = models.BinaryField(max_length=200)
    recovery_salt = models.BinaryField(max_length=16)
    sealed_by_recovery = models.BinaryField(max_length=200)
    recovery_checked = models.BooleanField(default=False)
    confirmed_by = models.ForeignKey(User, null=True, blank=True, on_delete=models.PROTECT, related_name="+")
    confirmed_on = models.DateField(null=True, blank=True)
    confirmation = models.BinaryField(max_length=key_confirmation.CONFIRMATION_SIZE, default=b"", blank=True)
    is_retired = models.BooleanField(default=False)

    retention = Retention(
        title=_("Member key"),
        plane="team",
        reason=_("So that only the peer who accepts can open what an officer wrote."),
        lifetime=_("Until it is replaced by a new one; the private half is then overwritten."),
        readers=_("Nobody reads the private half without the member's password or recovery code."),
        fields={
            "id": _("Number of the key."),
            "member": _("The member whose key it is."),
            "public_key": _("The half that requests are sealed to."),
            "password_salt": _("Random number for the slow hash of the password."),
            "sealed_by_password": _("The private half, sealed under the password."),
            "recovery_salt": _("Random number for the slow hash of the recovery code."),
            "sealed_by_recovery": _("The private half, sealed under the printed recovery code."),
            "recovery_checked": _("Whether they typed the recovery code back once."),
            "confirmed_by": _("The coordinator who compared the four words."),
            "confirmed_on": _("When they did."),
            "confirmation": _(
                "Shows that it is still the key they compared: made with a secret that is not in the database."
            ),
            "is_retired": _("Whether a newer key has replaced it."),
        },
    )

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["member"], condition=Q(is_retired=False), name="one_key_per_member"),
            models.CheckConstraint(
                name="confirmed_by_somebody_on_a_day",
                condition=Q(confirmed_by__isnull=True, confirmed_on__isnull=True)
                | Q(confirmed_by__isnull=False, confirmed_on__isnull=False),
            ),
            models.CheckConstraint(
                name="retired_key_has_no_private_half",
                condition=Q(is_retired=False) | Q(sealed_by_password=b"", sealed_by_recovery=b""),
            ),
            models.CheckConstraint(
                name="only_a_confirmed_key_in_use_has_a_confirmation",
                condition=Q(confirmation=b"") | Q(confirmed_on__isnull=False, is_retired=False),
            ),
        ]

    def __str__(self) -> str:
        return f"key {self.pk}"

    @property
    def pair(self) -> KeyPair:
        return KeyPair(**{field.name: bytes(getattr(self, field.name)) for field in fields(KeyPair)})

    @property
    def as_confirmed(self) -> key_confirmation.ConfirmedKey:
        """What a confirmation of this row says."""
        return key_confirmation.ConfirmedKey(self.member_id, self.member.user_id, self.pk, bytes(self.public_key))

    @property
    def is_verified(self) -> bool:
        """Whether it is, unchanged, the key that a coordinator confirmed."""
        return self.confirmed_on is not None and key_confirmation.verifies(bytes(self.confirmation), self.as_confirmed)

    @property
    def state(self) -> KeyState:
        return key_state(
            is_checked=self.recovery_checked,
            is_confirmed=self.confirmed_on is not None,
            is_verified=self.is_verified,
        )

    @property
    def fingerprint(self) -> str:
        return word_codes.fingerprint(self.pair.public_key, receipt.DRAWABLE_WORDS)
