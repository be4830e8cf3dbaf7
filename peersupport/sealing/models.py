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
