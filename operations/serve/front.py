"""The front: nginx, which takes whole requests before the program is asked and whole answers from it.

Its settings are read anew at each start and reload.
"""

import grp
import os
import pwd
import resource
import secrets
import shutil
import subprocess
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from string import Template
from urllib.parse import urlsplit

from peersupport.access import body_limits
from peersupport.core.errors import Refused

from .. import processes
from . import bodies, pages
from .domain import listening as domain

PROGRAM = "nginx"
MISSING = (
    "nginx is not installed, so a few slow visitors can keep everybody else waiting. Install it and start again: "
    "apt-get install nginx-light"
)
CONFIGURATION = "nginx.conf"
FIRST_SOCKET = "run/web-1.sock"
DRAIN_SECONDS = 8
OPEN_FILES = 16384
MOST_CONNECTIONS = 4096  # of all workers; each costs memory
TEMPLATE = Path(__file__).parent / "nginx.conf.template"


class Conf(Template):
    delimiter = "@"


@dataclass(frozen=True)
class Front:
    """What the configuration says that isn't the same everywhere."""

    listening: domain.Listening
    hosts: Sequence[str]  # those that this machine has
    site: str
    certificate: str = ""
    key: str = ""
    trusts_proxy: bool = False
    socket: str = FIRST_SOCKET
    run_as: str = ""
    workers: int = 1
    open_files: int = OPEN_FILES
    salt: str = ""


def listening_of(environment: Mapping[str, str], port: int | None = None) -> domain.Listening:
    """Where it listens by these variables. port: the one that the command line names. Raises Refused."""
    certificate, key = certificate_files(environment)
    try:
        configured = int(environment.get("PEERSUPPORT_PORT") or 0)
    except ValueError:
        raise Refused(f"PEERSUPPORT_PORT is {environment['PEERSUPPORT_PORT']}, which is no port.") from None
    return domain.where(
        asked=port,
        configured=configured or None,
        site=environment["PEERSUPPORT_SITE_URL"].rstrip("/"),
        has_tls=bool(certificate and key),
    )


def certificate_files(environment: Mapping[str, str]) -> tuple[str, str]:
    """The paths of certificate and key, both or neither. Raises Refused if one is missing or can't be read."""
    names = ("PEERSUPPORT_TLS_CERTIFICATE", "PEERSUPPORT_TLS_KEY")
    certificate, key = (environment.get(name, "") for name in names)
    if bool(certificate) != bool(key):
        raise Refused(f"{names[0]} and {names[1]} belong together: set both, or neither.")
    for name, file in zip(names, (certificate, key), strict=True):
        if file and not os.access(file, os.R_OK):
            raise Refused(f"{name} is {file}, which this user can't read.")
    return certificate, key


def front_of(
    environment: Mapping[str, str],
    *,
    hosts: Sequence[str] = (),
    port: int | None = None,
    socket: str = FIRST_SOCKET,
) -> Front:
    """The front by these variables, on this machine. hosts: the addresses it listens at, if known. Raises Refused."""
    certificate, key = certificate_files(environment)
    user = pwd.getpwuid(os.geteuid())
    return Front(
        listening=listening_of(environment, port),
        hosts=hosts or [host for host in listening_of(environment, port).hosts if processes.has_address(host)],
        site=environment["PEERSUPPORT_SITE_URL"].rstrip("/"),
        certificate=certificate,
        key=key,
        trusts_proxy=int(environment.get("PEERSUPPORT_PROXY_COUNT") or 0) > 0,
        socket=socket,
        run_as=f"{user.pw_name} {grp.getgrgid(os.getegid()).gr_name}" if os.geteuid() == 0 else "",
        workers=os.cpu_count() or 1,
        open_files=_open_files(),
        salt=secrets.token_hex(16),
    )


