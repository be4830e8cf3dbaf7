"""Ten thousand requests to sixty members, with leaves, caps, hours, declines and silence: who gets what, how soon.

    .venv/bin/python tests/bench/simulate_requests.py [--requests 10000] [--seed 1]

It runs the program's own matching and waves, without a database, next to two other ways to order the peers who pass the
hard rules: list order and random order. Printed for each: breaches of the hard rules (none are allowed; the rules are
written down here a second time), how evenly contacts are spread (Gini coefficient of contacts per day of service, 0 is
even), how many requests are accepted within the first hour, and how many first offers and acceptances went to somebody
who had set the concern to "not now".
"""

import argparse
import heapq
import math
import random
import statistics
import sys
from collections import Counter
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from itertools import count
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[2]))

from requests_app.domain import dispatch, half_hours, routing
from requests_app.domain.dispatch import Dispatch, FreePeers
from requests_app.domain.escalation import Times
from requests_app.domain.experiences import EXPERIENCES_BY_CONCERN, drawn_experiences
from requests_app.domain.matching import Need, Peer, SoftRule, has_room, may_be_offered, relax, shortlist
from requests_app.domain.routing import Recipient, Routing, SharedThread
from requests_app.domain.states import MAX_RECIPIENTS, RequestState, Urgency

START = datetime(2026, 1, 5, tzinfo=UTC)
MINUTE = timedelta(minutes=1)
DAY = 24 * 60
MEMBERS, REQUESTS_A_DAY, DAYS_OF_A_CONTACT = 60, 9, 9
TRAINING = {
    "suicidal_thoughts": "suicide_intervention",
    "critical_incident": "stress",
    "line_of_duty_death": "stress",
}
TIMES = Times()
Order = Callable[[Need, list[Peer], random.Random], list[int]]

ORDERS: dict[str, Order] = {
    "this program": lambda need, peers, dice: shortlist(need, peers, MAX_RECIPIENTS),
    "first in the list": lambda need, peers, dice: [p.member_id for p in peers if may_be_offered(need, p)][
        :MAX_RECIPIENTS
    ],
    "random": lambda need, peers, dice: shuffled([p.member_id for p in peers if may_be_offered(need, p)], dice)[
        :MAX_RECIPIENTS
    ],
}


def shuffled(ids: list[int], dice: random.Random) -> list[int]:
    dice.shuffle(ids)
    return ids


