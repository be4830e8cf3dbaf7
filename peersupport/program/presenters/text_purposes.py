"""What each program text is for, as its writers and approvers read it."""

from dataclasses import dataclass

from django.utils.translation import gettext_lazy

from ..models import ProgramText


@dataclass(frozen=True)
class TextPurpose:
    """once_approved: what happens then, said after the approval."""

    lead: str
    once_approved: str


PURPOSES: dict[str, TextPurpose] = {
    ProgramText.Name.EXCEPTIONS: TextPurpose(
        gettext_lazy(
            "Everybody reads this before the first word they write. The coordinator writes it, the clinical director or "
            "a designee approves it, and counsel should read it first."
        ),
        gettext_lazy("The public pages show it from now on."),
    ),
    ProgramText.Name.AGREEMENT: TextPurpose(
        gettext_lazy(
            "Each member signs this before they are designated, and again when a new wording is approved. The coordinator "
            "writes it, the clinical director or a designee approves it, and counsel should read it first."
        ),
        gettext_lazy("Each member is asked to sign it on their own page."),
    ),
    ProgramText.Name.DUTY_TO_REPORT: TextPurpose(
        gettext_lazy(
            "Members read this when they are not sure whether they must act. The coordinator writes it, the clinical "
            "director or a designee approves it, and counsel should read it first."
        ),
        gettext_lazy("Members read it from now on."),
    ),
}
