"""The e-mail address of an account: its owner changes it, by a link; before the first sign-in, who may invite them."""

import re
from datetime import timedelta

import pytest
import time_machine
from django.test import Client
from django.utils import timezone

from peersupport.access.permissions import Role
from peersupport.audit.models import Entry
from peersupport.core.errors import Refused
from peersupport.notices.actions import outbox
from peersupport.sealing.envelope import CannotOpen
from peersupport.team import session_keys
from peersupport.team.actions import addresses, invitations, keys, mails, recovery
from peersupport.team.models import AddressChange, Invitation, Member, QueuedMail, User
from tests.cast import CAST_PASSWORD, make_user, recovery_code_of, request_of, sign_in

pytestmark = pytest.mark.django_db
NEW = "ana.new@example.org"
PAGE = "/my-page/address/"


def ask(user: User, email: str = NEW) -> str:
    return addresses.request_change(user_id=user.pk, email=email, password=CAST_PASSWORD)


def press(token: str, client: Client | None = None) -> object:
    return (client or Client()).post(f"/address/{token}/")


def address_of(user: User) -> str:
    user.refresh_from_db()
    return user.email


def audited() -> list[tuple[str, int | None, str]]:
    return list(Entry.objects.order_by("pk").values_list("action", "by", "about"))


def letters(mailoutbox: list) -> dict[str, str]:
    """What was sent: by address, the text."""
    mails.send_mails()
    return {mail.to[0]: mail.subject + "\n" + mail.body for mail in mailoutbox}


# By its owner


def test_owner_changes_the_address_by_a_mailed_link_and_a_button(client: Client, ana: Member, mailoutbox: list) -> None:
    sign_in(client, ana)
    typed = {"email": "Ana.New@Example.org ", "password": CAST_PASSWORD}
    page = client.post(PAGE, typed, follow=True)
    assert page.redirect_chain == [(PAGE, 302)] and "Look in your new mailbox." in page.content.decode()
    sent = letters(mailoutbox)
    assert set(sent) == {"ana@example.org", NEW}
    assert "If it wasn't you, change your password now." in sent["ana@example.org"]
    assert "Alvarez" not in sent["ana@example.org"] and "@" not in sent["ana@example.org"]
    (link,) = re.findall(r"http://testserver(/address/\S+/)", sent[NEW])

    for browser in (client, Client()):  # signed in, and not
        assert "Use this address" in browser.get(link).content.decode()
        assert address_of(ana.user) == "ana@example.org", "opening the link changes nothing"
    mailoutbox.clear()
    answer = Client().post(link)
    assert (answer.status_code, address_of(ana.user)) == (302, NEW)
    assert AddressChange.objects.count() == 0
    assert "tell the coordinator right away" in letters(mailoutbox)["ana@example.org"]
    about = f"user:{ana.user_id}"
    assert audited() == [("address_change_asked", ana.user_id, about), ("address_changed", ana.user_id, about)]
    assert client.get("/my-page/").status_code == 200, "they stay signed in"
    assert session_keys.unlocked_key(request_of(client, ana.user)), "and their key stays open"
    assert press(link.split("/")[2]).status_code == 404, "it works once"
    assert Client().post("/sign-in/", {"login": NEW, "password": CAST_PASSWORD}).status_code == 302


def test_signed_in_works_too(client: Client, ana: Member, ben: Member) -> None:
    token = ask(ana.user)
    sign_in(client, ben)  # whoever is signed in: the link says whose address it is
    assert press(token, client).status_code == 302
    assert (address_of(ana.user), address_of(ben.user)) == (NEW, "ben@example.org")


@pytest.mark.parametrize(
    ("typed", "said"),
    [
        ({"password": "not this one, sorry"}, "This isn&#x27;t your current password."),
        ({"password": ""}, "Please fill this in."),
        ({"email": "not an address"}, "valid email address"),
        ({"email": "ANA@example.org"}, "This is the address already."),
        ({"email": ""}, "Please fill this in."),
    ],
)
def test_wrong_entries_change_nothing(client: Client, ana: Member, typed: dict[str, str], said: str) -> None:
    sign_in(client, ana)
    answer = client.post(PAGE, {"email": NEW, "password": CAST_PASSWORD} | typed).content.decode()
    assert said in answer
    assert typed.get("email", NEW) in answer, "what was typed is lost"
    assert (AddressChange.objects.count(), QueuedMail.objects.count(), audited()) == (0, 0, [])


