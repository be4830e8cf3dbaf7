"""The dated record of a member's service: agreements signed, renewals, and earlier times on the team."""

from datetime import date

from django.db import models
from django.db.models import F, Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from peersupport.core.retention import Retention
from peersupport.core.translation import choices

from ..domain.states import END_REASON_LABELS
from .accounts import User
from .members import Member

AS_LONG_AS_RECORDS = _("As long as the program keeps its team records, even after the member leaves.")
READERS = _("The member; the coordinator, the clinical director and a designee.")


class Agreement(models.Model):
    """A signed confidentiality agreement: on screen or, before this program was used, on paper. Never changed."""

    member = models.ForeignKey(Member, on_delete=models.PROTECT, related_name="agreements")
    version = models.PositiveIntegerField(null=True)
    text = models.TextField(blank=True)
    signed_name = models.CharField(max_length=120, blank=True)
    signed_at = models.DateTimeField(null=True)
    on_paper_on = models.DateField(null=True)
    is_past = models.BooleanField(default=False)

    retention = Retention(
        title=_("Agreement"),
        plane="team",
        reason=_("So that each member's promise of confidentiality can be shown: which words, who signed, and when."),
        lifetime=AS_LONG_AS_RECORDS,
        readers=READERS,
        fields={
            "id": _("Number of the agreement."),
            "member": _("The member who signed."),
            "version": _("Which version; none if it was signed on paper."),
            "text": _("The text itself, as it was signed."),
            "signed_name": _("The name that they typed."),
            "signed_at": _("When they signed on screen."),
            "on_paper_on": _("The day they signed on paper, before this program was used."),
            "is_past": _("Whether it belongs to earlier service."),
        },
    )

    class Meta:
        ordering = ["-id"]
        constraints = [
            models.UniqueConstraint(
                fields=["member", "version"], condition=Q(is_past=False), name="a_wording_is_signed_once"
            ),
            models.CheckConstraint(
                name="signed_on_screen_or_on_paper",
                condition=Q(signed_at__isnull=False, version__isnull=False, on_paper_on__isnull=True)
                & ~Q(text="")
                & ~Q(signed_name="")
                | Q(signed_at__isnull=True, version__isnull=True, text="", signed_name="", on_paper_on__isnull=False),
            ),
        ]

    def __str__(self) -> str:
        return f"agreement {self.pk}"

    @property
    def signed_on(self) -> date:
        day = timezone.localdate(self.signed_at) if self.signed_at else self.on_paper_on
        assert day is not None  # noqa: S101  # a constraint guarantees it
        return day


class TermRenewal(models.Model):
    """A designation for another term by the head of the agency."""

    member = models.ForeignKey(Member, on_delete=models.PROTECT, related_name="renewals")
    on = models.DateField()
    head = models.CharField(max_length=120)
    order = models.CharField(max_length=60)
    until = models.DateField(null=True)
    is_past = models.BooleanField(default=False)

    retention = Retention(
        title=_("Renewal"),
        plane="team",
        reason=_("Dated proof that a designation was renewed."),
        lifetime=AS_LONG_AS_RECORDS,
        readers=READERS,
        fields={
            "id": _("Number of the renewal."),
            "member": _("The member who was renewed."),
            "on": _("Date of the renewal."),
            "head": _("Head of the agency who renewed it."),
            "order": _("Number of the order."),
            "until": _("The day on which the renewed term ends; none where it has no end."),
            "is_past": _("Whether it belongs to earlier service."),
        },
    )

    class Meta:
        ordering = ["-id"]
        constraints = [
            models.CheckConstraint(
                name="renewed_term_ends_after_it_begins", condition=Q(until__isnull=True) | Q(until__gt=F("on"))
            ),
        ]

    def __str__(self) -> str:
        return f"renewal {self.pk}"


class EarlierService(models.Model):
    """A time on the team that ended before the member returned."""

    member = models.ForeignKey(Member, on_delete=models.PROTECT, related_name="earlier_services")
    designated_on = models.DateField(null=True)
    designated_by = models.CharField(max_length=120, blank=True)
    designation_order = models.CharField(max_length=60, blank=True)
    ended_on = models.DateField()
    end_reason = models.CharField(max_length=20, choices=choices(END_REASON_LABELS))

    retention = Retention(
        title=_("Earlier service"),
        plane="team",
        reason=_("So that the dated designation of a member who left and came back is not lost."),
        lifetime=AS_LONG_AS_RECORDS,
        readers=READERS,
        fields={
            "id": _("Number of the record."),
            "member": _("The member whose service it was."),
            "designated_on": _("Date of the designation; none if they left before it."),
            "designated_by": _("Head of the agency who designated them."),
            "designation_order": _("Number of the order."),
            "ended_on": _("When it ended."),
            "end_reason": _("Why, from a closed list."),
        },
    )

    class Meta:
        ordering = ["-id"]

    def __str__(self) -> str:
        return f"earlier service {self.pk}"


class RosterImport(models.Model):
    """A roster file that somebody has uploaded and not yet confirmed. One at a time for each person."""

    uploaded_by = models.OneToOneField(User, on_delete=models.PROTECT, related_name="+")
    uploaded_on = models.DateField()
    content = models.BinaryField()

    retention = Retention(
        title=_("Roster file"),
        plane="team",
        reason=_("To show what an import would change before anything is saved."),
        lifetime=_("Until it is imported or discarded; a week at most."),
        readers=_("The coordinator who uploaded it."),
        in_backup=False,
        fields={
            "id": _("Number of the file."),
            "uploaded_by": _("Who uploaded it."),
            "uploaded_on": _("The day, so that a forgotten file is deleted."),
            "content": _("The file."),
        },
    )

    def __str__(self) -> str:
        return f"roster file {self.pk}"
