"""What an officer reads on the page of their request. No database: the request is made here."""

from uuid import UUID

import pytest

from peersupport.team.domain.states import MemberKind
from peersupport.team.models import Member, User
from requests_app.domain.card import Card
from requests_app.domain.matching import Waiver
from requests_app.domain.states import Author, Recusal, RequestState, Urgency
from requests_app.message_vault import ThreadMessage
from requests_app.presenters import officer_thread
from requests_app.presenters.officer_thread import AskButton
from requests_app.presenters.officer_waiting import oversight_sentence
from requests_app.queries.officers import OwnRequest

IN_LINE, OFFERED, NOBODY, ACCEPTED, PEER_LOST, SET_ASIDE = RequestState
NAMED, TRAINING, SUPERVISORS, NAMES, UNIT, AGENCY = Waiver
ANA = Member(user=User(name="Ana Alvarez"), kind=MemberKind.SWORN, unit="Patrol", agency="", about="")
MESSAGE = ThreadMessage(Author.PEER, number=1, half_hour=0, text="I am here.")


def own_request(state: RequestState = OFFERED, **changes: object) -> OwnRequest:
    plain: dict[str, object] = {
        "request_id": UUID(int=1),
        "state": state,
        "urgency": Urgency.TODAY,
        "is_offered": state == OFFERED,
        "is_late": False,
        "card": Card(urgency=Urgency.TODAY),
        "words": None,
        "thread": (),
        "is_damaged": False,
        "peer": ANA if state == ACCEPTED else None,
        "is_answered": False,
        "is_closing_suggested": False,
        "is_untouched": False,
        "seen": 0,
        "seen_by_peer": 0,
        "recusal": None,
        "is_oversight_notified": False,
        "waivers": (),
        "next_may_read": False,
        "last_could_read": False,
        "is_earlier_thread_lost": False,
        "turn": 0,
        "messages": 0,
        "is_sent_again": False,
        "is_marked_read": False,
    }
    return OwnRequest(**{**plain, **changes})  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("own", "said"),
    [
        (own_request(ACCEPTED), "Ana Alvarez accepted your request and is here for you."),
        (own_request(OFFERED, urgency=Urgency.NOW), "Peers are being asked right now. Check back in about 15 minutes."),
        (
            own_request(OFFERED, is_late=True),
            "This takes longer than it should. Something on our side is wrong, and maybe nobody was told of it yet. "
            "Your request is stored, and it isn't lost. You don't need to wait for us: call or text 988, or use one of "
            "the other numbers on this page. Check back in an hour or two.",
        ),
        (own_request(PEER_LOST), "Your peer can't continue. This is not about you. Send it to someone else?"),
        (
            own_request(IN_LINE),
            "Many requests are coming in right now, so yours is waiting for its turn. It's stored, and it isn't lost. "
            "You don't need to wait for us: call or text 988, or use one of the other numbers on this page. Check back "
            "in a few minutes.",
        ),
        (
            own_request(SET_ASIDE),
            "Two of the peers who were asked took this for a test or a mistake, so nobody is being asked right now. If "
            "they were wrong, we're sorry. Press “Send it again” below, and peers are asked again. If you don't, it's "
            "erased within a week. You don't need to wait for us: call or text 988, or use one of the other numbers on "
            "this page.",
        ),
        (own_request(NOBODY), "Nobody on the team could take it so far. That is about schedules, not about you."),
        (
            own_request(NOBODY, waivers=(SUPERVISORS,)),
            "None of the peers who may be asked can take it right now. That is about schedules, not about you. "
            "Supervisors are asked only if you say so.",
        ),
        (own_request(NOBODY, waivers=(NAMED,)), "The peer you named can't take it right now. This is not about you."),
    ],
)
def test_where_the_request_stands(own: OwnRequest, said: str) -> None:
    assert officer_thread.standing_text(own) == said


@pytest.mark.parametrize(
    ("changes", "lines"),
    [
        ({}, ["Sworn · Patrol"]),
        ({"agency": "Harbor Police", "about": "Nights."}, ["Sworn · Patrol · Harbor Police", "Nights."]),
        ({"kind": "family", "unit": ""}, ["Family member of someone here"]),
        ({"kind": "retired", "unit": ""}, ["Retired"]),
    ],
)
def test_details_of_the_peer(changes: dict[str, str], lines: list[str]) -> None:
    fields = {"kind": "sworn", "unit": "Patrol", "agency": "", "about": "", **changes}
    assert officer_thread.peer_details(Member(user=ANA.user, **fields)) == lines


@pytest.mark.parametrize("recusal", [None, *Recusal])
def test_an_officer_reads_of_a_recusal_until_somebody_accepts(recusal: Recusal | None) -> None:
    assert officer_thread.news(own_request(ACCEPTED, recusal=recusal)) == []
    said = officer_thread.news(own_request(OFFERED, recusal=recusal))
    assert len(said) == (recusal is not None)
    assert any("They read none of your words" in sentence for sentence in said) is (recusal == Recusal.UNREAD)
    assert all(sentence.endswith("Nobody else is told.") for sentence in said)


