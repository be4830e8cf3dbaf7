"""A lost second factor: one office asks, another seconds, the owner can stop it, and a day later it is gone."""

import re
from datetime import datetime, timedelta

import pytest
import time_machine
from allauth.mfa.models import Authenticator
from django.db import IntegrityError, connection, transaction
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from peersupport.access.permissions import Role
from peersupport.audit.models import Entry
from peersupport.core.errors import Refused
from peersupport.notices.models import Notice
from peersupport.team import tasks
from peersupport.team.actions import accounts, invitations, lifting, mails, membership
from peersupport.team.domain.states import EndReason
from peersupport.team.models import FactorLift, Invitation, Member, User
from peersupport.team.queries import eligibility
from tests.cast import give_factor, make_user, sign_in, sign_in_directly

pytestmark = pytest.mark.django_db
DAY = timedelta(hours=24, minutes=30)  # by then the next round was


@pytest.fixture
def owner(ana: Member) -> User:
    """A member who lost their second factor; its numbers are of no account here."""
    give_factor(ana.user)
    return ana.user


@pytest.fixture
def seconded(owner: User, coordinator: User, director: User) -> FactorLift:
    lifting.ask(user_id=owner.pk, by=coordinator)
    lifting.second(user_id=owner.pk, by=director)
    return FactorLift.objects.get()


def signed_in(user: User) -> Client:
    """Past both factors."""
    return sign_in_directly(Client(), user)


def page(browser: Client, owner: User, act: str = "") -> str:
    url = f"/lost-second-factors/{owner.pk}/"
    answer = browser.post(f"{url}{act}/", follow=True) if act else browser.get(url)
    assert answer.status_code == 200
    return answer.content.decode()


def letters(mailoutbox: list) -> list[str]:
    """What was sent since, each as its text; all of it to the owner."""
    mailoutbox.clear()
    mails.send_mails()
    assert {address for mail in mailoutbox for address in mail.to} <= {"ana@example.org"}
    assert {mail.subject for mail in mailoutbox} <= {"About your account"}
    return [mail.body for mail in mailoutbox]


def link_in(letter: str) -> str:
    (link,) = re.findall(r"http://testserver(/lifting/\S+/)", letter)
    return link


def audited() -> list[tuple[str, int | None, str]]:
    about = "factor_lift"
    entries = Entry.objects.filter(action__startswith=about).order_by("pk")
    return list(entries.values_list("action", "by", "about"))


def states() -> list[str]:
    return list(FactorLift.objects.order_by("pk").values_list("state", flat=True))


def settle(after: timedelta = timedelta()) -> int:
    return lifting.settle_all(now=timezone.now() + after)


def has_factor(user: User) -> bool:
    return Authenticator.objects.filter(user=user).exists()


# The way it goes


def test_two_people_lift_it_a_day_later(
    ana: Member, owner: User, coordinator: User, director: User, client: Client, mailoutbox: list
) -> None:
    Authenticator.objects.create(user=owner, type=Authenticator.Type.RECOVERY_CODES, data={})
    somebody_elses = give_factor(coordinator)
    at_home = signed_in(owner)
    asking, seconding = sign_in(Client(), coordinator), sign_in(Client(), director)

    assert "Speak with Ana Alvarez first" in page(asking, owner)
    assert "You asked. Ana Alvarez was told by e-mail" in page(asking, owner, "ask")
    assert set(Notice.objects.values_list("recipient", flat=True)) == {director.pk}
    (letter,) = letters(mailoutbox)
    assert "asked for by the coordinator." in letter and "Carla" not in letter and "nothing new comes to you" in letter

    assert "Carla Coordinator, the coordinator, asked to lift it." in page(seconding, owner)
    assert "Carla Coordinator asked, and Dora Director seconded it. It&#x27;s lifted" in page(
        seconding, owner, "second"
    )
    (letter,) = letters(mailoutbox)
    assert "the coordinator and the clinical director." in letter and "Dora" not in letter

    assert settle(timedelta(hours=24) - timedelta(minutes=1)) == 0 and has_factor(owner)
    assert at_home.get("/my-page/").status_code == 200
    with time_machine.travel(timezone.now() + DAY, tick=False):
        tasks.settle_lifts()
    assert not has_factor(owner), "printed codes are gone, too"
    assert Authenticator.objects.get() == somebody_elses
    assert at_home.get("/my-page/").status_code == 302, "they are signed out everywhere"
    assert asking.get("/home/").status_code == 200
    (letter,) = letters(mailoutbox)
    assert "was lifted, and you were signed out everywhere" in letter
    about = f"user:{owner.pk}"
    assert audited() == [
        ("factor_lift_asked", coordinator.pk, about),
        ("factor_lift_seconded", director.pk, about),
        ("factor_lifted", None, about),
    ]
    assert settle(DAY) == 0 and letters(mailoutbox) == []
    assert "has no second factor, so there&#x27;s nothing to lift" in page(asking, owner)
    assert sign_in(Client(), ana).get("/my-page/").status_code == 200, "the password is as it was"


