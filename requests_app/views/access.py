"""What the views of this room share."""

from django.utils.translation import gettext_lazy

from peersupport.access.decorators import require_permission
from peersupport.access.permissions import Permission

KEY_LOCKED = gettext_lazy("Your key is locked. Sign out, then sign in again to open what was sent to you.")

members_only = require_permission(Permission.SUPPORT)
