"""What a member does for an officer dates no row: the session row stays as it was at sign-in."""

import pytest
from django.contrib.sessions.models import Session
from django.test import Client

from peersupport.team.models import Member, User
from requests_app.actions import officer
from requests_app.models import ClosingNote, Consultation
from requests_app.queries import members
from tests.cast import sign_in
from tests.requests_app.conftest import OpenRequest, submit_request

pytestmark = pytest.mark.django_db
COUNTED = {"first_this_year": "no", "confirmed": "1"}


@pytest.fixture
def submitted(ana: Member) -> list[OpenRequest]:
    return [submit_request(wanted=ana.pk) for _ in range(5)]


def test_no_press_on_the_desk_changes_the_session_row(
    submitted: list[OpenRequest], ana: Member, director: User, open_year: None
) -> None:
    desk = sign_in(Client(), ana)
    before = list(Session.objects.values())

    def press(address: str, said: str, **typed: object) -> None:
        page = desk.post(f"/desk/{address}/", typed, follow=True).content.decode()
        assert said in page, address
        assert list(Session.objects.values()) == before, address

    ids = [str(each.unsealed.id) for each in submitted]
    press(f"offers/{ids[0]}/decline", "Desk")
    press(f"known/{ids[1]}", "Passed on.")
    press(f"known/{ids[1]}", "Someone else took this one")
    for number in (2, 3, 4):
        press(f"offers/{ids[number]}/accept", "Open contact")
    press(f"contacts/{ids[2]}/suggest", "You suggested closing.")
    assert "You suggested closing" in desk.get("/desk/").content.decode()
    press(f"contacts/{ids[2]}/not-real", "nothing to tally")
    press(f"contacts/{ids[3]}/close", "Closed")
    officer.close(creds=submitted[4].credentials, note="thank you")
    press(f"last-word/{ClosingNote.objects.get().pk}", "thank you")
    press("tally", "Counted.", owed=members.pending_tallies_of(ana)[0].id, **COUNTED)
    press("tally", "Not counted.", owed=members.pending_tallies_of(ana)[0].id, skip="1")
    press("consult", "be told. Your request stays on your desk", how_soon="today")
    press(f"consult/{Consultation.objects.get().pk}", "Desk")


def test_the_session_row_tells_only_the_hour_of_the_sign_in(ana: Member, time_machine: object) -> None:
    for moment in ("2026-05-04T12:03:07Z", "2026-05-04T12:51:44Z"):
        time_machine.move_to(moment, tick=False)  # type: ignore[attr-defined]
        sign_in(Client(), ana)
    assert {row.expire_date.isoformat() for row in Session.objects.all()} == {"2026-05-04T20:00:00+00:00"}
    kept = repr([row.get_decoded() for row in Session.objects.all()])
    assert "_auth_user_id" in kept and "1777" not in kept, "seconds since 1970 of that month"
