"""What training adds to pages of the team, which name a slot for it: settings.TEMPLATE_SLOT_VIEWS."""

from django.template.context import Context
from django.utils import timezone

from peersupport.team.domain.states import KEY_STATES_TO_CONFIRM
from peersupport.team.presenters.members import signature

from ..forms.records import ConfirmUntrainedForm
from ..presenters import member_training
from ..queries import member_training as member_training_queries
from ..queries import readiness


def designation(page: Context) -> dict[str, object]:
    """On the page of a member in training: how far they are, and the box to check where training is missing."""
    member, agreement, today = page["member"], page["agreement"], timezone.localdate()
    missing = readiness.missing_training([member.pk], today)[member.pk]
    initial = member_training_queries.initial_of(member)
    return {
        "steps": member_training.designation_steps(
            member.user.name,
            initial=member_training.initial_training_text(initial, today),
            signature=signature(agreement) if agreement else "",
        ),
        "is_signed": agreement is not None,
        "missing_training": member_training.missing_training_sentences(missing),
        "confirm_form": ConfirmUntrainedForm(),
        "is_key_waiting": member.key_state in KEY_STATES_TO_CONFIRM,
    }


def ready_to_designate(page: Context) -> dict[str, object]:
    """On the roster: who is trained and has signed."""
    return {"ready_to_designate": readiness.ready_to_designate()}
