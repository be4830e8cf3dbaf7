"""What a member reviews before a tally counts."""

from requests_app.forms.tallies import TallyForm, chosen_answers


def test_answers_are_shown_by_their_labels_in_order() -> None:
    form = TallyForm({"first_this_year": "yes", "concern": "grief", "first_referral": "yes", "referral": "chaplain"})
    assert form.is_valid()
    answers = chosen_answers(form.counted_fields())
    assert [label for __, label in answers] == ["Yes", "Grief or loss", "Chaplain"]
    assert answers[1][0] == "What was it mainly about?"
