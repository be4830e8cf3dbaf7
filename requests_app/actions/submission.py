"""Sending a request: what an officer typed and chose, sealed once, and the first peers asked."""

from dataclasses import asdict, dataclass
from datetime import datetime
from uuid import uuid4

from django.db import transaction
from django.utils import timezone

from peersupport.program import form_tokens
from peersupport.sealing import envelope, keyring
from peersupport.sealing.receipt import Credentials, credentials, derive_words

from .. import vault
from ..domain import routing
from ..domain.matching import Need, Peer, Widening, lacks_only_training, would_help
from ..domain.routing import Routing, slot_of
from ..domain.states import State, Urgency
from ..models import Request, SubmittedForm
from ..queries import availability, officers
from ..queries.unsealing import Opened
from .transitions import HALF_DAY, Card, ask, made_possible, placed, places_for, plane_key


class AlreadySent(Exception):
    """This form was sent before, and its receipt is not shown again."""


@dataclass(frozen=True)
class Typed:
    """What an officer typed and chose. All but the urgency may be empty."""

    urgency: Urgency
    concern: str = ""
    message: str = ""
    contact: str = ""
    wanted: int | None = None
    anyone_else: bool = True
    not_these: tuple[int, ...] = ()
    not_unit: str = ""
    other_agency: bool = False
    supervisor_ok: bool = False
    language: str = ""
    kind: str = ""
    gender: str = ""

    @property
    def is_alone(self) -> bool:
        """Whether it is for one person and nobody else."""
        return self.wanted is not None and not self.anyone_else

    def card(self) -> Card:
        """What a peer who is asked may see."""
        return {name: value for name, value in asdict(self).items() if name not in {"message", "contact"}}

    def words(self) -> dict[str, object]:
        """What only the peer who accepts may see."""
        return {"message": self.message, "contact": self.contact}


@dataclass(frozen=True)
class Sent:
    """A request that is under way: its receipt, and how many peers have been asked.

    needs_training: nobody has, only because those who are free are not current in the training that it needs.
    widening: nobody has, and the officer could let go what keeps others from being asked.
    """

    words: tuple[str, ...]
    urgency: Urgency
    asked: int
    needs_training: bool = False
    widening: Widening | None = None


def send(*, token: str, typed: Typed) -> Sent:
    """Seals a request and asks the first peers. The same form with the same words is the same request.

    Raises StaleForm, and AlreadySent when it was sent over an hour ago or is closed.
    """
    now = timezone.now()
    nonce, text = form_tokens.nonce_of(token, "ask"), vault.as_bytes(asdict(typed))
    words = derive_words(keyring.lasting("receipt"), nonce, text)
    creds = credentials(keyring.lasting("credentials"), words)
    mark = vault.spent_mark(keyring.lasting("spent"), nonce, text)
    if SubmittedForm.objects.filter(pk=mark).exists():
        return _sent_before(words, creds, now)
    # All that takes its time comes first: the key waits for a disk, and others wait for this transaction.
    shred_key_id, known = keyring.create(), availability.peers(now)
    request, need = _sealed(typed, creds, shred_key_id, known, now)
    with transaction.atomic():
        request.row.tag = vault.tag(plane_key(now), creds.locator)  # locks: two presses come one after the other
        is_first = not SubmittedForm.objects.filter(pk=mark).exists()
        if is_first:
            SubmittedForm.objects.create(mark=mark, half_day=int(now.timestamp()) // HALF_DAY)
            request.row.save(force_insert=True)
            request = ask(request, request.routing, known, now)
    if not is_first:
        keyring.destroy(shred_key_id)
        return _sent_before(words, creds, now)
    asked, needs_training = len(routing.asked(request.routing)), lacks_only_training(need, known)
    return Sent(words, typed.urgency, asked, needs_training, None if asked else would_help(need, known))


def _sent_before(words: tuple[str, ...], creds: Credentials, now: datetime) -> Sent:
    request = officers.request_with(creds)
    if request is None or slot_of(now) - request.routing.asked > 1:
        raise AlreadySent
    own = officers.own_request(creds)
    if own is None:
        raise AlreadySent
    return Sent(words, own.urgency, own.asked, own.needs_training, own.widening)


def _sealed(
    typed: Typed, creds: Credentials, shred_key_id: str, known: list[Peer], now: datetime
) -> tuple[Opened, Need]:
    """A request that is not saved yet, all but the tag by which it is found; and what it needs."""
    request_id, content_key, shred_key = uuid4(), envelope.new_key(), keyring.get(shred_key_id)
    officer_key = envelope.public_key_of(envelope.private_key_from(creds.seed))
    card, need = made_possible(typed.card(), request_id, known)
    slot = slot_of(now)
    places = places_for(need, known, content_key, request_id, now)
    route = Routing(
        state=State.OFFERED,
        urgency=typed.urgency,
        asked=slot,
        touched=slot,
        officer_read=slot,
        locator=creds.locator.hex(),
        officer_key=officer_key.hex(),
        officer_envelope=vault.hand_key(officer_key, content_key, request_id, "content"),
    )
    row = Request(
        id=request_id,
        key_id=shred_key_id,
        routing=vault.seal_routing(shred_key, request_id, route),
        card=vault.seal_card(content_key, shred_key, request_id, card),
        words=vault.seal_words(content_key, shred_key, request_id, typed.words()),
    )
    return Opened(row, shred_key, placed(route, places, need)), need
