"""What a stranger learns about members by asking, 300 times if need be: nothing below five, next to nothing in a week.

Two games are played with "not now" and with lived experience: one member is singled out by the officer's own wishes,
or many are left, and it is watched who is asked. No database but in the last test.
"""

import math
import re
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import datetime, timedelta
from itertools import product
from uuid import UUID

import pytest
import time_machine
from django.db import connection
from django.test import Client
from django.utils import timezone

from peersupport.core.plurals import in_words
from peersupport.program import vocabulary
from peersupport.team.models import Member, User
from requests_app.actions import officer as officer_actions
from requests_app.actions import peer
from requests_app.domain import experiences
from requests_app.domain.card import Card
from requests_app.domain.experiences import EXPERIENCES_BY_CONCERN
from requests_app.domain.matching import (
    DRAWN_SHARE,
    DRAWN_SHARE_WITH_EXPERIENCE,
    FEWEST_FOR_A_DRAW,
    Need,
    Peer,
    SoftRule,
    Waiver,
    is_drawn,
    rank,
    relax,
    shortlist,
)
from requests_app.domain.preferences import MemberPreferences
from requests_app.domain.states import Urgency
from requests_app.queries import matching
from tests.cast import make_member, sign_in
from tests.requests_app.conftest import submit_request
from tests.requests_app.test_submission import post, receipt_on

CONCERNS, WEEK = vocabulary.CONCERN.codes, 105_000
REQUESTS = 300
TRAITS: dict[str, Callable[[Peer], Peer]] = {
    "not now": lambda member: replace(member, not_now=frozenset(CONCERNS)),
    "experience": lambda member: replace(member, experiences=frozenset(vocabulary.EXPERIENCE.codes)),
}
Outcome = tuple[tuple[SoftRule, ...], tuple[int, ...]]


def need(concern: str, week: int, number: int = 0, **wishes: object) -> Need:
    return Need(
        tie_seed=number.to_bytes(8, "big"),
        draw_seed=f"a secret of the test, {concern}, {week}".encode(),
        concern=concern,
        experiences=EXPERIENCES_BY_CONCERN[concern],
        drawn_experiences=experiences.drawn_experiences(concern, week),
        **wishes,  # type: ignore[arg-type]
    )


def asked(need: Need, team: list[Peer]) -> Outcome:
    """Everything that can be seen of one request: what gave way, and who is asked in which order."""
    relaxed, rules = relax(need, team)
    return rules, tuple(shortlist(relaxed, team, 12))


def play(team: list[Peer], week: int = WEEK, **wishes: object) -> list[Outcome]:
    """300 requests in a week, for each concern again and again."""
    return [
        asked(need(CONCERNS[number % len(CONCERNS)], week, number, is_now=number % 3 == 0, **wishes), team)
        for number in range(REQUESTS)
    ]


def with_trait(team: list[Peer], trait: str) -> list[Peer]:
    """The team in which the first member has it."""
    return [TRAITS[trait](team[0]), *team[1:]]


TEAM = [Peer(member_id=number, kind="sworn", is_on_call=number % 2 == 0) for number in range(1, 13)]


def fewer_than_five(**attributes: object) -> list[Peer]:
    """The team in which only the first four have these attributes."""
    return [replace(member, **attributes) if member.member_id < 5 else member for member in TEAM]  # type: ignore[arg-type]


