"""A member asks to be called: who and how soon, sealed, and gone when somebody has called."""

from datetime import timedelta

import pytest
from django.test import Client
from django.utils import timezone

from peersupport.audit.models import Entry
from peersupport.notices.models import Notice
from peersupport.sealing import keyring
from peersupport.team.models import Member, User
from requests_app.actions import consultation, peer, transitions
from requests_app.domain.consultation import HowSoon
from requests_app.models import Consultation
from requests_app.queries import consultations
from tests.cast import sign_in
from tests.requests_app.conftest import ask as ask_for_support

pytestmark = pytest.mark.django_db


def told() -> set[int]:
    return set(Notice.objects.values_list("recipient_id", flat=True))


def ask(member: Member, whom: User | None = None, how_soon: HowSoon = HowSoon.TODAY) -> None:
    consultation.ask_to_be_called(member=member, how_soon=how_soon, whom=whom.pk if whom else None)


def test_the_one_who_is_asked_is_told_and_nobody_else_reads_it(
    ana: Member, ben: Member, director: User, designee: User
) -> None:
    desk = sign_in(Client(), ana)
    page = desk.get("/desk/consult/").content.decode()
    assert "textarea" not in page and 'type="text"' not in page
    for _ in range(2):
        desk.post("/desk/consult/", {"how_soon": "now", "whom": director.pk})
    assert told() == {director.pk} and Notice.objects.get().is_urgent
    assert Consultation.objects.count() == 1
    assert [asked.member_id for asked in consultations.waiting_for(director)] == [ana.pk]
    assert consultations.waiting_for(designee) == [] and consultations.asked_by(ben) is None
    page = sign_in(Client(), director).get("/consultations/").content.decode()
    assert "Ana Alvarez" in page and "Within the hour" in page
    assert "You have asked to be called: within the hour" in desk.get("/desk/consult/").content.decode()


@pytest.mark.parametrize("where", ["/duty-to-report/", "contact"])
def test_the_way_to_a_call_and_back_stands_where_somebody_may_need_it(ana: Member, ana_key: bytes, where: str) -> None:
    if where == "contact":
        asked = ask_for_support()
        peer.accept(member=ana, request_id=asked.opened.id, private_key=ana_key)
        where = f"/desk/contacts/{asked.opened.id}/"
    desk = sign_in(Client(), ana)
    page = desk.get(where).content.decode()
    assert 'href="/desk/consult/"' in page and "Take it back" not in page
    ask(ana)
    page = desk.get(where).content.decode()
    assert "You have asked to be called" in page and f"/{Consultation.objects.get().pk}/" in page


def test_answered_means_erased_and_is_on_no_record(ana: Member, director: User, designee: User) -> None:
    ask(ana)
    assert told() == {director.pk, designee.pk}
    row = Consultation.objects.get()
    client = sign_in(Client(), designee)
    for _ in range(2):
        assert client.post(f"/consultations/{row.pk}/").status_code == 302
    assert Consultation.objects.count() == 0 and consultations.asked_by(ana) is None
    assert not Entry.objects.exists()


@pytest.mark.django_db(transaction=True)
def test_its_key_is_destroyed(ana: Member, director: User) -> None:
    ask(ana)
    row = Consultation.objects.get()
    consultation.answer_consultation(consultation_id=row.pk, by=director)
    assert keyring.is_destroyed(row.key_id)


def test_who_was_not_asked_cannot_answer_and_another_cannot_take_it_back(
    ana: Member, ben: Member, director: User, designee: User
) -> None:
    ask(ana, director)
    row = Consultation.objects.get()
    with pytest.raises(transitions.Gone):
        consultation.answer_consultation(consultation_id=row.pk, by=designee)
    with pytest.raises(transitions.Gone):
        consultation.take_back_consultation(member=ben, consultation_id=row.pk)
    consultation.take_back_consultation(member=ana, consultation_id=row.pk)
    assert Consultation.objects.count() == 0


def test_unanswered_everybody_who_may_answer_is_told_once_more(ana: Member, director: User, designee: User) -> None:
    ask(ana, director)
    now = timezone.now()
    Notice.objects.all().delete()
    consultation.tend_consultations(now=now + timedelta(hours=3))
    assert told() == set()
    consultation.tend_consultations(now=now + timedelta(hours=5))
    assert told() == {director.pk, designee.pk} and len(consultations.waiting_for(designee)) == 1
    Notice.objects.all().delete()
    consultation.tend_consultations(now=now + timedelta(days=2))
    assert told() == set()
    consultation.tend_consultations(now=now + timedelta(days=15))
    assert Consultation.objects.count() == 0


def test_where_the_one_who_was_asked_has_left_the_others_see_it(ana: Member, director: User, designee: User) -> None:
    ask(ana, director)
    User.objects.filter(pk=director.pk).update(is_active=False)
    assert len(consultations.waiting_for(designee)) == 1


def test_a_designee_who_is_a_member_too_is_not_asked_by_themselves(ana: Member, director: User) -> None:
    User.objects.filter(pk=ana.user_id).update(is_designee=True)
    ask(ana)
    user = User.objects.get(pk=ana.user_id)
    assert consultations.waiting_for(user) == [] and len(consultations.waiting_for(director)) == 1
    assert consultations.who_can_be_asked(ana) == [director]


def test_the_row_says_nothing(ana: Member, director: User) -> None:
    ask(ana, director)
    row = Consultation.objects.get()
    sizes = len(row.body)
    consultation.take_back_consultation(member=ana, consultation_id=row.pk)
    ask(ana, None, HowSoon.THIS_WEEK)
    assert len(Consultation.objects.get().body) == sizes
    assert {field.name for field in Consultation._meta.get_fields() if field.concrete} == {"id", "key_id", "body"}
