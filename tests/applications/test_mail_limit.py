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
from tests.applications.conftest import CORY, fresh_form, quarter_of_an_hour_later, read_mail, send_form, sent, text_of

pytestmark = pytest.mark.django_db
JUST_NOW = "just sent an e-mail to this address"
ENOUGH = "five e-mails to this address today"
OTHER = "other@example.org"


def addresses() -> list[str]:
    return [letter.to[0] for letter in read_mail()]


def test_saving_and_deleting_repeatedly_mails_five_times(candidate):
    answers = []
    for _ in range(8):
        quarter_of_an_hour_later()
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
    pages = []
    for _ in range(8):
        for address in (OTHER, CORY["email"]):
            quarter_of_an_hour_later()
            pages.append(text_of(candidate.post("/apply/", {**form, "email": address})))
    assert any(ENOUGH in page for page in pages)
    mailed = addresses()
    assert (mailed.count(CORY["email"]), mailed.count(OTHER)) == (5, 5)


@pytest.mark.parametrize("press", ["save", "send"])
def test_new_form_within_a_quarter_of_an_hour_mails_nothing_more_and_keeps_what_was_typed(candidate, press):
    send_form(candidate, press=press)
    again = send_form(candidate, press=press, why="Once more")
    assert JUST_NOW in text_of(again) and again.context["form"]["why"].value() == "Once more"
    assert addresses() == [CORY["email"]] and Application.objects.count() == 1
    with time_machine.travel(timezone.now() + timedelta(minutes=16)):
        assert JUST_NOW not in text_of(send_form(candidate, press=press))
        assert addresses() == [CORY["email"]]


def test_draft_that_was_just_saved_can_be_sent_at_once(candidate):
    draft = send_form(candidate, press="save").url
    candidate.post(draft, {**CORY, "press": "send"})
    assert addresses() == [CORY["email"]] * 2


def test_sent_draft_and_new_address_count(candidate):
    for _ in range(5):
        quarter_of_an_hour_later()
        send_form(candidate)
    read_mail()
    quarter_of_an_hour_later()
    draft = send_form(candidate, press="save", email=OTHER).url
    assert ENOUGH in text_of(candidate.post(draft, {**CORY, "press": "save"}))
    assert ENOUGH in text_of(candidate.post(draft, {**CORY, "press": "send"}))
    candidate.post(draft, {**CORY, "email": OTHER, "press": "send"})
    assert addresses() == [OTHER] * 2


def test_limit_resets_daily_and_stores_no_address(candidate):
    for _ in range(6):
        quarter_of_an_hour_later()
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
