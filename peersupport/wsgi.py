"""The WSGI application."""

import os
from collections.abc import Callable, Iterable
from typing import Any

from django.core.wsgi import get_wsgi_application

from peersupport.core import release

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "peersupport.settings.demo")

_django = get_wsgi_application()
release.fingerprint()  # now, because the files may be replaced while this process runs on


def application(environ: dict[str, Any], start_response: Callable[..., Any]) -> Iterable[bytes]:
    """Drop the charset a client claims: all our forms are UTF-8, and a bogus one would raise before any view runs."""
    content_type, *parameters = environ.get("CONTENT_TYPE", "").split(";")
    others = [parameter for parameter in parameters if not parameter.strip().lower().startswith("charset")]
    environ["CONTENT_TYPE"] = ";".join([content_type, *others])
    return _django(environ, start_response)
