"""Whom an officer leaves out stays left out, even if they could not have been asked at the time."""

import re

import pytest
from django.conf import settings
from django.test import Client
from django.utils import timezone

from peersupport.program.models import ProgramSettings
from peersupport.team.actions.membership import return_from_leave, take_leave
from peersupport.team.models import Member, User
from requests_app.forms.officer import MAX_LEFT_OUT, UNIT_LIMIT
from requests_app.models import Request
from requests_app.queries import unsealing
from requests_app.queries.unsealing import UnsealedRequest
from tests.cast import make_member
from tests.requests_app.test_submission import post, receipt_on

pytestmark = pytest.mark.django_db
EXCLUDED = {"by name": lambda ana: {"not_these": [str(ana.pk)]}, "by unit": lambda ana: {"not_unit": ana.unit}}


def only_request() -> UnsealedRequest:
    request = unsealing.unseal(Request.objects.get())
    assert request is not None
    return request


def go_on_leave(member: Member, by: User) -> None:
    take_leave(member_id=member.pk, first=timezone.localdate(), last=None, by=by)


@pytest.mark.parametrize("how", EXCLUDED)
def test_excluded_member_back_from_leave_gets_no_offer(
    officer: Client, ana: Member, coordinator: User, how: str
) -> None:
    go_on_leave(ana, coordinator)
    words = receipt_on(post(officer, **EXCLUDED[how](ana)))
    return_from_leave(member_id=ana.pk, by=coordinator)
    officer.post("/request/return/", {"receipt": " ".join(words)})
    make_member("Cy Clark", confirmed_by=coordinator, unit="Dispatch")
    officer.post("/request/send-on/")
    assert ana.pk not in {recipient.member_id for recipient in only_request().routing.recipients}
    assert len(only_request().routing.offered_to) == 1


@pytest.mark.parametrize("names", ["shown", "behind the word"])
def test_form_with_errors_keeps_the_exclusions(
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


RANDOM = re.compile(rb'(<p class="receipt".*?</p>|name="(token|receipt)" value="[^"]*"|<!--.*?-->)', re.S)


@pytest.mark.parametrize("names", ["shown", "behind the word", "none"])
@pytest.mark.parametrize("understood", ["on", ""])
def test_who_guesses_reads_the_same_of_members_and_units_that_are_not_shown_as_of_nobody(
    officer: Client, ana: Member, ben: Member, coordinator: User, names: str, understood: str
) -> None:
    if names == "behind the word":
        ProgramSettings.objects.create(pk=1, program_word="lantern")
    for member in (ana, ben) if names == "none" else (ana,):
        go_on_leave(member, coordinator)
    guess = {"not_these": [str(ana.pk)], "not_unit": "Patrol"}

    def pages() -> list[bytes]:
        read = officer.get("/request/").content, post(officer, understood=understood, **guess)
        return [RANDOM.sub(b"", page) for page in read]

    hidden, ended = pages(), {"state": "ended", "ended_on": timezone.localdate(), "end_reason": "resigned"}
    Member.objects.filter(pk=ana.pk).update(unit="Jail", **ended)
    assert pages() == hidden
    assert (b"check this box" in hidden[1]) is (not understood)


def test_as_many_as_can_be_left_out_fit_on_the_card(officer: Client, ana: Member) -> None:
    most = [str(10**9 - number) for number in range(1, MAX_LEFT_OUT + 1)]
    receipt_on(post(officer, not_these=[*most, *most[:100], "x", "-1", "9" * 5000], not_unit="🫂" * UNIT_LIMIT))
    assert Member._meta.get_field("unit").max_length == UNIT_LIMIT
    too_many = "not_these=1&" * (settings.DATA_UPLOAD_MAX_NUMBER_FIELDS + 1)
    answer = officer.post("/request/", too_many, content_type="application/x-www-form-urlencoded")
    assert answer.status_code == 400 and b"Go back one page and try again." in answer.content


def test_members_on_leave_are_not_on_the_form(officer: Client, ana: Member, ben: Member, coordinator: User) -> None:
    go_on_leave(ana, coordinator)
    page = officer.get("/request/").content.decode()
    assert "Alvarez" not in page and "Patrol" not in page and "Dispatch" in page


def test_choice_that_is_no_longer_available_is_an_error(officer: Client, ana: Member, coordinator: User) -> None:
    retired = make_member("Rae Retired", confirmed_by=coordinator, kind="retired")
    assert 'value="retired"' in officer.get("/request/").content.decode()
    go_on_leave(retired, coordinator)
    page = post(officer, kind="retired", message="kept words").decode()
    assert "Your choice under “Who would you rather talk to?” is no longer available" in page
    assert "kept words" in page and not Request.objects.exists()
