"""The services that send phone alerts: which addresses may be used, and sending to them with Apprise.

A person types the address and this server calls it, so it could be crafted to reach what only this server can reach.
Only the services in settings.PHONE_ALERT_SERVICES are called: at their own fixed host, or at a listed server of the
agency's own. Apprise takes a second to load, so it is imported only where it is used.
"""

import logging
import re
import sys
import threading
from collections.abc import Iterable
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from enum import StrEnum
from typing import Any
from urllib.parse import urlsplit

from django.conf import settings
from django.utils.translation import gettext as _

from peersupport.core.errors import Refused
from peersupport.sealing import envelope, keyring
from peersupport.sealing.envelope import CannotOpen

from .domain.delivery import Delivery
from .models import PhoneAlert
from .presenters import notice_text

MAX_ADDRESS_BYTES = 400
ALLOWED_OPTIONS = frozenset({"priority", "sound", "from", "to"})  # others turn off checks, or name more hosts to call
CLOUD_MODE = "cloud"  # the provider's own host, whatever the address says
RECIPIENT_ATTRIBUTES = ("targets", "topics", "devices")  # Apprise's names for recipients; other services have none
NOT_CALLED = frozenset({"service_url", "setup_url"})  # Apprise's links to a service's website and its own manual
UNREACHABLE_MESSAGE = "connection error occurred"  # what every Apprise service logs if its server can't be reached

# The status that a service answered, as every Apprise service logs it. 5xx is left out: behind a gateway the alert may
# have been delivered all the same.
REFUSING_STATUS = re.compile(r"error=[34]\d\d\b")
ANY_STATUS = re.compile(r"error=\d+\b")


class AlertOutcome(StrEnum):
    """What became of one alert."""

    ACCEPTED = "accepted"
    REFUSED = "refused"
    UNREACHABLE = "unreachable"


def seal(user_id: int, address: str) -> bytes:
    """The address under a lasting secret, padded to one size and bound to its user."""
    secret = keyring.lasting("phone-alerts")
    return envelope.seal(secret, address.encode(), size=MAX_ADDRESS_BYTES, context=_context(user_id))


def opened(alert: PhoneAlert, secrets: Iterable[bytes]) -> bytes:
    """The address under one of these secrets. Raises CannotOpen."""
    return envelope.open_under_any(secrets, bytes(alert.sealed_address), context=_context(alert.user_id))


def check(address: str) -> None:
    """Raise Refused, with a sentence for the person, if the address is too long, can't be used or mustn't be called."""
    if len(address.encode()) > MAX_ADDRESS_BYTES:
        raise Refused(_("This address is too long. Please shorten it."))
    _service(address)


def service_of(alert: PhoneAlert) -> str:
    """The name of the alert's service; empty if the address can't be opened and has to be set again."""
    try:
        scheme = _address(alert).partition(":")[0].lower()
    except (CannotOpen, OSError):
        return ""
    return str(settings.PHONE_ALERT_SERVICES[scheme][0]) if scheme in settings.PHONE_ALERT_SERVICES else scheme


def server_of(alert: PhoneAlert) -> tuple[str, str, int, bool]:
    """Where the alert is sent: the service's name, host and port, and whether by TLS.

    host: empty where nobody is called, as by the demo's own service. Raises CannotOpen, OSError and Refused.
    """
    address = _address(alert)
    name = str(settings.PHONE_ALERT_SERVICES[address.partition(":")[0].lower()][0])
    service = _service(address)
    if _names_its_server(service):
        has_tls = bool(service.secure)
        return name, str(service.host), int(service.port or (443 if has_tls else 80)), has_tls
    calls = (getattr(service, each) for each in dir(type(service)) if each.endswith("_url") and each not in NOT_CALLED)
    host = next((urlsplit(url).netloc for url in calls if isinstance(url, str) and url.startswith("https://")), "")
    return name, host, 443, True


def send(alert: PhoneAlert) -> bool:
    """Send the text of every notice; whether the service accepted it."""
    return _is_accepted(_service_for(alert))


def _service_for(alert: PhoneAlert) -> Any:
    """None where there is no calling it."""
    with suppress(Exception):  # whatever the keyring or a service's code raises, the mails after it must leave
        return _service(_address(alert))
    return None


def _is_accepted(service: Any) -> bool:
    if service is None:
        return False
    with suppress(Exception):
        title, body = notice_text.subject(), notice_text.body(settings.SITE_URL)
        return bool(service.notify(title=title, body=body, notify_type="info"))
    return False


def send_test(alert: PhoneAlert) -> AlertOutcome:
    """Send, and tell a wrong address from a service that can't be reached by what Apprise logs."""
    import apprise

    with apprise.LogCapture(level=logging.WARNING) as log:
        if send(alert):
            return AlertOutcome.ACCEPTED
        return AlertOutcome.UNREACHABLE if UNREACHABLE_MESSAGE in log.getvalue().lower() else AlertOutcome.REFUSED


