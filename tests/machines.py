"""Hosts of a network of the test's own: each is a network namespace of this kernel with an address on one bridge."""

import contextlib
import secrets
import subprocess
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

import pytest

from tests import services

NOT_PERMITTED = "this kernel gives the tests no network of their own"


@dataclass
class Network:
    """name: of the bridge. prefix: of all addresses in it; the tests themselves are .1."""

    name: str
    prefix: str
    hosts: list[str] = field(default_factory=list)

    @property
    def own_address(self) -> str:
        return f"{self.prefix}.1"

    def add(self, host: str) -> "Machine":
        """A new host on the bridge."""
        self.hosts.append(host)
        machine = Machine(
            f"{self.name}-{host}", f"{self.prefix}.{len(self.hosts) + 1}", f"{self.name}{len(self.hosts)}"
        )
        _ip("netns", "add", machine.namespace)
        _ip("link", "add", machine.cable, "type", "veth", "peer", "name", "eth0", "netns", machine.namespace)
        _ip("link", "set", machine.cable, "master", self.name, "up")
        _ip("-n", machine.namespace, "addr", "add", f"{machine.address}/24", "dev", "eth0")
        _ip("-n", machine.namespace, "link", "set", "eth0", "up")
        _ip("-n", machine.namespace, "link", "set", "lo", "up")
        return machine

    def remove(self) -> None:
        for number, host in enumerate(self.hosts, start=1):
            with contextlib.suppress(subprocess.CalledProcessError):
                _ip("netns", "del", f"{self.name}-{host}")
            with contextlib.suppress(subprocess.CalledProcessError):
                _ip("link", "del", f"{self.name}{number}")
        _ip("link", "del", self.name)


@dataclass(frozen=True)
class Machine:
    """One host. cable: this end of the line to it."""

    namespace: str
    address: str
    cable: str

    @property
    def enter(self) -> tuple[str, ...]:
        """What a command begins with that is to run on it."""
        return ("ip", "netns", "exec", self.namespace)

    def unplug(self) -> None:
        _ip("link", "set", self.cable, "down")

    def plug_in(self) -> None:
        _ip("link", "set", self.cable, "up")


@contextlib.contextmanager
def network() -> Iterator[Network]:
    """Gone at the end. Where the kernel doesn't permit it, the test is expected to fail: it can't be installed."""
    services.find("ip", services.NEEDS_IP)
    made = Network(f"ps{secrets.token_hex(3)}", f"10.{100 + secrets.randbelow(100)}.{secrets.randbelow(250)}")
    try:
        _ip("netns", "add", made.name)
        _ip("netns", "del", made.name)
        _ip("link", "add", made.name, "type", "bridge")
    except subprocess.CalledProcessError as error:
        if "not permitted" in error.stderr or "not supported" in error.stderr:
            pytest.xfail(NOT_PERMITTED)
        raise
    try:
        _ip("addr", "add", f"{made.own_address}/24", "dev", made.name)
        _ip("link", "set", made.name, "up")
        yield made
    finally:
        made.remove()


def make_certificate(folder: Path, host: str) -> tuple[Path, Path]:
    """A certificate that nobody but itself has signed, and its key."""
    certificate, key = folder / "certificate.pem", folder / "key.pem"
    subprocess.run(
        ["openssl", "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes",
         "-subj", f"/CN={host}", "-addext", f"subjectAltName=DNS:{host}", "-days", "2", "-keyout", key,
         "-out", certificate],
        check=True, capture_output=True,
    )  # fmt: skip
    return certificate, key


def _ip(*arguments: str) -> None:
    subprocess.run(["ip", *arguments], check=True, capture_output=True, text=True)
