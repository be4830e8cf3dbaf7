"""What a member reads when they tally."""

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from peersupport.core.plurals import with_number


def counted_sentence(number: int) -> str:
    """Contacts outside this site were counted."""
    return with_number(ngettext("%(number)s contact counted.", "%(number)s contacts counted.", number), number)


def no_person_sentence(first_this_year: str) -> str:
    """Why it counts as a contact only, not as one more person; empty where it counts as both.

    first_this_year: "yes", "no" or "unknown".
    """
    if first_this_year == "no":
        return _("Not a first contact this year, so it counts as a contact and not as one more person.")
    if first_this_year == "unknown":
        return _("It may not be their first contact this year, so it counts as a contact and not as one more person.")
    return ""