def send_all(alerts: list[PhoneAlert]) -> list[Delivery]:
    """Send all at the same time, so that a service that hangs delays no other; what became of each.

    The services are made before the threads: the first one loads Apprise's list of them, which others would read then.
    """
    services = [_service_for(alert) for alert in alerts]
    failures, apprise_log = _Failures(logging.WARNING), logging.getLogger("apprise")
    apprise_log.addHandler(failures)
    try:
        with ThreadPoolExecutor(max_workers=max(1, len(alerts))) as threads:
            return list(threads.map(lambda service: _delivery(service, failures), services))
    finally:
        apprise_log.removeHandler(failures)


def _delivery(service: Any, failures: "_Failures") -> Delivery:
    failures.forget()
    if _is_accepted(service):
        return Delivery.DELIVERED
    return Delivery.REFUSED if service is None or failures.are_refusals() else Delivery.UNCERTAIN


class _Refusals(threading.local):
    """In this thread: for each failure that was logged, whether it was certainly a refusal."""

    def __init__(self) -> None:
        self.found: list[bool] = []


class _Failures(logging.Handler):
    """What Apprise logs in each thread about a failed alert. An Apprise service itself only returns False."""

    def __init__(self, level: int) -> None:
        super().__init__(level)
        self._refusals = _Refusals()

    def forget(self) -> None:
        self._refusals.found = []

    def are_refusals(self) -> bool:
        return bool(self._refusals.found) and all(self._refusals.found)

    def emit(self, record: logging.LogRecord) -> None:
        error, message = sys.exc_info()[1], record.getMessage()  # Apprise logs while it handles the error
        if error is not None:
            self._refusals.found.append(_was_never_connected(error))
        elif ANY_STATUS.search(message):
            self._refusals.found.append(bool(REFUSING_STATUS.search(message)))


def _was_never_connected(error: BaseException) -> bool:
    """Whether nothing can have been sent when this was raised."""
    from requests.exceptions import ConnectionError as RequestFailed
    from requests.exceptions import ConnectTimeout
    from urllib3.exceptions import MaxRetryError, NewConnectionError

    cause = error.args[0] if isinstance(error, RequestFailed) and error.args else None
    never = isinstance(cause, MaxRetryError) and isinstance(cause.reason, NewConnectionError)
    return never or isinstance(error, ConnectTimeout)


def _address(alert: PhoneAlert) -> str:
    return opened(alert, keyring.known("phone-alerts")).decode()


def _service(address: str) -> Any:
    """Apprise's object for the address. Raises Refused."""
    import apprise
    from apprise.utils.parse import parse_url

    asset = apprise.AppriseAsset(
        app_id=_("Peer Support"),
        app_url="",
        http_redirects=False,
        image_url_mask="",
        plugin_paths=settings.PHONE_ALERT_PLUGINS,
        storage_mode="memory",
    )
    parsed = parse_url(address, verify_host=False)
    service = apprise.Apprise.instantiate(address, asset=asset) if parsed else None
    if service is None:
        raise Refused(_("No service uses this kind of address. Please compare it with the examples, letter by letter."))
    if parsed["schema"] not in settings.PHONE_ALERT_SERVICES or parsed["schema"] not in service.schemas():
        raise Refused(
            _("“%(service)s” can't be used here. The services you can use are listed below.")
            % {"service": parsed["schema"]}
        )
    for name in {*parsed["qsd"], *parsed["qsd+"], *parsed["qsd-"], *parsed["qsd:"]} - ALLOWED_OPTIONS:
        raise Refused(
            _("Please leave out “%(option)s” at the end of the address. Only these are allowed there: %(allowed)s.")
            % {"option": name, "allowed": ", ".join(sorted(ALLOWED_OPTIONS))}
        )
    if _has_no_recipient(service):
        raise Refused(
            _("The last part of this address, the one that says which phone, is missing. Please see the examples.")
        )
    if len(service) > 1:
        raise Refused(_("One address can alert only one phone. Please leave out the others."))
    if _names_its_server(service) and _server(service) not in settings.PHONE_ALERT_SERVERS:
        raise Refused(
            _("This site isn't allowed to use the server “%(server)s”. The person who runs this site can add it.")
            % {"server": _server(service)}
        )
    return service


def _has_no_recipient(service: Any) -> bool:
    """Whether the address names no telephone, or only the number that the service sends from."""
    recipients = next((getattr(service, name) for name in RECIPIENT_ATTRIBUTES if hasattr(service, name)), None)
    return recipients is not None and set(recipients) <= {getattr(service, "source", None)}


def _names_its_server(service: Any) -> bool:
    """Whether the address itself decides which host is called."""
    return any("{host}" in form for form in service.templates) and getattr(service, "mode", "") != CLOUD_MODE


def _server(service: Any) -> str:
    return f"{service.host}:{service.port}" if service.port else str(service.host)


def _context(user_id: int) -> bytes:
    return envelope.context("phone alert", user_id)
