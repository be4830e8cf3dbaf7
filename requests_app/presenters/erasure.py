"""What a page may say of something that has just ended."""

from django.utils.translation import gettext as _


def erasure_sentence(*, is_erased: bool) -> str:
    """ "Erased" is only said once the key is gone."""
    return _("It is erased.") if is_erased else _("Its key is being destroyed; that is done within minutes.")
