"""Whether what was started answers."""

import http.client
import json
import socket
import ssl
from urllib.parse import urlsplit

from .domain.listening import Listening

# Without these no officer can be helped. What else /healthz names doesn't heal by waiting, and pages answer meanwhile.
VITAL_WITHOUT_WORKER = ("database", "keyring")
VITAL = (*VITAL_WITHOUT_WORKER, "worker")
SECONDS = 2.0


class UnixConnection(http.client.HTTPConnection):
    def __init__(self, path: str) -> None:
        super().__init__("localhost", timeout=SECONDS)
        self.path = path

    def connect(self) -> None:
        self.sock = socket.socket(socket.AF_UNIX)
        self.sock.settimeout(SECONDS)
        self.sock.connect(self.path)


def web_answers(path: str, site: str) -> bool:
    """Whether web processes answer at this socket, however well they are."""
    status, _ = _ask(UnixConnection(path), site)
    return status in {200, 503}


def problems(listening: Listening, site: str) -> dict[str, str] | None:
    """What /healthz says is not well, asked as browsers ask, by way of the front. None if there is no answer."""
    connection: http.client.HTTPConnection = http.client.HTTPConnection("127.0.0.1", listening.port, timeout=SECONDS)
    if listening.has_tls:
        itself = ssl.create_default_context()  # whose certificate it is, is what `doctor` checks
        itself.check_hostname, itself.verify_mode = False, ssl.CERT_NONE
        connection = http.client.HTTPSConnection("127.0.0.1", listening.port, timeout=SECONDS, context=itself)
    status, words = _ask(connection, site)
    if status not in {200, 503} or not words:
        return None
    return {part: code for part, code in words.items() if code != "ok"}


def _ask(connection: http.client.HTTPConnection, site: str) -> tuple[int, dict[str, str]]:
    try:
        connection.request("GET", "/healthz", headers={"Host": urlsplit(site).netloc})
        answer = connection.getresponse()
        return answer.status, dict(json.loads(answer.read()))
    except (OSError, ValueError, http.client.HTTPException):
        return 0, {}
    finally:
        connection.close()
