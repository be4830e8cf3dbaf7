"""Activations of the team after a critical incident: call-outs, raised caps, the public notice, group sessions."""

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from peersupport.core.retention import Retention
from peersupport.core.translation import choices
from peersupport.program.vocabulary import GROUP
from peersupport.team.models.accounts import User
from peersupport.team.models.members import Member

from .domain.activation import ACTIVATION, ANSWER_LABELS, FOLLOW_UP_LABELS, ActivationStage, Answer


class Activation(models.Model):
    """One activation, from calling the team out until it is ended. What happened, and to whom, is not recorded."""

    stage = models.CharField(max_length=10, choices=choices(ACTIVATION.labels), default=ActivationStage.RUNNING)
    begun_on = models.DateField()
    begun_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    ended_on = models.DateField(null=True, blank=True)
    meeting = models.CharField(max_length=300, blank=True)
    extra_contacts = models.PositiveSmallIntegerField(default=0)
    caps_until = models.DateField(null=True, blank=True)
    notice = models.TextField(max_length=600, blank=True)
    notice_until = models.DateField(null=True, blank=True)
    notified_follow_up = models.CharField(max_length=10, blank=True, choices=choices(FOLLOW_UP_LABELS))
    acknowledged_follow_up = models.CharField(max_length=10, blank=True, choices=choices(FOLLOW_UP_LABELS))

    retention = Retention(
        title=_("Activation"),
        plane="team",
        reason=_("So that the team can respond to a critical incident, and someone checks on people afterward."),
        lifetime=_(
            "As long as the program keeps its team records. The messages to members and to the public are deleted when "
            "it ends."
        ),
        readers=_(
            "The coordinator. Members who are called out can read where they meet; anyone can read the public notice."
        ),
        fields={
            "id": _("Number of the activation."),
            "stage": _("Running or ended."),
            "begun_on": _("The day the activation started."),
            "begun_by": _("Who started it."),
            "ended_on": _("The day it ended; empty while it runs."),
            "meeting": _("Where and when the members who are called out meet."),
            "extra_contacts": _("How many extra contacts members can be asked to take."),
            "caps_until": _("The last day for the extra contacts."),
            "notice": _("The notice on the public pages, in the coordinator's words."),
            "notice_until": _("The last day of the notice."),
            "notified_follow_up": _("Which reminder was sent last, so that each is sent once."),
            "acknowledged_follow_up": _("Which reminder was last marked as done."),
        },
    )

    class Meta:
        ordering = ["-begun_on", "-id"]
        constraints = [
            models.UniqueConstraint(
                fields=["stage"], condition=Q(stage=ActivationStage.RUNNING), name="one_activation_at_a_time"
            ),
            models.CheckConstraint(
                name="ended_activation_has_a_day_and_no_words",
                condition=Q(stage=ActivationStage.RUNNING, ended_on__isnull=True)
                | Q(stage=ActivationStage.ENDED, ended_on__isnull=False, meeting="", notice="", extra_contacts=0),
            ),
            models.CheckConstraint(
                name="caps_are_raised_until_a_day",
                condition=Q(extra_contacts=0, caps_until__isnull=True)
                | Q(extra_contacts__gte=1, extra_contacts__lte=5, caps_until__isnull=False),
            ),
            models.CheckConstraint(
                name="notice_has_a_last_day",
                condition=Q(notice="", notice_until__isnull=True) | ~Q(notice="") & Q(notice_until__isnull=False),
            ),
        ]

    def __str__(self) -> str:
        return f"activation {self.pk}"


class CallOut(models.Model):
    """One member who is called out, and their answer."""

    activation = models.ForeignKey(Activation, on_delete=models.PROTECT, related_name="call_outs")
    member = models.ForeignKey(Member, on_delete=models.PROTECT, related_name="+")
    answer = models.CharField(max_length=10, choices=choices(ANSWER_LABELS), default=Answer.NONE)

    retention = Retention(
        title=_("Call-out"),
        plane="team",
        reason=_("So that the coordinator knows who can come."),
        lifetime=_("As long as the program keeps its team records."),
        readers=_("The coordinator. Members can see their own."),
        fields={
            "id": _("Number of the call-out."),
            "activation": _("Which activation it belongs to."),
            "member": _("Who was called."),
            "answer": _("Whether they can come. They're never asked why not."),
        },
    )

    class Meta:
        constraints = [models.UniqueConstraint(fields=["activation", "member"], name="called_out_once")]

    def __str__(self) -> str:
        return f"call out {self.pk}"


class GroupSession(models.Model):
    """A planned defusing or debriefing. Who comes is recorded nowhere."""

    activation = models.ForeignKey(Activation, on_delete=models.PROTECT, related_name="sessions")
    kind = models.CharField(max_length=12, choices=choices(GROUP.labels))
    starts_at = models.DateTimeField()
    place = models.CharField(max_length=120)

    retention = Retention(
        title=_("Group session"),
        plane="team",
        reason=_("So that the members who lead it know when and where it is."),
        lifetime=_("As long as the program keeps its team records. A canceled session is deleted right away."),
        readers=_("The coordinator. Members who are called out, while the activation runs."),
        fields={
            "id": _("Number of the session."),
            "activation": _("Which activation it belongs to."),
            "kind": _("A defusing or a debriefing."),
            "starts_at": _("When it's planned to start."),
            "place": _("Where it's planned."),
        },
    )

    class Meta:
        ordering = ["starts_at", "id"]
        constraints = [
            models.UniqueConstraint(
                fields=["activation", "kind", "starts_at", "place"], name="a_group_session_is_planned_once"
            )
        ]

    def __str__(self) -> str:
        return f"group session {self.pk}"
