"""What is in the way of a home: one line each, and nothing is written."""

import os
import socket
from pathlib import Path

import psycopg
import pytest
from aiosmtpd.controller import Controller
from aiosmtpd.smtp import AuthResult

from operations.setup import probes
from tests.operations.setup.command import ANSWERS, SETTINGS_WRITTEN, killed_setup, manage, refused, setup
from tests.services import free_port

PASSWORD = "hush-hush-7"


@pytest.fixture
def home(tmp_path: Path) -> Path:
    return tmp_path / "home"


@pytest.mark.parametrize(
    ("changed", "says"),
    [
        ({"site": "peer.example.org"}, "--site: an address looks like https://"),
        ({"site": "http://peer.example.org"}, "--site: an address begins with https://"),
        ({"site": "https://peer.example.org/help"}, "--site:"),
        ({"operator": "sam@example.org"}, "--operator: write a name and an e-mail address"),
        ({"coordinator": "Jo <jo at example>"}, "--coordinator: an e-mail address looks like"),
        ({"coordinator": "Sam Rivera <SAM@example.org>"}, "can't be the coordinator too"),
        ({"director": "Jo Parker <jo@example.org>"}, "one address and two names"),
        ({"mail": "mail.example.org"}, "--mail: a mail server looks like"),
        ({"mail": "smtp://mail.example.org"}, "its port"),
        ({"database": "mysql://db/peer"}, "--database: a database looks like"),
        ({"time_zone": "Texas"}, "--time-zone: a time zone looks like"),
        ({"agency": " "}, "--agency: it needs a name"),
        ({"agency": "x" * 121}, "--agency: it has 121 characters"),
    ],
)
def test_answer_of_the_wrong_form(home: Path, changed: dict[str, str], says: str) -> None:
    assert says in refused(home, **changed)


def test_missing_answers_are_named_together(home: Path) -> None:
    done = setup(home, site=ANSWERS["site"], agency=ANSWERS["agency"])
    assert (done.status, done.out) == (2, "") and not home.exists()
    assert "--mail, --time-zone, --operator, --coordinator, --director: missing." in done.err


def test_unknown_flag(home: Path) -> None:
    assert "--sight" in refused(home, "--sight", "x")


def test_taken_port(home: Path) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        assert f"port {port} is taken" in refused(home, site=f"http://localhost:{port}")


