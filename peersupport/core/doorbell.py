"""Wakes a background task by its name, so that no action imports a task.

The broker is only a doorbell: what must be done stands in a table. A ring that is lost costs nothing but time, because
each task that can be rung for is also in the rounds of `peersupport/celery.py`.
"""

import logging
from collections.abc import Callable
from contextvars import ContextVar

from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.utils.module_loading import import_string

logger = logging.getLogger(__name__)

# The tasks to ring for when the answer of this web request has been given; None outside of one.
_collected: ContextVar[dict[str, None] | None] = ContextVar("doorbell", default=None)


def ring(task: str) -> None:
    """Wake the task of this dotted path once the caller's transaction commits.

    In a web request it is rung for once the answer has been given, and once however often it was asked for. Never
    raises: where the broker is silent, the next round finds the work.
    """
    transaction.on_commit(lambda: _collect_or_send(task))


class DoorbellMiddleware:
    """Rings after the answer: nobody waits for a broker."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        collected: dict[str, None] = {}
        token = _collected.set(collected)
        try:
            response = self.get_response(request)
        finally:
            _collected.reset(token)
        close = response.close

        def close_and_ring() -> None:
            close()
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
    try:
        import_string(task).apply_async(retry=False)
    except Exception:  # whatever a broker does, it must not reach somebody who asks for help
        logger.warning("the broker does not answer; the next round finds the work", exc_info=True)
