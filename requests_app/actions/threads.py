"""The messages between an officer and their peer."""

from dataclasses import replace

from django.utils import timezone

from peersupport.sealing import envelope
from peersupport.sealing.receipt import Credentials

from .. import message_vault, vault
from ..domain import routing
from ..domain.half_hours import half_hour_of
from ..domain.routing import SharedThread
from ..domain.states import Author
from ..message_vault import ThreadMessage, TurnKey
from ..models import Message
from ..queries import unsealing
from ..queries.unsealing import UnsealedRequest
from ..vault import ContentKey, ThreadKey
from . import request_rows

TOKEN_PURPOSE = "write"  # noqa: S105  # what the tokens of message forms are for


def start(request: UnsealedRequest, content_key: ContentKey, thread_key: ThreadKey) -> SharedThread:
    """Start the thread of a peer who accepts, with the messages so far if the officer shared them with the next peer.

    They are sealed again under the new thread key, so that the key of the earlier peer opens nothing of what follows.
    """
    rows = Message.objects.filter(request_id=request.id)
    if not request.routing.thread_key_for_next:
        rows.delete()
        return SharedThread()
    try:
        earlier_key = vault.open_thread_key_for_next(content_key, request.routing.thread_key_for_next)
        earlier = unsealing.messages_of(request, unsealing.turn_key(request, content_key, earlier_key))
    except envelope.CannotOpen:  # a damaged thread must not keep anybody from helping
        rows.delete()
        return SharedThread(is_lost=True)
    key, link = unsealing.turn_key(request, content_key, thread_key, turn=request.routing.turn + 1), ""
    for message_id, message in earlier.items():
        body, link = message_vault.seal_message(key, message_id, message, link)
        rows.filter(pk=message_id).update(body=body)
    return SharedThread(len(earlier), link)


def append(request: UnsealedRequest, key: TurnKey, author: Author, nonce: bytes, text: str) -> bool:
    """Add a message to the thread. False where the same press of Send has added it before.

    Raises RequestUnavailable where the thread is damaged: nobody could read what is added.
    """
    try:
        unsealing.messages_of(request, key)
    except envelope.CannotOpen as error:
        raise request_rows.RequestUnavailable from error
    message_id = message_vault.message_id(request.key, nonce, author, text)
    if Message.objects.filter(pk=message_id).exists():
        return False
    now = timezone.now()
    route, number = request.routing, request.routing.messages + 1
    message = ThreadMessage(author=author, number=number, half_hour=half_hour_of(now), text=text)
    body, link = message_vault.seal_message(key, message_id, message, route.link)
    Message.objects.create(id=message_id, request_id=request.id, body=body)
    if author == Author.OFFICER:
        route = replace(route, seen_by_officer=number, officer_read=half_hour_of(now))
    else:
        route = replace(routing.mark_answered(route), seen_by_peer=number)
    route = replace(
        route, messages=number, link=link, touched=half_hour_of(now), closing_suggested=None, notified_untouched=False
    )
    request_rows.save(request, route)
    return True


def share(request: UnsealedRequest, creds: Credentials, content_key: ContentKey) -> UnsealedRequest:
    """Let the next peer read the thread: seal its key under the content key. Only the officer holds both keys."""
    thread_key = unsealing.thread_key_of_officer(request, creds)
    if thread_key is None:
        return request
    for_next = vault.seal_thread_key_for_next(content_key, thread_key)
    return request_rows.save(request, replace(request.routing, thread_key_for_next=for_next))


def delete(request: UnsealedRequest) -> UnsealedRequest:
    """Delete the messages, so that the next peer reads only what the officer wrote first."""
    Message.objects.filter(request_id=request.id).delete()
    route = replace(request.routing, thread_officer_envelope="", thread_key_for_next="", messages=0, link="")
    return request_rows.save(request, route)
