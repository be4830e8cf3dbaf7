"""Submitting a request: what an officer typed and chose, sealed once and offered to the first peers."""

from dataclasses import dataclass, field
from datetime import datetime
from uuid import uuid4

from django.db import transaction
from django.utils import timezone

from peersupport.program import form_tokens
from peersupport.sealing import actions as sealing
from peersupport.sealing import envelope, host_secret, keyring
from peersupport.sealing.receipt import Credentials, credentials, derive_words

from .. import proof as proofs
from .. import vault
from ..domain.card import Card, Words
from ..domain.half_hours import half_hour_of
from ..domain.intake import Closed
from ..domain.matching import Need, Peer, Waiver, waivable
from ..domain.routing import Routing
from ..domain.states import RequestState, Urgency
from ..models import Request
from ..queries import flood as figures
from ..queries import intake, matching, officers, outlines
from ..queries.unsealing import UnsealedRequest
from . import flood, offers, plane_key, recipients, request_rows, submitted_forms

TOKEN_PURPOSE = "request"  # noqa: S105  # what the tokens of the request form are for


class NotTaken(Exception):
    """The form takes nothing right now. Nothing was done."""

    def __init__(self, closed: Closed) -> None:
        super().__init__(closed.reason)
        self.closed = closed


class AlreadySubmitted(Exception):
    """This form was submitted before, and its receipt is not shown again."""


@dataclass(frozen=True)
class Submission:
    """What an officer chose and typed. All but the urgency may be empty."""

    card: Card
    words: Words = field(default_factory=Words)


@dataclass(frozen=True)
class Submitted:
    """A request that is under way.

    is_offered: whether it is offered to anybody. is_in_line: whether it waits in the slow lane first.
    waivers: what the officer could waive so that others are asked too.
    """

    receipt_words: tuple[str, ...] = field(repr=False)
    urgency: Urgency
    is_offered: bool
    is_in_line: bool = False
    waivers: tuple[Waiver, ...] = ()


def submit(*, token: str, submission: Submission, proof: str = "", is_same_visit: bool = False) -> Submitted:
    """Seal a request and offer it to the first peers. The same form with the same text is the same request.

    While far more come than on any other day, one without a proof of work is stored all the same, and waits in line.

    Raises StaleForm, NotTaken, and AlreadySubmitted where it is closed or was submitted too long ago: more than two
    minutes, or more than an hour where the browser still has the cookie of the visit in which it was sent
    (is_same_visit).
    """
    now = timezone.now()
    host_secret.check()  # what another one seals, nobody could open
    sealing.check_keyring(now=now)
    nonce, text = form_tokens.nonce_of(token, TOKEN_PURPOSE), _content(submission)
    if submitted_forms.is_submitted(nonce, text):
        return _submitted_before(nonce, text, now, is_same_visit=is_same_visit)
    if closed := intake.closed_for(now, form_tokens.signed_at(token, TOKEN_PURPOSE)):
        raise NotTaken(closed)
    load = figures.load(now, and_one_more=True)
    is_solved = load.is_braked and proofs.is_solved(proof, token, TOKEN_PURPOSE)
    receipt_words = derive_words(keyring.lasting("receipt"), nonce, text)
    creds = credentials(keyring.lasting("credentials"), receipt_words)
    # Everything slow comes before the transaction, for which others wait: the key is fsynced to disk.
    peers, shred_key_id = matching.serving_peers(now), keyring.create()
    request, need = _sealed(submission, creds, shred_key_id, peers, now)
    step = offers.first_offer(request.routing, peers, now)
    route = request.routing if load.is_braked else step.routing
    request_rows.put_routing(request.row, request.key, route)
    try:
        with transaction.atomic():
            # Locks the plane key's row, so that of two presses one waits for the other.
            plane = plane_key.lock_current_key(now)
            host_secret.check()  # replaced meanwhile, what was sealed above would open for nobody
            request.row.tag = vault.lookup_tag(plane, creds.locator)
            if submitted_forms.add_request(nonce, text, now, spends_proof=is_solved):
                route = step.routing
                request_rows.put_routing(request.row, request.key, route)
            if route is step.routing:
                offers.announce(step, now)
            outlines.remember(request.row, route)
            request.row.save(force_insert=True)
            flood.count_arrival(plane, now=now)
    except submitted_forms.SubmittedBefore:
        keyring.destroy(shred_key_id)
        return _submitted_before(nonce, text, now, is_same_visit=is_same_visit)
    is_offered, is_in_line = bool(route.offered_to), route.state == RequestState.IN_LINE
    return Submitted(receipt_words, submission.card.urgency, is_offered, is_in_line, waivable(need))


def was_submitted(*, token: str, submission: Submission) -> bool:
    """Whether this form was submitted with this content, as far as that is still known."""
    try:
        nonce = form_tokens.nonce_of(token, TOKEN_PURPOSE)
    except form_tokens.StaleForm:
        return False
    return submitted_forms.is_submitted(nonce, _content(submission))


def _content(submission: Submission) -> bytes:
    return submission.card.to_bytes() + submission.words.to_bytes()


def _submitted_before(nonce: bytes, text: bytes, now: datetime, *, is_same_visit: bool) -> Submitted:
    """The same answer as the first time, though a secret was renewed since. Raises AlreadySubmitted once it's late."""
    if not is_same_visit and not submitted_forms.is_recent(nonce, text, now):
        raise AlreadySubmitted
    for secret in keyring.known("receipt"):
        receipt_words = derive_words(secret, nonce, text)
        creds, request = officers.opened_by(receipt_words)
        if request is None or half_hour_of(now) - request.routing.submitted > 1:
            continue
        own = officers.own_request(creds)
        if own is not None:
            is_in_line = own.state == RequestState.IN_LINE
            return Submitted(receipt_words, own.urgency, own.is_offered, is_in_line, own.waivers)
    raise AlreadySubmitted


def _sealed(
    submission: Submission, creds: Credentials, shred_key_id: str, peers: list[Peer], now: datetime
) -> tuple[UnsealedRequest, Need]:
    """The request, not saved yet and without its tag and its sealed routing, and what it needs."""
    key = vault.row_key(uuid4(), shred_key_id)
    content_key = vault.content_key_from_seed(key, creds.seed)
    officer_key = envelope.public_key_of(envelope.private_key_from(creds.seed))
    card, need = recipients.relax_card(submission.card, key.id, peers, now)
    half_hour = half_hour_of(now)
    sealed_to = recipients.recipients_for(need, peers, content_key, now)
    sealed_card = vault.seal_card(content_key, card, officer_key)
    route = Routing(
        state=RequestState.IN_LINE,
        urgency=card.urgency,
        submitted=half_hour,
        touched=half_hour,
        officer_read=half_hour,
        locator=creds.locator.hex(),
        officer_key=officer_key.hex(),
        card_hash=vault.hash_of(sealed_card),
    )
    route = recipients.with_recipients(route, sealed_to, need)
    words = vault.seal_words(content_key, submission.words)
    row = Request(id=key.id, key_id=shred_key_id, card=sealed_card, words=words)
    return UnsealedRequest(row, key, route), need
