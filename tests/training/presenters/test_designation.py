"""The letter of a designation packet claims what is on record, and nothing else."""

from datetime import UTC, date, datetime

import pytest

from peersupport.team.models import Agreement, EarlierService, Member, TermRenewal, User
from training.presenters.designation import designated, earlier_service, how_long, renewal, signed

DAY, TODAY = date(2027, 3, 3), date(2027, 3, 10)


def member(**fields: object) -> Member:
    return Member(user=User(name="Ana Alvarez"), designated_by="Sheriff Stone", **fields)


@pytest.mark.parametrize(
    ("order", "sentence"),
    [
        ("", "Ana Alvarez was designated a member of this team by Sheriff Stone on March 3, 2027."),
        ("7-1", "Ana Alvarez was designated a member of this team by Sheriff Stone on March 3, 2027, by order 7-1."),
    ],
)
def test_an_order_is_named_where_there_is_one(order: str, sentence: str) -> None:
    assert designated(member(designation_order=order), DAY) == sentence


@pytest.mark.parametrize(
    ("fields", "sentence"),
    [
        ({}, "The designation has no end date."),
        ({"term_ends_on": DAY}, "The term ended on March 3, 2027."),
        ({"term_ends_on": date(2027, 4, 1)}, "The term ends on April 1, 2027."),
        ({"term_ends_on": date(2027, 4, 1), "ended_on": DAY}, "The membership ended on March 3, 2027."),
    ],
)
def test_how_long_a_designation_holds(fields: dict[str, date], sentence: str) -> None:
    assert how_long(member(**fields), TODAY) == sentence


@pytest.mark.parametrize(
    ("order", "until", "sentence"),
    [
        ("", None, "Renewed on March 3, 2027 by Sheriff Stone."),
        ("7-1", None, "Renewed on March 3, 2027 by Sheriff Stone, by order 7-1."),
        ("", TODAY, "Renewed on March 3, 2027 by Sheriff Stone, until March 10, 2027."),
        ("7-1", TODAY, "Renewed on March 3, 2027 by Sheriff Stone, by order 7-1, until March 10, 2027."),
    ],
)
def test_a_renewal_has_its_order_and_its_end(order: str, until: date | None, sentence: str) -> None:
    assert renewal(TermRenewal(on=DAY, head="Sheriff Stone", order=order, until=until)) == sentence


def test_earlier_service_may_be_without_a_designation() -> None:
    left = EarlierService(ended_on=TODAY)
    assert earlier_service(left) == "On the team earlier, until March 10, 2027."
    left.designated_on, left.designated_by = DAY, "Sheriff Stone"
    assert earlier_service(left) == (
        "Designated earlier, on March 3, 2027 by Sheriff Stone; on the team until March 10, 2027."
    )


@pytest.mark.parametrize(("version", "how"), [(0, "in the version that came with the program"), (4, "version 4")])
def test_an_agreement_on_screen_has_its_version(version: int, how: str) -> None:
    agreement = Agreement(signed_at=datetime(2027, 3, 3, 18, tzinfo=UTC), signed_name="Ana Alvarez", version=version)
    assert signed(agreement) == f"Signed on screen by Ana Alvarez on March 3, 2027, {how}."


def test_an_agreement_on_paper_has_only_its_day() -> None:
    agreement = Agreement(on_paper_on=date(2020, 5, 1))
    assert signed(agreement) == "Signed on paper on May 1, 2020, before this program was used."
