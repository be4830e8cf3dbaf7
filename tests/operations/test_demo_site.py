"""What a demo prints when it is started again."""

from pathlib import Path
from typing import Any

import pytest

from operations.demo import site
from peersupport.program import form_tokens
from peersupport.sealing import keyring
from peersupport.sealing.receipt import credentials
from peersupport.team.models import Member
from requests_app.actions import officer, submission
from requests_app.domain.card import Card
from requests_app.domain.states import Urgency


@pytest.mark.django_db
def test_closed_sample_request_is_not_printed_again(ana: Member, settings: Any, tmp_path: Path) -> None:
    settings.VAR = tmp_path
    typed = submission.Submission(Card(urgency=Urgency.TODAY))
    sent = submission.submit(token=form_tokens.fresh("request"), submission=typed)
    (tmp_path / "sample-receipt.txt").write_text(" ".join(sent.receipt_words))
    assert " ".join(sent.receipt_words) in site.welcome("http://localhost:8000")
    officer.close(creds=credentials(keyring.lasting("credentials"), sent.receipt_words))
    said = site.welcome("http://localhost:8000")
    assert "has been closed and erased" in said and " ".join(sent.receipt_words) not in said
