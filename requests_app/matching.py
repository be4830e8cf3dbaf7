"""Who may be offered a request, and in which order. Pure: what is known goes in, member ids come out.

Source of the hard rules: the program's description (without the involvement of supervisory personnel) and the
IACP peer support guidelines, 2016 (good standing, leave, choice of the receiver).
"""

import hashlib
from collections.abc import Iterable
from dataclasses import dataclass


@dataclass(frozen=True)
class Need:
    """What the officer asked for. Every part may be empty.

    required_subjects: training that the concern demands. wanted: the member they would rather talk to.
    tie: random bytes of this request, which decide between
    equals differently for each request and so keep no history.
    """

    tie: bytes
    concern: str = ""
    required_subjects: frozenset[str] = frozenset()
    wanted: int | None = None
    not_these: frozenset[int] = frozenset()
    not_unit: str = ""
    other_agency: bool = False
    supervisor_ok: bool = False


@dataclass(frozen=True)
class Peer:
    """A member who is active, designated, not on leave and has a confirmed key, as matching sees them."""

    member_id: int
    unit: str = ""
    agency: str = ""
    is_supervisor: bool = False
    is_on_call: bool = False
    open_contacts: int = 0
    cap: int = 3
    subjects: frozenset[str] = frozenset()
    not_now: frozenset[str] = frozenset()


def may_be_offered(need: Need, peer: Peer) -> bool:
    """Whether the hard rules let this peer be asked. They never yield here."""
    return (
        peer.open_contacts < peer.cap
        and need.required_subjects <= peer.subjects
        and peer.member_id not in need.not_these
        and not (need.not_unit and peer.unit.strip().casefold() == need.not_unit.strip().casefold())
        and (bool(peer.agency) or not need.other_agency)
        and (need.supervisor_ok or not peer.is_supervisor or peer.member_id == need.wanted)
        and not (need.concern and need.concern in peer.not_now)
    )


def rank(need: Need, peers: Iterable[Peer]) -> list[int]:
    """Member ids of all who may be offered it, the same in whatever order they came.

    Whom the officer would rather talk to comes first, then whoever has the fewest open contacts.
    """
    able = [peer for peer in peers if may_be_offered(need, peer)]
    able.sort(key=lambda peer: (peer.member_id != need.wanted, peer.open_contacts, _lot(need.tie, peer.member_id)))
    return [peer.member_id for peer in able]


def shortlist(need: Need, peers: Iterable[Peer], places: int) -> list[int]:
    """The ranked ids for whom the words are sealed: half the places go to those on call first, where there are any."""
    known = list(peers)
    ranked = rank(need, known)
    on_call = {peer.member_id for peer in known if peer.is_on_call}
    kept = set([member for member in ranked if member in on_call][: places // 2])
    for member in ranked:
        if len(kept) == places:
            break
        kept.add(member)
    return [member for member in ranked if member in kept]


def _lot(tie: bytes, member_id: int) -> bytes:
    return hashlib.sha256(tie + member_id.to_bytes(8, "big")).digest()
