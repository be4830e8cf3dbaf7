"""What an officer reads and presses when it goes to somebody else."""

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
from requests_app.domain import routing
from requests_app.domain.states import State
from requests_app.models import Message, Request
from requests_app.queries import members, unsealing
from tests.cast import sign_in
from tests.requests_app.conftest import Asked, ask, train
from tests.requests_app.test_asking import post, receipt_on
from tests.requests_app.test_threads import come_back

pytestmark = pytest.mark.django_db
ANSWER = "I was there too."


@pytest.fixture
def talked(ana: Member, ana_key: bytes, ben: Member) -> Asked:
    """Ana has it and has written; Ben could take it."""
    asked = ask(wanted=ana.pk)
    of_ana = {"member": ana, "request_id": asked.opened.id, "private_key": ana_key}
    assert peer.accept(**of_ana) == peer.Answer.ACCEPTED
    peer.write_as_peer(**of_ana, token=form_tokens.fresh("write"), text=ANSWER)
    return asked


def thread(officer: Client) -> str:
    return officer.get("/request/thread/").content.decode()


def who_wrote(page: str) -> list[tuple[str, str]]:
    """Each message with the name that stands above it."""
    found = re.findall(r'<div class="message__who">(.*?)</div>\s*<p[^>]*>(.*?)</p>', page, re.S)
    return [(re.sub("<[^>]+>", "", who).partition(" · ")[0].strip(), text) for who, text in found]


@pytest.mark.parametrize(("chosen", "reads"), [({}, False), ({"next_may_read": "yes"}, True)])
def test_another_peer_is_asked_without_a_reason_and_reads_what_the_officer_lets_them(
    officer: Client, talked: Asked, ana: Member, ben: Member, ben_key: bytes, chosen: dict[str, object], reads: bool
) -> None:
    come_back(officer, talked)
    page = officer.get("/request/change-peer/").content.decode()
    assert "You need not say why" in page and "What may the next one read?" in page
    officer.post("/request/change-peer/", {"turn": 1, **chosen})
    assert (ANSWER in thread(officer), Message.objects.exists()) == (reads, reads)
    assert talked.opened.routing.place_of(ana.pk) is None
    request_id = talked.opened.id
    assert peer.accept(member=ben, request_id=request_id, private_key=ben_key) == peer.Answer.ACCEPTED
    assert [m.text for m in members.contact_for(ben, request_id, ben_key).thread] == [ANSWER] * reads
    assert "Ben Brandt has read it" in thread(officer)
    peer.write_as_peer(
        member=ben, request_id=request_id, private_key=ben_key, token=form_tokens.fresh("write"), text="And I too."
    )
    told_the_peer = sign_in(Client(), ben).get(f"/desk/contacts/{request_id}/").content.decode()
    for page, writer in ((thread(officer), "Ben Brandt"), (told_the_peer, "You")):
        assert who_wrote(page) == [("An earlier peer", ANSWER)] * reads + [(writer, "And I too.")]


@pytest.mark.parametrize(("chosen", "reads"), [({}, False), ({"next_may_read": "yes"}, True)])
def test_after_a_peer_is_lost_the_next_reads_the_thread_only_where_the_officer_lets_them(
    officer: Client,
    talked: Asked,
    ana: Member,
    ben: Member,
    ben_key: bytes,
    coordinator: User,
    chosen: dict[str, object],
    reads: bool,
) -> None:
    take_leave(member_id=ana.pk, first=timezone.localdate(), last=None, by=coordinator)
    sweep.tend_all(now=timezone.now())
    come_back(officer, talked).post("/request/send-on/", {"turn": 1, **chosen})
    request_id = talked.opened.id
    assert peer.accept(member=ben, request_id=request_id, private_key=ben_key) == peer.Answer.ACCEPTED
    assert [m.text for m in members.contact_for(ben, request_id, ben_key).thread] == [ANSWER] * reads


def test_a_second_press_changes_nothing_more(officer: Client, talked: Asked, ben: Member) -> None:
    come_back(officer, talked)
    for _ in range(2):
        assert officer.post("/request/change-peer/", {"turn": 1}).status_code == 302
    assert officer.get("/request/change-peer/").status_code == 302
    assert talked.opened.routing.state == State.OFFERED


def test_a_peer_who_knows_them_has_handed_it_on_and_the_next_may_read_it_with_a_press(
    officer: Client, talked: Asked, ana: Member
) -> None:
    peer.know_this_person(member=ana, request_id=talked.opened.id)
    page = thread(come_back(officer, talked))
    assert "A peer opened it, thought that they may know you, and handed it on" in page
    assert "An earlier peer" in page
    assert ana.user.name not in page.replace(ANSWER, "")
    assert "Let them read all of it" in page
    officer.post("/request/let-read/", {"turn": 1})
    assert "may read all of this" in thread(officer)


def test_where_nobody_is_left_the_thread_says_that_it_is_not_about_them(officer: Client) -> None:
    page = thread(come_back(officer, ask()))
    assert "Nobody on the team could take it so far. That is about schedules, not about you." in page