def test_an_officer_reads_once_that_others_know_of_it() -> None:
    """Where nobody is left it stands beside the numbers to call."""
    assert officer_thread.news(own_request(OFFERED, is_oversight_notified=True)) == [oversight_sentence()]
    unasked = own_request(OFFERED, is_oversight_notified=True, is_offered=False)
    assert officer_thread.news(unasked) == [] and oversight_sentence() in officer_thread.standing_text(unasked)
    assert officer_thread.news(own_request(NOBODY, is_oversight_notified=True)) == []


@pytest.mark.parametrize(
    ("own", "said"),
    [
        (own_request(OFFERED), []),
        (
            own_request(OFFERED, thread=(MESSAGE,)),
            ["The next peer who accepts reads only your first message, and the rest is erased then."],
        ),
        (
            own_request(OFFERED, thread=(MESSAGE,), last_could_read=True),
            [
                "The next peer who accepts reads only your first message, and the rest is erased then.",
                "You let the last peer read everything. If the next one should too, choose it again below.",
            ],
        ),
        (
            own_request(OFFERED, thread=(MESSAGE,), next_may_read=True),
            ["The next peer who accepts may read everything here."],
        ),
        (own_request(PEER_LOST), ["Your first message goes to the next peer."]),
        (
            own_request(PEER_LOST, thread=(MESSAGE,)),
            ["Your first message goes to the next peer. Whether they may read the rest is up to you."],
        ),
        (own_request(ACCEPTED, thread=(MESSAGE,)), []),
    ],
)
def test_what_the_next_peer_reads(own: OwnRequest, said: list[str]) -> None:
    assert officer_thread.news(own) == said


@pytest.mark.parametrize(
    ("own", "buttons"),
    [
        (own_request(PEER_LOST, waivers=(NAMED, NAMES)), [AskButton("Ask someone else")]),
        (own_request(NOBODY), [AskButton("Ask again")]),
        (own_request(NOBODY, waivers=(TRAINING,)), [AskButton("Ask again", is_quiet=True)]),
        (
            own_request(NOBODY, waivers=(NAMED,)),
            [AskButton("Ask others too", "named"), AskButton("Ask again", is_quiet=True)],
        ),
        (
            own_request(NOBODY, waivers=(NAMED, TRAINING)),
            [AskButton("Ask others too", "named", is_quiet=True), AskButton("Ask again", is_quiet=True)],
        ),
        (
            own_request(NOBODY, waivers=(SUPERVISORS, NAMES)),
            [
                AskButton("Ask again"),
                AskButton("Ask the ones you left out, too", "names", is_quiet=True),
                AskButton("Ask a supervisor too", "supervisors", is_quiet=True),
            ],
        ),
    ],
)
def test_button_that_most_likely_helps_comes_first(own: OwnRequest, buttons: list[AskButton]) -> None:
    assert officer_thread.ask_buttons(own) == buttons


@pytest.mark.parametrize(
    ("own", "steps"),
    [
        (own_request(ACCEPTED, thread=(MESSAGE,)), []),
        (own_request(OFFERED), []),
        (own_request(OFFERED, thread=(MESSAGE,)), ["share_thread"]),
        (own_request(OFFERED, thread=(MESSAGE,), next_may_read=True), []),
        (own_request(PEER_LOST), ["offer_again"]),
        (own_request(NOBODY), ["nobody_left", "offer_again"]),
        (own_request(NOBODY, waivers=(TRAINING,)), ["nobody_left", "offer_again"]),
        (own_request(NOBODY, waivers=(SUPERVISORS, NAMES)), ["nobody_left", "offer_again"]),
        (own_request(NOBODY, waivers=(NAMED,)), ["offer_again", "nobody_left"]),
        (own_request(NOBODY, waivers=(NAMED, TRAINING)), ["nobody_left", "offer_again"]),
    ],
)
def test_numbers_to_call_come_first_unless_only_the_named_peer_was_asked(own: OwnRequest, steps: list[str]) -> None:
    assert officer_thread.next_steps(own) == tuple(f"requests_app/{step}.html" for step in steps)


def test_writing_keeps_an_untouched_request_open_only_where_a_peer_has_it() -> None:
    assert officer_thread.untouched_text(own_request(ACCEPTED)) == ""
    assert "Write something and it stays open." in officer_thread.untouched_text(
        own_request(ACCEPTED, is_untouched=True)
    )
    assert officer_thread.untouched_text(own_request(NOBODY, is_untouched=True)) == (
        "Nothing has happened here for a month. It's erased within two weeks, and you can always ask again."
    )


def test_new_messages_are_counted_in_words() -> None:
    said = [officer_thread.new_messages_sentence(number) for number in (0, 1, 2, 12)]
    assert said == ["", "One new message.", "Two new messages.", "12 new messages."]


def test_a_late_press_is_told_who_has_it_now() -> None:
    assert officer_thread.peer_changed_text("Ana Alvarez").endswith("Ana Alvarez has it now.")
    assert officer_thread.peer_changed_text("").endswith("so nothing more was changed.")
