from django.db import models
from django.utils.translation import gettext_lazy as _

from peersupport.core.retention import Retention

from .fields import ShredKeyField


class KeyToDestroy(models.Model):
    """A key to destroy: written in the transaction that ends its use, deleted once the key's file is gone."""

    # The id itself is the primary key: a serial number would show how many requests have ended.
    key_id = ShredKeyField(primary_key=True)

    retention = Retention(
        title=_("Key to destroy"),
        plane="support",
        reason=_("So that a key is destroyed even if the server stops at that moment."),
        lifetime=_("Until the key's file is gone, usually a few seconds."),
        readers=_("Nobody. Only the program uses it."),
        fields={"key_id": _("The random name of the key's file.")},
    )

    class Meta:
        db_table = "keys_to_destroy"


class Installation(models.Model):
    """One row: by what this database knows its own keyring (peersupport/sealing/installation.py)."""

    id = models.PositiveSmallIntegerField(primary_key=True, default=1, editable=False)
    keyring_check = models.BinaryField(max_length=32)

    retention = Retention(
        title=_("Which keyring belongs to this database"),
        plane="program",
        reason=_("So that nothing is destroyed or called erased while another installation's keys are in place."),
        lifetime=_("As long as the program is installed."),
        readers=_("Nobody. Only the program compares it."),
        fields={
            "id": _("Always 1."),
            "keyring_check": _("A value derived from a secret of the keyring. It opens nothing."),
        },
    )

    class Meta:
        constraints = [models.CheckConstraint(condition=models.Q(id=1), name="one_installation")]

    def __str__(self) -> str:
        return "installation"
