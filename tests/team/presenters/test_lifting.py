"""What pages say about lifting a second factor, to each of those who look at it."""

from datetime import UTC, datetime

import pytest

from peersupport.team.models import FactorLift, User
from peersupport.team.presenters import lifting as presenter

AT = datetime(2026, 11, 30, 2, 30, tzinfo=UTC)  # the evening before, in Texas
ANA = User(pk=1, name="Ana", is_member=True)
CARLA = User(pk=2, name="Carla", is_coordinator=True)
CORA = User(pk=3, name="Cora", is_coordinator=True)
DORA = User(pk=4, name="Dora", is_clinical_director=True)
OTTO = User(pk=5, name="Otto", is_operator=True)
ASKED = FactorLift(user=ANA, asked_by=CARLA, asked_office="coordinator", asked_at=AT, state="asked")
SECONDED = FactorLift(
    user=ANA, asked_by=CARLA, asked_office="coordinator", asked_at=AT, state="seconded",
    seconded_by=DORA, seconded_office="clinical_director", seconded_at=AT,
)  # fmt: skip


@pytest.mark.parametrize(
    ("viewer", "lift", "begins", "button"),
    [
        (CARLA, None, "Once you've asked, someone of another office", "Ask to lift it"),
        (CARLA, ASKED, "You asked. It waits for someone of another office.", "Take it back"),
        (CORA, ASKED, "Carla, the coordinator, asked to lift it. If nobody seconds it, it ends on", ""),
        (DORA, ASKED, "Carla, the coordinator, asked to lift it. If nobody seconds it, it ends on", "Second it"),
        (
            CARLA,
            SECONDED,
            "Carla asked, and Dora seconded it. It's lifted on Monday, November 30, 20:30.",
            "Take it back",
        ),
        (OTTO, SECONDED, "Carla asked, and Dora seconded it. It's lifted on Monday, November 30, 20:30.", ""),
        (ANA, SECONDED, "This is your own account.", ""),
    ],
)
def test_page_says_where_it_stands_and_offers_what_this_person_can_do(
    viewer: User, lift: FactorLift | None, begins: str, button: str
) -> None:
    page = presenter.page(ANA, viewer, lift, has_factor=True)
    assert page.paragraphs[0].startswith(begins)
    assert (page.button.label if page.button else "") == button
    assert bool(page.warning) == (button in ("Ask to lift it", "Second it")), "speak with them before you press"


def test_only_of_a_member_is_it_said_that_nothing_new_comes_to_them() -> None:
    said = [" ".join(presenter.page(owner, DORA, None, has_factor=True).paragraphs) for owner in (ANA, OTTO)]
    assert ["no new requests come to them" in each for each in said] == [True, False]
    assert presenter.page(ANA, DORA, None, has_factor=False).button is None


def test_two_offices_can_stand_in_one_sentence() -> None:
    lift = FactorLift(asked_office="operator", seconded_office="coordinator", seconded_at=AT, state="seconded")
    assert "lost it: the person who runs the server and the coordinator." in presenter.own(lift)


def test_mail_says_the_year_and_the_time_zone() -> None:
    assert presenter.moment_in_mail(AT) == "on Sunday, November 29, 2026, 20:30 CST"


def test_owner_reads_offices_and_no_names() -> None:
    said = presenter.own(ASKED) + presenter.own(SECONDED)
    assert "the coordinator" in said and "the clinical director" in said and "Carla" not in said
