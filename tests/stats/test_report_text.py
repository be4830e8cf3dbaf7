"""The sentences of a report, from its figures alone."""

from dataclasses import replace

import pytest

from peersupport.core.plurals import plural_of
from stats.domain.disclosure import Row
from stats.domain.report import Breakdown, Report, SessionFigures, SubjectFigures, TeamFigures
from stats.presenters.report_text import lists_note, sentences, spelled
from stats.presenters.team_tables import team_tables
from tests.stats.sample import REPORT, ROWS, TEAM

FEW = replace(REPORT, rows=ROWS[:2])


def lines(report: Report = FEW, **team: object) -> tuple[str, ...]:
    return sentences(replace(report, team=replace(report.team, **team)), agency="A", program="P")


def test_sentences_stand_alone_and_claim_no_exact_contact() -> None:
    contacts, people, designated, designations, hours, privacy = lines()
    assert contacts == "In 2025, the members of P at A gave support in about 10–19 contacts."
    assert people == "In 2025, too few people got support to give a number."
    assert designated == "When the year was closed, eight members were designated to give support."
    assert designations == "In 2025, three people were designated."
    assert hours == "In 2025, the team trained for 8.5 hours."
    assert "aren't exact, on purpose" in privacy


def test_sentences_of_the_other_sizes_of_a_band() -> None:
    rows = (Row("persons", "all", 1230, 1239), Row("contacts", "all", 0, 9))
    contacts, people, *__ = lines(replace(REPORT, rows=rows))
    assert contacts == "In 2025, the members of P at A had too few contacts to give a number."
    assert people == "In 2025, about 1,230–1,239 people got support, as far as the peers know."


def hours_of(*hours: float) -> tuple[SubjectFigures, ...]:
    return tuple(SubjectFigures("x", "X", each, 0, 0, 0, 0) for each in hours)


@pytest.mark.parametrize(
    ("hours", "sentence"),
    [
        ((), "In 2025, the team recorded no training."),
        ((1,), "In 2025, the team trained for one hour."),
        ((0.5,), "In 2025, the team trained for 0.5 hours."),
        ((0.1, 0.2), "In 2025, the team trained for 0.3 hours."),
        ((1.5,), "In 2025, the team trained for 1.5 hours."),
        ((4, 5.0), "In 2025, the team trained for nine hours."),
        ((12_000, 500.5), "In 2025, the team trained for 12,500.5 hours."),
    ],
)
def test_sentence_about_hours(hours: tuple[float, ...], sentence: str) -> None:
    assert lines(training=hours_of(*hours))[4] == sentence


def test_sentences_about_none_and_one() -> None:
    none = lines(designations=0, members=TEAM.members | {"designated": 0})
    assert none[2] == "When the year was closed, no members were designated to give support."
    assert none[3] == "In 2025, nobody was designated."
    one = lines(designations=1, members=TEAM.members | {"designated": 1})
    assert one[2] == "When the year was closed, one member was designated to give support."
    assert one[3] == "In 2025, one person was designated."


def test_sentences_about_sessions_leave_out_those_of_the_team() -> None:
    own, outreach = SessionFigures("training", "T", 5, 50), SessionFigures("outreach", "O", 1, 1)
    assert len(lines(sessions=(own, replace(outreach, count=0)))) == len(lines())
    assert lines(sessions=(own, outreach))[5:7] == (
        "In 2025, one education or outreach session was held.",
        "One person took part in education and outreach.",
    )
    assert lines(sessions=(outreach, replace(outreach, people=0)))[5] == (
        "In 2025, two education and outreach sessions were held."
    )
    assert len(lines(sessions=(replace(outreach, people=0),))) == len(lines()) + 1


@pytest.mark.parametrize(
    ("number", "text", "plural"), [(1, "one", 1), (1.0, "one", 1), (9, "nine", 9), (1.5, "1.5", 2)]
)
def test_numbers_in_sentences(number: float, text: str, plural: int) -> None:
    assert (spelled(number), plural_of(number)) == (text, plural)


def test_note_about_the_lists_of_several_years() -> None:
    assert lists_note(REPORT) == ""
    to_come = replace(REPORT, breakdown=Breakdown("2025 to 2026", 2025, 2, ()))
    assert "are counted over 2025 to 2026 together and come with the report for the last" in lists_note(to_come)
    together = replace(REPORT, breakdown=Breakdown("2025 to 2026", 2025, 2, ROWS[2:]))
    assert "they count 2025 to 2026 together" in lists_note(together)


def test_tables_leave_out_what_an_older_report_does_not_have() -> None:
    old = TeamFigures(members=TEAM.members, designations=3, training=())
    assert [table.title for table in team_tables(old)] == ["Members", "Training and status of members who serve"]
    assert [label for label, __ in team_tables(old)[0].rows][3:] == ["Designated in this period"]
    share = team_tables(replace(old, on_call_share=0.497))[0].rows[-1]
    assert share == ("Percent of hours with someone on call", 49)