@pytest.mark.parametrize("taken_by", ["account", "deactivated account", "invitation"])
def test_taken_address_gets_the_answer_of_a_free_one_and_no_mail(
    client: Client, ana: Member, coordinator: User, mailoutbox: list, taken_by: str
) -> None:
    if taken_by == "invitation":
        invitations.invite(email=NEW, name="Nora", roles=[Role.MEMBER], by=coordinator)
    else:
        make_user("ana.new taken", Role.MEMBER)
        User.objects.filter(email=NEW).update(is_active=taken_by == "account")
    letters(mailoutbox)
    mailoutbox.clear()
    sign_in(client, ana)
    answers, mailed = [], []
    for email in (NEW, "ana.two@example.org"):
        page = client.post(PAGE, {"email": email, "password": CAST_PASSWORD}, follow=True).content.decode()
        answers.append(re.sub('value="\\w{64}"', "", page).replace(email, "the address"))
        mailed.append(set(letters(mailoutbox)))
        mailoutbox.clear()
    assert answers[0] == answers[1]
    assert mailed == [{"ana@example.org"}, {"ana.two@example.org"}], "the owner was told a moment ago"
    with pytest.raises(addresses.LinkNotFound):
        addresses.confirm_change(token=ask(ana.user))
    assert address_of(ana.user) == "ana@example.org"


def test_only_the_newest_link_works_and_for_24_hours(ana: Member, mailoutbox: list) -> None:
    first, second = ask(ana.user, "ana.typo@example.org"), ask(ana.user)
    assert "ana.typo@example.org" not in letters(mailoutbox), "a dead link that waited is not sent"
    assert (press(first).status_code, Client().get(f"/address/{first}/").status_code) == (404, 404)
    with time_machine.travel(timezone.now() + timedelta(hours=24), tick=False):
        assert press(second).status_code == 404
        assert addresses.discard_old() == 1
    assert address_of(ana.user) == "ana@example.org"
    third = ask(ana.user)
    with time_machine.travel(timezone.now() + timedelta(hours=23, minutes=59), tick=False):
        assert addresses.discard_old() == 0
        assert press(third).status_code == 302


@pytest.mark.parametrize("token", ["unknown", "a" * 43, "%00", "🙂"])
def test_unknown_link_shows_a_clear_page(token: str) -> None:
    for answer in (Client().get(f"/address/{token}/"), press(token)):
        assert answer.status_code == 404
        assert "This link no longer works" in answer.content.decode()


def test_a_new_password_stops_a_change_that_somebody_else_asked_for(client: Client, ana: Member) -> None:
    token = ask(ana.user)
    keys.change_password(user_id=ana.user_id, old=CAST_PASSWORD, new="rain on the old roof")
    assert press(token).status_code == 404
    with pytest.raises(CannotOpen):
        ask(ana.user)
    keys.reset_password(user_id=ana.user_id, password=CAST_PASSWORD, recovery_code=recovery_code_of(ana))
    token = ask(ana.user)
    keys.reset_password(user_id=ana.user_id, password=CAST_PASSWORD, recovery_code=recovery_code_of(ana))
    assert press(token).status_code == 404


def test_links_mailed_to_the_old_address_die(ana: Member) -> None:
    reset = recovery.send_new_password_link(email=ana.user.email).removeprefix("http://testserver")
    browser = Client()
    assert "New password" in browser.get(reset, follow=True).content.decode(), "before"
    addresses.confirm_change(token=ask(ana.user))
    for new_browser in (browser, Client()):
        assert "This link no longer works" in new_browser.get(reset, follow=True).content.decode()
    assert not QueuedMail.objects.filter(kind="new_password").exists(), "it waited, and is not sent"


