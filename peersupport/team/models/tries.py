from django.db import models
from django.utils.translation import gettext_lazy as _

from peersupport.core.retention import Retention


class Tries(models.Model):
    """How often somebody tried a password or a code today and was wrong, and until when they wait.

    The tag is a keyed hash, and its key is destroyed at the end of the day: see peersupport/team/day_tags.py.
    """

    tag = models.CharField(max_length=64, primary_key=True)
    tries = models.PositiveIntegerField(default=0)
    wait_until = models.DateTimeField(null=True)

    retention = Retention(
        title=_("Count of wrong passwords"),
        plane="team",
        reason=_(
            "So that nobody can try one password after another, and nobody gets flooded with e-mail because someone "
            "else asks for it."
        ),
        lifetime=_("Until the right password is typed, and never longer than the day."),
        readers=_("Nobody. Only the program compares it."),
        in_backup=False,
        fields={
            "tag": _(
                "A keyed hash that stands for an account, a network or a device on this day. The key is not in the "
                "database and is destroyed with the day."
            ),
            "tries": _("How many tries were wrong."),
            "wait_until": _("When the next try counts, or the next e-mail may be sent. Erased half an hour later."),
        },
    )

    def __str__(self) -> str:
        return "tries"
