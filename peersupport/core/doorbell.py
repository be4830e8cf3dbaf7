"""Wakes a background task by its dotted name, so that no action has to import a task.

The broker carries nothing but the wake-up: the work itself is recorded in a table. A lost ring only costs time, because
every task that can be woken is also scheduled in `ROUNDS` in `peersupport/celery.py`.
"""

import logging
from collections.abc import Callable
from contextvars import ContextVar

from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.utils.module_loading import import_string

logger = logging.getLogger(__name__)

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
    try:
        import_string(task).apply_async(retry=False)
    except Exception:  # whatever goes wrong with a broker, it must not reach somebody asking for help
        logger.warning("the broker does not answer; the next round finds the work", exc_info=True)
