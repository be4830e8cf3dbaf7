from stats.presenters.report_text import sentences
from tests.stats.sample import REPORT, ROWS, TEAM


def test_sentences_stand_alone_and_claim_no_exact_contact():
    lines = sentences(REPORT | {"rows": ROWS[:2]}, agency="A", program="P")
    assert lines[0] == "In 2025 the members of P at A gave support: about 10–19 contacts."
    assert lines[1] == "New to the program in that year: too few people to give a number."
    designated = "eight members were designated to give support; three designations were made in the year."
    assert lines[2] == f"When the year was closed, {designated}"


def test_sentences_spell_small_numbers_and_zero():
    few = TEAM | {"designations": 0, "sessions": [{"code": "outreach", "name": "Outreach", "count": 1, "people": 1}]}
    lines = sentences(REPORT | {"rows": ROWS[:2], "team": few}, agency="A", program="P")
    assert lines[2].endswith("; no designations were made in the year.")
    assert lines[4] == "In that year one education or outreach session was held, for one person in all."
    many = TEAM | {"training": [TEAM["training"][0] | {"hours": 12500.5}]}
    lines = sentences(REPORT | {"rows": ROWS[:2], "team": many}, agency="A", program="P")
    assert lines[3] == "The team trained for 12,500.5 hours in that year."