def test_invitation_to_the_old_address_dies(director: User, operator: User) -> None:
    token = invitations.invite(email=director.email, name="Dora", roles=[Role.COORDINATOR], by=operator)
    addresses.confirm_change(token=ask(director))
    assert Client().get(f"/invitation/{token}/").status_code == 404
    assert [action for action, *_ in audited()][-2:] == ["invitation_canceled", "address_changed"]
    assert not QueuedMail.objects.filter(kind="invitation").exists()


def test_notices_that_wait_go_to_the_new_address(ana: Member, mailoutbox: list) -> None:
    outbox.notify(user_id=ana.user_id, urgent=True)
    addresses.confirm_change(token=ask(ana.user))
    outbox.send(urgent=True, now=timezone.now())
    assert [mail.to for mail in mailoutbox] == [[NEW]]


def test_deactivated_account_keeps_its_address(ana: Member) -> None:
    token = ask(ana.user)
    User.objects.filter(pk=ana.user_id).update(is_active=False)
    assert press(token).status_code == 404
    assert address_of(ana.user) == "ana@example.org"


def test_address_that_somebody_else_got_meanwhile_is_refused(ana: Member, ben: Member) -> None:
    first, second = ask(ana.user), ask(ben.user)
    assert (press(first).status_code, press(second).status_code) == (302, 404)
    assert (address_of(ana.user), address_of(ben.user)) == (NEW, "ben@example.org")


def test_guessing_the_password_is_slowed_down(client: Client, ana: Member) -> None:
    sign_in(client, ana)
    statuses = [
        client.post(PAGE, {"email": f"x{n}@example.org", "password": f"guess {n}"}).status_code for n in range(6)
    ]
    assert statuses == [200] * 5 + [429]


def test_an_address_is_mailed_once_in_a_quarter_of_an_hour_and_always_the_same_link(
    ana: Member, mailoutbox: list
) -> None:
    first = ask(ana.user)
    assert set(letters(mailoutbox)) == {"ana@example.org", NEW}
    mailoutbox.clear()
    assert ask(ana.user) == first and not letters(mailoutbox)
    with time_machine.travel(timezone.now() + timedelta(minutes=16)):
        assert ask(ana.user) == first
        assert set(letters(mailoutbox)) == {"ana@example.org", NEW}
    addresses.confirm_change(token=first)
    assert address_of(ana.user) == NEW


def test_an_address_that_was_asked_for_in_between_has_a_link_that_works(ana: Member, mailoutbox: list) -> None:
    first, other = ask(ana.user), ask(ana.user, "other@example.org")
    assert first != other
    letters(mailoutbox)
    with pytest.raises(addresses.LinkNotFound):
        addresses.confirm_change(token=first)
    assert ask(ana.user) == first
    addresses.confirm_change(token=first)
    assert address_of(ana.user) == NEW


def test_database_stores_no_secret_and_no_url_an_address(client: Client, ana: Member) -> None:
    token = ask(ana.user)
    assert token not in repr(AddressChange.objects.values().get())
    assert not [mail for mail in QueuedMail.objects.all() if token.encode() in bytes(mail.sealed)]
    sign_in(client, ana)
    answer = client.post(PAGE, {"email": NEW, "password": CAST_PASSWORD})
    assert "@" not in answer["Location"]
    assert not any("@" in str(value) or NEW in str(value) for entry in audited() for value in entry)


# Before the first sign-in


@pytest.fixture
def imported(coordinator: User) -> Member:
    """Somebody who came with a roster: designated, invited, without a password."""
    user = User.objects.create(name="Ivo Imported", email="ivo@example.org", password="!", is_member=True)
    member = Member.objects.create(user=user)
    invitations.invite(email=user.email, name=user.name, roles=[Role.MEMBER], by=coordinator)
    return member


