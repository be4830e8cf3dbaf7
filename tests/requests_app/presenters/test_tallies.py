"""What a member reads when they tally."""

from requests_app.presenters import tallies


def test_counted_sentence() -> None:
    assert tallies.counted_sentence(1) == "One contact counted."
    assert tallies.counted_sentence(3) == "Three contacts counted."


def test_review_says_why_nobody_is_added_and_claims_no_more_than_was_answered() -> None:
    no, unknown, yes = (tallies.no_person_sentence(answer) for answer in ("no", "unknown", "yes"))
    assert no.startswith("Not a first contact this year,") and unknown.startswith("It may not be their first")
    assert yes == ""