def test_where_only_the_training_is_missing_988_comes_first_and_only_their_press_lets_it_go(
    officer: Client, ana: Member
) -> None:
    page = post(officer, concern="suicidal_thoughts")
    words = receipt_on(page)
    assert b"Call or text 988 now." in page and b"have not renewed this training" in page
    assert page.index(b'href="tel:988">Call 988</a>') < page.index(b"Ask a peer too")
    officer.post("/request/return/", {"receipt": " ".join(words)})
    assert "Call or text 988 now." in thread(officer)
    officer.post("/request/send-on/")
    assert next(unsealing.open_requests()).routing.state == State.NOBODY
    officer.post("/request/send-on/", {"yield_training": "on"})
    assert next(unsealing.open_requests()).routing.state == State.OFFERED
    assert "A peer is being asked now" in thread(officer)


def test_what_their_press_let_go_stays_so_when_they_ask_again(officer: Client, ana: Member) -> None:
    words = receipt_on(post(officer, concern="suicidal_thoughts"))
    officer.post("/request/return/", {"receipt": " ".join(words), "yield_training": "on"})
    peer.decline(member=ana, request_id=next(unsealing.open_requests()).id)
    assert next(unsealing.open_requests()).routing.state == State.NOBODY
    officer.post("/request/send-on/")
    assert next(unsealing.open_requests()).routing.state == State.OFFERED


def test_beside_the_receipt_the_same_press_needs_no_typing(officer: Client, ana: Member) -> None:
    words = receipt_on(post(officer, concern="suicidal_thoughts"))
    answer = officer.post("/request/return/", {"receipt": " ".join(words), "yield_training": "on"})
    assert answer["Location"] == "/request/thread/"
    assert next(unsealing.open_requests()).routing.state == State.OFFERED


def test_what_gave_way_is_said_and_whom_it_never_reaches(officer: Client, ana: Member, ben: Member) -> None:
    asked = ask(not_unit="Patrol", not_these=(ben.pk,))
    page = thread(come_back(officer, asked))
    assert "somebody from Patrol" in page and "Nobody whose name you left out is." in page
    assert "gave way" not in page


def test_who_was_wanted_alone_and_could_not_is_no_reason_to_be_left_alone(
    officer: Client, ana: Member, ben: Member
) -> None:
    asked = ask(wanted=ana.pk, anyone_else=False)
    assert "The one you named is being asked, and nobody else." in thread(come_back(officer, asked))
    peer.decline(member=ana, request_id=asked.opened.id)
    page = thread(come_back(officer, asked))
    assert "The one you named cannot take it now. Ask others too?" in page and "schedules" not in page
    assert "Ask again" in page and 'href="tel:988"' in page
    officer.post("/request/send-on/", {"widening": "named"})
    assert routing.asked(asked.opened.routing) == [ben.pk], "the one who could not is not asked at once again"
    assert "A peer is being asked now" in thread(officer)


def test_left_out_by_the_officer_alone_is_said_and_one_press_lets_it_go(
    officer: Client, ana: Member, ben: Member
) -> None:
    page = post(officer, not_these=[ana.pk, ben.pk])
    assert b"Nobody is left of those you would let it go to, so nobody was asked." in page and b"schedules" not in page
    officer.post("/request/return/", {"receipt": " ".join(receipt_on(page))})
    assert "Ask those too whom you left out?" in thread(officer) and "schedules" not in thread(officer)
    officer.post("/request/send-on/")
    assert next(unsealing.open_requests()).routing.state == State.NOBODY, "only that press lets it go"
    officer.post("/request/send-on/", {"widening": "names"})
    assert "A peer is being asked now" in thread(officer)


def test_a_supervisor_is_asked_by_a_press_where_only_supervisors_are_left(officer: Client, ana: Member) -> None:
    Member.objects.update(is_supervisor=True)
    page = post(officer)
    assert b"Only a supervisor could take it now" in page and b"schedules" not in page
    officer.post("/request/return/", {"receipt": " ".join(receipt_on(page))})
    assert "Would one be all right?" in thread(officer)
    officer.post("/request/send-on/", {"widening": "supervisors"})
    assert "A peer is being asked now" in thread(officer)


def test_the_programs_own_number_stands_beside_the_receipt_where_nobody_can_be_rung(
    officer: Client, ana: Member, bell: None
) -> None:
    ProgramSettings.objects.create(pk=1, on_call_phone="555-0100")
    assert b"555-0100" not in post(officer)
    PhoneAlert.objects.all().delete()
    assert b"555-0100" in post(officer)


def test_a_peer_who_knew_them_from_the_card_alone_has_read_no_word(officer: Client, ana: Member, ben: Member) -> None:
    asked = ask(wanted=ana.pk)
    peer.know_this_person(member=ana, request_id=asked.opened.id)
    page = thread(come_back(officer, asked))
    assert "handed it on without opening it. They read none of your words." in page and "A peer opened it" not in page


def test_nothing_of_it_is_said_where_training_is_current(officer: Client, ana: Member) -> None:
    train(ana, "suicide_intervention")
    assert b"Call or text 988 now. A peer" not in post(officer, concern="suicidal_thoughts")
    assert Request.objects.count() == 1
