"""An attacker with a copy of the database and the whole team plane tries to infer what an officer asks for."""

import random
from collections import Counter
from datetime import timedelta
from typing import Any

import pytest
from django.apps import apps
from django.db import transaction
from django.utils import timezone

from peersupport.notices.models import Notice
from peersupport.program import vocabulary
from peersupport.team.models import Member, User
from requests_app.actions import peer, sweep
from requests_app.domain.states import Urgency
from requests_app.queries import unsealing
from tests.cast import make_member
from tests.requests_app.conftest import submit_request, train

pytestmark = pytest.mark.django_db
CONCERNS = vocabulary.CONCERN.codes
COPIES = 8


def visible_rows() -> tuple[Any, ...]:
    """Every table's rows as a copy shows them, without what is random: no ids, and sealed parts by their length."""
    return tuple(
        (model._meta.label, tuple(sorted(repr(visible_values(row)) for row in model.objects.values())))
        for model in apps.get_models()
        if getattr(model, "retention", None) is not None
    )


def visible_values(row: dict[str, Any]) -> dict[str, Any]:
    return {name: length_of(value) for name, value in row.items() if name not in {"id", "key_id", "request_id"}}


def length_of(value: Any) -> Any:
    return len(value) if isinstance(value, bytes | memoryview) else value


@pytest.fixture
def team(coordinator: User) -> None:
    """A team whose plane could give something away: only half may be offered some of the concerns."""
    for number in range(6):
        member = make_member(f"M{number} Member", confirmed_by=coordinator, on_call=number < 4, unit=f"Unit {number}")
        if number % 2:
            train(member, "suicide_intervention", "critical_incident_stress")
        peer.set_matching_preferences(
            member_id=member.pk, not_now=[CONCERNS[number]], experiences=["divorce", "debt"][:number]
        )


def copy_with(urgency: Urgency = Urgency.TODAY, **typed: object) -> tuple[Any, ...]:
    """What a copy shows that is taken while this request is open, after its peers have been notified."""
    with transaction.atomic():
        submit_request(urgency, **typed)
        sweep.run(now=timezone.now() + timedelta(minutes=1))
        Notice.objects.filter(is_urgent=True).delete()  # they leave within seconds
        rows = visible_rows()
        transaction.set_rollback(True)
    return rows


def test_the_database_and_the_team_plane_tell_no_more_than_the_prior(team: None) -> None:
    """The attacker learns from labeled copies: the best guess for each view is the most common concern seen with it."""
    dice = random.Random(4)
    submitted = random.Random(5).choices(CONCERNS, [1, 1, 3, 3, 2, 3, 2, 2, 1, 1, 1, 1], k=2 * COPIES)
    seen = [
        (copy_with(dice.choice(list(Urgency)), concern=concern, message="x" * dice.randrange(2000)), concern)
        for concern in submitted
    ]
    learned: dict[Any, Counter[str]] = {}
    for view, concern in seen[:COPIES]:
        learned.setdefault(view, Counter())[concern] += 1
    commonest = Counter(concern for _, concern in seen[:COPIES]).most_common(1)[0][0]
    guessed = sum(
        concern == learned.get(view, Counter({commonest: 1})).most_common(1)[0][0] for view, concern in seen[COPIES:]
    )
    assert len({view for view, _ in seen}) == 1, "the copies differ by more than chance"
    assert guessed == sum(concern == commonest for _, concern in seen[COPIES:])


@pytest.mark.parametrize(
    "given", [{"excluded_unit": "Unit 1"}, {"wanted": True}, {"language": "es"}, {"supervisor_ok": True}]
)
def test_preferences_do_not_show_either(team: None, given: dict[str, object]) -> None:
    plain = copy_with()
    wanted = Member.objects.latest("pk").pk if given.get("wanted") else None
    assert copy_with(**{**given, "wanted": wanted}) == plain


def test_a_peer_offered_what_can_wait_is_not_on_record_until_they_are_notified(team: None) -> None:
    """The outbox names people in clear, and their trainings are on record, so no notice is queued before it is due."""
    submit_request(Urgency.WHEN_YOU_CAN, concern="suicidal_thoughts")
    assert next(unsealing.open_requests()).routing.is_held
    assert not Notice.objects.exists()
