"""From an empty folder to a request that was answered, and on to a second machine: as an agency would do it."""

from collections.abc import Iterator
from contextlib import contextmanager
from functools import partial
from pathlib import Path

import pytest
from playwright.sync_api import expect

from peersupport.settings import home as homes
from tests.journeys import agency as agency_steps
from tests.journeys.conftest import DESKTOP, PHONE
from tests.journeys.steps import path_of, sign_in, type_backup_code
from tests.operations.home import Home
from tests.operations.setup.command import ANSWERS, Done, manage, setup
from tests.services import free_port

SECONDS_TO_START, SECONDS_TO_STOP = 60, 15


@pytest.fixture
def home(tmp_path: Path) -> Path:
    return tmp_path / "home"


@contextmanager
def served(home: Path) -> Iterator[None]:
    """`serve`, from its line that says it is ready to the end of all its processes."""
    with Home(home).serve(longest_seconds=SECONDS_TO_START) as running:
        yield
        assert running.interrupt(seconds=SECONDS_TO_STOP) == 0


def look(home: Path) -> Done:
    done = manage("doctor", "--home", str(home))
    assert done.status in (0, 1), done.out + done.err
    return done


@pytest.mark.django_db  # the browser fixture needs the tests' database, even where this test runs alone
def test_agency_installs_opens_helps_somebody_and_moves_to_another_machine(home, visit_site, tmp_path):
    site, alert_port = f"http://localhost:{free_port()}", free_port()
    made = setup(home, **{**ANSWERS, "site": site})
    assert made.status == 0, made.err
    # Nobody listens there: what an alert would say is tested elsewhere.
    homes.write(home, {"PEERSUPPORT_RINGING_SERVERS": f"127.0.0.1:{alert_port}"})
    (private,) = made.private_keys

    with served(home):
        agency = agency_steps.come_together(partial(visit_site, site), made.links, [Home(home)], alert_port)
        officer = visit_site(site, PHONE)
        officer.goto("/")
        expect(officer.get_by_text("The program isn't open yet")).to_be_visible()
        agency_steps.open_program(agency.office)
        agency_steps.talk(officer, agency.peers["Ana Alvarez"])
        look(home)

    backup, elsewhere = tmp_path / "night.backup", tmp_path / "elsewhere"
    saved = manage("backup", "--home", str(home), "--to", str(backup))
    assert saved.status == 0, saved.err
    key = tmp_path / "key.txt"
    key.touch(mode=0o600)
    key.write_text(f"{private}\n")
    restored = manage(
        "restore", "--home", str(elsewhere), "--from", str(backup), "--lasting", f"{backup}.lasting",
        "--key-file", str(key),
    )  # fmt: skip
    assert restored.status == 0, restored.out + restored.err
    with served(elsewhere):
        again = visit_site(site, DESKTOP)
        sign_in(again, agency_steps.MEMBERS["Ana Alvarez"], agency_steps.PASSWORD)
        type_backup_code(again, agency.backup_codes["Ana Alvarez"][0])
        assert path_of(again) == "/desk/"
        look(elsewhere)
