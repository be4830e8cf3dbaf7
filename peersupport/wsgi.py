"""The WSGI application."""

import os
import sys
from collections.abc import Callable, Iterable
from typing import Any, BinaryIO

from django.core.wsgi import get_wsgi_application
from django.urls import get_resolver

from peersupport.core import plane, release

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "peersupport.settings.demo")

# Who holds the database writes a dozen short statements, and after each waits for the interpreter: five milliseconds by
# default, while others compute. All who want to send would wait for that.
sys.setswitchinterval(0.001)
_django = get_wsgi_application()
get_resolver().url_patterns  # noqa: B018  # loads all pages now, and not while the first visitor waits
release.fingerprint()  # now, because the files may be replaced while this process runs on


class WholeBody:
    """A request's body that says when it ends before its announced length: the server gives what came, as if all had.

    Django turns the error into UnreadablePostError.
    """

    def __init__(self, stream: BinaryIO, length: int) -> None:
        self.stream, self.left = stream, length

    def read(self, size: int = -1) -> bytes:
        wanted, parts = self.left if size < 0 else min(size, self.left), list[bytes]()
        while wanted:
            parts.append(self._counted(self.stream.read(wanted)))
            wanted -= len(parts[-1])
        return b"".join(parts)

    def readline(self, size: int = -1) -> bytes:
        wanted = self.left if size < 0 else min(size, self.left)
        return self._counted(self.stream.readline(wanted)) if wanted else b""

    def _counted(self, part: bytes) -> bytes:
        if not part:
            raise ConnectionError("the body ended early")
        self.left -= len(part)
        return part


def application(environ: dict[str, Any], start_response: Callable[..., Any]) -> Iterable[bytes]:
    """Drop the charset a client claims: all our forms are UTF-8, and a bogus one would raise before any view runs."""
    plane.enter(anonymous=True)  # until it is known whose page this is
    content_type, *parameters = environ.get("CONTENT_TYPE", "").split(";")
    others = [parameter for parameter in parameters if not parameter.strip().lower().startswith("charset")]
    environ["CONTENT_TYPE"] = ";".join([content_type, *others])
    length = environ.get("CONTENT_LENGTH") or ""
    environ["wsgi.input"] = WholeBody(environ["wsgi.input"], int(length) if length.isdigit() else 0)
    return _django(environ, start_response)
