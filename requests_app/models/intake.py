"""What stands between the form and a request: marks of forms that were sent, how many came, by telephone only."""

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from peersupport.core.retention import Retention, Sealed


class SubmittedForm(models.Model):
    """A form that was submitted, so that a second press, or a replay after closing, makes no second request.

    The moment of a sending, a proof that has counted and the end of a visit have such a mark too. No mark tells which
    of them it is; but a half day further ahead than a form could be sent is of a visit on somebody's own phone.
    """

    mark = models.BinaryField(primary_key=True, max_length=32)
    half_day = models.PositiveIntegerField()

    retention = Retention(
        title=_("The mark of a form that was sent"),
        plane="support",
        reason=_("So that nothing is sent twice, and that nothing comes back after Exit."),
        lifetime=_(
            "As long as the form could be sent again: 12 to 24 hours. After Exit up to a day and a half, or as long as "
            "the visit could have lasted on someone's own phone: seven days and a half."
        ),
        readers=_("Nobody. Only the program compares it."),
        fields={
            "mark": _(
                "A hash of the form's random number and what was typed, of the number alone where the browser had done "
                "a calculation for it, or of a visit. It reveals none."
            ),
            "half_day": _("The half day after which it can be deleted."),
        },
    )

    def __str__(self) -> str:
        return "submitted form"


class ArrivalCount(models.Model):
    """How many requests came in the last minutes, all together; sealed."""

    body = models.BinaryField()

    retention = Retention(
        title=_("How many requests came lately"),
        plane="support",
        reason=_("So that a flood of requests is noticed within seconds, and slows down nobody who needs help."),
        lifetime=_("It counts the last ten minutes, and is sealed anew each minute."),
        readers=_("Only the program. The people who run the server could open it."),
        fields={
            "id": _("Always 1: there is only one."),
            "body": Sealed(
                _(
                    "How many came in the last five minutes and in the five before, in which minute the slow lane last "
                    "moved, and whether someone waits in it."
                )
            ),
        },
    )

    class Meta:
        constraints = [models.CheckConstraint(name="one_count_of_arrivals", condition=models.Q(id=1))]

    def __str__(self) -> str:
        return "arrivals"


class TelephoneOnly(models.Model):
    """Requests are taken by telephone only, until then. There is no row while the form takes them."""

    since = models.DateTimeField()
    until = models.DateTimeField()

    retention = Retention(
        title=_("By telephone only"),
        plane="program",
        reason=_("So that the form says whom to call while nobody would look at it in time."),
        lifetime=_("Four hours at most."),
        readers=_("Everyone reads until when it is. The audit log has who decided it."),
        in_backup=False,
        fields={
            "id": _("Always 1: there is only one."),
            "since": _("Since when. What was being written before is still taken for half an hour."),
            "until": _("Until when: it ends by itself."),
        },
    )

    class Meta:
        constraints = [
            models.CheckConstraint(name="by_telephone_only_once", condition=Q(id=1)),
            models.CheckConstraint(name="by_telephone_only_ends", condition=Q(until__gt=models.F("since"))),
        ]

    def __str__(self) -> str:
        return "by telephone only"
