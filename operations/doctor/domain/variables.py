"""The variables of docs/settings.md: what is missing, too short, or can't be meant."""

from collections.abc import Collection, Iterator, Mapping

from peersupport.core.site import is_trial
from peersupport.core.variables import MIN_SECRET, VARIABLES, needed

from .findings import Finding, cannot_serve, or_well, see_to

KNOWN = frozenset(each.name for each in VARIABLES)
CHECK = "settings"
NUMBERS = (
    "PEERSUPPORT_QUIET_MINUTES",
    "PEERSUPPORT_BRAKE_AT",
    "PEERSUPPORT_LANE_SECONDS",
    "PEERSUPPORT_MAX_OPEN_REQUESTS",
)


def findings(
    variables: Mapping[str, str], *, has_home: bool, time_zones: Collection[str], set_twice: Collection[str] = ()
) -> list[Finding]:
    """variables: all that begin with PEERSUPPORT_, from the home's file and the environment.

    set_twice: those with more than one line in the home's file.
    """
    twice = [see_to(CHECK, "twice", name=name) for name in set_twice]
    found = [*_missing(variables, has_home), *_unusable(variables, time_zones), *_doubtful(variables), *twice]
    return or_well(CHECK, found)


def _missing(variables: Mapping[str, str], has_home: bool) -> Iterator[Finding]:
    for name in needed(has_home=has_home):
        if not variables.get(name):
            yield cannot_serve(CHECK, "missing", name=name)


def _unusable(variables: Mapping[str, str], time_zones: Collection[str]) -> Iterator[Finding]:
    secret = variables.get("PEERSUPPORT_HOST_SECRET", "")
    if secret and (len(secret) < MIN_SECRET or "," in secret):
        yield cannot_serve(CHECK, "host_secret", number=MIN_SECRET)
    zone = variables.get("PEERSUPPORT_TIME_ZONE")
    if zone is not None and zone not in time_zones:
        yield cannot_serve(CHECK, "time_zone", zone=zone)
    for name in NUMBERS:
        number = variables.get(name)
        if number is not None and not number.isdecimal():
            yield cannot_serve(CHECK, "number", name=name)
    count = variables.get("PEERSUPPORT_PROXY_COUNT")
    if count is not None and not count.isdecimal():
        yield cannot_serve(CHECK, "proxy_count")


def _doubtful(variables: Mapping[str, str]) -> Iterator[Finding]:
    secret = variables.get("PEERSUPPORT_SECRET_KEY", "")
    if secret and len(secret) < MIN_SECRET:
        yield see_to(CHECK, "secret_key", number=MIN_SECRET)
    if is_trial(variables.get("PEERSUPPORT_SITE_URL", "")):
        yield see_to(CHECK, "trial")
    if variables.get("PEERSUPPORT_EMAIL_URL") == "files":
        yield see_to(CHECK, "mail_files")
    for name in sorted(set(variables) - KNOWN):
        yield see_to(CHECK, "unknown", name=name)
