"""What an officer reads and presses when the request goes to somebody else."""

import re

import pytest
from django.test import Client
from django.utils import timezone

from peersupport.notices.models import PhoneAlert
from peersupport.program import form_tokens
from peersupport.program.models import ProgramSettings
from peersupport.team.actions.membership import take_leave
from peersupport.team.models import Member, User
from requests_app.actions import peer, sweep
from requests_app.domain.states import RequestState
from requests_app.models import Message, Request
from requests_app.queries import members, unsealing
from tests.cast import sign_in
from tests.requests_app.conftest import OpenRequest, submit_request, train
from tests.requests_app.test_submission import post, receipt_on
from tests.requests_app.test_threads import return_by_receipt

pytestmark = pytest.mark.django_db
ANSWER = "I was there too."


@pytest.fixture
def answered(ana: Member, ana_key: bytes, ben: Member) -> OpenRequest:
    """Ana has accepted it and written; Ben could take it next."""
    submitted = submit_request(wanted=ana.pk)
    of_ana = {"member": ana, "request_id": submitted.unsealed.id, "private_key": ana_key}
    assert peer.accept(**of_ana) == peer.AcceptOutcome.ACCEPTED
    peer.write(**of_ana, token=form_tokens.fresh("write"), text=ANSWER)
    return submitted


def thread(officer: Client) -> str:
    return officer.get("/request/thread/").content.decode()


def who_wrote(page: str) -> list[tuple[str, str]]:
    """Each message with the name above it."""
    found = re.findall(r'<div class="message__who">(.*?)</div>\s*<p[^>]*>(.*?)</p>', page, re.S)
    return [(re.sub("<[^>]+>", "", who).partition("·")[0].strip(), text) for who, text in found]


@pytest.mark.parametrize(("chosen", "reads"), [({}, False), ({"next_may_read": "yes"}, True)])
def test_changed_peer_reads_what_the_officer_allows(
    officer: Client,
    answered: OpenRequest,
    ana: Member,
    ben: Member,
    ben_key: bytes,
    chosen: dict[str, object],
    reads: bool,
) -> None:
    return_by_receipt(officer, answered)
    page = officer.get("/request/change-peer/").content.decode()
    assert "have to say why" in page and "What may the next peer read?" in page
    officer.post("/request/change-peer/", {"turn": 1, **chosen})
    assert (ANSWER in thread(officer), Message.objects.exists()) == (reads, reads)
    assert answered.unsealed.routing.recipient_for(ana.pk) is None
    request_id = answered.unsealed.id
    assert peer.accept(member=ben, request_id=request_id, private_key=ben_key) == peer.AcceptOutcome.ACCEPTED
    assert [m.text for m in members.contact_for(ben, request_id, ben_key).thread] == [ANSWER] * reads
    assert "Ben Brandt accepted your request" in thread(officer)
    peer.write(
        member=ben, request_id=request_id, private_key=ben_key, token=form_tokens.fresh("write"), text="And I too."
    )
    peer_page = sign_in(Client(), ben).get(f"/desk/contacts/{request_id}/").content.decode()
    for page, writer in ((thread(officer), "Ben Brandt"), (peer_page, "You")):
        assert who_wrote(page) == [("An earlier peer", ANSWER)] * reads + [(writer, "And I too.")]


@pytest.mark.parametrize(("chosen", "reads"), [({}, False), ({"next_may_read": "yes"}, True)])
def test_peer_after_a_lost_one_reads_what_the_officer_allows(
    officer: Client,
    answered: OpenRequest,
    ana: Member,
    ben: Member,
    ben_key: bytes,
    coordinator: User,
    chosen: dict[str, object],
    reads: bool,
) -> None:
    take_leave(member_id=ana.pk, first=timezone.localdate(), last=None, by=coordinator)
    sweep.run(now=timezone.now())
    return_by_receipt(officer, answered).post("/request/send-on/", {"turn": 1, **chosen})
    request_id = answered.unsealed.id
    assert peer.accept(member=ben, request_id=request_id, private_key=ben_key) == peer.AcceptOutcome.ACCEPTED
    assert [m.text for m in members.contact_for(ben, request_id, ben_key).thread] == [ANSWER] * reads


def test_second_press_changes_the_peer_only_once(officer: Client, answered: OpenRequest, ben: Member) -> None:
    return_by_receipt(officer, answered)
    for _ in range(2):
        assert officer.post("/request/change-peer/", {"turn": 1}).status_code == 302
    assert officer.get("/request/change-peer/").status_code == 302
    assert answered.unsealed.routing.state == RequestState.OFFERED


def test_officer_reads_of_a_recusal_and_can_share_the_thread(
    officer: Client, answered: OpenRequest, ana: Member
) -> None:
    peer.recuse(member=ana, request_id=answered.unsealed.id)
    page = thread(return_by_receipt(officer, answered))
    assert "A peer opened it, thought they might know you, and stepped aside." in page
    assert "An earlier peer" in page
    assert ana.user.name not in page.replace(ANSWER, "")
    assert "Let them read everything" in page
    officer.post("/request/let-read/", {"turn": 1})
    assert "may read everything here" in thread(officer)


def test_thread_says_that_nobody_left_is_about_schedules(officer: Client) -> None:
    page = thread(return_by_receipt(officer, submit_request()))
    assert "None of the peers who may be asked can take it right now. That is about schedules, not about you." in page


