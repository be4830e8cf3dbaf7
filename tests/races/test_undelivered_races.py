"""The worker notes what became of an invitation's mail while a coordinator sends the invitation again."""

from datetime import date

import pytest
from django.db import connection, transaction

from peersupport.access.permissions import Role
from peersupport.team.actions import invitations, mails
from peersupport.team.models import Invitation, QueuedMail, User
from tests.races.racing import race
from tests.services import wait_until

pytestmark = pytest.mark.django_db(transaction=True)
SECONDS = 20


def the_invitation_is_locked() -> bool:
    with transaction.atomic():
        return Invitation.objects.select_for_update(skip_locked=True).first() is None


def somebody_waits() -> bool:
    with connection.cursor() as cursor:
        cursor.execute("SELECT 1 FROM pg_locks WHERE NOT granted")
        return cursor.fetchone() is not None


def send_again(by: User) -> str:
    with transaction.atomic():
        pk = Invitation.objects.select_for_update().get().pk
        assert wait_until(somebody_waits, seconds=SECONDS)
        return invitations.send_again(invitation_id=pk, by=by)


def note(what: str, queued: QueuedMail) -> None:
    assert wait_until(the_invitation_is_locked, seconds=SECONDS)
    getattr(mails, what)(queued)


@pytest.mark.parametrize("what", ["_note_unknown", "_note_delivery"])
def test_neither_waits_for_the_other_for_good(coordinator: User, what: str) -> None:
    invitations.invite(email="nora@example.org", name="Nora Nova", roles=[Role.MEMBER], by=coordinator)
    Invitation.objects.update(undelivered_since=None if what == "_note_unknown" else date(2031, 3, 4))
    queued = QueuedMail.objects.create(kind="invitation", email="nora@example.org", sealed=b"on its way")

    def run(who: str) -> object:
        return send_again(coordinator) if who == "coordinator" else note(what, queued)

    outcomes = race(run, {"who": "coordinator"}, {"who": "worker"})
    assert [outcome.error for outcome in outcomes] == [None, None], outcomes
    assert not QueuedMail.objects.filter(pk=queued.pk).exists()
