"""The variables of docs/settings.md: what is missing, too short, or can't be meant."""

from collections.abc import Collection, Iterator, Mapping

from .findings import Finding, cannot_serve, or_well, see_to

MIN_SECRET = 32  # characters
SECRETS = ("PEERSUPPORT_SECRET_KEY", "PEERSUPPORT_HOST_SECRET")
ALWAYS = (*SECRETS, "PEERSUPPORT_SITE_URL", "PEERSUPPORT_EMAIL_URL", "PEERSUPPORT_FROM_EMAIL")
# In a home they have a default.
WITHOUT_HOME = (
    "PEERSUPPORT_KEYRING", "PEERSUPPORT_PRIVATE_FILES", "PEERSUPPORT_DATABASE_URL", "PEERSUPPORT_REDIS_URL",
)  # fmt: skip
OPTIONAL = (
    "PEERSUPPORT_HOST_SECRET_FALLBACKS", "PEERSUPPORT_HOSTS", "PEERSUPPORT_SECRET_KEY_FALLBACKS",
    "PEERSUPPORT_SECRET_KEY_REPLACED_AT",
    "PEERSUPPORT_TIME_ZONE", "PEERSUPPORT_PROXY_COUNT", "PEERSUPPORT_STATIC_ROOT", "PEERSUPPORT_EXIT_URL",
    "PEERSUPPORT_RINGING_SERVERS", "PEERSUPPORT_VAR", "PEERSUPPORT_HOME", "PEERSUPPORT_OWN_FRONT",
    "PEERSUPPORT_BACKUP_KEY", "PEERSUPPORT_TLS_CERTIFICATE", "PEERSUPPORT_TLS_KEY", "PEERSUPPORT_PORT",
    "PEERSUPPORT_REQUIRE_SERVICES", "PEERSUPPORT_CHROMIUM", "PEERSUPPORT_TEST_DATABASE_URL",
    "PEERSUPPORT_TEST_REDIS_URL",
)  # fmt: skip
KNOWN = frozenset({*ALWAYS, *WITHOUT_HOME, *OPTIONAL})
CHECK = "settings"


def findings(variables: Mapping[str, str], *, has_home: bool, time_zones: Collection[str]) -> list[Finding]:
    """variables: all that begin with PEERSUPPORT_, from the home's file and the environment."""
    return or_well(CHECK, [*_missing(variables, has_home), *_unusable(variables, time_zones), *_doubtful(variables)])


def _missing(variables: Mapping[str, str], has_home: bool) -> Iterator[Finding]:
    for name in ALWAYS if has_home else (*ALWAYS, *WITHOUT_HOME):
        if not variables.get(name):
            yield cannot_serve(CHECK, "missing", name=name)


def _unusable(variables: Mapping[str, str], time_zones: Collection[str]) -> Iterator[Finding]:
    secret = variables.get("PEERSUPPORT_HOST_SECRET", "")
    if secret and (len(secret) < MIN_SECRET or "," in secret):
        yield cannot_serve(CHECK, "host_secret", number=MIN_SECRET)
    zone = variables.get("PEERSUPPORT_TIME_ZONE")
    if zone is not None and zone not in time_zones:
        yield cannot_serve(CHECK, "time_zone", zone=zone)
    count = variables.get("PEERSUPPORT_PROXY_COUNT")
    if count is not None and not count.isdecimal():
        yield cannot_serve(CHECK, "proxy_count")


def _doubtful(variables: Mapping[str, str]) -> Iterator[Finding]:
    secret = variables.get("PEERSUPPORT_SECRET_KEY", "")
    if secret and len(secret) < MIN_SECRET:
        yield see_to(CHECK, "secret_key", number=MIN_SECRET)
    if variables.get("PEERSUPPORT_SITE_URL", "").startswith("http://"):
        yield see_to(CHECK, "plain_http")
    if variables.get("PEERSUPPORT_EMAIL_URL") == "files":
        yield see_to(CHECK, "mail_files")
    for name in sorted(set(variables) - KNOWN):
        yield see_to(CHECK, "unknown", name=name)
