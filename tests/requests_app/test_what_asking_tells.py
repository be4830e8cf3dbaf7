"""What a stranger learns about members by asking, 300 times if need be: nothing below five, next to nothing in a week.

Two games are played with "not now" and with lived experience: one member is singled out by the officer's own wishes,
or many are left, and it is watched who is asked. No database but in the last test.
"""

import math
import re
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import timedelta

import pytest
import time_machine
from django.test import Client
from django.utils import timezone

from peersupport.program import vocabulary
from peersupport.team.models import Member
from requests_app.actions import peer
from requests_app.domain import experiences
from requests_app.domain.experiences import EXPERIENCES_BY_CONCERN
from requests_app.domain.matching import Need, Peer, SoftRule, is_drawn, rank, relax, shortlist
from requests_app.domain.preferences import MemberPreferences
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

RANDOM = re.compile(rb'(<p class="receipt".*?</p>|name="receipt" value="[^"]*"|<!--.*?-->)', re.S)


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
