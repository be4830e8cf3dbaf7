"""What one's own page, the on-call page, the invitations and the review of a roster say."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from peersupport.access.permissions import Role
from peersupport.core.spreadsheet.cells import RowOutcome
from peersupport.team.domain.standing import Standing
from peersupport.team.domain.states import MembershipState
from peersupport.team.presenters import accounts, on_call, own_page, recovery_code, roster_import

ZONE = ZoneInfo("America/Chicago")
NOW = datetime(2026, 6, 1, 15, 0, tzinfo=UTC)  # a Monday, 10:00 in Chicago
HOUR = timedelta(hours=1)
HERE = Standing(MembershipState.DESIGNATED)


# One's own page


@pytest.mark.parametrize(
    ("standing", "is_to_sign", "has_phone_alert", "facts"),
    [
        (HERE, False, False, []),
        (HERE, True, False, ["Please sign the confidentiality agreement."]),
        (replace(HERE, is_on_call=True), False, True, []),
        (replace(HERE, is_on_call=True), False, False, ["You're on call, but phone alerts aren't set up."]),
        (replace(HERE, term_ended_on=date(2026, 5, 1)), False, True, ["Your term ended on May 1, 2026."]),
    ],
)
def test_notes_on_ones_own_page(standing: Standing, is_to_sign: bool, has_phone_alert: bool, facts: list[str]) -> None:
    notes = own_page.notes(standing, is_to_sign=is_to_sign, has_phone_alert=has_phone_alert)
    assert [note.fact for note in notes] == facts


def test_the_note_to_sign_says_why() -> None:
    states = (MembershipState.IN_TRAINING, MembershipState.DESIGNATED)
    notes = [own_page.notes(Standing(state), is_to_sign=True, has_phone_alert=True)[0] for state in states]
    assert [note.rest for note in notes] == ["You sign it before you're designated.", "There's a new version."]


def test_rows_of_a_member() -> None:
    rows = own_page.member_rows(HERE, has_phone_alert=False, is_to_sign=True, is_designated=True)
    assert "Confidentiality agreement" not in [row.label for row in rows]
    rows = own_page.member_rows(HERE, has_phone_alert=True, is_to_sign=False, is_designated=True)
    details = {row.label: row.detail for row in rows}
    assert details["Confidentiality agreement"] == "The agreement you signed, and your designation packet"
    assert [row.link for row in rows if row.label == "Phone alerts"] == ["Change or test phone alerts"]


@pytest.mark.parametrize(
    ("is_to_sign", "has_signed", "said"),
    [
        (True, False, "Please take your time"),
        (True, True, "This is a new version."),
        (False, True, "You've signed the current version."),
    ],
)
def test_lead_of_the_agreement(is_to_sign: bool, has_signed: bool, said: str) -> None:
    assert own_page.agreement_lead(is_to_sign=is_to_sign, has_signed=has_signed).startswith(said)


@pytest.mark.parametrize(
    ("occasion", "before", "link"),
    [
        (recovery_code.Occasion.FIRST_KEY, "Your password is set.", "I have them on paper, sign in"),
        (recovery_code.Occasion.NEW_KEY, "Your new password is set, and you", "I have them on paper, sign in"),
        (recovery_code.Occasion.NEW_CODE, "This is your new recovery code.", "I have them on paper"),
    ],
)
def test_what_stands_around_a_recovery_code(occasion: recovery_code.Occasion, before: str, link: str) -> None:
    around = recovery_code.around(occasion)
    assert around.before.startswith(before) and around.link == link
    assert ("sign in" in around.after) == (occasion is not recovery_code.Occasion.NEW_CODE)


# On call


def test_who_is_on_call_now() -> None:
    assert [on_call.on_call_now(people) for people in ([], ["Ana"], ["Ben", "Ana"])] == [
        "Nobody is on call now.", "Ana is on call now.", "Ana and Ben are on call now.",
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("gaps", "coverage", "first"),
    [
        ([], "Someone is on call every hour of the next two weeks.", ""),
        (
            [(NOW, NOW + HOUR)],
            "Nobody is on call for one hour in the next two weeks.",
            "The first gap is right now.",
        ),
        (
            [(NOW + HOUR, NOW + 3 * HOUR)],
            "Nobody is on call for two hours in the next two weeks.",
            "The first gap starts on Monday, June 1, 11:00.",
        ),
    ],
)
def test_coverage_and_first_gap(gaps: list[tuple[datetime, datetime]], coverage: str, first: str) -> None:
    assert (on_call.coverage(gaps), on_call.first_gap(gaps, NOW, ZONE)) == (coverage, first)


def test_question_and_missing_phone_alerts() -> None:
    assert on_call.question("Ana", is_own=False) == "Ana asks you to take a shift"
    assert on_call.question("Ana", is_own=True) == "Will you take your own shift back from Ana?"
    assert on_call.without_phone_alert(set()) == ""
    assert on_call.without_phone_alert({"Ben", "Ana"}).startswith("No phone alerts are set up for Ana and Ben yet.")


# Accounts


def test_role_names_and_link_status() -> None:
    assert accounts.role_names({Role.COORDINATOR, Role.MEMBER}) == "Member, Coordinator"
    assert accounts.link_status(NOW, NOW) == "The link no longer works. Invite them again."
    assert accounts.link_status(NOW + HOUR, NOW) == "The link works until June 1"


def test_an_invitation_that_was_not_delivered() -> None:
    assert accounts.undelivered_text(None) == ""
    assert accounts.undelivered_text(NOW.date()).startswith("Not delivered: on June 1 the mail server said")


# The review of a roster


@pytest.mark.parametrize(
    ("counts", "unreadable", "said"),
    [
        ({RowOutcome.NEW: 1}, "", "Import and invite 1 person"),
        ({RowOutcome.NEW: 2, RowOutcome.KNOWN: 1}, "", "Import and invite 2 people"),
        ({RowOutcome.NEW: 2, RowOutcome.WRONG: 1}, "", "Nothing has been saved."),
        ({RowOutcome.KNOWN: 1}, "", "Everyone in this file is already on the roster."),
        ({}, "It took too long.", "The file can't be read right now. Nothing has been saved."),
    ],
)
def test_verdict_on_a_roster(counts: dict[RowOutcome, int], unreadable: str, said: str) -> None:
    verdict = roster_import.verdict(counts, unreadable=unreadable)
    assert (verdict.note.fact if verdict.note else verdict.button) == said


def test_how_many_were_imported() -> None:
    assert roster_import.imported(1).startswith("1 person was added to the roster.")
    assert roster_import.imported(2).startswith("2 people were added to the roster.")
