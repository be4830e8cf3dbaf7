"""The containers, as far as it goes without an engine: what the compose file says, and what the image is made of."""

import json
import re
import subprocess
from pathlib import Path

import pytest
import redis as redis_client

from operations.processes import start, stop
from tests import services
from tests.services import free_port, wait_until

pytestmark = pytest.mark.sqlite_only  # no database
ROOT = Path(__file__).parents[2]
COMPOSE = ROOT / "deploy" / "compose"
ROOMS = ("peersupport", "applications", "training", "stats", "requests_app", "dashboard", "operations")
FILLED_IN = {"PEERSUPPORT_VERSION": "0", "PEERSUPPORT_HOMES": "/srv/home", "PEERSUPPORT_SHRED": "/srv/shred"}
LINES = re.sub(r"\\\n\s*", "", (COMPOSE / "Containerfile").read_text()).splitlines()


def compose(text: str, folder: Path, **environment: str) -> subprocess.CompletedProcess[str]:
    """What docker-compose makes of the file, by the schema that it brings."""
    program = services.find("docker-compose", services.NEEDS_COMPOSE)
    file = folder / "deploy" / "compose" / "compose.yaml"
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_text(text)
    own = {"PATH": "/usr/bin:/bin", "HOME": str(folder), **environment}
    command = [program, "--file", file, "config"]
    return subprocess.run(command, capture_output=True, text=True, env=own, check=False)


def test_the_compose_file_keeps_to_its_schema(tmp_path: Path) -> None:
    text = (COMPOSE / "compose.yaml").read_text()
    done = compose(text, tmp_path, **FILLED_IN)
    assert done.returncode == 0, done.stderr
    misspelt = compose(text.replace("cap_drop:", "cap_dorp:"), tmp_path, **FILLED_IN)
    assert misspelt.returncode != 0 and "cap_dorp" in misspelt.stderr


@pytest.mark.parametrize("name", FILLED_IN)
def test_what_only_the_operator_knows_has_to_be_said(name: str, tmp_path: Path) -> None:
    text = (COMPOSE / "compose.yaml").read_text()
    done = compose(text, tmp_path, **{key: value for key, value in FILLED_IN.items() if key != name})
    assert done.returncode != 0 and name not in done.stdout


def test_what_the_compose_file_mounts_is_there() -> None:
    mounted = re.findall(r"- (\.\.?/\S+?):", (COMPOSE / "compose.yaml").read_text())
    assert len(mounted) == 3
    for path in mounted:
        assert (COMPOSE / path).is_file(), path


def test_what_the_image_copies_is_there_and_is_the_whole_program() -> None:
    copied = {word for line in LINES if line.startswith("COPY ") for word in line.split()[1:-1]}
    assert {path for path in copied if not (ROOT / path).exists()} == set()
    assert {*ROOMS, "templates", "static", "manage.py"} <= copied
    compiled = next(line for line in LINES if "compileall" in line)
    assert set(compiled.partition("-q ")[2].split()) == set(ROOMS)


def test_the_image_runs_as_nobody_special_and_its_libraries_are_those_of_the_lock() -> None:
    assert LINES.index("USER peer-support") < LINES.index('CMD ["serve"]')
    assert any("--require-hashes --requirement requirements.txt" in line for line in LINES)
    assert any("pip install" in line and "requirements-dev" not in line for line in LINES)


def test_postgresql_takes_its_file_and_lets_the_program_in(tmp_path: Path) -> None:
    (line,) = [line for line in (COMPOSE / "compose.yaml").read_text().splitlines() if '["postgres"' in line]
    options = json.loads(line.partition("command: ")[2])[1:]
    with services.PostgreSQL() as server:
        file = server.folder / "peer-support.conf"
        file.write_text((ROOT / "deploy" / "postgresql" / "peer-support.conf").read_text())
        options = [option.replace("/etc/postgresql/peer-support.conf", str(file)) for option in options]
        assert f"config_file={file}" in options
        assert server.value_of("wal_recycle", *options) == "off"
        assert server.value_of("listen_addresses", *options) == "*"
        assert server.value_of("hba_file", *options) == str(server.data / "pg_hba.conf")


def test_redis_takes_its_file_and_writes_nothing(tmp_path: Path) -> None:
    server, port = services.find("redis-server", services.NEEDS_REDIS), free_port()
    command = [server, str(COMPOSE / "redis.conf"), "--port", str(port), "--dir", str(tmp_path)]
    process = start(command, stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL)
    client = redis_client.Redis(port=port)
    try:
        assert wait_until(lambda: _answers(client), seconds=20)
        client.set("a bell", "rung")
        assert client.config_get("save") == {"save": ""} and client.config_get("appendonly") == {"appendonly": "no"}
    finally:
        client.close()
        stop([process])
    assert list(tmp_path.iterdir()) == []


def _answers(client: "redis_client.Redis") -> bool:
    try:
        return bool(client.ping())
    except redis_client.ConnectionError:
        return False