FROM_PATROL = [replace(member, unit="Patrol") if member.member_id > 4 else member for member in TEAM]
PATROL = [replace(member, unit="Patrol") for member in TEAM]
AT_THE_CAP = [replace(member, open_contacts=3) for member in TEAM]
NAMED_AT_THE_CAP = [replace(member, open_contacts=3 * (member.member_id == 12)) for member in TEAM]
NOT_BY_NAME = [replace(member, is_asked_by_name=member.member_id != 12) for member in TEAM]
FOUR_AND_12 = {"wanted": 12, "excluded_members": frozenset(range(5, 12))}
SUPERVISORS = [replace(member, is_supervisor=member.member_id > 4) for member in TEAM]
BELOW_FIVE: dict[str, tuple[list[Peer], dict[str, object]]] = {
    "named alone": (TEAM, {"wanted": 1, "anyone_else": False}),
    "named alone, at the cap": ([replace(TEAM[0], open_contacts=3), *TEAM[1:]], {"wanted": 1, "anyone_else": False}),
    "all but two left out": (TEAM, {"excluded_members": frozenset(range(3, 13))}),
    "all but four left out": (TEAM, {"excluded_members": frozenset(range(5, 13))}),
    "by unit": (FROM_PATROL, {"excluded_unit": "Patrol"}),
    "by kind": (fewer_than_five(kind="retired"), {"kind": "retired"}),
    "by language": (fewer_than_five(languages=frozenset({"es"})), {"language": "es"}),
    "by gender": (fewer_than_five(gender="woman"), {"gender": "woman"}),
    "by agency": (fewer_than_five(agency="Next County"), {"other_agency": True}),
    "no supervisors": (SUPERVISORS, {}),
    "by training": (
        fewer_than_five(subjects=frozenset({"mediation"})),
        {"required_subjects": frozenset({"mediation"})},
    ),
    "by kind, relaxed": (TEAM, {"kind": "family"}),
    "all at the cap, relaxed": (AT_THE_CAP, {}),
    "four of the kind and one named": (fewer_than_five(kind="retired"), {"kind": "retired", "wanted": 12}),
    "four and one named at the cap": (NAMED_AT_THE_CAP, FOUR_AND_12),
    "four and one who isn't asked by name": (NOT_BY_NAME, FOUR_AND_12),
}


@pytest.mark.parametrize("trait", TRAITS)
@pytest.mark.parametrize(("team", "wishes"), BELOW_FIVE.values(), ids=BELOW_FIVE)
def test_below_five_the_trait_changes_nothing(team: list[Peer], wishes: dict[str, object], trait: str) -> None:
    assert play(with_trait(team, trait), **wishes) == play(team, **wishes)
    assert all(1 in everybody for __, everybody in play(with_trait(team, trait), **wishes))


@pytest.mark.parametrize("trait", TRAITS)
@pytest.mark.parametrize("left", [5, 12])
def test_from_five_on_everything_follows_from_the_draws_of_the_week(trait: str, left: int) -> None:
    team, differing = TEAM[:left], 0
    for week in range(WEEK, WEEK + 6):
        drawn = [[is_drawn(need(c, week), each[0]) for c in CONCERNS] for each in (team, with_trait(team, trait))]
        same = [one == other for one, other in zip(*drawn, strict=True)]
        outcomes = zip(play(team, week), play(with_trait(team, trait), week), strict=True)
        changed = {number for number, (one, other) in enumerate(outcomes) if one != other}
        assert not any(same[number % len(CONCERNS)] for number in changed)
        differing += len(changed)
    assert differing, "or the draws of these weeks show nothing"


# The draws


def draws(member: Peer) -> Iterator[bool]:
    """Of 60 members like this one, for each concern, over 60 weeks."""
    for week in range(WEEK, WEEK + 60):
        for concern in CONCERNS:
            asking = need(concern, week)
            if asking.drawn_experiences:
                yield from (is_drawn(asking, replace(member, member_id=number)) for number in range(1, 61))


PLAIN, NOT_NOW, EXPERIENCED = TEAM[0], TRAITS["not now"](TEAM[0]), TRAITS["experience"](TEAM[0])


@pytest.fixture(scope="module")
def shares() -> dict[Peer, float]:
    """How often each is drawn."""
    shares = {}
    for member in (PLAIN, NOT_NOW, EXPERIENCED):
        drawn = list(draws(member))
        shares[member] = sum(drawn) / len(drawn)
    return shares


def test_one_in_seven_is_drawn_one_in_six_with_the_experience_and_nobody_with_not_now(
    shares: dict[Peer, float],
) -> None:
    assert shares[PLAIN] == pytest.approx(1 / 7, abs=0.006)
    assert shares[EXPERIENCED] == pytest.approx(1 / 6, abs=0.006)
    assert shares[NOT_NOW] == 0
    assert not any(is_drawn(replace(need(c, WEEK), draw_seed=b""), PLAIN) for c in CONCERNS)


def posterior(prior: float, likelihood: float, otherwise: float) -> float:
    return prior * likelihood / (prior * likelihood + (1 - prior) * otherwise)


