"""What the roster and a member's page say about a member, without a database."""

from datetime import UTC, date, datetime
from typing import Any

import pytest

from peersupport.team.domain.serving import NotServing
from peersupport.team.models import Agreement, EarlierService, Member, MemberKey, TermRenewal, User
from peersupport.team.presenters import members as presenter
from peersupport.team.queries.service_record import ServiceRecord

TODAY = date(2026, 6, 1)
SIGNED = Agreement(signed_at=datetime(2026, 3, 3, 20, 5, tzinfo=UTC), signed_name="Ana Alvarez", version=3)
ON_PAPER = Agreement(on_paper_on=date(2024, 3, 30))
RENEWAL = TermRenewal(on=date(2026, 1, 2), head="Sheriff Sam", order="2026-01", until=date(2029, 1, 2))
EARLIER = EarlierService(ended_on=date(2020, 5, 1), end_reason="own_wish")


def member(key: MemberKey | None = None, **fields: Any) -> Member:
    user = User(name="Ana Alvarez", email="ana@example.org")
    ana = Member(pk=7, user=user, **{"state": "designated", "kind": "sworn", "unit": "Patrol"} | fields)
    ana.current_keys = [key] if key else []  # as prefetch_current_key fetches them
    return ana


@pytest.mark.parametrize(
    ("fields", "not_serving", "is_to_sign", "state", "has_term_ended"),
    [
        ({}, [], False, "Designated", False),
        ({}, [NotServing.ON_LEAVE], True, "Designated · On leave · Agreement to sign", False),
        ({}, [NotServing.INVITED], False, "Designated · Invited, hasn't signed in yet", False),
        ({}, [NotServing.PAUSING, NotServing.KEY_UNCONFIRMED], False, "Designated · Paused", False),
        ({}, [NotServing.TERM_ENDED], False, "Designated", True),
        ({"state": "in_training"}, [NotServing.IN_TRAINING, NotServing.NO_KEY], False, "In training", False),
    ],
)
def test_roster_line_says_the_state(
    fields: dict[str, object], not_serving: list[NotServing], is_to_sign: bool, state: str, has_term_ended: bool
) -> None:
    line = presenter.roster_line(member(**fields), not_serving, is_on_call=False, is_to_sign=is_to_sign)
    assert (line.state, line.has_term_ended) == (state, has_term_ended)


def test_roster_line_says_kind_unit_and_key() -> None:
    waiting = member(MemberKey(recovery_checked=True), is_supervisor=True, agency="Fire")
    line = presenter.roster_line(waiting, [], is_on_call=True, is_to_sign=False)
    assert (line.kind, line.unit, line.is_on_call) == ("Sworn · Supervises others", "Patrol · Fire", True)
    assert (line.key, line.is_key_waiting) == ("Not confirmed yet", True)
    assert not presenter.roster_line(member(), [], is_on_call=False, is_to_sign=False).is_key_waiting


def test_facts_leave_out_what_is_not_on_record() -> None:
    assert presenter.facts(member(unit="", cap=3), None, None) == [
        ("E-mail", "ana@example.org"),
        ("Kind", "Sworn"),
        ("Unit", "Not given"),
        ("Agreement", "Not signed yet"),
        ("Open contacts", "Three at most"),
        ("Key", "No key"),
    ]


def test_facts_of_a_former_member() -> None:
    former = member(state="ended", ended_on=TODAY, end_reason="training", term_ends_on=TODAY, cap=3)
    facts = dict(presenter.facts(former, ON_PAPER, None))
    assert (facts["Membership ended"], facts["Reason"]) == ("June 1, 2026", "Missed training")
    assert facts["Agreement"] == "March 30, 2024 on paper"
    assert not {"Term ends", "Open contacts"} & set(facts)


def test_signature() -> None:
    assert presenter.signature(SIGNED) == "March 3, 2026, 14:05 as “Ana Alvarez” · version 3"
    built_in = Agreement(signed_at=SIGNED.signed_at, signed_name="Ana", version=0, is_past=True)
    assert presenter.signature(built_in).endswith("· the version that came with the program · earlier service")


def test_history_is_there_only_if_there_is_more_than_the_current_record() -> None:
    assert presenter.history(ServiceRecord([SIGNED], [], [])) == []
    assert presenter.history(ServiceRecord([SIGNED, ON_PAPER], [RENEWAL], [EARLIER])) == [
        ("Renewed on January 2, 2026", "By Sheriff Sam · order 2026-01 · until January 2, 2029"),
        ("Agreement signed", presenter.signature(SIGNED)),
        ("Agreement signed", "March 30, 2024 on paper"),
        ("On the team until May 1, 2020", "Chose to step down"),
    ]


def test_links_are_those_that_the_reader_may_follow() -> None:
    for_all, for_manager = (
        presenter.links(member(), may_manage=may_manage, may_lift=False) for may_manage in (False, True)
    )
    assert [row.label for row in for_all] == ["Training"]
    assert [row.label for row in for_manager] == ["Hours", "Training"]
    former = member(state="ended", designated_on=TODAY)
    assert [row.label for row in presenter.links(former, may_manage=True, may_lift=False)] == [
        "Training",
        "Designation packet",
    ]


def test_renewal_terms_and_leave() -> None:
    assert presenter.renewal_terms(None).startswith("Terms have no end here.")
    assert [presenter.renewal_terms(years)[:21] for years in (1, 3)] == [
        "For one more year. Re",
        "For three more years.",
    ]
    assert presenter.leave(TODAY, None) == "On leave from June 1, 2026, with no last day yet."
    assert presenter.leave(TODAY, date(2026, 6, 9)) == "On leave from June 1, 2026 through June 9, 2026."
