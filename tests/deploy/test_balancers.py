"""What nginx and Caddy do before many hosts, by the files of deploy/: real ones, in a network of their own."""

import http.client
import json
import os
import shutil
import socket
import ssl
import subprocess
import threading
from collections.abc import Callable, Iterator
from contextlib import ExitStack, closing, contextmanager
from dataclasses import dataclass
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest

from operations.processes import start, stop
from operations.serve import front, pages
from tests import services
from tests.machines import Machine, Network, make_certificate, network
from tests.services import wait_until

pytestmark = pytest.mark.sqlite_only  # no database
DEPLOY = Path(__file__).parents[2] / "deploy"
HOST = "peer.example.org"
CANARY = "canary-of-a-visitor"


class Backend(BaseHTTPRequestHandler):
    """Answers what arrived; without its own style sheet, as the version before has it."""

    protocol_version = "HTTP/1.1"

    def answer(self) -> None:
        body = self.rfile.read(int(self.headers.get("Content-Length", 0)))
        has_it = not (self.path.startswith("/static/") and self.server.is_older)  # type: ignore[attr-defined]
        said = json.dumps({"headers": self.headers.items(), "body": body.decode(), "path": self.path}).encode()
        self.send_response(200 if has_it else 404)
        self.send_header("Content-Length", str(len(said)))
        self.end_headers()
        self.wfile.write(said)

    do_GET = do_POST = answer

    def log_message(self, *args: object) -> None:
        pass


@contextmanager
def backend(address: str, certificate: Path, key: Path, *, is_older: bool = False) -> Iterator[str]:
    server = ThreadingHTTPServer((address, 0), Backend)
    server.is_older = is_older  # type: ignore[attr-defined]
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(certificate, key)
    server.socket = context.wrap_socket(server.socket, server_side=True)
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    try:
        yield f"{address}:{server.server_port}"
    finally:
        server.shutdown()
        server.server_close()
        thread.join()


@dataclass
class Balancer:
    address: str
    said: Path
    folder: Path

    def ask(self, method: str = "GET", path: str = "/", body: str = "", **headers: str) -> tuple[int, str]:
        """Status and body of the answer."""
        context = ssl._create_unverified_context()
        with closing(http.client.HTTPSConnection(HOST, timeout=20, context=context)) as line:
            plain = socket.create_connection((self.address, 443), timeout=20)
            line.sock = context.wrap_socket(plain, server_hostname=HOST)
            line.request(method, path, body, headers)
            answer = line.getresponse()
            return answer.status, answer.read().decode()


def nginx(folder: Path) -> tuple[str, list[str]]:
    program = front.program() or services.find("nginx", services.NEEDS_NGINX)
    text = (DEPLOY / "nginx" / "balancer.conf").read_text()
    return text, [program, "-e", "stderr", "-g", "daemon off;", "-c", str(folder / "configuration")]


def caddy(folder: Path) -> tuple[str, list[str]]:
    text = (DEPLOY / "caddy" / "Caddyfile").read_text()
    program = services.find("caddy", services.NEEDS_CADDY)
    return text, [program, "run", "--adapter", "caddyfile", "--config", str(folder / "configuration")]


@pytest.fixture
def lan() -> Iterator[Network]:
    with network() as made:
        yield made


@contextmanager
def running(
    kind: Callable[[Path], tuple[str, list[str]]],
    machine: Machine,
    hosts: list[str],
    folder: Path,
    pair: tuple[Path, Path],
) -> Iterator[Balancer]:
    """The file of deploy/ with its capitals filled in."""
    text, command = kind(folder)
    for name, value in {
        "WEB-1:443": hosts[0], "WEB-2:443": hosts[1], "SITE": HOST, "ADDRESS": machine.address,
        "/etc/peer-support/fullchain.pem": str(pair[0]), "/etc/peer-support/privkey.pem": str(pair[1]),
        "AUTHORITIES": str(pair[0]), "/run/nginx": str(folder / "nginx"),
        "/var/www/peer-support": str(DEPLOY),
    }.items():  # fmt: skip
        text = text.replace(name, value)
    (folder / "configuration").write_text(text)
    said = folder / "said"
    own = {"PATH": os.environ["PATH"], "HOME": str(folder), "SSL_CERT_FILE": str(pair[0])}
    with said.open("wb") as output:
        process = start([*machine.enter, *command], env=own, stdin=subprocess.DEVNULL, stdout=output, stderr=output)
    balancer = Balancer(machine.address, said, folder)
    try:
        assert wait_until(lambda: answers(balancer), seconds=20), said.read_text()
        yield balancer
    finally:
        stop([process])


