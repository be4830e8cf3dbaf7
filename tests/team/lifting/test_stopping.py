"""Who stops a lifting: its owner, by mail or on their page, and either of the two who decided it."""

import pytest
from django.test import Client

from peersupport.team.actions import lifting, mails
from peersupport.team.models import FactorLift, User
from tests.cast import give_factor, sign_in
from tests.team.lifting.steps import DAY, audited, has_factor, letters, link_in, page, settle, signed_in, states

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize("mail", ["asked", "seconded"])
def test_owner_stops_it_by_either_mail_without_signing_in(
    owner: User, coordinator: User, director: User, mailoutbox: list, mail: str
) -> None:
    lifting.ask(user_id=owner.pk, by=coordinator)
    sent = letters(mailoutbox)
    lifting.second(user_id=owner.pk, by=director)
    sent += letters(mailoutbox)
    link = link_in(sent[mail == "seconded"])
    assert link.split("/")[2] not in repr(list(FactorLift.objects.values())), "the secret is not stored"

    for _ in range(2):  # a scanner opens it, and the owner
        assert "Keep it" in Client().get(link).content.decode()
    assert states() == ["seconded"]
    assert "Your second factor stays" in Client().post(link, follow=True).content.decode()
    assert states() == ["canceled"] and has_factor(owner) and settle(2 * DAY) == 0
    assert audited()[-1] == ("factor_lift_canceled_by_link", None, f"user:{owner.pk}"), "whoever has the mail"
    (letter,) = letters(mailoutbox)
    assert "isn't lifted" in letter
    for answer in (Client().post(link), Client().get(link)):
        assert answer.status_code == 404 and "This link no longer works" in answer.content.decode()


def test_who_stopped_it_reads_what_to_do_first_and_only_a_member_of_being_unavailable(
    owner: User, coordinator: User, director: User, mailoutbox: list
) -> None:
    give_factor(director)
    for person, asker, is_member in ((owner, director, True), (director, coordinator, False)):
        lifting.ask(user_id=person.pk, by=asker)
        lifting.cancel_own(by=person)
        mailoutbox.clear()
        mails.send_mails()
        text = next(mail.body for mail in mailoutbox if "isn't lifted" in mail.body)
        assert ("made unavailable" in text) == is_member
        assert text.index("somebody may be trying") < text.index("begin again")


@pytest.mark.parametrize("token", ["unknown", "a" * 43, "%00", "🙂"])
def test_unknown_link_shows_a_clear_page(seconded: FactorLift, token: str) -> None:
    for answer in (Client().get(f"/lifting/{token}/"), Client().post(f"/lifting/{token}/")):
        assert answer.status_code == 404 and "This link no longer works" in answer.content.decode()
    assert states() == ["seconded"]


def test_owner_who_gets_in_stops_it_on_their_page(owner: User, seconded: FactorLift) -> None:
    client = signed_in(owner)
    assert "Someone asked to lift your second factor." in client.get("/my-page/").content.decode()
    said = client.get("/my-page/lifting/").content.decode()
    assert "the coordinator and the clinical director. It&#x27;s lifted" in said and "Carla" not in said
    assert "Your second factor stays as it was" in client.post("/my-page/lifting/", follow=True).content.decode()
    assert states() == ["canceled"]
    assert audited()[-1] == ("factor_lift_canceled", owner.pk, f"user:{owner.pk}")
    assert "Someone asked" not in client.get("/my-page/").content.decode()


@pytest.mark.parametrize("who", ["coordinator", "director"])
def test_either_of_the_two_takes_it_back(
    request: pytest.FixtureRequest, client: Client, owner: User, seconded: FactorLift, who: str
) -> None:
    decider: User = request.getfixturevalue(who)
    assert "Take it back" in page(sign_in(client, decider), owner)
    assert "The second factor stays as it was" in page(client, owner, "take-back")
    assert states() == ["canceled"] and audited()[-1][:2] == ("factor_lift_canceled", decider.pk)


def test_nobody_else_takes_it_back(client: Client, owner: User, seconded: FactorLift, operator: User) -> None:
    sign_in(client, operator)
    assert "Take it back" not in page(client, owner)
    assert "Only those who decided it" in page(client, owner, "take-back")
    assert states() == ["seconded"]
