"""The same story on many machines: PostgreSQL, Redis, two web hosts behind nginx, two that work; and some that die."""

import contextlib
import http.client
import os
import shutil
import signal
import ssl
import subprocess
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from functools import partial
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Playwright

from operations.processes import start, stop
from operations.serve import front
from peersupport.settings import home as homes
from tests import services
from tests.journeys import agency as agency_steps
from tests.journeys.conftest import PHONE, Visit, launch
from tests.machines import Machine, Network, make_certificate, network
from tests.operations.home import Home, Served
from tests.operations.setup.command import ANSWERS, manage, setup
from tests.services import free_port, wait_until

HOST = "peer.example.org"
SITE = f"https://{HOST}"
DATABASE = "peersupport"  # and the program's role
DEPLOY = Path(__file__).parents[2] / "deploy"
ROLES = DEPLOY / "postgresql" / "roles.sql"
BALANCER = DEPLOY / "nginx" / "balancer.conf"

pytestmark = pytest.mark.sqlite_only  # it starts a PostgreSQL of its own


@dataclass
class Host:
    """One machine with its home, and what it serves of the whole."""

    machine: Machine
    home: Home
    only: str

    @contextmanager
    def served(self) -> Iterator[Served]:
        with self.home.serve("--only", self.only) as served:
            yield served

    def dies(self) -> None:
        """All at once, as when the power goes."""
        for process in self.home.processes():
            with contextlib.suppress(ProcessLookupError):  # it ended with its parent
                os.kill(process, signal.SIGKILL)
        assert wait_until(lambda: not self.home.processes(), seconds=20)


@dataclass
class Everything:
    """All machines of an installation, and the links of its first three people."""

    hosts: dict[str, Host]
    links: list[str]
    balancer: Machine
    said_by_balancer: Path

    @property
    def homes(self) -> list[Home]:
        return [host.home for host in self.hosts.values()]


@pytest.fixture
def lan() -> Iterator[Network]:
    with network() as made:
        yield made


@pytest.fixture
def everything(lan: Network, tmp_path: Path) -> Iterator[Everything]:
    """Made as docs/guide/many-machines.md says it. Nothing is served yet but by the balancer."""
    if front.program() is None:
        pytest.skip(services.NEEDS_NGINX)
    certificate, key = make_certificate(tmp_path, HOST)
    shared = tmp_path / "shared"
    shared.mkdir()
    with database_server(lan.own_address) as server, services.redis(lan.own_address) as redis:
        first, database = tmp_path / "web-1", server.url(DATABASE, DATABASE)
        made = setup(first, **{**ANSWERS, "site": SITE, "database": database, "redis": redis})
        assert made.status == 0, made.err
        server.psql(
            "--set", f"program={DATABASE}", "--file", str(DEPLOY / "postgresql" / "roles.sql"), database=DATABASE
        )
        shutil.move(first / "keyring", shared / "keyring")
        (shared / "private").mkdir(mode=0o700)
        homes.write(first, {
            "PEERSUPPORT_KEYRING": str(shared / "keyring"),
            "PEERSUPPORT_PRIVATE_FILES": str(shared / "private"),
            "PEERSUPPORT_TLS_CERTIFICATE": str(certificate),
            "PEERSUPPORT_TLS_KEY": str(key),
            "PEERSUPPORT_PROXY_COUNT": "1",
        })  # fmt: skip
        hosts = {}
        for name in ("web-1", "web-2", "worker-1", "worker-2"):
            home = Home(tmp_path / name)
            if home.folder != first:
                join(home.folder, first)
            machine = lan.add(name)
            home.enter = machine.enter
            hosts[name] = Host(machine, home, name.partition("-")[0])
        balancer = lan.add("front")
        webs = [hosts[name].machine.address for name in ("web-1", "web-2")]
        with balanced(balancer, webs, certificate, key, tmp_path) as said:
            yield Everything(hosts, made.links, balancer, said)


@contextmanager
def database_server(address: str) -> Iterator[services.PostgreSQL]:
    """PostgreSQL with the settings of deploy/, and an empty database of the program's role."""
    own = (DEPLOY / "postgresql" / "peer-support.conf").read_text()
    with services.PostgreSQL(f"{services.PostgreSQL.FAST}\n{own}", address) as server:
        server.psql("--command", f"CREATE ROLE {DATABASE} LOGIN")
        server.psql("--command", f"CREATE DATABASE {DATABASE} OWNER {DATABASE}")
        yield server


