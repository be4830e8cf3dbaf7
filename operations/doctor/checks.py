"""All checks, in the order in which they are told. Each reads facts, and a rule of domain/ says what they mean."""

import logging
import zoneinfo
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from django.conf import settings
from django.utils import timezone

from operations import health
from operations.rotation import settings_file
from operations.serve import broker
from operations.serve import front as own_front
from operations.upgrade import local_copy, schema
from peersupport.core import release
from peersupport.settings import home
from peersupport.team.queries import factors
from requests_app.queries import flood

from .domain import front, keys, places, times, variables
from .domain.findings import Finding, Level, cannot_serve, or_well, see_to, well
from .reading import certificates, files, machine, services, tables

logger = logging.getLogger("peersupport.doctor")
# What stops a program that has been set up; the other words of health are something to see to.
STOPPING = {
    ("database", "unreachable"), ("keyring", "unreachable"), ("keyring", "another_host_secret"),
    ("keyring", "another_keyring"), ("keyring", "read-only"), ("on_call", "unreadable"),
}  # fmt: skip

SHARE_TO_SEE_TO = 0.5  # of the most requests that are stored


@dataclass(frozen=True)
class Check:
    """calls: whether it calls somebody or takes long, so that a page does it only when asked.

    needs: the checks without which it can't be done.
    """

    name: str
    find: Callable[[datetime], Iterable[Finding]]
    calls: bool = False
    needs: tuple[str, ...] = ()


def run(*, calls: bool, sends_mail: bool) -> list[Finding]:
    """What every check found, by the clock of now. calls: do those too that call somebody."""
    now, broken = timezone.localtime(), set[str]()
    found: list[Finding] = []
    for check in CHECKS:
        if broken.isdisjoint(check.needs) and (calls or not check.calls):
            found += _guarded(check, now)
            broken |= {each.check for each in found if each.level is Level.CANNOT_SERVE}
    if calls and sends_mail and "database" not in broken and not _has_mail_problem(found):
        found += sent_mail()
    return found


def count_to_see_to() -> int:
    """How many things there are to see to besides those that the operator's home names, without calling anybody."""
    named = {*health.PARTS, "requests", "notices"}
    found = run(calls=False, sends_mail=False)
    return sum(each.level is not Level.WELL and each.check not in named for each in found)


def settings_findings() -> list[Finding]:
    """Of the variables, which can be read before Django has settings."""
    ours = {name: value for name, value in home.environment().items() if name.startswith("PEERSUPPORT_")}
    folder = home.folder()
    return variables.findings(
        ours,
        has_home=folder is not None,
        time_zones=zoneinfo.available_timezones(),
        set_twice=home.set_twice(folder) if folder else (),
    )


def _guarded(check: Check, now: datetime) -> list[Finding]:
    """One check that can't be done keeps no other from being done."""
    try:
        return list(check.find(now))
    except Exception as error:
        logger.warning("a check could not be done", exc_info=True)
        return [see_to(check.name, "not_done", error=type(error).__name__)]


def _has_mail_problem(found: Iterable[Finding]) -> bool:
    return any(each.check == "mail" and each.level is not Level.WELL for each in found)


def _settings(now: datetime) -> list[Finding]:
    if settings.DEMO:
        return [well("settings", "demo")]
    problems = [each for each in settings_findings() if each.level is not Level.WELL]
    if settings.HOME and settings_file.is_secret_key_over(settings.HOME, now=now):
        problems.append(see_to("settings", "old_secret_key"))
    if settings.HOME and settings_file.is_host_secret_half_replaced(settings.HOME):
        problems.append(see_to("settings", "old_host_secret"))
    return or_well("settings", problems)


