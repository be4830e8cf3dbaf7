"""Whom an officer leaves out stays left out, also while nobody there could be asked."""

import re

import pytest
from django.test import Client
from django.utils import timezone

from peersupport.program.models import ProgramSettings
from peersupport.team.actions.membership import return_from_leave, take_leave
from peersupport.team.models import Member, User
from requests_app.domain import routing
from requests_app.models import Request
from requests_app.queries import unsealing
from requests_app.queries.unsealing import Opened
from tests.cast import make_member
from tests.requests_app.test_asking import post, receipt_on

pytestmark = pytest.mark.django_db
LEFT_OUT = {"by name": lambda ana: {"not_these": [str(ana.pk)]}, "by unit": lambda ana: {"not_unit": ana.unit}}


def sent() -> Opened:
    request = unsealing.opened(Request.objects.get())
    assert request is not None
    return request


def go_on_leave(member: Member, by: User) -> None:
    take_leave(member_id=member.pk, first=timezone.localdate(), last=None, by=by)


@pytest.mark.parametrize("how", LEFT_OUT)
def test_who_is_on_leave_when_it_is_sent_is_not_asked_once_they_are_back(
    officer: Client, ana: Member, coordinator: User, how: str
) -> None:
    go_on_leave(ana, coordinator)
    words = receipt_on(post(officer, **LEFT_OUT[how](ana)))
    return_from_leave(member_id=ana.pk, by=coordinator)
    officer.post("/request/return/", {"receipt": " ".join(words)})
    make_member("Cy Clark", confirmed_by=coordinator, unit="Dispatch")
    officer.post("/request/send-on/")
    assert ana.pk not in {place.member_id for place in sent().routing.places}
    assert len(routing.asked(sent().routing)) == 1


@pytest.mark.parametrize("names", ["shown", "behind the word"])
def test_a_form_that_comes_back_still_leaves_them_out(
    officer: Client, ana: Member, ben: Member, coordinator: User, names: str
) -> None:
    if names != "shown":
        ProgramSettings.objects.create(pk=1, program_word="lantern")
    go_on_leave(ana, coordinator)
    page = post(officer, not_these=[str(ana.pk)], not_unit="Patrol", understood="")
    assert b"check this box" in page and b"Alvarez" not in page
    boxes = re.findall(rb'<input type="(?:hidden|checkbox)" name="not_these" value="(\d+)"([^>]*)>', page)
    again = [int(value) for value, more in boxes if b"checkbox" not in more or b"checked" in more]
    assert ana.pk in again
    assert b'<option value="Patrol" selected>' in page or b'name="not_unit" value="Patrol"' in page


def test_who_is_on_leave_stands_on_no_form(officer: Client, ana: Member, ben: Member, coordinator: User) -> None:
    go_on_leave(ana, coordinator)
    page = officer.get("/request/").content.decode()
    assert "Alvarez" not in page and "Patrol" not in page and "Dispatch" in page


def test_a_wish_that_nobody_can_meet_any_more_is_not_dropped_without_a_word(
    officer: Client, ana: Member, coordinator: User
) -> None:
    retired = make_member("Rae Retired", confirmed_by=coordinator, kind="retired")
    assert 'value="retired"' in officer.get("/request/").content.decode()
    go_on_leave(retired, coordinator)
    page = post(officer, kind="retired", message="kept words").decode()
    assert "What you chose under “Who would you rather talk to?” can&#x27;t be had any more" in page
    assert "kept words" in page and not Request.objects.exists()
