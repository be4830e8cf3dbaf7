"""“Erased” is only said once the key is gone."""

import pytest

from requests_app.presenters import erasure
from requests_app.queries.officers import Ending


@pytest.mark.parametrize("is_erased", [True, False])
def test_officer_who_closed(is_erased: bool) -> None:
    said = f"{erasure.closed_title(is_erased=is_erased)} {erasure.closed_text(is_erased=is_erased)}"
    assert ("erased" in said) is ("destroyed. Nobody" in said) is is_erased
    assert ("being destroyed" in said) is not is_erased


@pytest.mark.parametrize("ending", Ending)
def test_officer_who_comes_back(ending: Ending) -> None:
    said = f"{erasure.ended_title(ending)} {erasure.ended_text(ending)}"
    assert ("erased" in said) is (ending == Ending.ERASED)
    assert ("being destroyed" in said) is (ending == Ending.CLOSED)
    assert ("keeps this from being opened" in said) is (ending == Ending.DAMAGED)


def test_a_note_waits_or_could_not_be_left() -> None:
    assert erasure.note_text(is_left=True).startswith("Your note is waiting for your peer.")
    assert erasure.note_text(is_left=False) == "Your note couldn't be left, so your peer won't read it."
