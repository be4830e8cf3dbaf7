"""Signed cookies that note a minute in the browser alone: the last page that was opened, and the last confirmation.

In the session's row each would be a diary. A mark belongs to one purpose and to what it is bound to, so that nobody
carries it over to another sign-in; a copy says the minute of the original.
"""

from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Literal

from django.conf import settings
from django.core import signing
from django.http import HttpRequest, HttpResponse
from django.utils import timezone


@dataclass(frozen=True)
class Mark:
    """name: of the cookie, and what the signature is for."""

    name: str
    samesite: Literal["Lax", "Strict"]

    @property
    def cookie_name(self) -> str:
        return f"{settings.COOKIE_PREFIX}{self.name}"

    def set(self, response: HttpResponse, *bound_to: object) -> None:
        """Note this minute, until the browser is closed."""
        response.set_cookie(
            self.cookie_name,
            self._signer(bound_to).sign(str(int(timezone.now().timestamp()) // 60)),
            secure=settings.SESSION_COOKIE_SECURE,
            httponly=True,
            samesite=self.samesite,
        )

    def read(self, request: HttpRequest, *bound_to: object) -> datetime | None:
        """The minute that is noted; None without a mark that is bound to the same."""
        try:
            minutes = int(self._signer(bound_to).unsign(request.COOKIES.get(self.cookie_name, "")))
        except (signing.BadSignature, ValueError):
            return None
        return datetime.fromtimestamp(minutes * 60, tz=UTC)

    def delete(self, response: HttpResponse) -> None:
        response.delete_cookie(self.cookie_name, samesite=self.samesite)
        response.cookies[self.cookie_name]["secure"] = settings.SESSION_COOKIE_SECURE

    def _signer(self, bound_to: tuple[object, ...]) -> signing.Signer:
        return signing.Signer(salt=":".join(["peersupport.team", self.name, *map(str, bound_to)]))


SEEN = Mark("seen", "Lax")  # a link in a mail opens a page of somebody who is signed in
CONFIRMED = Mark("confirmed", "Strict")