@pytest.mark.parametrize(
    ("first", "other", "may"),
    [
        ("coordinator", "director", True),
        ("coordinator", "operator", True),
        ("director", "operator", True),
        ("operator", "director", True),
        ("coordinator", "designee", False),
        ("coordinator", "ben", False),
        ("coordinator", "ana", False),
        ("coordinator", "coordinator", False),
        ("coordinator", "second coordinator", False),
    ],
)
def test_who_lifts_it_with_whom(owner: User, request: pytest.FixtureRequest, first: str, other: str, may: bool) -> None:
    people = [
        make_user("Cora Second", Role.COORDINATOR) if name == "second coordinator" else request.getfixturevalue(name)
        for name in (first, other)
    ]
    asker, seconder = [person.user if isinstance(person, Member) else person for person in people]
    lifting.ask(user_id=owner.pk, by=asker)
    if may:
        lifting.second(user_id=owner.pk, by=seconder)
        assert states() == ["seconded"]
    else:
        with pytest.raises(Refused):
            lifting.second(user_id=owner.pk, by=seconder)
        assert states() == ["asked"]


def test_whoever_holds_two_offices_counts_once(owner: User, coordinator: User, operator: User) -> None:
    both = make_user("Bea Both", Role.COORDINATOR, Role.CLINICAL_DIRECTOR)
    lifting.ask(user_id=owner.pk, by=both)
    with pytest.raises(Refused):
        lifting.second(user_id=owner.pk, by=both)
    lifting.second(user_id=owner.pk, by=coordinator)  # who then counts as coordinator, and Bea as director
    lift = FactorLift.objects.get()
    assert (lift.asked_office, lift.seconded_office) == ("clinical_director", "coordinator")


@pytest.mark.parametrize("who", ["coordinator", "director", "operator"])
def test_nobody_decides_about_their_own(request: pytest.FixtureRequest, who: str, client: Client) -> None:
    own: User = request.getfixturevalue(who)
    give_factor(own)
    with pytest.raises(Refused):
        lifting.ask(user_id=own.pk, by=own)
    assert "If you lose your second factor, two others have to lift it" in page(sign_in(client, own), own)
    assert f"/lost-second-factors/{own.pk}/ask/" not in page(client, own)


def test_owner_of_an_office_cannot_second(coordinator: User, director: User) -> None:
    give_factor(coordinator)
    lifting.ask(user_id=coordinator.pk, by=director)
    with pytest.raises(Refused):
        lifting.second(user_id=coordinator.pk, by=coordinator)


def test_without_a_second_factor_there_is_nothing_to_ask(ana: Member, coordinator: User) -> None:
    Authenticator.objects.create(user=ana.user, type=Authenticator.Type.RECOVERY_CODES, data={})
    with pytest.raises(Refused):
        lifting.ask(user_id=ana.user_id, by=coordinator)
    assert eligibility.can_serve(ana) and not Entry.objects.exists()


def test_asking_and_seconding_twice_is_harmless(
    owner: User, coordinator: User, director: User, mailoutbox: list
) -> None:
    for _ in range(2):
        lifting.ask(user_id=owner.pk, by=coordinator)
    with pytest.raises(Refused):
        lifting.ask(user_id=owner.pk, by=director)
    for _ in range(2):
        lifting.second(user_id=owner.pk, by=director)
    assert len(letters(mailoutbox)) == 2 and len(audited()) == 2


# It ends otherwise


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
    assert audited()[-1] == ("factor_lift_canceled", owner.pk, f"user:{owner.pk}")
    (letter,) = letters(mailoutbox)
    assert "isn't lifted" in letter
    for answer in (Client().post(link), Client().get(link)):
        assert answer.status_code == 404 and "This link no longer works" in answer.content.decode()


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


def test_what_nobody_seconds_lapses_after_seven_days(owner: User, coordinator: User, director: User) -> None:
    lifting.ask(user_id=owner.pk, by=coordinator)
    later = timezone.now() + timedelta(days=7)
    with time_machine.travel(later, tick=False):
        with pytest.raises(Refused):  # before any round ran
            lifting.second(user_id=owner.pk, by=director)
        assert "Ask to lift it" in page(sign_in(Client(), director), owner)
        assert lifting.settle_all(now=later) == 1
        lifting.ask(user_id=owner.pk, by=director)
    assert states() == ["lapsed", "asked"] and has_factor(owner)