def test_folder_that_is_no_place_for_a_home(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    assert "is a file" in refused(tmp_path / "file")
    foreign = tmp_path / "foreign"
    foreign.mkdir()
    (foreign / "letters.txt").write_text("")
    assert "holds other things, such as letters.txt" in refused(foreign)
    lost = tmp_path / "lost"
    lost.mkdir()
    (lost / "peersupport.sqlite3").write_text("")
    assert "has the data of an installation and no settings.env" in refused(lost)
    own = tmp_path / "own"
    for name in ("keyring", "lost+found", ".bash_history", ".local", ".cache", ".profile", ".bash_logout"):
        (own / name).mkdir(parents=True)
    probes.folder(own)
    shared = tmp_path / "shared"
    shared.mkdir()
    shared.chmod(0o777)
    assert f"chmod o-w {shared}" in refused(shared / "home")


def test_folder_that_nobody_may_write_to() -> None:
    assert "can't be" in refused(Path("/proc/peer-support/home"))


def test_folder_of_somebody_else(tmp_path: Path) -> None:
    if os.geteuid() != 0:
        pytest.skip("only root can give a folder away")
    (tmp_path / "theirs").mkdir()
    os.chown(tmp_path / "theirs", 65534, 65534)
    assert "belongs to somebody else" in refused(tmp_path / "theirs")


def test_readable_folder_of_ones_own_becomes_private(tmp_path: Path) -> None:
    home = tmp_path / "home"
    home.mkdir()
    home.chmod(0o755)
    killed_setup(home, SETTINGS_WRITTEN, **ANSWERS)
    assert home.stat().st_mode & 0o077 == 0


# Servers


def test_postgresql_that_does_not_take_it(home: Path, postgresql_url: str) -> None:
    nobody = f"postgresql://nobody:{PASSWORD}@127.0.0.1:{free_port()}/peer"
    base = postgresql_url.removesuffix("/postgres")
    with psycopg.connect(**place(postgresql_url), autocommit=True) as admin:
        admin.execute("CREATE DATABASE used")
        admin.execute("CREATE DATABASE latin ENCODING 'LATIN1' TEMPLATE template0")
    with psycopg.connect(**{**place(postgresql_url), "dbname": "used"}, autocommit=True) as used:
        used.execute("CREATE TABLE django_migrations ()")
        used.execute("CREATE ROLE guest LOGIN")
        used.execute("CREATE ROLE walled LOGIN PASSWORD 'another'")
        rules = Path(str(used.execute("SHOW hba_file").fetchone()[0]))
        rules.write_text(f"local all walled scram-sha-256\n{rules.read_text()}")
        used.execute("SELECT pg_reload_conf()")
    says = {
        nobody: "PostgreSQL on 127.0.0.1 doesn't answer",
        f"{base}/none": "has no database of that name",
        f"{base}/used": "holds an installation already",
        f"{base}/latin": "isn't in UTF-8",
        f"{base}/used".replace("tests@", f"stranger:{PASSWORD}@"): "doesn't know the user",
        f"{base}/postgres".replace("tests@", "guest@"): "may not make tables",
        f"{base}/postgres".replace("tests@", f"walled:{PASSWORD}@"): "refuses this user or password",
    }
    for url, sentence in says.items():
        line = refused(home, database=url)
        assert sentence in line and PASSWORD not in line, (url, line)


def place(url: str) -> dict[str, str]:
    return {
        "host": f"/{url.partition('//')[2].partition('//')[2].rpartition('/')[0]}",
        "user": "tests",
        "dbname": "postgres",
    }


def test_redis_that_does_not_answer(home: Path) -> None:
    line = refused(home, redis=f"redis://:{PASSWORD}@127.0.0.1:{free_port()}/0")
    assert "Redis on 127.0.0.1 doesn't answer" in line and PASSWORD not in line


def test_mail_server_that_refuses(home: Path) -> None:
    away = refused(home, mail=f"smtp://sam:{PASSWORD}@127.0.0.1:{free_port()}")
    assert "nothing listens on that port" in away and PASSWORD not in away
    assert "finds no such name" in refused(home, mail="smtp://mail.nowhere.invalid:25")
    controller = Controller(
        object(), hostname="127.0.0.1", port=free_port(), auth_require_tls=False,
        authenticator=lambda *__: AuthResult(success=False, handled=False),
    )  # fmt: skip
    controller.start()
    try:
        where = f"127.0.0.1:{controller.port}"
        login = refused(home, mail=f"smtp://sam:{PASSWORD}@{where}")
        assert "refused user or password" in login and PASSWORD not in login
        assert "doesn't take what the URL asks for" in refused(home, mail=f"smtp+tls://{where}")
    finally:
        controller.stop()


# Answers from a file


def test_answers_file_is_read_and_a_flag_counts_more(tmp_path: Path) -> None:
    file = tmp_path / "answers.txt"
    lines = [f'{name} = "{answer}"' if name == "agency" else f"{name} = {answer}" for name, answer in ANSWERS.items()]
    file.write_text("# our agency\n" + "\n".join(lines) + "\ntime-zone = America/New_York\n")
    home = tmp_path / "home"
    killed_setup(home, SETTINGS_WRITTEN, "--answers", str(file), mail_from="support@example.org")
    settings = (home / "settings.env").read_text()
    assert "PEERSUPPORT_TIME_ZONE=America/New_York" in settings
    assert "PEERSUPPORT_FROM_EMAIL=support@example.org" in settings


@pytest.mark.parametrize(
    ("text", "says"),
    [("agency: X\n", "aren't `name = value`"), ("agnecy = X\n", "isn't asked: agnecy"), ("site = peer\n", "--site:")],
)
def test_answers_that_cannot_be_read(home: Path, text: str, says: str) -> None:
    done = manage("setup", "--home", str(home), "--answers", "-", typed=text)
    assert (done.status, done.out) == (2, "") and done.err.count("\n") == 1 and says in done.err
    assert not home.exists()
