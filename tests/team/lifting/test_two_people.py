"""A lost second factor: one office asks, another seconds, and a day later it is gone."""

from datetime import datetime, timedelta

import pytest
import time_machine
from allauth.mfa.models import Authenticator
from django.test import Client
from django.utils import timezone

from peersupport.access.permissions import Role
from peersupport.audit.models import Entry
from peersupport.core.errors import Refused
from peersupport.notices.models import Notice
from peersupport.team import tasks
from peersupport.team.actions import lifting
from peersupport.team.models import FactorLift, Member, User
from peersupport.team.queries import eligibility
from tests.cast import give_factor, make_user, sign_in
from tests.team.lifting.steps import DAY, audited, has_factor, letters, page, settle, signed_in, states

pytestmark = pytest.mark.django_db


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


def test_moment_is_said_in_local_time(owner: User, coordinator: User, director: User, mailoutbox: list) -> None:
    with time_machine.travel(datetime.fromisoformat("2026-11-30T02:30:00+00:00"), tick=False):
        lifting.ask(user_id=owner.pk, by=coordinator)
        lifting.second(user_id=owner.pk, by=director)
        assert "It happens on Monday, November 30, 2026, 20:30 CST." in letters(mailoutbox)[1]