def _parts(now: datetime) -> Iterator[Finding]:
    """The parts of health, under their own names."""
    report = health.report()
    if report["database"] != health.OK and files.is_database_damaged():
        report.pop("database")
        yield cannot_serve("database", "damaged", path=str(files.database_file()))
    if report["keyring"] != health.OK:
        report.pop("statistics", None)  # without keys nobody can say
    for part in health.FOR_NEW_ONES:
        report.pop(part, None)  # a check of its own has the figures
    for part, codes in report.items():
        for code in codes.split(", "):
            make = well if code == health.OK else cannot_serve if (part, code) in STOPPING else see_to
            yield make(part, code)


def _whole_database(now: datetime) -> list[Finding]:
    """Damage in what no other check reads."""
    return [cannot_serve("database", "damaged", path=str(files.database_file()))] if files.is_database_damaged() else []


def _migrations(now: datetime) -> list[Finding]:
    if settings.HOME and local_copy.is_there(settings.HOME):
        return [cannot_serve("migrations", "unfinished")]
    if schema.is_emptied():
        return [cannot_serve("migrations", "emptied")]
    if newer := schema.unknown():
        return [cannot_serve("migrations", "newer", names=", ".join(newer[: schema.SHOWN]))]
    pending = len(schema.pending())
    return [cannot_serve("migrations", "pending", number=pending)] if pending else [well("migrations")]


def _modes(now: datetime) -> list[Finding]:
    return places.mode_findings(files.private_files(), owner=files.owner())


def _shred(now: datetime) -> list[Finding]:
    if not files.is_shred_there():
        return []  # the keyring's check says so
    database = files.database_file()
    shred = files.volume(Path(settings.KEYRING) / "shred")
    return places.shred_findings(shred, files.volume(database.parent) if database else None)


def _rounds(now: datetime) -> list[Finding]:
    return times.round_findings(tables.gaps(), tables.runs(), since=tables.noted_since(), now=now)


def _requests(now: datetime) -> list[Finding]:
    """What the home says of keys and requests that can't be used."""
    keys, unreadable = health.unverified_keys(), health.unreadable_requests()
    problems = []
    if keys:
        problems.append(see_to("requests", "unverified_keys", number=keys))
    if unreadable:
        problems.append(see_to("requests", "unreadable_requests", number=unreadable))
    return or_well("requests", problems)


