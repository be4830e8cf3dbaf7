"""An officer who has no account, and the shortest ways to where a test begins."""

from collections.abc import Collection
from dataclasses import dataclass

import pytest
from django.test import Client
from django.utils import timezone

from peersupport.notices import alert_services
from peersupport.notices.models import PhoneAlert
from peersupport.program import form_tokens
from peersupport.sealing import keyring
from peersupport.sealing.receipt import Credentials, credentials
from peersupport.team.models import Member
from requests_app.actions import peer, submission
from requests_app.domain.card import Card, Words
from requests_app.domain.states import Urgency
from requests_app.queries import officers, unsealing
from stats.actions import open_current_year
from training.actions.records import record


@dataclass(frozen=True)
class OpenRequest:
    """A request that is under way, as the officer knows it."""

    receipt_words: tuple[str, ...]
    credentials: Credentials

    @property
    def unsealed(self) -> unsealing.UnsealedRequest:
        request = officers.request_of(self.credentials)
        assert request is not None
        return request


def submit_request(
    urgency: Urgency = Urgency.TODAY,
    *,
    message: str = "",
    contact: str = "",
    excluded_members: Collection[int] = (),
    **chosen: object,
) -> OpenRequest:
    card = Card(urgency=urgency, excluded_members=frozenset(excluded_members), **chosen)
    typed = submission.Submission(card, Words(message, contact))
    sent = submission.submit(token=form_tokens.fresh("request"), submission=typed)
    return OpenRequest(sent.receipt_words, credentials(keyring.lasting("credentials"), sent.receipt_words))


def train(member: Member, *codes: str) -> None:
    for code in codes:
        record(member_id=member.pk, subject=code, completed_on=timezone.localdate(), hours=8, by=member.user)


@pytest.fixture
def officer() -> Client:
    return Client()


@pytest.fixture
def phone_alert(ana: Member) -> None:
    """Ana's telephone can be rung, as far as anybody knows."""
    PhoneAlert.objects.create(user=ana.user, sealed_address=alert_services.seal(ana.user_id, "nowhere://ana"))


@pytest.fixture
def open_year(db: None) -> None:
    open_current_year()


@pytest.fixture
def contact(ana: Member, ana_key: bytes) -> OpenRequest:
    """A request that ana has accepted."""
    submitted = submit_request(message="I have not slept.", contact="555-0100, after six")
    assert peer.accept(member=ana, request_id=submitted.unsealed.id, private_key=ana_key) == peer.AcceptOutcome.ACCEPTED
    return submitted
