"""The one command that a newcomer types: `python manage.py demo`, run as they run it."""

import http.client
import json
import os
import signal
import socket
import sys
from pathlib import Path

import pytest

from operations.processes import check_port
from peersupport.core.errors import Refused
from tests.operations.site import Site
from tests.services import free_port, wait_until

needs_proc = pytest.mark.skipif(sys.platform != "linux", reason="looks for processes in /proc")


def get(port, path):
    connection = http.client.HTTPConnection("localhost", port, timeout=10)
    connection.request("GET", path)
    answer = connection.getresponse()
    return answer.status, answer.read().decode()


def named(site, name):
    """The demo's processes that `ps -e` shows with this name."""
    return [pid for pid in site.processes() if Path(f"/proc/{pid}/comm").read_text().strip() == name]


def refusal(site, *arguments):
    """The one line and the exit code of a demo that does not start."""
    done = site.manage("demo", *arguments, timeout=60)
    return done.returncode, (done.stdout + done.stderr).strip()


def test_first_start_prints_its_address_and_who_can_sign_in(first_start):
    assert f"Peer Support is ready at http://localhost:{first_start.port}/" in first_start.output
    assert f"Return to it at http://localhost:{first_start.port}/request/return/" in first_start.output
    assert first_start.receipt in first_start.output
    assert len(first_start.receipt.split()) == 7
    assert "peer-support-demo" in first_start.output
    members = [f"member{number}" for number in range(1, 9)]
    for name in ("coordinator", "director", *members, "operator"):
        assert f"  {name}@example.org " in first_start.output


def test_first_start_prints_nothing_else(first_start):
    """No warning, no log line: what a newcomer reads is what they need."""
    lines = [line for line in first_start.output.splitlines() if line.strip()]
    assert lines[0] == "Making the sample data. This takes a few seconds, the first time only."
    assert lines[1].startswith("Peer Support is ready")
    assert lines[-2:] == ["Ctrl-C stops everything.", "Stopped."]


@needs_proc
def test_ctrl_c_stops_every_process_in_time(first_start):
    assert first_start.exit_code == 0
    assert first_start.seconds_to_stop < 15
    assert first_start.left_behind == []


@needs_proc
def test_second_start_reuses_the_data_and_a_killed_worker_ends_it(demo_site, first_start):
    port = free_port()
    with demo_site.demo(port=port) as demo:
        assert "Making the sample data" not in demo.output
        assert f"ready at http://localhost:{port}/" in demo.output
        assert first_start.receipt in demo.output
        status, body = get(port, "/healthz")
        assert (status, json.loads(body)) == (
            200, dict.fromkeys(("database", "keyring", "room", "worker", "statistics", "on_call", "stored"), "ok"),
        )  # fmt: skip
        assert get(port, "/static/css/app.css")[0] == 200

        other = Site(demo_site.var.parent / "other")
        code, line = refusal(other, "--port", str(port))
        assert (code, line) == (
            1,
            f"Peer Support does not start: port {port} is taken. Choose another with --port, for example --port 8001.",
        )
        code, line = refusal(demo_site, "--port", str(free_port()))
        assert (code, line.count("\n")) == (1, 0)
        assert line.startswith(f"Peer Support does not start: a demo is already running in {demo_site.var}.")

        assert len(named(demo_site, "web server")) == 1 + os.cpu_count()  # one starts the others
        for pid in named(demo_site, "worker"):
            os.kill(pid, signal.SIGKILL)
        assert demo.process.wait(10) == 1
        assert "Peer Support stopped: the worker ended by itself (code -9)." in demo.output
    assert demo_site.processes() == []


@needs_proc
def test_killed_demo_takes_its_processes_with_it(demo_site):
    with demo_site.demo(port=free_port()) as demo:
        assert len(demo_site.processes()) > 2
        demo.interrupt(signal.SIGKILL)
        assert wait_until(lambda: not demo_site.processes(), seconds=30), demo_site.processes()


def test_unwritable_folder_gets_one_line(tmp_path):
    (tmp_path / "file").touch()
    code, line = refusal(Site(tmp_path / "file" / "var"))
    assert (code, line.count("\n")) == (1, 0)
    assert line.startswith(f"Peer Support cannot write to {tmp_path}/file/var")


def test_any_command_makes_the_folder_and_the_keyring(tmp_path):
    site = Site(tmp_path / "var")
    del site.environment["DJANGO_SETTINGS_MODULE"]  # as a newcomer types it
    assert site.manage("check", timeout=60).returncode == 0
    assert (site.var / "keyring" / "lasting").is_dir() and (site.var / "keyring" / "shred").is_dir()


@pytest.mark.parametrize("port", [0, 65536, -1])
def test_invalid_port_is_refused(port):
    with pytest.raises(Refused, match=f"^{port} is no port. Choose one with --port, for example --port 8001.$"):
        check_port(port)


@pytest.mark.parametrize(("family", "host"), [(socket.AF_INET, "127.0.0.1"), (socket.AF_INET6, "::1")])
def test_port_taken_on_either_loopback_address_is_refused(family, host):
    """A browser may look for localhost at the one or the other."""
    with socket.socket(family) as other:
        try:
            other.bind((host, 0))
        except OSError:
            pytest.skip(f"this machine has no {host}")
        other.listen()
        with pytest.raises(Refused, match="is taken"):
            check_port(other.getsockname()[1])


def test_demo_of_a_version_with_other_keys_is_refused(demo_site):
    """Its members' keys would not open."""
    (demo_site.var / "demo-data").write_text("complete")
    code, line = refusal(demo_site, "--port", str(free_port()))
    assert (code, line) == (
        1,
        f"Peer Support does not start: another version made the demo in {demo_site.var}. Start over with --fresh.",
    )


def test_data_that_the_demo_did_not_make_is_left_alone(demo_site, first_start):
    (demo_site.var / "demo-data").unlink()
    code, line = refusal(demo_site, "--port", str(free_port()))
    assert (code, line.count("\n")) == (1, 0)
    assert "holds data that the demo did not make" in line
    assert demo_site.sql("SELECT count(*) FROM team_user") == [(11,)]