def answers(balancer: Balancer) -> bool:
    try:
        return balancer.ask()[0] == 200
    except OSError:
        return False


@pytest.mark.parametrize("kind", [nginx, caddy])
def test_it_hands_on_whole_says_whose_address_it_was_and_tells_nobody(
    kind: Callable[[Path], tuple[str, list[str]]], lan: Network, tmp_path: Path
) -> None:
    pair = make_certificate(tmp_path, HOST)
    machine = lan.add("front")
    with backend(lan.own_address, *pair) as one, backend(lan.own_address, *pair, is_older=True) as other:
        with running(kind, machine, [one, other], tmp_path, pair) as balancer:
            forged = {"X-Forwarded-For": "192.0.2.66", "X-Forwarded-Proto": "http", "X_Forwarded_For": "192.0.2.67"}
            status, said = balancer.ask("POST", f"/request/?{CANARY}", CANARY * 4000, **forged)
            found = json.loads(said)
            assert (status, found["body"], found["path"]) == (200, CANARY * 4000, f"/request/?{CANARY}")
            arrived = {name.lower(): value for name, value in found["headers"] if "_" not in name}
            assert arrived["host"] == HOST
            assert arrived["x-forwarded-for"] == lan.own_address
            assert arrived["x-forwarded-proto"] == "https"
        assert CANARY not in "".join(
            file.read_text(errors="replace") for file in tmp_path.rglob("*") if file.is_file()
        ), "neither in what it said nor in a file"
        assert lan.own_address not in balancer.said.read_text()


@pytest.mark.parametrize("kind", [nginx, caddy])
def test_a_host_that_is_gone_is_passed_over(
    kind: Callable[[Path], tuple[str, list[str]]], lan: Network, tmp_path: Path
) -> None:
    pair = make_certificate(tmp_path, HOST)
    machine = lan.add("front")
    nobody = f"{lan.own_address}:{services.free_port()}"
    with backend(lan.own_address, *pair) as one, running(kind, machine, [nobody, one], tmp_path, pair) as balancer:
        for method in ("GET", "POST") * 4:
            assert balancer.ask(method, "/request/", "typed" if method == "POST" else "")[0] == 200


@pytest.mark.parametrize("kind", [nginx, caddy])
def test_with_no_host_a_person_reads_what_to_do(
    kind: Callable[[Path], tuple[str, list[str]]], lan: Network, tmp_path: Path
) -> None:
    pair = make_certificate(tmp_path, HOST)
    machine = lan.add("front")
    with ExitStack() as hosts:
        one = hosts.enter_context(backend(lan.own_address, *pair))
        with running(kind, machine, [one, one], tmp_path, pair) as balancer:
            hosts.close()
            assert balancer.ask("POST", "/request/", "typed") == (503, pages.html("503"))


def test_the_page_that_balancers_show_is_the_one_of_serve() -> None:
    assert (DEPLOY / "away.html").read_text() == pages.html("503")


def test_while_versions_differ_nginx_finds_each_file(lan: Network, tmp_path: Path) -> None:
    pair = make_certificate(tmp_path, HOST)
    machine = lan.add("front")
    with backend(lan.own_address, *pair) as one, backend(lan.own_address, *pair, is_older=True) as other:
        with running(nginx, machine, [one, other], tmp_path, pair) as balancer:
            assert {balancer.ask(path="/static/new.css")[0] for _ in range(6)} == {200}


def test_caddys_file_is_written_as_caddy_writes_it() -> None:
    if shutil.which("caddy") is None:
        pytest.skip(services.NEEDS_CADDY)
    file = DEPLOY / "caddy" / "Caddyfile"
    done = subprocess.run(["caddy", "fmt", file], capture_output=True, text=True, check=False)
    assert done.stdout == file.read_text()
