"""What only the matching knows of a member."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from peersupport.core.retention import Retention, Sealed


class MatchingPreferences(models.Model):
    """What a member tells only the matching: concerns they would rather not take now, and lived experience."""

    member = models.OneToOneField("team.Member", primary_key=True, on_delete=models.CASCADE, related_name="+")
    body = models.BinaryField()

    retention = Retention(
        title=_("What a member tells only the matching"),
        plane="support",
        reason=_(
            "So that others are asked first about what a member can't take on now, and the member a little more often "
            "about what they've been through."
        ),
        lifetime=_("Until the member changes it; what they had before, until they change it once more."),
        readers=_(
            "The member, and the matching. It is in no list and no export. The people who run the server could open it."
        ),
        fields={
            "member": _("Which member it belongs to."),
            "body": Sealed(
                _(
                    "Concerns set to “Not now”, and what they've been through. Padded, so that its size doesn't "
                    "show how many."
                )
            ),
        },
    )

    def __str__(self) -> str:
        return "matching preferences"