def configuration(front: Front) -> str:
    """nginx.conf. Pure but for its template."""
    return Conf(TEMPLATE.read_text()).substitute(
        user=f"user {front.run_as};" if front.run_as else "",
        workers=front.workers,
        open_files=front.open_files,
        connections=min(front.open_files // 2, max(512, MOST_CONNECTIONS // front.workers)),
        drain_seconds=f"{DRAIN_SECONDS}s",
        staff_bytes=body_limits.STAFF_BYTES,
        anybodys_bytes=body_limits.ANYBODYS_BYTES,
        upload_bytes=body_limits.UPLOAD_BYTES,
        anybodys_addresses=bodies.addresses(body_limits.ANYBODYS_ROUTES),
        upload_addresses=bodies.addresses(body_limits.UPLOAD_ROUTES),
        most_large=bodies.MOST_LARGE_AT_ONCE,
        limits_of_one_address=_limits_of_one_address(front),
        salt=front.salt,
        crowds="\n".join(f"        {100 / bodies.CROWDS:g}% {crowd};" for crowd in range(1, bodies.CROWDS)),
        per_second=bodies.REQUESTS_PER_SECOND_OF_ONE_ADDRESS,
        scheme=_scheme(front),
        tls=_tls(front),
        redirect=_redirect(front),
        listen=_listen(front, front.listening.port, " ssl" if front.listening.has_tls else "", indent=8),
        socket=front.socket,
    )


def write_configuration(home: Path, front: Front) -> Path:
    """Write nginx.conf and the pages that it answers with by itself; the file takes the place of the old one whole."""
    run = home / "run"
    for folder in (run, run / "pages"):
        folder.mkdir(mode=0o700, exist_ok=True)
        folder.chmod(0o700)
    pages.write(run / "pages")
    new = home / f"{CONFIGURATION}.new"
    with open(new, "w", opener=lambda path, flags: os.open(path, flags, 0o600)) as out:
        out.write(configuration(front))
    if program():
        _check(home, new)
    return new.replace(home / CONFIGURATION)


def program() -> str | None:
    """The path of nginx; Debian installs it where only root looks. None if it is missing."""
    return shutil.which(PROGRAM) or shutil.which(PROGRAM, path="/usr/sbin:/usr/local/sbin")


def command(home: Path, *more: str, file: str = CONFIGURATION) -> list[str]:
    """Run in the home's folder, so that no path gets too long for a socket."""
    return [program() or PROGRAM, "-p", ".", "-e", "stderr", "-c", file, *more]


def _check(home: Path, file: Path) -> None:
    """Raises Refused with what nginx says against it: words about files and ports, none about visitors."""
    done = subprocess.run(
        command(home, "-t", "-q", file=file.name), cwd=home, capture_output=True, text=True, check=False
    )
    is_about_a_port = "bind() to" in done.stderr  # which `serve` may use and who runs `setup` may not
    if done.returncode != 0 and not is_about_a_port:
        said = [line for line in done.stderr.splitlines() if "[emerg]" in line] or [done.stderr.strip()]
        raise Refused(f"nginx doesn't take its settings: {said[0].removeprefix('nginx: ')}")


def _open_files() -> int:
    hard = resource.getrlimit(resource.RLIMIT_NOFILE)[1]
    return OPEN_FILES if hard == resource.RLIM_INFINITY else min(OPEN_FILES, hard)


def _listen(front: Front, port: int, suffix: str, *, indent: int) -> str:
    written = [f"[{host}]" if ":" in host else host for host in front.hosts]
    return "\n".join(f"{' ' * indent}listen {host}:{port}{suffix};" for host in written)


def _limits_of_one_address(front: Front) -> str:
    """Behind a proxy all come from its address."""
    at_once = bodies.REQUESTS_AT_ONCE_OF_ONE_ADDRESS
    limits = (
        f"limit_conn large_bodies_of_one {bodies.MOST_LARGE_FROM_ONE_ADDRESS};",
        f"limit_conn connections_of_one {bodies.MOST_CONNECTIONS_OF_ONE_ADDRESS};",
        f"limit_req zone=requests_of_one burst={at_once + bodies.MOST_CONNECTIONS_OF_ONE_ADDRESS} delay={at_once};",
    )
    return "" if front.trusts_proxy else "\n".join(f"    {limit}" for limit in limits)


def _scheme(front: Front) -> str:
    """A scheme that a client claims counts only where a proxy of ours stands before this one, and sets it."""
    source = "$http_x_forwarded_proto" if front.trusts_proxy else "$scheme"
    return f"    map {source} $forwarded_proto {{\n        default $scheme;\n        https https;\n    }}"


def _tls(front: Front) -> str:
    if not front.listening.has_tls:
        return ""
    return f"""
    ssl_certificate "{front.certificate}";
    ssl_certificate_key "{front.key}";
    ssl_protocols TLSv1.2 TLSv1.3;
    ssl_ciphers ECDHE+AESGCM:ECDHE+CHACHA20;
    ssl_prefer_server_ciphers off;
    ssl_session_cache shared:tls:10m;
    ssl_session_tickets off;
    error_page 497 =301 {front.site}$request_uri;
"""


def _redirect(front: Front) -> str:
    """From plain http to the site."""
    if not front.listening.redirects_plain:
        return ""
    host = urlsplit(front.site).netloc
    return f"""
    server {{
{_listen(front, domain.PLAIN_PORT, "", indent=8)}
        error_page 400 405 408 414 416 431 494 500 501 505 =301 https://{host}/;
        return 301 https://{host}$request_uri;
    }}
"""
