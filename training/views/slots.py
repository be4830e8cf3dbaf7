"""What training adds to pages of the team, which name a slot for it: settings.TEMPLATE_SLOT_VIEWS."""

from collections.abc import Mapping
from typing import Any

from django.utils import timezone

from peersupport.team.presenters.members import signature
from peersupport.team.queries.service_record import service_record_of

from ..forms.records import ConfirmUntrainedForm
from ..presenters import member_training
from ..queries import member_training as member_training_queries
from ..queries import readiness


def designation(page: Mapping[str, Any]) -> dict[str, object]:
    """On the page of a member in training: how far they are, and the box to check where training is missing."""
    member, today = page["member"], timezone.localdate()
    missing = readiness.missing_training([member.pk], today)[member.pk]
    initial = member_training_queries.initial_of(member)
    agreement = service_record_of(member).agreement
    return {
        "steps": member_training.designation_steps(
            member.user.name,
            initial=member_training.initial_training_text(initial, today),
            signature=signature(agreement) if agreement else "",
        ),
        "is_signed": agreement is not None,
        "missing_training": member_training.missing_training_sentences(missing),
        "confirm_form": ConfirmUntrainedForm(),
    }


def ready_to_designate(page: Mapping[str, Any]) -> dict[str, object]:
    """On the roster: who is trained and has signed."""
    return {"ready_to_designate": readiness.ready_to_designate()}