def test_missing_training_shows_988_first_and_is_waived_by_a_press(officer: Client, ana: Member) -> None:
    page = post(officer, concern="suicidal_thoughts")
    words = receipt_on(page)
    assert b"Call or text 988 now." in page and b"current in the training for it" in page
    assert page.index(b'href="tel:988">Call 988</a>') < page.index(b"Ask a peer without that training too")
    officer.post("/request/return/", {"receipt": " ".join(words)})
    assert "Call or text 988 now." in thread(officer)
    officer.post("/request/send-on/")
    assert next(unsealing.open_requests()).routing.state == RequestState.NOBODY
    officer.post("/request/send-on/", {"waiver": "training"})
    assert next(unsealing.open_requests()).routing.state == RequestState.OFFERED
    assert "A peer is being asked now" in thread(officer)


def test_waived_training_stays_waived(officer: Client, ana: Member) -> None:
    words = receipt_on(post(officer, concern="suicidal_thoughts"))
    officer.post("/request/return/", {"receipt": " ".join(words), "waiver": "training"})
    peer.decline(member=ana, request_id=next(unsealing.open_requests()).id)
    assert next(unsealing.open_requests()).routing.state == RequestState.NOBODY
    officer.post("/request/send-on/")
    assert next(unsealing.open_requests()).routing.state == RequestState.OFFERED


def test_training_can_be_waived_beside_the_receipt_without_typing_it(officer: Client, ana: Member) -> None:
    words = receipt_on(post(officer, concern="suicidal_thoughts"))
    answer = officer.post("/request/return/", {"receipt": " ".join(words), "waiver": "training"})
    assert answer["Location"] == "/request/thread/"
    assert next(unsealing.open_requests()).routing.state == RequestState.OFFERED


def test_a_unit_that_was_left_out_is_asked_only_after_a_press(officer: Client, ana: Member, ben: Member) -> None:
    submitted = submit_request(excluded_unit="Patrol", excluded_members=(ben.pk,))
    page = thread(return_by_receipt(officer, submitted))
    assert "With the choices you made, nobody can be asked right now." in page
    assert "Ask someone from that unit too" in page and "Ask the ones you left out, too" in page
    officer.post("/request/send-on/", {"waiver": "unit"})
    assert submitted.unsealed.routing.offered_to == [ana.pk], "and nobody who was left out by name"


def test_request_for_one_peer_only_can_be_opened_to_others(officer: Client, ana: Member, ben: Member) -> None:
    submitted = submit_request(wanted=ana.pk, anyone_else=False)
    assert "The peer you named is being asked, and nobody else." in thread(return_by_receipt(officer, submitted))
    peer.decline(member=ana, request_id=submitted.unsealed.id)
    page = thread(return_by_receipt(officer, submitted))
    assert "take it right now. This is not about you." in page and "schedules" not in page
    assert page.index("Ask others too") < page.index("Ask again")
    assert "Ask again" in page and 'href="tel:988"' in page
    officer.post("/request/send-on/", {"waiver": "named"})
    assert submitted.unsealed.routing.offered_to == [ben.pk], "the one who could not is not asked at once again"
    assert "A peer is being asked now" in thread(officer)


def test_exclusions_that_leave_nobody_can_be_waived_with_one_press(officer: Client, ana: Member, ben: Member) -> None:
    page = post(officer, not_these=[ana.pk, ben.pk])
    assert b"With the choices you made, nobody can be asked right now." in page and b"schedules" not in page
    officer.post("/request/return/", {"receipt": " ".join(receipt_on(page))})
    assert "Ask the ones you left out, too" in thread(officer) and "schedules" not in thread(officer)
    officer.post("/request/send-on/")
    assert next(unsealing.open_requests()).routing.state == RequestState.NOBODY, "only that press lets it go"
    officer.post("/request/send-on/", {"waiver": "names"})
    assert "A peer is being asked now" in thread(officer)


def test_supervisors_can_be_allowed_with_one_press(officer: Client, ana: Member) -> None:
    Member.objects.update(is_supervisor=True)
    page = post(officer)
    assert b"None of the peers who may be asked can take it right now. That is about schedules, not about you." in page
    officer.post("/request/return/", {"receipt": " ".join(receipt_on(page))})
    assert "Ask a supervisor too" in thread(officer)
    officer.post("/request/send-on/", {"waiver": "supervisors"})
    assert "A peer is being asked now" in thread(officer)


def test_on_call_phone_is_beside_the_receipt_where_nobody_has_a_phone_alert(
    officer: Client, ana: Member, phone_alert: None
) -> None:
    ProgramSettings.objects.create(pk=1, on_call_phone="555-0100")
    assert b"555-0100" not in post(officer)
    PhoneAlert.objects.all().delete()
    assert b"555-0100" in post(officer)


def test_recusal_before_accepting_says_that_no_word_was_read(officer: Client, ana: Member, ben: Member) -> None:
    submitted = submit_request(wanted=ana.pk)
    peer.recuse(member=ana, request_id=submitted.unsealed.id)
    page = thread(return_by_receipt(officer, submitted))
    assert "stepped aside without opening it. They read none of your words." in page and "A peer opened it" not in page


def test_988_is_not_shown_first_where_training_is_current(officer: Client, ana: Member) -> None:
    train(ana, "suicide_intervention")
    assert b"Call or text 988 now.</b>" not in post(officer, concern="suicidal_thoughts")
    assert Request.objects.count() == 1
