"""Wakes a background task by its dotted name, so that no action has to import a task.

The broker carries nothing but the wake-up: the work itself is recorded in a table. A lost ring only costs time, because
every task that can be woken is also scheduled in `ROUNDS` in `peersupport/celery.py`.
"""

import logging
import os
import threading
import time
from collections.abc import Callable
from contextvars import ContextVar

from django.conf import settings
from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.utils.module_loading import import_string

logger = logging.getLogger(__name__)

_ringing = threading.Lock()
_last_rung: dict[str, float] = {}  # by task, when this process rang for it
_later: set[str] = set()  # tasks for which a timer will ring
# Tasks to wake once the current web request has been answered; None outside of a web request.
_collected: ContextVar[dict[str, None] | None] = ContextVar("doorbell", default=None)


def ring(task: str) -> None:
    """Wake the task with this dotted path once the caller's transaction commits; never on rollback.

    During a web request the task is woken only after the response was sent, and once however often this is called.
    Never raises: if the broker doesn't answer, the next scheduled round finds the work.
    """
    transaction.on_commit(lambda: _collect_or_send(task))


class DoorbellMiddleware:
    """Wakes the tasks of a web request when the server closes the response, so that nobody waits for the broker.

    WSGI servers call close() once the body was handed over, for streamed bodies and error pages too (PEP 3333).
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        collected: dict[str, None] = {}
        token = _collected.set(collected)
        try:
            response = self.get_response(request)
        finally:
            _collected.reset(token)

        def close_and_ring() -> None:
            del response.close  # or response and function would refer to each other, and keep the page in memory
            try:
                response.close()
            finally:
                while collected:
                    _send(collected.popitem()[0])

        response.close = close_and_ring  # type: ignore[method-assign]
        return response


def _collect_or_send(task: str) -> None:
    collected = _collected.get()
    if collected is None:
        _send(task)
    else:
        collected[task] = None


def _send(task: str) -> None:
    """Now; or, where this process has rung for it a moment ago, once when that moment is over.

    However many send at once, the worker is woken a few times a second, and always after the last of them.
    """
    pause = settings.DOORBELL_PAUSE_SECONDS
    with _ringing:
        if task in _later:
            return
        wait = _last_rung.get(task, -pause) + pause - time.monotonic()
        if wait > 0:
            _later.add(task)
        else:
            _last_rung[task] = time.monotonic()
    if wait > 0:
        threading.Timer(wait, _send_later, [task]).start()
    else:
        _send_now(task)


def _send_later(task: str) -> None:
    with _ringing:
        _later.discard(task)
        _last_rung[task] = time.monotonic()
    _send_now(task)


def _forget() -> None:
    """In a forked child, whose parent's timers it doesn't have."""
    global _ringing
    _ringing = threading.Lock()
    _later.clear()


os.register_at_fork(after_in_child=_forget)


def _send_now(task: str) -> None:
    try:
        import_string(task).apply_async(retry=False)
    except Exception:  # whatever goes wrong with a broker, it must not reach somebody asking for help
        logger.warning("the broker does not answer; the next round finds the work", exc_info=True)