def _stored(now: datetime) -> list[Finding]:
    """How far it is to the most requests that are stored."""
    stored, most = flood.stored(), int(settings.MAX_OPEN_REQUESTS)
    figures = {"number": str(stored), "most": str(most), "share": str(100 * stored // most)}
    if stored >= most:
        return [cannot_serve("stored_requests", "full", **figures)]
    if stored >= most * SHARE_TO_SEE_TO:
        return [see_to("stored_requests", "many", **figures)]
    return [well("stored_requests", **figures)]


def _notices(now: datetime) -> list[Finding]:
    stuck = {f"stuck_{channel.value}": number for channel, number in health.stuck_notices().items() if number}
    if stuck:
        return [see_to("notices", code, number=number) for code, number in stuck.items()]
    return times.queue_findings("notices", tables.notices())


def _clock(now: datetime) -> list[Finding]:
    return times.clock_findings(
        is_synchronized=machine.is_clock_synchronized(),
        database_ahead=tables.database_ahead(),
        waits_until=tables.clock_waits_until(now),
    )


def _tables(now: datetime) -> list[Finding]:
    may_change = tables.program_may_change()
    if may_change is None:
        return []
    return [see_to("tables", "own") if may_change else well("tables")]


def _audit(now: datetime) -> list[Finding]:
    is_whole, count, head = tables.audit_chain()
    if is_whole and not count:
        return [well("audit", "empty")]
    return [well("audit", number=count, head=head) if is_whole else see_to("audit", "broken", head=head or "-")]


def _address(now: datetime) -> list[Finding]:
    try:
        arrived = services.arrived()
    except services.NoAnswer as problem:
        return [see_to("address", str(problem), site=settings.SITE_URL)]
    return front.findings(arrived, site_url=settings.SITE_URL, fingerprint=release.fingerprint())


def _mail(now: datetime) -> list[Finding]:
    if not settings.EMAIL_BACKEND.endswith("smtp.EmailBackend"):
        return [well("mail", "files")]
    error = services.log_in_to_mail()
    return [see_to("mail", "refused", error=error, host=settings.EMAIL_HOST)] if error else [well("mail")]


def _broker(now: datetime) -> list[Finding]:
    if not getattr(settings, "REDIS_URL", ""):
        return []
    error = broker.problem()
    return [see_to("redis", "silent", error=error)] if error else [well("redis")]


def sent_mail() -> list[Finding]:
    number, error = services.mail_operators()
    if error:
        return [see_to("mail", "not_sent", error=error)]
    return [well("mail", "sent", number=number) if number else see_to("mail", "no_operator")]


def _phone_alerts(now: datetime) -> list[Finding]:
    unreachable, asked, unreadable = services.reach_phone_alerts()
    return times.unreachable_findings(unreachable, asked=asked, unreadable=unreadable)


def _front(now: datetime) -> list[Finding]:
    if not settings.HOME:
        return []
    return [well("nginx") if own_front.program() else see_to("nginx", "missing")]


def _certificate(now: datetime) -> list[Finding]:
    variables = home.environment()
    certificate, key = (variables.get(f"PEERSUPPORT_TLS_{name}", "") for name in ("CERTIFICATE", "KEY"))
    if not (certificate and key):
        return []
    try:
        return times.certificate_findings(certificates.valid_until(Path(certificate), Path(key)), now=now)
    except certificates.Unusable as problem:
        return [cannot_serve("certificate", problem.code, path=problem.path)]


def _core_dumps(now: datetime) -> list[Finding]:
    dumping = machine.processes_that_dump() if settings.HOME else None
    if dumping is None:
        return []
    return [see_to("core_dumps", "on", number=dumping) if dumping else well("core_dumps")]


def _second_factor(now: datetime) -> list[Finding]:
    """Not until they set one up is there anything to see to: at the next sign-in they are asked for it."""
    if not settings.SECOND_FACTOR_IS_REQUIRED:
        return []
    without = factors.accounts_without_factor()
    return [well("second_factor", "without", number=without) if without else well("second_factor")]


def _version(now: datetime) -> list[Finding]:
    return [well("version", version=release.version(), fingerprint=release.fingerprint())]


CHECKS = (
    Check("version", _version),
    Check("settings", _settings),
    Check("health", _parts),
    Check("whole_database", _whole_database, calls=True, needs=("database",)),
    Check("migrations", _migrations, needs=("database",)),
    Check("tables", _tables, needs=("database",)),
    Check("modes", _modes),
    Check("keys", lambda now: keys.findings(tables.keys(now)), needs=("database", "keyring")),
    Check("shred", _shred),
    Check("swap", lambda now: places.swap_findings(machine.unencrypted_swap())),
    Check("requests", _requests, needs=("database", "keyring")),
    Check("stored_requests", _stored, needs=("database", "migrations")),
    Check("rounds", _rounds, needs=("database", "migrations")),
    Check("notices", _notices, needs=("database",)),
    Check("mails", lambda now: times.queue_findings("mails", tables.mails()), needs=("database",)),
    Check("clock", _clock, needs=("database", "migrations")),
    Check("disk", lambda now: places.room_findings(files.rooms())),
    Check("backup", lambda now: times.backup_findings(tables.backup(), now=now)),
    Check("nginx", _front),
    Check("certificate", _certificate),
    Check("core_dumps", _core_dumps),
    Check("second_factor", _second_factor, needs=("database", "migrations")),
    Check("audit", _audit, calls=True, needs=("database", "keyring")),
    Check("address", _address, calls=True),
    Check("phone_alerts", _phone_alerts, calls=True, needs=("database", "keyring")),
    Check("redis", _broker, calls=True),
    Check("mail", _mail, calls=True),
)