def replace_factor(owner: User) -> None:
    Authenticator.objects.filter(user=owner).delete()
    give_factor(owner)


def add_passkey(owner: User) -> None:
    Authenticator.objects.create(user=owner, type=Authenticator.Type.WEBAUTHN, data={})


def deactivate(owner: User) -> None:
    membership.end_membership(
        member_id=Member.objects.get(user=owner).pk,
        reason=EndReason.OWN_WISH,
        on=timezone.localdate(),
        by=User.objects.get(is_coordinator=True),
    )


def give_role(owner: User) -> None:
    by = User.objects.get(is_coordinator=True)
    accounts.change_account(user_id=owner.pk, name=owner.name, roles=[Role.COORDINATOR], by=by)


def take_role_of_asker(owner: User) -> None:
    make_user("Cora Second", Role.COORDINATOR)
    User.objects.filter(name="Carla Coordinator").update(is_coordinator=False, is_member=True)


def deactivate_seconder(owner: User) -> None:
    User.objects.filter(is_clinical_director=True).update(is_active=False)


@pytest.mark.parametrize(
    "happens", [replace_factor, add_passkey, deactivate, give_role, take_role_of_asker, deactivate_seconder]
)
def test_it_ends_when_it_is_no_longer_what_was_decided(owner: User, seconded: FactorLift, happens: object) -> None:
    happens(owner)
    factors = list(Authenticator.objects.values_list("pk", flat=True))
    assert settle(2 * DAY) == 1
    assert states() == ["lapsed"]
    assert list(Authenticator.objects.values_list("pk", flat=True)) == factors, "nothing is lifted"


def test_new_invitation_to_the_owner_ends_it(operator: User, coordinator: User, director: User) -> None:
    give_factor(coordinator)
    lifting.ask(user_id=coordinator.pk, by=director)
    lifting.second(user_id=coordinator.pk, by=operator)
    token = invitations.invite(email=coordinator.email, name="Carla", roles=[Role.DESIGNEE], by=operator)
    invitations.accept_invitation(token=token, password="rain on the old roof")
    assert has_factor(coordinator), "an invitation lifts nothing"
    assert settle(DAY) == 1 and states() == ["lapsed"] and has_factor(coordinator)


def test_whoever_asked_must_still_be_in_office_when_it_is_seconded(
    owner: User, coordinator: User, director: User
) -> None:
    lifting.ask(user_id=owner.pk, by=coordinator)
    take_role_of_asker(owner)
    with pytest.raises(Refused):
        lifting.second(user_id=owner.pk, by=director)
    lifting.ask(user_id=owner.pk, by=director)  # begins anew
    assert states() == ["lapsed", "asked"]


# What the database keeps


@pytest.mark.parametrize(
    "fields",
    [
        {"state": "seconded"},
        {"state": "lifted"},
        {"asked_office": "designee"},
        {"asked_office": ""},
        {"seconded": "asker"},
        {"seconded": "owner"},
        {"seconded": "director", "seconded_office": "coordinator"},
        {"seconded": "director", "seconded_office": "designee"},
        {"seconded": "director", "seconded_at": None},
        {"asked_by": "owner"},
    ],
)
def test_database_takes_no_lifting_by_one(owner: User, coordinator: User, director: User, fields: dict) -> None:
    people = {"asker": coordinator, "owner": owner, "director": director}
    written = {
        "user": owner, "asked_by": coordinator, "asked_office": "coordinator", "asked_at": timezone.now(),
        "factors": [], "roles": [], "token_hash": "a",
    }  # fmt: skip
    FactorLift.objects.create(**written).delete()
    if "seconded" in fields:
        two = {"state": "seconded", "seconded_office": "clinical_director", "seconded_at": timezone.now()}
        FactorLift.objects.create(**written, **two, seconded_by=director).delete()
        fields = {**two, **fields, "seconded_by": people[fields["seconded"]]}
        del fields["seconded"]
    if "asked_by" in fields:
        fields = {"asked_by": owner}
    with pytest.raises(IntegrityError), transaction.atomic():
        FactorLift.objects.create(**{**written, **fields})


def test_database_takes_one_open_lifting_of_an_account(owner: User, coordinator: User) -> None:
    lifting.ask(user_id=owner.pk, by=coordinator)
    copy = FactorLift.objects.get()
    copy.pk, copy.token_hash = None, "another"
    with pytest.raises(IntegrityError), transaction.atomic():
        copy.save(force_insert=True)


# The member is unavailable


