"""The confidentiality agreement: signed by the member, again for each new wording, and before the designation."""

from datetime import date

import pytest
from django.db import IntegrityError, transaction
from django.test import Client

from peersupport.audit.models import Entry
from peersupport.core.errors import Refused
from peersupport.notices.models import Notice
from peersupport.program import actions as program
from peersupport.program import queries as program_queries
from peersupport.program.domain import defaults
from peersupport.team.actions import agreements, membership
from peersupport.team.domain.states import MembershipState
from peersupport.team.models import Agreement, Member, User
from peersupport.team.queries import counts, eligibility, service_record
from tests.cast import make_member, sign_in

pytestmark = pytest.mark.django_db
AGREEMENT = program_queries.AGREEMENT
ADDRESS = "/my-page/agreement/"


@pytest.fixture
def cleo(coordinator: User) -> Member:
    """In training, with nothing signed yet."""
    member = make_member(
        "Cleo Cole", state=MembershipState.IN_TRAINING, designated_on=None, designated_by="", on_call=False
    )
    member.agreements.all().delete()
    return member


def approve(text: str, after: int, coordinator: User, director: User) -> None:
    program.write_text(name=AGREEMENT, body=text, after_version=after, by=coordinator.pk)
    program.approve_text(name=AGREEMENT, version=after + 1, by=director.pk)


def designate(member: Member, by: User) -> None:
    membership.record_designation(member_id=member.pk, on=date(2026, 2, 1), head="Sheriff Sam", order="7", by=by)


def audited() -> list[tuple[str, int | None, str]]:
    return list(Entry.objects.order_by("pk").values_list("action", "by", "about"))


def test_signature_records_wording_name_time_and_version(cleo: Member, client: Client) -> None:
    sign_in(client, cleo)
    assert "Please sign the confidentiality agreement." in client.get("/my-page/").content.decode()
    page = client.post(ADDRESS, {"version": 0, "name": " cleo  COLE "}, follow=True).content.decode()
    assert "Signed. Thank you." in page and "as “cleo  COLE”" in page
    signed = Agreement.objects.get()
    assert (signed.member, signed.version, signed.text) == (cleo, 0, defaults.AGREEMENT)
    assert signed.signed_name == "cleo  COLE" and signed.signed_at is not None
    client.post(ADDRESS, {"version": 0, "name": "Cleo Cole"})
    assert Agreement.objects.count() == 1, "twice is harmless"
    assert audited() == [("agreement_signed", cleo.user_id, f"member:{cleo.pk}")]


@pytest.mark.parametrize(
    ("typed", "said"),
    [
        ({"name": "Somebody Else"}, "Please type your name as the team knows it: Cleo Cole."),
        ({"name": ""}, "Please fill this in."),
        ({"name": "x" * 121}, "at most 120 characters"),
        ({"version": "7"}, "The agreement changed while you were reading."),
        ({"version": "seven"}, "Please look at this again"),
        ({"version": ""}, "Please look at this again"),
    ],
)
def test_bad_signature_is_refused(cleo: Member, client: Client, typed: dict[str, str], said: str) -> None:
    sign_in(client, cleo)
    page = client.post(ADDRESS, {"version": "0", "name": "Cleo Cole"} | typed).content.decode()
    assert said in page and not Agreement.objects.exists() and audited() == []
    assert f'value="{typed["name"]}"' in page if typed.get("name", "")[:4] == "Some" else "[&#x27;" not in page


def test_newly_approved_wording_is_shown_and_then_signed(
    cleo: Member, client: Client, coordinator: User, director: User
) -> None:
    sign_in(client, cleo)
    approve("We keep it, always.", 0, coordinator, director)
    page = client.post(ADDRESS, {"version": 0, "name": "Cleo Cole"}).content.decode()
    assert "We keep it, always." in page and 'name="version" value="1"' in page and "Cleo Cole" in page
    client.post(ADDRESS, {"version": 1, "name": "Cleo Cole"})
    assert Agreement.objects.get().text == "We keep it, always."


def test_designation_needs_a_signed_agreement(cleo: Member, client: Client, coordinator: User) -> None:
    with pytest.raises(Refused, match="sign the confidentiality agreement first"):
        designate(cleo, coordinator)
    sign_in(client, coordinator)
    page = client.get(f"/members/{cleo.pk}/").content.decode()
    assert "once the agreement is signed." in page and "Order number" not in page
    typed = {"on": "2026-02-01", "head": "Sheriff Sam", "order": "7"}
    assert (
        "sign the confidentiality agreement first"
        in client.post(f"/training/members/{cleo.pk}/designate/", typed).content.decode()
    )
    cleo.refresh_from_db()
    assert cleo.state == MembershipState.IN_TRAINING
    agreements.sign_agreement(member_id=cleo.pk, version=0, name="Cleo Cole", by=cleo.user)
    designate(cleo, coordinator)
    assert counts.members_by_state()["designated"] == 1


def test_only_the_member_can_sign(cleo: Member, coordinator: User, client: Client) -> None:
    with pytest.raises(Refused, match="Only the member"):
        agreements.sign_agreement(member_id=cleo.pk, version=0, name="Cleo Cole", by=coordinator)
    assert sign_in(client, coordinator).post(ADDRESS, {"version": 0, "name": "Cleo Cole"}).status_code == 404


def test_new_wording_notifies_each_member_once_and_everybody_still_serves(
    ana: Member, ben: Member, coordinator: User, director: User, client: Client
) -> None:
    assert agreements.notify_members_to_sign() == 0
    approve("A newer one.", 0, coordinator, director)
    assert agreements.notify_members_to_sign() == 2 and agreements.notify_members_to_sign() == 0
    assert set(Notice.objects.values_list("recipient_id", flat=True)) == {ana.user_id, ben.user_id}
    assert set(eligibility.members_who_can_serve(date(2026, 3, 1))) == {ana, ben}
    sign_in(client, ana)
    assert "is waiting for your signature" in client.get("/desk/").content.decode()
    client.post(ADDRESS, {"version": 1, "name": "Ana Alvarez"})
    assert "waits for your signature" not in client.get("/desk/").content.decode()
    assert list(service_record.members_to_sign(1)) == [ben]
    assert [each.version for each in service_record.service_record_of(ana).agreements] == [1, 0]


def test_agreement_on_paper_allows_designation_and_is_still_to_sign_on_screen(cleo: Member, coordinator: User) -> None:
    Agreement.objects.create(member=cleo, on_paper_on=date(2020, 5, 1))
    designate(cleo, coordinator)
    assert service_record.is_to_sign(cleo)


@pytest.mark.parametrize(
    "fields",
    [
        {},
        {"on_paper_on": "2020-05-01", "signed_name": "Ana"},
        {"on_paper_on": "2020-05-01", "version": 3},
        {"signed_at": "2026-01-01T12:00Z", "version": 3, "text": "", "signed_name": "Ana"},
        {"signed_at": "2026-01-01T12:00Z", "version": 3, "text": "x", "signed_name": ""},
        {"signed_at": "2026-01-01T12:00Z", "version": 0, "text": "x", "signed_name": "Ana"},  # signed already
    ],
)
def test_database_refuses_incomplete_signature(ana: Member, fields: dict[str, object]) -> None:
    with pytest.raises(IntegrityError), transaction.atomic():
        Agreement.objects.create(member=ana, **fields)
