"""What each answer has to be, apart from whether the world agrees. Pure; each raises Refused with what to type."""

import re
from dataclasses import dataclass
from urllib.parse import SplitResult, urlsplit
from zoneinfo import available_timezones

from peersupport.core.errors import Refused
from peersupport.core.site import is_trial

AGENCY_LENGTH, PROGRAM_LENGTH, NAME_LENGTH, ADDRESS_LENGTH = 120, 80, 120, 254
ADDRESS = re.compile(r"[A-Za-z0-9.!#$%&'*+/=?^_`{|}~-]+@[A-Za-z0-9](?:[A-Za-z0-9.-]*[A-Za-z0-9])?")
PERSON = re.compile(r"(?P<name>[^<>]+)<(?P<email>[^<>]+)>")
HOST_NAME = re.compile(r"[A-Za-z0-9](?:[A-Za-z0-9.-]*[A-Za-z0-9])?")
MAIL_SCHEMES = ("smtp", "smtps", "smtp+tls", "smtp+ssl")
DATABASE_SCHEMES = ("postgresql", "postgres")
REDIS_SCHEMES = ("redis", "rediss", "unix")
FILES = "files"
# The machine's own zone is offered only if it is one of these: a server's clock often runs on UTC.
US_TIME_ZONES = frozenset(
    {
        "America/Adak", "America/Anchorage", "America/Boise", "America/Chicago", "America/Denver", "America/Detroit",
        "America/Juneau", "America/Los_Angeles", "America/Menominee", "America/Metlakatla", "America/New_York",
        "America/Nome", "America/Phoenix", "America/Puerto_Rico", "America/Sitka", "America/St_Thomas",
        "America/Yakutat", "Pacific/Guam", "Pacific/Honolulu", "Pacific/Pago_Pago", "Pacific/Saipan",
    }
)  # fmt: skip


@dataclass(frozen=True)
class Person:
    name: str
    email: str

    def __str__(self) -> str:
        return f"{self.name} <{self.email}>"


def site(typed: str) -> str:
    """The site's address without a slash at its end: https, or http on this machine alone."""
    try:
        parts = urlsplit(typed.rstrip("/"))
        host, port = parts.hostname or "", parts.port
    except ValueError:
        host, port = "", None
    if not HOST_NAME.fullmatch(host) or parts.path or parts.query or parts.fragment or parts.username:
        raise Refused("an address looks like https://peer.example.org, with nothing after the name of the host.")
    if not (parts.scheme == "https" or is_trial(typed)):
        raise Refused("an address begins with https://. Only a trial is http://localhost and a port.")
    return f"{parts.scheme}://{host}" + (f":{port}" if port else "")


def agency(typed: str) -> str:
    return _words(typed, AGENCY_LENGTH)


def program(typed: str) -> str:
    return _words(typed, PROGRAM_LENGTH)


def person(typed: str) -> str:
    """A name and an address, as mail programs write them: `Name <mail>`."""
    found = PERSON.fullmatch(typed.strip())
    if not found:
        raise Refused("write a name and an e-mail address: Sam Rivera <sam@example.org>")
    return str(Person(_words(found["name"].strip(' "'), NAME_LENGTH), mail_address(found["email"]).lower()))


def person_of(answer: str) -> Person:
    """The parts of what `person` returned."""
    name, __, email = answer.rpartition(" <")
    return Person(name, email.removesuffix(">"))


def check_roles(answers: dict[str, str]) -> None:
    """The operator has no other role; coordinator and director may be one person, of one name."""
    people = {name: person_of(answers[name]) for name in ("operator", "coordinator", "director") if answers.get(name)}
    operator = people.pop("operator", None)
    for name, other in people.items():
        if operator and operator.email == other.email:
            raise Refused(f"the operator, who runs the server, can't be the {name} too. Name another person.")
    if len({each.email for each in people.values()}) == 1 and len({each.name for each in people.values()}) > 1:
        raise Refused("coordinator and director have one address and two names. Give each person their own address.")


def mail_address(typed: str) -> str:
    if not ADDRESS.fullmatch(typed) or len(typed) > ADDRESS_LENGTH or ".." in typed:
        raise Refused("an e-mail address looks like sam@example.org.")
    return typed


def mail_server(typed: str) -> str:
    """`files`, or the URL of a mail server with its port."""
    if typed == FILES:
        return typed
    parts = _url(typed, MAIL_SCHEMES, "a mail server looks like smtp+tls://USER:PASSWORD@mail.example.org:587")
    if not parts.hostname or not parts.port:
        raise Refused("the mail server needs its name and its port: smtp+tls://USER:PASSWORD@mail.example.org:587")
    return typed


def database(typed: str) -> str:
    """The URL of a PostgreSQL database, or nothing for SQLite."""
    if typed:
        parts = _url(typed, DATABASE_SCHEMES, "a database looks like postgresql://USER:PASSWORD@HOST/NAME")
        if not parts.path.strip("/"):
            raise Refused("the database's URL ends with its name: postgresql://USER:PASSWORD@HOST/NAME")
    return typed


def redis(typed: str) -> str:
    if typed:
        _url(typed, REDIS_SCHEMES, "Redis looks like redis://HOST:6379/0")
    return typed


def time_zone(typed: str) -> str:
    if typed not in available_timezones():
        raise Refused("a time zone looks like America/New_York.")
    return typed


def _url(typed: str, schemes: tuple[str, ...], example: str) -> SplitResult:
    try:
        parts = urlsplit(typed)
        parts.port  # noqa: B018  # raises ValueError if it is no number
    except ValueError:
        raise Refused(f"{example}. Write special characters of a password as in a URL: # is %23.") from None
    if parts.scheme not in schemes or re.search(r"\s", typed):
        raise Refused(f"{example}.")
    return parts


def _words(typed: str, length: int) -> str:
    words = " ".join(typed.split())
    if not words or not words.isprintable():
        raise Refused("it needs a name.")
    if len(words) > length:
        raise Refused(f"it has {len(words)} characters, and there is room for {length}.")
    return words
