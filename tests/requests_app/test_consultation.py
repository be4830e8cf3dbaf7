"""A member asks for a call: who and how soon, sealed, and deleted once somebody has called."""

from datetime import timedelta

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from peersupport.audit.models import Entry
from peersupport.notices.models import Notice
from peersupport.sealing import keyring
from peersupport.team.models import Member, User
from requests_app.actions import consultation, peer
from requests_app.domain.consultation import ConsultationUrgency
from requests_app.models import Consultation
from requests_app.queries import consultations
from tests.cast import sign_in
from tests.requests_app.conftest import submit_request

pytestmark = pytest.mark.django_db


def notified() -> set[int]:
    return set(Notice.objects.values_list("recipient_id", flat=True))


def request_call(
    member: Member, whom: User | None = None, how_soon: ConsultationUrgency = ConsultationUrgency.TODAY
) -> None:
    consultation.request_call(member=member, how_soon=how_soon, whom=whom.pk if whom else None)


def test_only_the_named_consultant_is_notified_and_sees_it(
    ana: Member, ben: Member, director: User, designee: User
) -> None:
    desk = sign_in(Client(), ana)
    page = desk.get("/desk/consult/").content.decode()
    assert "textarea" not in page and 'type="text"' not in page
    for _ in range(2):
        desk.post("/desk/consult/", {"how_soon": "now", "whom": director.pk})
    assert notified() == {director.pk} and Notice.objects.get().is_urgent
    assert Consultation.objects.count() == 1
    assert [submitted.member_id for submitted in consultations.answerable_by(director)] == [ana.pk]
    assert consultations.answerable_by(designee) == [] and consultations.consultation_of(ben) is None
    page = sign_in(Client(), director).get("/consultations/").content.decode()
    assert "Ana Alvarez" in page and "Within the hour" in page
    assert "You asked for a call. It should come within the hour" in desk.get("/desk/consult/").content.decode()


@pytest.mark.parametrize("where", ["/duty-to-report/", "contact"])
def test_pages_link_to_a_consultation_and_show_an_open_one(ana: Member, ana_key: bytes, where: str) -> None:
    if where == "contact":
        submitted = submit_request()
        peer.accept(member=ana, request_id=submitted.unsealed.id, private_key=ana_key)
        where = f"/desk/contacts/{submitted.unsealed.id}/"
    desk = sign_in(Client(), ana)
    page = desk.get(where).content.decode()
    assert 'href="/desk/consult/"' in page and "Cancel call" not in page
    request_call(ana)
    page = desk.get(where).content.decode()
    assert "You asked for a call" in page and f"/{Consultation.objects.get().pk}/" in page


def test_only_a_member_is_offered_a_call(coordinator: User, director: User) -> None:
    for other in (coordinator, director):
        page = sign_in(Client(), other).get("/duty-to-report/").content.decode()
        assert 'href="/desk/consult/"' not in page


def test_open_consultation_is_shown_to_no_other_member(ana: Member, ben: Member) -> None:
    request_call(ana)
    for other in (ben, None):
        page = (sign_in(Client(), other) if other else Client()).get("/duty-to-report/").content.decode()
        assert "You asked for a call" not in page and str(Consultation.objects.get().pk) not in page
    request_call(ben)
    theirs = [row.pk for row in Consultation.objects.all() if consultations.unseal(row).member_id == ana.pk]
    page = sign_in(Client(), ben).get("/duty-to-report/").content.decode()
    assert "You asked for a call" in page and str(theirs[0]) not in page


def test_answered_consultation_is_erased_and_not_audited(ana: Member, director: User, designee: User) -> None:
    request_call(ana)
    assert notified() == {director.pk, designee.pk}
    row = Consultation.objects.get()
    client = sign_in(Client(), designee)
    for _ in range(2):
        assert client.post(f"/consultations/{row.pk}/").status_code == 302
    assert Consultation.objects.count() == 0 and consultations.consultation_of(ana) is None
    assert not Entry.objects.exists()


@pytest.mark.django_db(transaction=True)
def test_key_of_an_answered_consultation_is_destroyed(ana: Member, director: User) -> None:
    request_call(ana)
    row = Consultation.objects.get()
    consultation.answer(consultation_id=row.pk, by=director)
    assert keyring.is_destroyed(row.key_id)


def test_only_the_consultant_can_answer_and_only_the_member_can_cancel(
    ana: Member, ben: Member, director: User, designee: User
) -> None:
    request_call(ana, director)
    row = Consultation.objects.get()
    with pytest.raises(consultation.ConsultationUnavailable):
        consultation.answer(consultation_id=row.pk, by=designee)
    with pytest.raises(consultation.ConsultationUnavailable):
        consultation.cancel(member=ben, consultation_id=row.pk)
    address = reverse("requests_app:cancel_consultation", args=[row.pk])
    page = sign_in(Client(), ana).post(address, follow=True).content.decode()
    assert Consultation.objects.count() == 0 and "canceled your request for a call" in page


def test_unanswered_consultation_notifies_everybody_who_may_answer_once(
    ana: Member, director: User, designee: User
) -> None:
    request_call(ana, director)
    now = timezone.now()
    Notice.objects.all().delete()
    consultation.sweep(now=now + timedelta(hours=3))
    assert notified() == set()
    consultation.sweep(now=now + timedelta(hours=5))
    assert notified() == {director.pk, designee.pk} and len(consultations.answerable_by(designee)) == 1
    Notice.objects.all().delete()
    consultation.sweep(now=now + timedelta(days=2))
    assert notified() == set()
    consultation.sweep(now=now + timedelta(days=15))
    assert Consultation.objects.count() == 0


def test_consultation_of_a_consultant_who_left_is_shown_to_the_others(
    ana: Member, director: User, designee: User
) -> None:
    request_call(ana, director)
    User.objects.filter(pk=director.pk).update(is_active=False)
    assert len(consultations.answerable_by(designee)) == 1


def test_member_who_is_a_designee_cannot_consult_themselves(ana: Member, director: User) -> None:
    User.objects.filter(pk=ana.user_id).update(is_designee=True)
    request_call(ana)
    user = User.objects.get(pk=ana.user_id)
    assert consultations.answerable_by(user) == [] and len(consultations.answerable_by(director)) == 1
    assert consultations.consultants_for(ana) == [director]


def test_consultation_row_gives_nothing_away(ana: Member, director: User) -> None:
    request_call(ana, director)
    row = Consultation.objects.get()
    sizes = len(row.body)
    consultation.cancel(member=ana, consultation_id=row.pk)
    request_call(ana, None, ConsultationUrgency.THIS_WEEK)
    assert len(Consultation.objects.get().body) == sizes
    assert {field.name for field in Consultation._meta.get_fields() if field.concrete} == {"id", "key_id", "body"}
