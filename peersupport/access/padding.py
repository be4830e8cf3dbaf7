"""Pads answers on the officer's side to a few lengths, by which a watcher of the network can't tell what they say.

static/js/padding.js does the same with what the officer sends. See docs/decisions/0650-padding.md.
"""

import secrets

from django.http import HttpRequest, HttpResponse

from .middleware import GetResponse
from .public_routes import OFFICER_ROUTES, THREAD_ROUTES

KILOBYTE = 1024
SIZES = tuple(kilobytes * KILOBYTE for kilobytes in (8, 16, 32, 64, 128))
THREAD_SIZE = 32 * KILOBYTE  # so that a waiting page and one with a peer and a few messages have one length
COMMENT = "<!--%s-->"


class PaddingMiddleware:
    """Pads what the officer's pages answer, and unknown addresses too: many of them are an officer's page misspelt."""

    def __init__(self, get_response: GetResponse) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        response = self.get_response(request)
        view_name = request.view_name  # type: ignore[attr-defined]
        if (view_name is None or view_name in OFFICER_ROUTES) and not response.streaming:  # static files are streamed
            _pad(response, at_least=THREAD_SIZE if view_name in THREAD_ROUTES else 0)
        return response


def padded_length(length: int) -> int:
    """The next of the sizes, beyond them the next multiple of the largest, in bytes."""
    return next((size for size in SIZES if length <= size), -(-length // SIZES[-1]) * SIZES[-1])


def _pad(response: HttpResponse, *, at_least: int) -> None:
    """Fill the body up with a comment. It is random, or a proxy that compresses would squeeze it away."""
    length = len(response.content) + len(COMMENT % "")
    missing = padded_length(max(length, at_least)) - length
    response.content += (COMMENT % secrets.token_urlsafe(missing)[:missing]).encode()
    response.headers["Content-Length"] = str(len(response.content))
