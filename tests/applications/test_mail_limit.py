"""Anybody can type anybody's address: it gets five mails a day, and the sixth press is refused with a sentence."""

from datetime import timedelta

import pytest
import time_machine
from django.utils import timezone

from applications import tasks
from applications.actions import candidate as candidate_actions
from applications.actions import purging
from applications.domain.states import ReferenceKind
from applications.models import Application, DailyMailCount, PastOutcome, Reference
from tests.applications.conftest import CORY, fresh_form, read_mail, send_form, sent, text_of

pytestmark = pytest.mark.django_db
ENOUGH = "five e-mails to this address today"
OTHER = "other@example.org"


def addresses() -> list[str]:
    return [letter.to[0] for letter in read_mail()]


def test_saving_and_deleting_repeatedly_mails_five_times(candidate):
    answers = []
    for _ in range(8):
        answers.append(send_form(candidate, press="save"))
        if answers[-1].status_code == 302:
            candidate.post(f"{answers[-1].url}forget/")
    assert [answer.status_code for answer in answers] == [302] * 5 + [200] * 3
    assert ENOUGH in text_of(answers[-1])
    assert answers[-1].context["form"]["why"].value() == CORY["why"], "what was typed is kept"
    assert addresses() == [CORY["email"]] * 5
    assert not Application.objects.exists() and not PastOutcome.objects.exists()


def test_changing_addresses_mails_each_five_times(candidate):
    form = {**fresh_form(candidate), **CORY, "press": "send"}
    pages = [
        text_of(candidate.post("/apply/", {**form, "email": address}))
        for _ in range(8)
        for address in (OTHER, CORY["email"])
    ]
    assert any(ENOUGH in page for page in pages)
    mailed = addresses()
    assert (mailed.count(CORY["email"]), mailed.count(OTHER)) == (5, 5)


def test_sent_draft_and_new_address_count(candidate):
    for _ in range(5):
        send_form(candidate)
    read_mail()
    draft = send_form(candidate, press="save", email=OTHER).url
    assert ENOUGH in text_of(candidate.post(draft, {**CORY, "press": "save"}))
    assert ENOUGH in text_of(candidate.post(draft, {**CORY, "press": "send"}))
    candidate.post(draft, {**CORY, "email": OTHER, "press": "send"})
    assert addresses() == [OTHER] * 2


def test_limit_resets_daily_and_stores_no_address(candidate):
    for _ in range(6):
        send_form(candidate)
    assert "cory" not in str(list(DailyMailCount.objects.values()))
    with time_machine.travel(timezone.now() + timedelta(days=1)):
        assert "One more step" in text_of(send_form(candidate))
        assert DailyMailCount.objects.count() == 2
        purging.purge(now=timezone.now())
        assert DailyMailCount.objects.get().count == 1


def test_reference_over_limit_is_asked_next_day(coordinator):
    rita = candidate_actions.NamedReference(ReferenceKind.REFERENCE, "Rita Referee", "rita@example.org")
    for number in range(7):
        sent(rita, email=f"c{number}@example.org")
    read_mail()
    assert Reference.objects.filter(state="named").count() == 2
    with time_machine.travel(timezone.now() + timedelta(days=1)):
        tasks.mail_references()
        assert addresses() == [rita.email] * 2
    assert not Reference.objects.filter(state="named").exists()


@pytest.mark.parametrize("press", ["save", "send"])
def test_unconfirmed_application_is_never_counted(candidate, press):
    send_form(candidate, press=press)
    with time_machine.travel(timezone.now() + timedelta(days=31)):
        assert purging.purge(now=timezone.now()) == 1
    assert not Application.objects.exists() and not PastOutcome.objects.exists()
