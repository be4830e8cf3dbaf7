"""What has to be called: the site's own address, the mail server, the services of phone alerts."""

import json
import socket
import ssl
import urllib.error
import urllib.request
from concurrent.futures import ThreadPoolExecutor
from dataclasses import fields
from smtplib import SMTPException

from django.conf import settings
from django.core.mail import get_connection
from django.utils.translation import gettext_lazy as _

from peersupport.access.permissions import Role
from peersupport.core.mail import ProgramMail
from peersupport.notices import alert_services
from peersupport.notices.models import PhoneAlert
from peersupport.team.models import User

from .. import arrival
from ..domain.front import Arrived

SECONDS = 5
SUBJECT = _("Peer Support: mail arrives")
BODY = _("The operator is testing the mail server. There is nothing to do, and nothing waits.")


class NoAnswer(Exception):
    """The site's own address can't be asked. Its text is a code: see ../presenters.py."""


def arrived() -> Arrived:
    """What the running program sees of a call of the site's own address. Raises NoAnswer."""
    headers = {arrival.HEADER: arrival.proof(), "Origin": settings.SITE_URL, "Sec-Fetch-Site": "same-origin"}
    request = urllib.request.Request(f"{settings.SITE_URL}/healthz", headers=headers)  # noqa: S310  # our own
    try:
        with urllib.request.urlopen(request, timeout=SECONDS) as answer:  # noqa: S310  # nosec B310
            told = answer.read()
    except urllib.error.HTTPError as error:
        if error.code != 503:  # not well, which other checks say
            raise NoAnswer("refused" if error.code == 400 else "other_answer") from None
        told = error.read()
    except urllib.error.URLError as error:
        raise NoAnswer("certificate" if isinstance(error.reason, ssl.SSLError) else "no_answer") from None
    except OSError:
        raise NoAnswer("no_answer") from None
    return _parse(told)


def _parse(told: bytes) -> Arrived:
    try:
        found = json.loads(told)["arrived"]
        return Arrived(**{each.name: found[each.name] for each in fields(Arrived)})
    except (ValueError, KeyError, TypeError):
        raise NoAnswer("other_program") from None


def reach_phone_alerts() -> tuple[list[str], int, int]:
    """The services that can't be reached, by name; how many were asked, and how many addresses can't be opened."""
    servers, unreadable = set(), 0
    for alert in PhoneAlert.objects.order_by("pk"):
        try:
            servers.add(alert_services.server_of(alert))
        except Exception:  # of the keyring, of a service's code; the address itself is never told
            unreadable += 1
    servers = {server for server in servers if server[1]}
    with ThreadPoolExecutor(max_workers=max(1, len(servers))) as threads:
        reached = dict(zip(servers, threads.map(lambda server: _is_reached(*server[1:]), servers), strict=True))
    return sorted({name for (name, *_), is_reached in reached.items() if not is_reached}), len(servers), unreadable


def _is_reached(host: str, port: int, has_tls: bool) -> bool:
    """In the way that the alert goes."""
    try:
        with socket.create_connection((host, port), timeout=SECONDS) as connection:
            if has_tls:
                ssl.create_default_context().wrap_socket(connection, server_hostname=host).close()
            return True
    except (OSError, ValueError):
        return False


def log_in_to_mail() -> str:
    """Connect and log in; returns what kind of error there was, without its text, or nothing."""
    try:
        connection = get_connection()
        connection.open()
        connection.close()
    except (OSError, SMTPException) as error:
        return type(error).__name__
    return ""


def mail_operators() -> tuple[int, str]:
    """Send each operator a mail without content; returns how many, and what kind of error there was."""
    sent = 0
    try:
        connection = get_connection()
        for user in User.objects.filter(is_active=True):
            if Role.OPERATOR in user.roles:
                mail = ProgramMail(subject=str(SUBJECT), text=str(BODY), to=user.email)
                sent += connection.send_messages([mail]) or 0
    except (OSError, SMTPException) as error:
        return sent, type(error).__name__
    return sent, ""
