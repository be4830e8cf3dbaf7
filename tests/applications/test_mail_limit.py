"""Anybody can type anybody's address: five mails a day go there, whatever is pressed, and the sixth is a sentence."""

from datetime import timedelta

import pytest
import time_machine
from django.utils import timezone

from applications import tasks
from applications.actions import candidate as candidate_actions
from applications.actions import purging
from applications.domain.states import ReferenceKind
from applications.models import Application, DailyMailCount, PastOutcome, Reference
from tests.applications.conftest import CORY, read_mail, sent
from tests.applications.test_candidate import page_form, send, words

pytestmark = pytest.mark.django_db
ENOUGH = "five times today"
OTHER = "other@example.org"


def addresses() -> list[str]:
    return [letter.to[0] for letter in read_mail()]


def test_saving_and_forgetting_over_and_over_mails_five_times(candidate):
    answers = []
    for _ in range(8):
        answers.append(send(candidate, press="save"))
        if answers[-1].status_code == 302:
            candidate.post(f"{answers[-1].url}forget/")
    assert [answer.status_code for answer in answers] == [302] * 5 + [200] * 3
    assert ENOUGH in words(answers[-1])
    assert answers[-1].context["form"]["why"].value() == CORY["why"], "what was typed is kept"
    assert addresses() == [CORY["email"]] * 5
    assert not Application.objects.exists() and not PastOutcome.objects.exists()


def test_one_form_with_changing_addresses_mails_each_five_times(candidate):
    form = {**page_form(candidate), **CORY, "press": "send"}
    pages = [
        words(candidate.post("/apply/", {**form, "email": address}))
        for _ in range(8)
        for address in (OTHER, CORY["email"])
    ]
    assert any(ENOUGH in page for page in pages)
    found = addresses()
    assert (found.count(CORY["email"]), found.count(OTHER)) == (5, 5)


def test_a_draft_that_is_sent_counts_too_and_a_new_address_does(candidate):
    for _ in range(5):
        send(candidate)
    read_mail()
    draft = send(candidate, press="save", email=OTHER).url
    assert ENOUGH in words(candidate.post(draft, {**CORY, "press": "save"}))
    assert ENOUGH in words(candidate.post(draft, {**CORY, "press": "send"}))
    candidate.post(draft, {**CORY, "email": OTHER, "press": "send"})
    assert addresses() == [OTHER] * 2


def test_the_next_day_begins_anew_and_nothing_of_an_address_stays(candidate):
    for _ in range(6):
        send(candidate)
    assert "cory" not in str(list(DailyMailCount.objects.values()))
    with time_machine.travel(timezone.now() + timedelta(days=1)):
        assert "One step more" in words(send(candidate))
        assert DailyMailCount.objects.count() == 2
        purging.purge(now=timezone.now())
        assert DailyMailCount.objects.get().number == 1


def test_a_referee_whom_many_name_on_a_day_is_asked_on_the_next(coordinator):
    rita = candidate_actions.Named(ReferenceKind.REFERENCE, "Rita Referee", "rita@example.org")
    for number in range(7):
        sent(rita, email=f"c{number}@example.org")
    read_mail()
    assert Reference.objects.filter(state="named").count() == 2
    with time_machine.travel(timezone.now() + timedelta(days=1)):
        tasks.remind_references()
        assert addresses() == [rita.email] * 2
    assert not Reference.objects.filter(state="named").exists()


@pytest.mark.parametrize("press", ["save", "send"])
def test_what_nobody_confirmed_is_never_counted(candidate, press):
    send(candidate, press=press)
    with time_machine.travel(timezone.now() + timedelta(days=31)):
        assert purging.purge(now=timezone.now()) == 1
    assert not Application.objects.exists() and not PastOutcome.objects.exists()
