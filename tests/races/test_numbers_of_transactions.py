"""PostgreSQL keeps with each row which transaction wrote or locked it last: that joins nobody to a request."""

from collections.abc import Callable, Iterator

import pytest
from django.apps import apps
from django.db import connection, models

from peersupport.notices.models import Notice
from peersupport.program import form_tokens
from peersupport.team.models import Member, User
from requests_app.actions import closing_note, consultation, peer, tallies
from requests_app.actions import officer as officer_actions
from requests_app.domain.consultation import HowSoon
from requests_app.models import ClosingNote
from requests_app.queries import members
from stats.actions import open_current_year
from tests.cast import private_key_of
from tests.requests_app.conftest import Asked, ask

pytestmark = pytest.mark.django_db(transaction=True)


def tables(*planes: str) -> Iterator[str]:
    kept: list[type[models.Model]] = [model for model in apps.get_models() if hasattr(model, "retention")]
    yield from (model._meta.db_table for model in kept if (model.retention.plane in planes))


def transactions(*planes: str) -> dict[str, set[str]]:
    """For each table of these planes, the numbers that stand on its rows."""
    found = {}
    with connection.cursor() as cursor:
        for table in tables(*planes):
            cursor.execute(f"SELECT xmin::text, xmax::text FROM {table}")
            found[table] = {number for row in cursor.fetchall() for number in row} - {"0"}
    return found


def who_is_joined() -> list[tuple[str, str]]:
    """Tables of people of which a row was touched in the same transaction as one of the support plane."""
    Notice.objects.all().delete()  # names whom it tells while it waits, and is gone within half an hour
    support = transactions("support")
    return [
        (of_people, of_requests)
        for of_people, numbers in transactions("team").items()
        for of_requests, others in support.items()
        if numbers & others
    ]


def test_no_step_of_a_contact_leaves_its_number_on_a_person(
    ana: Member, ben: Member, coordinator: User, director: User
) -> None:
    open_current_year()
    key = private_key_of(ben.user.name)
    asked, other = ask(wanted=ben.pk), ask(wanted=ana.pk)
    of_ben = {"member": ben, "request_id": asked.opened.id}
    officer = {"creds": asked.credentials}

    def word() -> str:
        return form_tokens.fresh("write")

    steps: list[Callable[[], object]] = [
        lambda: peer.decline(member=ana, request_id=other.opened.id),
        lambda: peer.accept(**of_ben, private_key=key),
        lambda: officer_actions.write_as_officer(**officer, token=word(), text="hello"),
        lambda: peer.write_as_peer(**of_ben, private_key=key, token=word(), text="I am here."),
        lambda: officer_actions.mark_read_by_officer(**officer, seen=2),
        lambda: peer.suggest_closing(**of_ben),
        lambda: consultation.ask_to_be_called(member=ben, how_soon=HowSoon.NOW, whom=None),
        lambda: officer_actions.close_as_officer(**officer, last_word="thank you"),
        lambda: closing_note.read_last_word(member=ben, word_id=ClosingNote.objects.get().pk, private_key=key),
        lambda: count(ben),
    ]
    assert who_is_joined() == []
    for number, step in enumerate(steps):
        step()
        assert who_is_joined() == [], f"after step {number}"


def test_when_it_is_over_no_number_of_it_is_left_on_a_person(ana: Member, director: User) -> None:
    open_current_year()
    before = transactions("team")
    asked: Asked = ask(wanted=ana.pk)
    peer.accept(member=ana, request_id=asked.opened.id, private_key=private_key_of(ana.user.name))
    consultation.ask_to_be_called(member=ana, how_soon=HowSoon.NOW, whom=None)
    peer.close_as_peer(member=ana, request_id=asked.opened.id)
    count(ana)
    assert transactions("team") == before


def count(member: Member) -> None:
    (owed,) = members.owed_by(member)
    tallies.tally(member=member, owed_id=owed.id, first_this_year=True, first_referral=False, codes={})
