"""Every variable of an installation. What each one means stands in docs/settings.md, and a test compares the two."""

from dataclasses import dataclass
from enum import Enum, auto

MIN_SECRET = 32  # characters


class Needed(Enum):
    ALWAYS = auto()
    WITHOUT_HOME = auto()  # in a home it has a default
    NO = auto()


@dataclass(frozen=True)
class Variable:
    """has_secret: nobody else may see its value, or a part of it.

    is_of_machine: where things are on one machine, so that a restore on another doesn't take it over.
    is_set_by_serve: for the processes that it starts; it stands in no file.
    """

    name: str
    needed: Needed = Needed.NO
    has_secret: bool = False
    is_of_machine: bool = False
    is_set_by_serve: bool = False
    is_for_tests: bool = False


VARIABLES = (
    Variable("PEERSUPPORT_SECRET_KEY", Needed.ALWAYS, has_secret=True),
    Variable("PEERSUPPORT_HOST_SECRET", Needed.ALWAYS, has_secret=True),
    Variable("PEERSUPPORT_SITE_URL", Needed.ALWAYS),
    Variable("PEERSUPPORT_EMAIL_URL", Needed.ALWAYS, has_secret=True, is_of_machine=True),
    Variable("PEERSUPPORT_FROM_EMAIL", Needed.ALWAYS),
    Variable("PEERSUPPORT_KEYRING", Needed.WITHOUT_HOME, is_of_machine=True),
    Variable("PEERSUPPORT_PRIVATE_FILES", Needed.WITHOUT_HOME, is_of_machine=True),
    Variable("PEERSUPPORT_DATABASE_URL", Needed.WITHOUT_HOME, has_secret=True, is_of_machine=True),
    Variable("PEERSUPPORT_REDIS_URL", Needed.WITHOUT_HOME, has_secret=True, is_of_machine=True),
    Variable("PEERSUPPORT_HOST_SECRET_FALLBACKS", has_secret=True),
    Variable("PEERSUPPORT_HOSTS"),
    Variable("PEERSUPPORT_SECRET_KEY_FALLBACKS", has_secret=True),
    Variable("PEERSUPPORT_SECRET_KEY_REPLACED_AT"),
    Variable("PEERSUPPORT_TIME_ZONE"),
    Variable("PEERSUPPORT_PROXY_COUNT", is_of_machine=True),
    Variable("PEERSUPPORT_PASSWORDS_AT_ONCE", is_of_machine=True),
    Variable("PEERSUPPORT_WEB_PROCESSES", is_of_machine=True),
    Variable("PEERSUPPORT_TLS_CERTIFICATE", is_of_machine=True),
    Variable("PEERSUPPORT_TLS_KEY", is_of_machine=True),
    Variable("PEERSUPPORT_PORT", is_of_machine=True),
    Variable("PEERSUPPORT_STATIC_ROOT", is_of_machine=True),
    Variable("PEERSUPPORT_SESSION_HOURS"),
    Variable("PEERSUPPORT_IDLE_MINUTES"),
    Variable("PEERSUPPORT_SHIFT_HOURS"),
    Variable("PEERSUPPORT_EXIT_URL"),
    Variable("PEERSUPPORT_SECURITY_CONTACT"),
    Variable("PEERSUPPORT_RINGING_SERVERS"),
    Variable("PEERSUPPORT_QUIET_MINUTES"),
    Variable("PEERSUPPORT_BRAKE_AT"),
    Variable("PEERSUPPORT_LANE_SECONDS"),
    Variable("PEERSUPPORT_MAX_OPEN_REQUESTS"),
    Variable("PEERSUPPORT_BACKUP_KEY"),
    Variable("PEERSUPPORT_HOME", is_of_machine=True),
    Variable("PEERSUPPORT_VAR", is_of_machine=True),
    Variable("PEERSUPPORT_OWN_FRONT", is_of_machine=True, is_set_by_serve=True),
    Variable("PEERSUPPORT_LOG_MARK", is_of_machine=True, is_set_by_serve=True),
    Variable("PEERSUPPORT_REQUIRE_SERVICES", is_for_tests=True),
    Variable("PEERSUPPORT_CHROMIUM", is_for_tests=True),
    Variable("PEERSUPPORT_TEST_DATABASE_URL", is_for_tests=True),
    Variable("PEERSUPPORT_TEST_REDIS_URL", is_for_tests=True),
)
OF_A_MACHINE = tuple(each.name for each in VARIABLES if each.is_of_machine)


def needed(*, has_home: bool) -> list[str]:
    """Those without which the program doesn't start."""
    kinds = {Needed.ALWAYS} if has_home else {Needed.ALWAYS, Needed.WITHOUT_HOME}
    return [each.name for each in VARIABLES if each.needed in kinds]