@dataclass
class Member:
    """A member who serves. hours: of the day in which they are available. leaves: first and last day, by number."""

    peer: Peer
    hours: frozenset[int]
    leaves: list[tuple[int, int]]
    open_until: list[int] = field(default_factory=list)
    contacts: int = 0

    def is_away(self, minute: int) -> bool:
        return any(first <= minute // DAY <= last for first, last in self.leaves)

    def open_contacts(self, minute: int) -> int:
        self.open_until = [until for until in self.open_until if until > minute]
        return len(self.open_until)


@dataclass
class Case:
    """One request. submitted: the minute of the simulation. minutes_to_accept: from then on; None if never accepted."""

    number: int
    submitted: int
    full_need: Need
    need: Need
    relaxed_rules: tuple[SoftRule, ...]
    route: Routing
    version: int = 0
    minutes_to_accept: int | None = None
    presses: int = 0


class World:
    def __init__(self, order: Order, requests: int, seed: int) -> None:
        self.order, self.requests, self.seed = order, requests, seed
        self.world_dice, self.dice = random.Random(seed), random.Random(seed + 1)
        self.days = requests // REQUESTS_A_DAY + 60
        self.members = {number: self.member(number) for number in range(1, MEMBERS + 1)}
        self.events: list[tuple[int, int, Callable[[], None]]] = []
        self.tick = count()
        self.breaches: Counter[str] = Counter()
        self.first_offers, self.first_offers_not_now = 0, 0
        self.cases: list[Case] = []
        self.minute = 0

    def member(self, number: int) -> Member:
        dice = self.world_dice
        starts = dice.choice((6, 8, 8, 10, 14, 20))
        leaves = [(day := dice.randrange(self.days), day + dice.randrange(7, 21)) for _ in range(self.days // 180)]
        peer = Peer(
            member_id=number,
            unit=dice.choice(("Patrol", "Patrol", "Jail", "Dispatch", "Detectives")),
            agency="Next County" if dice.random() < 0.1 else "",
            kind=dice.choice(("sworn", "sworn", "sworn", "professional_staff", "retired")),
            gender=dice.choice(("woman", "man", "man", "")),
            languages=frozenset({"es"} if dice.random() < 0.2 else ()),
            experiences=frozenset(
                code for of in EXPERIENCES_BY_CONCERN.values() for code in sorted(of) if dice.random() < 0.08
            ),
            is_supervisor=dice.random() < 0.12,
            cap=dice.choice((2, 3, 3, 3, 4)),
            subjects=frozenset(code for code in TRAINING.values() if dice.random() < 0.8),
            not_now=frozenset(concern for concern in EXPERIENCES_BY_CONCERN if dice.random() < 0.04),
        )
        return Member(peer, frozenset((starts + hour) % 24 for hour in range(14)), leaves)

    # The team at this minute

    def peers(self) -> list[Peer]:
        hour, shift = self.minute // 60 % 24, self.minute // (12 * 60)
        peers = []
        for number, member in self.members.items():
            if member.is_away(self.minute):
                continue
            peers.append(
                replace(
                    member.peer,
                    is_on_call=(number - shift * 3) % MEMBERS < 3,
                    is_on_call_soon=(number - shift * 3) % MEMBERS < 12,
                    is_available=hour in member.hours,
                    open_contacts=member.open_contacts(self.minute),
                )
            )
        return peers

    @property
    def now(self) -> datetime:
        return START + self.minute * MINUTE

    def at(self, minute: int, event: Callable[[], None]) -> None:
        heapq.heappush(self.events, (minute, next(self.tick), event))

    # Events

    def run(self) -> None:
        minute = 0.0
        for number in range(self.requests):
            minute += self.world_dice.expovariate(REQUESTS_A_DAY / DAY)
            self.at(int(minute), lambda number=number: self.arrive(number))  # type: ignore[misc]
        while self.events:
            self.minute, _, event = heapq.heappop(self.events)
            event()

    def arrive(self, number: int) -> None:
        dice = random.Random(f"{number}")  # the same requests, whatever the order
        concern, week = dice.choice(["", "", *EXPERIENCES_BY_CONCERN]), self.minute // (7 * DAY)
        asking = Need(
            tie_seed=number.to_bytes(8, "big"),
            draw_seed=f"{self.seed} {concern} {week}".encode() if concern else b"",
            concern=concern,
            required_subjects=frozenset({TRAINING[concern]} if concern in TRAINING else ()),
            experiences=EXPERIENCES_BY_CONCERN.get(concern, frozenset()),
            drawn_experiences=drawn_experiences(concern, week),
            wanted=dice.randint(1, MEMBERS) if dice.random() < 0.06 else None,
            anyone_else=dice.random() < 0.7,
            excluded_members=frozenset(dice.sample(range(1, MEMBERS + 1), 2) if dice.random() < 0.1 else ()),
            excluded_unit=dice.choice(("Patrol", "Jail", "Dispatch")) if dice.random() < 0.2 else "",
            other_agency=dice.random() < 0.03,
            supervisor_ok=dice.random() < 0.1,
            language="es" if dice.random() < 0.06 else "",
            kind=dice.choice(("sworn", "retired")) if dice.random() < 0.1 else "",
            gender=dice.choice(("woman", "man")) if dice.random() < 0.12 else "",
        )
        urgency = dice.choices(list(Urgency), (15, 45, 40))[0]
        empty = Routing(
            state=RequestState.OFFERED, urgency=urgency, submitted=self.minute // 30, touched=0, officer_read=0,
            locator="", officer_key="",
        )  # fmt: skip

        case = Case(number, self.minute, asking, asking, (), empty)
        self.cases.append(case)
        self.offer(case)

    def offer(self, case: Case) -> None:
        peers = self.peers()
        case.need, case.relaxed_rules = relax(case.full_need, peers)
        recipients = tuple(
            Recipient(member_id=number, key_id=number, envelope="")
            for number in self.order(case.need, peers, self.dice)
        )
        case.route = replace(
            case.route,
            recipients=recipients,
            over_cap=case.need.over_cap,
            wanted=case.need.wanted,
            wave=0,
            due=None,
            is_held=False,
        )
        step = dispatch.offer(case.route, free=self.free(case, peers), times=TIMES, now=self.now)
        self.count_first_offers(case, step.routing.offered_to)
        self.apply(case, step)

    def count_first_offers(self, case: Case, members: list[int]) -> None:
        if case.full_need.concern and case.presses == 0:
            self.first_offers += len(members)
            self.first_offers_not_now += sum(self.is_not_now(case, member) for member in members)

    def is_not_now(self, case: Case, member: int) -> bool:
        return case.full_need.concern in self.members[member].peer.not_now

    def free(self, case: Case, peers: Iterable[Peer]) -> FreePeers:
        everyone = [p for p in peers if has_room(p, wanted=case.route.wanted, over_cap=case.route.over_cap)]
        return FreePeers(
            everyone={peer.member_id for peer in everyone},
            on_call={peer.member_id for peer in everyone if peer.is_on_call},
            available={peer.member_id for peer in everyone if peer.is_available or peer.is_on_call},
        )

    def apply(self, case: Case, step: Dispatch) -> None:
        case.route, case.version = step.routing, case.version + 1
        for number in step.notified:
            self.notify(case, number)
        if case.route.state == RequestState.NOBODY:
            if case.presses < 10:  # the officer comes back some hours later, and presses
                case.presses += 1
                self.at(self.minute + int(self.dice.expovariate(1 / 240)) + 30, lambda: self.offer(case))
            return
        version = case.version
        self.at(max(case.route.due or 0, self.minute_now() + 1) - EPOCH, lambda: self.deadline(case, version))

    def minute_now(self) -> int:
        return EPOCH + self.minute

    def deadline(self, case: Case, version: int) -> None:
        if case.version == version and case.route.state == RequestState.OFFERED:
            free = self.free(case, self.peers())
            self.apply(case, dispatch.escalate(case.route, free=free, times=TIMES, now=self.now))

    def notify(self, case: Case, number: int) -> None:
        """Somebody on call or in their hours looks soon, others late or never."""
        peer = next((peer for peer in self.peers() if peer.member_id == number), None)
        if peer is None:
            return
        chance, mean = (0.9, 4) if peer.is_on_call else (0.75, 18) if peer.is_available else (0.3, 240)
        if self.dice.random() < chance:
            self.at(self.minute + 1 + int(self.dice.expovariate(1 / mean)), lambda: self.respond(case, number))

    def respond(self, case: Case, number: int) -> None:
        if case.route.state != RequestState.OFFERED or number not in case.route.offered_to:
            return
        peer = next((peer for peer in self.peers() if peer.member_id == number), None)
        declines = self.dice.random() < 0.2
        if peer is None or declines or not may_be_offered(case.need, peer):
            gone = routing.without(case.route, {number})
            if gone.offered_to:
                case.route = gone
                return
            free = self.free(replace(case, route=gone), self.peers())
            self.apply(case, dispatch.offer_to_next(gone, free=free, times=TIMES, now=self.now))
            return
        self.accept(case, peer)

    def accept(self, case: Case, peer: Peer) -> None:
        self.count_breaches(case, self.members[peer.member_id])
        case.route = routing.accept(
            case.route,
            peer.member_id,
            thread_officer_envelope="",
            thread_peer_envelope="",
            shared=SharedThread(),
            times=TIMES,
            now=self.now,
        )
        case.minutes_to_accept = self.minute - case.submitted
        member = self.members[peer.member_id]
        member.contacts += 1
        member.open_until.append(self.minute + int(self.dice.expovariate(1 / (DAYS_OF_A_CONTACT * DAY))))

    def count_breaches(self, case: Case, member: Member) -> None:
        """Check the hard rules, written independently of the matching."""
        need, peer, relaxed = case.full_need, member.peer, case.relaxed_rules
        is_named = need.wanted == peer.member_id
        rules = {
            "on leave": member.is_away(self.minute),
            "over the cap": member.open_contacts(self.minute) >= peer.cap + (SoftRule.CAP in relaxed) and not is_named,
            "not trained": any(code not in peer.subjects for code in need.required_subjects),
            "excluded by name": peer.member_id in need.excluded_members,
            "a supervisor": peer.is_supervisor and not (need.supervisor_ok or is_named),
            "from the unit": peer.unit == need.excluded_unit and SoftRule.UNIT not in relaxed and not is_named,
            "own agency": need.other_agency and not peer.agency and SoftRule.AGENCY not in relaxed and not is_named,
            "another kind": need.kind not in {"", peer.kind} and SoftRule.KIND not in relaxed and not is_named,
            "another than the only one wanted": not (need.anyone_else or need.wanted in {None, peer.member_id}),
        }
        for rule, is_broken in rules.items():
            self.breaches[rule] += is_broken

    # Results

    def service_days(self, member: Member) -> int:
        return self.days - sum(min(last, self.days) - first + 1 for first, last in member.leaves if first < self.days)

    def report(self, name: str) -> None:
        answered = [case for case in self.cases if case.minutes_to_accept is not None]
        by = {urgency: [case for case in self.cases if case.route.urgency == urgency] for urgency in Urgency}
        serving = [m for m in self.members.values() if not m.peer.is_supervisor]
        per_day = [m.contacts / self.service_days(m) for m in serving]
        per_slot = [m.contacts / self.service_days(m) / m.peer.cap for m in serving]
        accepted_by = {c.number: c.route.peer for c in answered}
        near = [c for c in answered if c.full_need.experiences]
        lived = sum(self.lived_it(c, accepted_by[c.number]) for c in near)
        spanish = [c for c in answered if c.full_need.language]
        spoken = sum("es" in self.members[accepted_by[c.number].member_id].peer.languages for c in spanish)  # type: ignore[union-attr]
        nobody = sum(case.presses > 0 for case in self.cases)
        relaxed = Counter(rule for case in answered for rule in case.relaxed_rules)
        first_hour = ", ".join(f"{urgency} {soon(cases):.1%}" for urgency, cases in by.items())
        median = statistics.median(
            case.minutes_to_accept for case in by[Urgency.NOW] if case.minutes_to_accept is not None
        )
        print(f"\n{name}: {len(self.cases)} requests, {len(answered)} accepted, {sum(self.breaches.values())} breaches")
        print(f"  hard rules kept: {1 - sum(self.breaches.values()) / max(1, len(answered)):.2%} of acceptances")
        print(f"  Gini: {gini(per_day):.3f} of contacts a day of service, {gini(per_slot):.3f} a place of their cap")
        print(f"  most and fewest contacts: {max(m.contacts for m in serving)}, {min(m.contacts for m in serving)}")
        print(f"  accepted within the first hour: {soon(self.cases):.1%} ({first_hour})")
        print(f"  “now”, median minutes to a yes: {median:.0f}")
        print(f"  by somebody who lived it: {lived / len(near):.1%}; language spoken: {spoken / len(spanish):.1%}")
        print(f"  set to “not now”: {self.first_offers_not_now / self.first_offers:.1%} of first offers,", end=" ")
        print(
            f"{sum(self.is_not_now(c, accepted_by[c.number].member_id) for c in near) / len(near):.1%} of acceptances"
        )  # type: ignore[union-attr]
        print(f"  nobody left at some time: {nobody / len(self.cases):.1%}; gave way: {dict(relaxed) or 'nothing'}")

    def lived_it(self, case: Case, recipient: Recipient | None) -> bool:
        assert recipient is not None
        return bool(case.full_need.experiences & self.members[recipient.member_id].peer.experiences)


EPOCH = half_hours.minute_of(START)


def soon(cases: list[Case]) -> float:
    """The share that was accepted within the first hour."""
    return sum(case.minutes_to_accept is not None and case.minutes_to_accept <= 60 for case in cases) / len(cases)


def gini(values: list[float]) -> float:
    """0: everyone has the same; 1: one has everything."""
    ordered, total = sorted(values), math.fsum(values)
    weighted = math.fsum(rank * value for rank, value in enumerate(ordered, start=1))
    return 2 * weighted / (len(ordered) * total) - (len(ordered) + 1) / len(ordered)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--requests", type=int, default=10_000)
    parser.add_argument("--seed", type=int, default=1)
    options = parser.parse_args()
    breaches = 0
    for name, order in ORDERS.items():
        world = World(order, options.requests, options.seed)
        world.run()
        world.report(name)
        breaches += sum(world.breaches.values())
    if breaches:
        sys.exit("A hard rule was broken.")


if __name__ == "__main__":
    main()
