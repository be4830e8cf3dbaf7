"""The canary in everything that the browser of these tests sends, and every place this program writes to."""

import base64
import io
import urllib.parse
from pathlib import Path

import pytest
from django.core import mail
from django.db import connection
from django.urls import reverse

from peersupport.access.public_routes import ANONYMOUS_ROUTES
from tests.requests_app.test_submission import FORM

CANARY = "canary7f3aK9"
ADDRESS = "203.0.113.77"
HOST = f"{CANARY.lower()}.example.org"
HEADERS = {
    "HTTP_HOST": HOST,
    "REMOTE_ADDR": ADDRESS,
    "REMOTE_HOST": f"{CANARY}.example.net",
    "HTTP_X_FORWARDED_FOR": f"{ADDRESS}, 10.0.0.1",
    "HTTP_X_REAL_IP": ADDRESS,
    "HTTP_FORWARDED": f"for={ADDRESS};host={CANARY}",
    "HTTP_USER_AGENT": f"Mozilla/5.0 ({CANARY})",
    "HTTP_REFERER": f"http://{HOST}/{CANARY}?{CANARY}",
    "HTTP_ACCEPT_LANGUAGE": f"en, x-{CANARY}",
    "HTTP_X_REQUEST_ID": CANARY,
    "HTTP_AUTHORIZATION": f"Bearer {CANARY}",
    "HTTP_ORIGIN": f"http://{HOST}",
    "HTTP_SEC_FETCH_SITE": "same-origin",
}
WORDS = {**FORM, "message": f"{CANARY} has not slept", "contact": f"{CANARY} 555-0100", "padding": CANARY}
CALM = b"Something broke, and it wasn't you"
PUBLISHED = 2020
# The arguments of addresses that have any. A candidate's private link is a secret too, so here it is the canary.
PRIVATE_LINKS = sorted(
    name for name in ANONYMOUS_ROUTES - {"apply:form", "apply:send_again", "apply:done"} if name.startswith("apply:")
)
ARGUMENTS: dict[str, list[object]] = {
    "results:year": [PUBLISHED],
    "apply:done": ["thanks"],
    **{name: [CANARY] for name in PRIVATE_LINKS},
}


def disguises(secret: str) -> set[bytes]:
    """The secret as it is, and as it would look in hexadecimal, in an address or in base64."""
    plain = secret.encode()
    in_base64 = {base64.b64encode(b"." * shift + plain)[4:-4] for shift in range(3)}
    return {plain, plain.hex().encode(), urllib.parse.quote(secret).encode(), *in_base64}


def found_in(kept: dict[str, bytes], *receipt: str) -> list[tuple[str, str]]:
    """Where the canary, the address or a part of the receipt is found: pairs of a place and a secret."""
    sought = {form.lower(): secret for secret in (CANARY, ADDRESS) for form in disguises(secret)}
    sought |= {spelling.encode(): spelling for spelling in receipt}
    lower = {place: data.lower() for place, data in kept.items()}
    return sorted({(place, sought[form]) for place, data in lower.items() for form in sought if form in data})


def spellings(words: tuple[str, ...]) -> list[str]:
    """Any three neighboring words of a receipt, joined in any way: without these, the whole isn't there either."""
    neighbors = zip(words, words[1:], words[2:], strict=False)
    return [between.join(three) for three in neighbors for between in (" ", "-", "", ", ", '", "')]


def every_table() -> dict[str, bytes]:
    """Every value of every row: outbox and sessions are among the tables."""
    kept = {}
    with connection.cursor() as cursor:
        for table in connection.introspection.table_names(cursor):
            cursor.execute(f"SELECT * FROM {connection.ops.quote_name(table)}")
            values = [value for row in cursor.fetchall() for value in row]
            kept[table] = b"\n".join(v if isinstance(v, bytes) else str(v).encode() for v in map(plain, values))
    return kept


def plain(value: object) -> object:
    return bytes(value) if isinstance(value, memoryview) else value


def database_file() -> dict[str, bytes]:
    """The whole database as bytes, including what was deleted, overwritten or not."""
    if connection.vendor != "sqlite":
        return {}
    connection.ensure_connection()
    return {"database file": connection.connection.serialize()}


def every_file(folder: Path) -> dict[str, bytes]:
    files = [file for file in folder.rglob("*") if file.is_file()]
    return {str(file.relative_to(folder)): file.read_bytes() + file.name.encode() for file in files}


def every_mail() -> dict[str, bytes]:
    return {"mail": b"".join(letter.message().as_bytes() for letter in mail.outbox)}


class Log:
    """What the program logs, and everything else that reaches standard output and error."""

    def __init__(self, stream: io.StringIO, capfd: pytest.CaptureFixture[str]) -> None:
        self._stream, self._capfd, self._said = stream, capfd, ""

    @property
    def said(self) -> str:
        captured = self._capfd.readouterr()
        self._said += captured.out + captured.err
        return self._stream.getvalue() + self._said

    def kept(self) -> dict[str, bytes]:
        return {"log": self.said.encode()}


def address_of(name: str) -> str:
    return reverse(name, args=ARGUMENTS.get(name, []))
