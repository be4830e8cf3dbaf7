"""What is said of a member's wish to be called."""

from dataclasses import dataclass
from uuid import UUID

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from peersupport.core.plurals import with_number

from ..domain.consultation import ConsultationRequest, ConsultationUrgency

PENDING_SENTENCES = {
    ConsultationUrgency.NOW: gettext_lazy("You asked for a call. It should come within the hour."),
    ConsultationUrgency.TODAY: gettext_lazy("You asked for a call. It should come today."),
    ConsultationUrgency.THIS_WEEK: gettext_lazy("You asked for a call. It should come this week."),
}


@dataclass(frozen=True)
class PendingConsultation:
    """A member's own open consultation, as their pages show it."""

    id: UUID
    sentence: str


def pending(consultation: ConsultationRequest | None) -> PendingConsultation | None:
    if consultation is None:
        return None
    return PendingConsultation(consultation.id, str(PENDING_SENTENCES[consultation.how_soon]))


def waiting_sentence(number: int) -> str:
    """How many members wait for a call from the person who reads this."""
    if number == 0:
        return _("Nobody is waiting for your call.")
    sentence = ngettext(
        "%(number)s member would like to talk something over.",
        "%(number)s members would like to talk something over.",
        number,
    )
    return with_number(sentence, number)


def answered_sentence(*, is_erased: bool) -> str:
    """To the person who has called. "Erased" is only said once the key is gone."""
    if is_erased:
        return _("Thank you for calling. The request is erased.")
    return _("Thank you for calling. The request's key is being destroyed, which takes a few minutes.")
