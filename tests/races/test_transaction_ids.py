"""PostgreSQL keeps on each row which transaction wrote or locked it last. That must not join a person to a request."""

from collections.abc import Callable, Iterator

import pytest
from django.apps import apps
from django.db import connection, models

from peersupport.notices.models import Notice
from peersupport.program import form_tokens
from peersupport.team.models import Member, User
from requests_app.actions import closing_note, consultation, peer, tallies
from requests_app.actions import officer as officer_actions
from requests_app.domain.consultation import ConsultationUrgency
from requests_app.domain.tally import TallyAnswers
from requests_app.models import ClosingNote
from requests_app.queries import members
from stats.actions import open_current_year
from tests.cast import private_key_of
from tests.requests_app.conftest import OpenRequest, submit_request

pytestmark = pytest.mark.django_db(transaction=True)


def tables(*planes: str) -> Iterator[str]:
    models_with_retention: list[type[models.Model]] = [
        model for model in apps.get_models() if hasattr(model, "retention")
    ]
    yield from (model._meta.db_table for model in models_with_retention if (model.retention.plane in planes))


def transaction_ids(*planes: str) -> dict[str, set[str]]:
    """For each table of these planes, the transaction ids on its rows."""
    found = {}
    with connection.cursor() as cursor:
        for table in tables(*planes):
            cursor.execute(f"SELECT xmin::text, xmax::text FROM {table}")
            found[table] = {number for row in cursor.fetchall() for number in row} - {"0"}
    return found


def joined_tables() -> list[tuple[str, str]]:
    """Pairs of a team table and a support table with rows that were touched in one transaction."""
    Notice.objects.all().delete()  # a notice names its recipient while it waits, and is deleted within half an hour
    support = transaction_ids("support")
    return [
        (team_table, support_table)
        for team_table, numbers in transaction_ids("team").items()
        for support_table, others in support.items()
        if numbers & others
    ]


def test_no_step_of_a_contact_leaves_its_transaction_id_on_a_person(
    ana: Member, ben: Member, coordinator: User, director: User
) -> None:
    open_current_year()
    key = private_key_of(ben.user.name)
    submitted, other = submit_request(wanted=ben.pk), submit_request(wanted=ana.pk)
    of_ben = {"member": ben, "request_id": submitted.unsealed.id}
    officer = {"creds": submitted.credentials}

    def token() -> str:
        return form_tokens.fresh("write")

    steps: list[Callable[[], object]] = [
        lambda: peer.decline(member=ana, request_id=other.unsealed.id),
        lambda: peer.accept(**of_ben, private_key=key),
        lambda: officer_actions.write(**officer, token=token(), text="hello"),
        lambda: peer.write(**of_ben, private_key=key, token=token(), text="I am here."),
        lambda: officer_actions.mark_read(**officer, seen=2),
        lambda: peer.suggest_closing(**of_ben),
        lambda: consultation.request_call(member=ben, how_soon=ConsultationUrgency.NOW, whom=None),
        lambda: officer_actions.close(**officer, note="thank you"),
        lambda: closing_note.read(member=ben, note_id=ClosingNote.objects.get().pk, private_key=key),
        lambda: count(ben),
    ]
    assert joined_tables() == []
    for number, step in enumerate(steps):
        step()
        assert joined_tables() == [], f"after step {number}"


def test_finished_contact_leaves_no_transaction_id_on_a_person(ana: Member, director: User) -> None:
    open_current_year()
    before = transaction_ids("team")
    submitted: OpenRequest = submit_request(wanted=ana.pk)
    peer.accept(member=ana, request_id=submitted.unsealed.id, private_key=private_key_of(ana.user.name))
    consultation.request_call(member=ana, how_soon=ConsultationUrgency.NOW, whom=None)
    peer.close(member=ana, request_id=submitted.unsealed.id)
    count(ana)
    assert transaction_ids("team") == before


def count(member: Member) -> None:
    (pending_tally,) = members.pending_tallies_of(member)
    answers = TallyAnswers(first_this_year=True)
    tallies.tally_contact(member=member, tally_id=pending_tally.id, answers=answers)