def test_open_invitation_goes_to_another_address(client: Client, coordinator: User, mailoutbox: list) -> None:
    old = invitations.invite(email="nora@example.org", name="Nora", roles=[Role.MEMBER], by=coordinator)
    sign_in(client, coordinator)
    pk = Invitation.objects.get().pk
    assert f"/members/invite/{pk}/address/" in client.get("/members/invite/").content.decode()
    page = client.post(f"/members/invite/{pk}/address/", {"email": "Nora.Nova@example.org"}, follow=True)
    assert "The address was changed. A new link is on its way" in page.content.decode()
    assert client.get(f"/invitation/{old}/").status_code == 404
    sent = letters(mailoutbox)
    assert set(sent) == {"nora.nova@example.org"}, "the link that no longer works is not sent"
    (token,) = re.findall(r"/invitation/(\S+)/", sent["nora.nova@example.org"])
    accepted = invitations.accept_invitation(token=token, password="rain on the old roof")
    assert accepted.user.email == "nora.nova@example.org"
    assert ("invitation_redirected", coordinator.pk, f"invitation:{pk}") in audited()


@pytest.mark.parametrize("has_invitation", [True, False])
@pytest.mark.parametrize("who", ["coordinator", "operator"])
def test_imported_member_gets_another_address(
    client: Client, imported: Member, request: pytest.FixtureRequest, who: str, has_invitation: bool, mailoutbox: list
) -> None:
    if not has_invitation:
        invitations.cancel_invitation(invitation_id=Invitation.objects.get().pk, by=None)
    by = request.getfixturevalue(who)
    sign_in(client, by)
    address = f"/accounts/{imported.user_id}/address/"
    assert address in client.get(f"/accounts/{imported.user_id}/").content.decode()
    page = client.post(address, {"email": "ivo.new@example.org"}, follow=True).content.decode()
    assert ("A new link is on its way" if has_invitation else "invite this person again") in page
    assert address_of(imported.user) == "ivo.new@example.org"
    assert ("address_corrected", by.pk, f"user:{imported.user_id}") in audited()
    sent = letters(mailoutbox)
    assert set(sent) == ({"ivo.new@example.org"} if has_invitation else set())
    if has_invitation:
        (token,) = re.findall(r"/invitation/(\S+)/", sent["ivo.new@example.org"])
        accepted = invitations.accept_invitation(token=token, password="rain on the old roof")
        assert accepted.user == imported.user and Member.objects.count() == 1
        assert client.get(address).status_code == 404, "from now on it is theirs alone"


def test_nobody_else_changes_the_address_of_somebody_who_signs_in(
    client: Client, director: User, operator: User, coordinator: User
) -> None:
    invitations.invite(email=director.email, name="Dora", roles=[Role.COORDINATOR], by=operator)
    for by in (operator, coordinator):
        with pytest.raises(Refused, match="Only they can change it"):
            addresses.correct(old=director.email, new=NEW, by=by)
        sign_in(client, by)
        assert client.get(f"/accounts/{director.pk}/address/").status_code == 404
        pk = Invitation.objects.get().pk
        page = client.post(f"/members/invite/{pk}/address/", {"email": NEW}).content.decode()
        assert "Only they can change it" in page and f'value="{NEW}"' in page
    assert address_of(director) == "dora@example.org" and Invitation.objects.get().email == "dora@example.org"


def test_coordinator_cannot_send_a_directors_invitation_to_themselves(coordinator: User, operator: User) -> None:
    invitations.invite(email="dora@example.org", name="Dora", roles=[Role.CLINICAL_DIRECTOR], by=operator)
    with pytest.raises(Refused, match="can't invite anyone to these roles"):
        addresses.correct(old="dora@example.org", new="carla.two@example.org", by=coordinator)
    assert addresses.correct(old="dora@example.org", new=NEW, by=operator)


@pytest.mark.parametrize("new", ["carla@example.org", "ivo@example.org"])
def test_taken_address_is_refused_to_whoever_may_invite(
    client: Client, imported: Member, coordinator: User, new: str
) -> None:
    invitations.invite(email="nora@example.org", name="Nora", roles=[Role.MEMBER], by=coordinator)
    with pytest.raises(Refused, match="already has this address"):
        addresses.correct(old="nora@example.org", new=new, by=coordinator)
    with pytest.raises(Refused, match="already has this address"):
        addresses.correct(old="ivo@example.org", new="nora@example.org", by=coordinator)
    with pytest.raises(Refused, match="anymore"):
        addresses.correct(old="gone@example.org", new=NEW, by=coordinator)