def join(home: Path, first: Path) -> None:
    """One more host: the settings of the first, and what `upgrade` makes of them."""
    home.mkdir(mode=0o700)
    shutil.copy(first / "settings.env", home)
    done = manage("upgrade", "--home", str(home))
    assert done.status == 0, done.err


@contextmanager
def balanced(machine: Machine, webs: list[str], certificate: Path, key: Path, folder: Path) -> Iterator[Path]:
    """nginx on that machine as deploy/ has it, and the file with all it says."""
    text = BALANCER.read_text()
    changed = {
        "WEB-1": webs[0], "WEB-2": webs[1], "SITE": HOST,
        "/etc/peer-support/fullchain.pem": str(certificate), "/etc/peer-support/privkey.pem": str(key),
        "AUTHORITIES": str(certificate),
        "/run/nginx.pid": str(folder / "balancer.pid"), "/run/nginx-body": str(folder / "balancer-body"),
    }  # fmt: skip
    for name, value in changed.items():
        assert name in text
        text = text.replace(name, value)
    configuration, said = folder / "balancer.conf", folder / "balancer.log"
    configuration.write_text(text)
    command = [*machine.enter, str(front.program()), "-e", "stderr", "-g", "daemon off;", "-c", str(configuration)]
    with said.open("wb") as output:
        process = start(command, stdin=subprocess.DEVNULL, stdout=output, stderr=output)
    try:
        yield said
    finally:
        stop([process])


@pytest.fixture
def from_outside(driver: Playwright, everything: Everything) -> Iterator[Browser]:
    """One that finds the site at the balancer's address."""
    browser = launch(driver, f"--host-resolver-rules=MAP {HOST} {everything.balancer.address}")
    yield browser
    browser.close()


def answers(balancer: Machine) -> bool:
    """Whether anybody gets the first page."""
    line = http.client.HTTPSConnection(balancer.address, timeout=30, context=ssl._create_unverified_context())
    with contextlib.closing(line):
        line.request("GET", "/", headers={"Host": HOST})
        return line.getresponse().status == 200


@pytest.mark.fault(
    "Network", "Of two web hosts and two that work, one of each loses its power; later the other web host its network",
    people="One answer waits two seconds; one that a host had begun is a page that says to send it again.",
    heals="The other hosts go on: the balancer asks the next one, and every worker finds the same work.",
)  # fmt: skip
@pytest.mark.django_db  # the browser fixture needs the tests' database, even where this test runs alone
def test_the_story_goes_on_while_hosts_die(everything: Everything, from_outside: Browser, visit_site: Visit) -> None:
    visit = partial(visit_site, SITE, browser=from_outside, ignore_https_errors=True)
    hosts, alert_port = everything.hosts, free_port()
    for host in hosts.values():
        homes.write(host.home.folder, {
            "PEERSUPPORT_RINGING_SERVERS": f"127.0.0.1:{alert_port}",
            "PEERSUPPORT_QUIET_MINUTES": "0",  # the same member is asked three times in a minute
        })  # fmt: skip
    with ExitStack() as stack:
        for host in hosts.values():
            stack.enter_context(host.served())
        agency = agency_steps.come_together(visit, everything.links, everything.homes, alert_port)
        agency_steps.open_program(agency.office)
        peer = agency.peers["Ana Alvarez"]
        agency_steps.talk(visit(PHONE), peer)

        officer = visit(PHONE)
        words = agency_steps.ask(officer)
        hosts["web-1"].dies()
        hosts["worker-1"].dies()
        agency_steps.answer(officer, peer, words)
        before = len(hosts["worker-2"].home.mails)
        words = agency_steps.ask(officer)
        assert wait_until(lambda: len(hosts["worker-2"].home.mails) > before, seconds=30), "the other one works on"

        stack.enter_context(hosts["web-1"].served())
        hosts["web-2"].machine.unplug()
        # The balancer may have left out the one that was away a moment ago.
        assert wait_until(lambda: answers(everything.balancer), seconds=20)
        agency_steps.answer(officer, peer, words)
    assert everything.said_by_balancer.read_text() == ""