@pytest.mark.parametrize(
    ("trait", "instead"),
    [(NOT_NOW, PLAIN), (NOT_NOW, EXPERIENCED), (EXPERIENCED, PLAIN)],
    ids=["not now", "not now of one with the experience", "experience"],
)
def test_a_draw_raises_no_belief_in_a_trait_by_more_than_five_hundredths(
    shares: dict[Peer, float], trait: Peer, instead: Peer
) -> None:
    for prior in (percent / 100 for percent in range(1, 91)):
        drawn = posterior(prior, shares[trait], shares[instead])
        not_drawn = posterior(prior, 1 - shares[trait], 1 - shares[instead])
        assert max(drawn, not_drawn) <= prior + 0.05


def test_an_experience_counts_for_one_concern_a_week_and_for_each_in_turn() -> None:
    close_to = {
        code: [c for c in CONCERNS if code in EXPERIENCES_BY_CONCERN[c]] for code in vocabulary.EXPERIENCE.codes
    }
    for code, concerns in close_to.items():
        weeks = range(WEEK, WEEK + len(concerns))
        counted = [[c for c in CONCERNS if code in experiences.drawn_experiences(c, week)] for week in weeks]
        assert all(len(once) == 1 for once in counted) and {once[0] for once in counted} == set(concerns)


def test_what_is_saved_in_a_week_counts_from_the_next_one_on() -> None:
    first = MemberPreferences().changed(not_now=["grief"], experiences=[], week=WEEK)
    assert first.in_week(WEEK).not_now == set() and first.in_week(WEEK + 1).not_now == {"grief"}
    again = first.changed(not_now=[], experiences=["debt"], week=WEEK)
    assert again.in_week(WEEK).experiences == again.in_week(WEEK).not_now == set()
    later = again.changed(not_now=["work"], experiences=[], week=WEEK + 1)
    assert (later.in_week(WEEK + 1).not_now, later.in_week(WEEK + 1).experiences) == (set(), {"debt"})
    assert later.in_week(WEEK + 2).not_now == {"work"}


# An attacker who learns


def times_first(team: list[Peer], week: int) -> int:
    """In how many of ten requests of a week the first member is asked first."""
    firsts = (rank(need("finances", week, 1000 * week + number), team)[0].member_id for number in range(10))
    return sum(first == 1 for first in firsts)


def seen_in(team: list[Peer], weeks: range) -> Counter[int]:
    return Counter(times_first(team, week) for week in weeks)


@pytest.mark.parametrize("trait", TRAITS)
def test_an_attacker_who_learns_from_labelled_weeks_gains_no_more(trait: str) -> None:
    team, labelled, fresh = TEAM[:6], range(0, 400), range(400, 800)
    without, with_it = seen_in(team, labelled), seen_in(with_trait(team, trait), labelled)
    for prior in (0.1, 0.5, 0.9):
        belief = {
            times: posterior(prior, with_it[times] + 1, without[times] + 1)  # + 1: never sure of what was never seen
            for times in range(11)
        }
        seen = seen_in(with_trait(team, trait), fresh)
        assert math.fsum(belief[times] * weeks for times, weeks in seen.items()) / len(fresh) <= prior + 0.05


# The pages

RANDOM = re.compile(rb'(<p class="receipt".*?</p>|name="(?:receipt|token)" value="[^"]*"|<!--.*?-->)', re.S)


def pages(officer: Client, member: Member, **chosen: object) -> list[bytes]:
    """What the officer reads after sending, and behind the seven words."""
    read = []
    for concern in ("grief", "suicidal_thoughts", ""):
        page = post(officer, concern=concern, **chosen)
        thread = officer.post("/request/return/", {"receipt": " ".join(receipt_on(page))}, follow=True).content
        read += [RANDOM.sub(b"", page), re.sub(rb'value="[^"]{20,}"', b"", RANDOM.sub(b"", thread))]
    return read


@pytest.mark.django_db
def test_pages_of_one_who_is_named_alone_are_the_same_whatever_they_set(
    officer: Client, ana: Member, ben: Member
) -> None:
    games: list[dict[str, object]] = [{"wanted": str(ana.pk)}, {"not_these": [str(ben.pk)]}]
    plain = [pages(officer, ana, **game) for game in games]
    with time_machine.travel(timezone.now() - timedelta(days=7)):
        peer.set_matching_preferences(member_id=ana.pk, not_now=CONCERNS, experiences=["divorce", "debt"])
    assert [pages(officer, ana, **game) for game in games] == plain
    assert b"The peer you named is being asked" in plain[0][0] and b"A peer is being asked now" in plain[1][0]


