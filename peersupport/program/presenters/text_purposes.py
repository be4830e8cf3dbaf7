"""What each program text is for, as its writers and approvers read it."""

from dataclasses import dataclass
from typing import TYPE_CHECKING

from django.utils.translation import gettext_lazy

if TYPE_CHECKING:
    from django_stubs_ext import StrOrPromise


@dataclass(frozen=True)
class TextPurpose:
    """once_approved: what whoever approves it is told then."""

    lead: "StrOrPromise"
    once_approved: "StrOrPromise"


PURPOSES: dict[str, TextPurpose] = {
    "confidentiality_exceptions": TextPurpose(
        gettext_lazy(
            "Everyone reads this before they write their first word. The coordinator writes it, the clinical director "
            "or a designee approves it, and counsel should read it first."
        ),
        gettext_lazy("Approved. The public pages show it from now on."),
    ),
    "confidentiality_agreement": TextPurpose(
        gettext_lazy(
            "Each member signs this before they are designated, and again when a new version is approved. The "
            "coordinator writes it, the clinical director or a designee approves it, and counsel should read it first."
        ),
        gettext_lazy("Approved. Each member is asked to sign it on their own page."),
    ),
    "duty_to_report": TextPurpose(
        gettext_lazy(
            "Members read this when they aren't sure whether they must act. The coordinator writes it, the clinical "
            "director or a designee approves it, and counsel should read it first."
        ),
        gettext_lazy("Approved. Members read it from now on."),
    ),
}