def test_asking_makes_the_member_unavailable_and_one_press_ends_it(
    owner: User, ana: Member, ben: Member, coordinator: User
) -> None:
    lifting.ask(user_id=owner.pk, by=coordinator)
    assert not eligibility.can_serve(ana) and eligibility.can_serve(ben)
    client = signed_in(owner)
    for address in ("/desk/", "/my-page/", "/my-page/hours/"):
        said = client.get(address).content.decode()
        assert "You were made unavailable, because you couldn&#x27;t get in." in said and "I&#x27;m back" in said
    for address in ("/desk/", "/my-page/"):
        said = client.get(address).content.decode()
        assert "Someone asked to lift your second factor." in said and "/my-page/lifting/" in said
    client.post("/my-page/pause/end/")
    assert eligibility.can_serve(ana)
    assert "made unavailable" not in client.get("/my-page/").content.decode()
    assert states() == ["asked"], "that is another question"


# Pages


def test_list_shows_what_is_under_way_and_whom_it_could_be_about(
    client: Client, owner: User, coordinator: User, director: User
) -> None:
    give_factor(director)
    lifting.ask(user_id=owner.pk, by=coordinator)
    said = sign_in(client, director).get("/lost-second-factors/").content.decode()
    assert "Waits for a second person until" in said and "Ana Alvarez" in said and "@" not in said
    assert f"/lost-second-factors/{director.pk}/" not in said, "their own"
    home = client.get("/home/").content.decode()
    assert "Ana Alvarez lost their second factor, and it takes a second person to lift it" in home
    assert "Ana Alvarez lost" not in sign_in(Client(), coordinator).get("/home/").content.decode()


def test_pages_about_a_person_lead_there(owner: User, ana: Member, coordinator: User, operator: User) -> None:
    link = f"/lost-second-factors/{owner.pk}/"
    assert link in sign_in(Client(), coordinator).get(f"/members/{ana.pk}/").content.decode()
    assert link in sign_in(Client(), operator).get(f"/accounts/{owner.pk}/").content.decode()


def test_designee_finds_nothing_there(client: Client, owner: User, ana: Member, designee: User) -> None:
    sign_in(client, designee)
    assert client.get(f"/lost-second-factors/{owner.pk}/").status_code == 404
    assert client.post(f"/lost-second-factors/{owner.pk}/ask/").status_code == 404
    assert "lost-second-factors" not in client.get(f"/members/{ana.pk}/").content.decode()


def test_list_takes_as_many_queries_for_many(client: Client, coordinator: User) -> None:
    sign_in(client, coordinator)
    taken = []
    for number in (1, 20):
        for each in range(number):
            give_factor(User.objects.create(name="Somebody", email=f"p{number}-{each}@example.org", is_member=True))
        with CaptureQueriesContext(connection) as queries:
            assert client.get("/lost-second-factors/").status_code == 200
        taken.append(len(queries))
    assert taken[0] == taken[1]


# What a mailed link alone gives


def test_reset_of_the_coordinator_lifts_nothing_invites_nobody_and_is_told_to_them(
    coordinator: User, mailoutbox: list
) -> None:
    give_factor(coordinator)
    stranger = Client(raise_request_exception=False)
    stranger.post("/sign-in/forgot/", {"email": coordinator.email})
    mails.send_mails()
    (link,) = re.findall(r"http://testserver(/sign-in/forgot/\S+/)", mailoutbox[0].body)
    form = stranger.get(link, follow=True).request["PATH_INFO"]
    stranger.post(form, {"password1": "a stranger's words", "password2": "a stranger's words"})
    coordinator.refresh_from_db()
    assert coordinator.check_password("a stranger's words") and has_factor(coordinator)
    mailoutbox.clear()
    mails.send_mails()
    (told,) = mailoutbox
    assert told.to == [coordinator.email] and "A new password was chosen for your account" in told.body
    assert Entry.objects.filter(action="password_reset", by=coordinator.pk).count() == 1
    stranger.post("/sign-in/", {"login": coordinator.email, "password": "a stranger's words"})
    invited = {"name": "Nora", "email": "nora@example.org", "roles": ["coordinator"], "kind": "sworn"}
    assert stranger.post("/members/invite/", invited).status_code == 302
    assert stranger.get("/members/invite/").status_code == 302 and not Invitation.objects.exists()


def test_moment_is_said_in_local_time(owner: User, coordinator: User, director: User, mailoutbox: list) -> None:
    with time_machine.travel(datetime.fromisoformat("2026-11-30T02:30:00+00:00"), tick=False):
        lifting.ask(user_id=owner.pk, by=coordinator)
        lifting.second(user_id=owner.pk, by=director)
        assert "It happens on Monday, November 30, 2026, 20:30 CST." in letters(mailoutbox)[1]
