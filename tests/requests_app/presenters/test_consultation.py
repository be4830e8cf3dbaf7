"""What is said of a member's wish to be called."""

from uuid import uuid4

import pytest

from requests_app.domain.consultation import ConsultationRequest, ConsultationUrgency
from requests_app.presenters import consultation


@pytest.mark.parametrize(
    ("number", "said"),
    [
        (0, "Nobody is waiting for your call."),
        (1, "One member would like to talk something over."),
        (12, "12 members would like to talk something over."),
    ],
)
def test_waiting_sentence(number: int, said: str) -> None:
    assert consultation.waiting_sentence(number) == said


@pytest.mark.parametrize(
    ("how_soon", "said"),
    [
        (ConsultationUrgency.NOW, "You asked for a call. It should come within the hour."),
        (ConsultationUrgency.TODAY, "You asked for a call. It should come today."),
        (ConsultationUrgency.THIS_WEEK, "You asked for a call. It should come this week."),
    ],
)
def test_pending_consultation_says_how_soon(how_soon: ConsultationUrgency, said: str) -> None:
    asked = ConsultationRequest(uuid4(), 1, None, how_soon, since=0)
    assert consultation.pending(asked) == consultation.PendingConsultation(asked.id, said)
    assert consultation.pending(None) is None


def test_answered_consultation_is_called_erased_only_once_it_is() -> None:
    erased, not_yet = (consultation.answered_sentence(is_erased=is_erased) for is_erased in (True, False))
    assert erased == "Thank you for calling. The request is erased."
    assert "erased" not in not_yet and "is being destroyed" in not_yet