@pytest.mark.django_db
def test_the_page_for_members_says_how_many_are_drawn_and_from_how_many_on(client: Client, ana: Member) -> None:
    page = " ".join(sign_in(client, ana).get("/desk/boundaries/").content.decode().split())
    one_of, with_experience = in_words(round(1 / DRAWN_SHARE)), in_words(round(1 / DRAWN_SHARE_WITH_EXPERIENCE))
    assert f"about one in {one_of} of you first" in page
    assert f"in at most one week of {with_experience}, instead of one of {one_of}" in page
    assert f"fewer than {in_words(FEWEST_FOR_A_DRAW)} of you" in page


@pytest.mark.django_db
def test_pages_are_the_same_whether_one_with_all_that_was_wished_is_at_their_cap(
    officer: Client, ana: Member, ana_key: bytes, ben: Member
) -> None:
    Member.objects.filter(pk=ana.pk).update(agency="Next County", cap=1)
    Member.objects.filter(pk=ben.pk).update(kind="retired")
    games: list[dict[str, object]] = [{"kind": "sworn"}, {"not_unit": ben.unit}, {"other_agency": "on"}]
    plain = [pages(officer, ana, **game) for game in games]
    named = submit_request(wanted=ana.pk, anyone_else=False)
    assert peer.accept(member=ana, request_id=named.unsealed.id, private_key=ana_key) == peer.AcceptOutcome.ACCEPTED
    assert [pages(officer, ana, **game) for game in games] == plain


# When a week ends


def order_of(card: Card, request_id: UUID, *, draw: datetime, preferences: datetime) -> list[int]:
    """The order in which they are asked, by the draw of one moment and the preferences of another."""
    peers = matching.with_preferences(matching.serving_peers(preferences), preferences)
    return shortlist(relax(matching.need_of(card, request_id, draw), peers)[0], peers, 12)


def draw_of(concern: str, team: list[Member], now: datetime) -> set[int]:
    drawing = matching.need_of(Card(urgency=Urgency.TODAY, concern=concern), UUID(int=1), now)
    return {member.pk for member in team if is_drawn(drawing, Peer(member_id=member.pk))}


@pytest.mark.django_db
@pytest.mark.parametrize("is_asked_again", [False, True])
def test_a_request_that_passes_monday_midnight_has_the_draw_and_the_preferences_of_one_week(
    coordinator: User, is_asked_again: bool
) -> None:
    team = [make_member(f"M{number} Member", confirmed_by=coordinator) for number in range(7)]
    today = timezone.localtime().replace(hour=0, minute=0, second=1, microsecond=0)
    mondays = [today + timedelta(days=7 * week - today.weekday()) for week in range(1, 20)]
    one, concern, sunday, monday = next(
        (member, concern, monday - timedelta(seconds=2), monday)
        for monday, concern, member in product(mondays, ("grief", "family", "work", "finances"), team)
        if draw_of(concern, team, monday) == {member.pk}
        and member.pk not in (before := draw_of(concern, team, monday - timedelta(days=1)))
        and len(before) > 1
    )
    card = Card(urgency=Urgency.TODAY, concern=concern)
    with time_machine.travel(sunday, tick=False) as clock:
        peer.set_matching_preferences(member_id=one.pk, not_now=[concern], experiences=[])
        nobody = submit_request(concern=concern, excluded_members=[member.pk for member in team])

        def pass_midnight(execute: Callable[..., object], *query: object) -> object:
            clock.move_to(monday)
            return execute(*query)

        with connection.execute_wrapper(pass_midnight):
            if is_asked_again:
                officer_actions.offer_again(creds=nobody.credentials, waiver=Waiver.NAMES)
            else:
                nobody = submit_request(concern=concern)
        route = nobody.unsealed.routing
        of_sunday, of_monday, mixed = (
            order_of(card, nobody.unsealed.id, draw=draw, preferences=preferences)
            for draw, preferences in ((sunday, sunday), (monday, monday), (monday, sunday))
        )
    assert mixed[0] == one.pk, "a reader of Sunday's order would know what changed"
    assert [recipient.member_id for recipient in route.recipients] == (of_monday if is_asked_again else of_sunday)
