"""A disk that is full: the keyring's, the database's, the uploads', the backup's. Real ones, of a few megabytes."""

import json
import re
import shutil
from collections.abc import Iterator
from contextlib import AbstractContextManager, ExitStack, contextmanager
from dataclasses import dataclass
from datetime import date, timedelta
from pathlib import Path

import pytest

from operations.backup import keys
from tests.demo_template import FirstStart
from tests.faults.small_disk import SmallDisk, small_disk
from tests.faults.visitor import Answer, Visitor
from tests.notices.test_worker import WORKER
from tests.operations.home import Home
from tests.operations.site import Demo, Site
from tests.services import free_port, wait_until
from tests.training.external_training import pdf

TYPED = "I have not slept since the call on Tuesday"
OWN_WORDS = "You were there when it counted"


@dataclass(frozen=True)
class Machine:
    """A running demo, each part of it on a disk of its own."""

    demo: Demo
    data: SmallDisk
    keys: SmallDisk
    uploads: SmallDisk

    def visitor(self) -> Visitor:
        return Visitor(self.demo.address)

    @contextmanager
    def no_room_for_rows(self) -> Iterator[SmallDisk]:
        """The database's disk is full, and its log has no room of before either, as after each minute's round."""
        empty = "PRAGMA wal_checkpoint(TRUNCATE)"
        assert wait_until(lambda: not self.demo.site.sql(empty)[0][0], seconds=20)
        with self.data.full():
            yield self.data

    def requests(self) -> int:
        return self.demo.site.sql("SELECT count(*) FROM requests_app_request")[0][0]


@pytest.fixture(scope="module")
def machine(first_start: FirstStart, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Machine]:
    folder = tmp_path_factory.mktemp("full") / "demo"
    shutil.copytree(first_start.var, folder)
    with ExitStack() as stack:
        data = stack.enter_context(small_disk(folder, kilobytes=16_000))
        keyring = stack.enter_context(small_disk(folder / "keyring", kilobytes=1000))
        uploads = stack.enter_context(small_disk(folder / "private", kilobytes=1000))
        machine = Machine(stack.enter_context(Site(folder).demo(port=free_port())), data, keyring, uploads)
        assert sent(machine), "so that each secret is there, which is made when it is first needed"
        yield machine


# An officer sends


def press_send(machine: Machine, full: AbstractContextManager[object]) -> tuple[Answer, Answer]:
    """What an officer reads while the disk is full, and after the same press with room on it."""
    officer = machine.visitor()
    typed = {"urgency": "today", "understood": "on", "message": TYPED}
    form = officer.open("/request/").form("understood")
    before = machine.requests()
    with full:
        meanwhile = officer.open("/request/", {**form, **typed})
        assert machine.requests() == before
    afterwards = officer.open("/request/", {**form, **typed})
    assert machine.requests() == before + 1
    return meanwhile, afterwards


def assert_it_was_not_sent(answer: Answer) -> None:
    assert (answer.status, answer.receipt, TYPED in answer.words) == (503, "", True)
    assert "Something went wrong on our side, so this may not have been sent" in answer.words


def assert_it_opens(machine: Machine, receipt: str) -> None:
    assert TYPED in machine.visitor().return_by(receipt).words


@pytest.mark.fault(
    "Disk",
    "The keyring's disk is full when an officer presses “Send”",
    people="“This may not have been sent”, with all that they typed; no receipt",
    heals="The same press works once there is room. Nothing of the key stays behind.",
)
def test_no_key_can_be_made(machine: Machine) -> None:
    before = machine.keys.files
    meanwhile, afterwards = press_send(machine, machine.keys.full())
    assert_it_was_not_sent(meanwhile)
    assert_it_opens(machine, afterwards.receipt)
    assert len(machine.keys.files - before) == 1, "the key of the one that was sent, and no half one"


@pytest.mark.fault(
    "Disk",
    "The database's disk is full when an officer presses “Send”",
    people="“This may not have been sent”, with all that they typed; no receipt",
    heals="The same press works once there is room. The first key, which has no row, is destroyed after an hour.",
)
def test_no_row_can_be_saved(machine: Machine) -> None:
    before = machine.keys.files
    meanwhile, afterwards = press_send(machine, machine.no_room_for_rows())
    assert_it_was_not_sent(meanwhile)
    assert_it_opens(machine, afterwards.receipt)
    assert len(machine.keys.files - before) == 2
    machine.demo.site.run(
        "from datetime import timedelta; from django.utils import timezone; from peersupport.sealing import actions; "
        "actions.destroy_orphans(now=timezone.now() + timedelta(hours=2))"
    )
    assert len(machine.keys.files - before) == 1
    assert_it_opens(machine, afterwards.receipt)


# Both sides write


def press_write(machine: Machine, writer: Visitor, address: str, text: str) -> None:
    """The text is given back; the same press works once there is room, and writes it once."""
    typed = {**writer.open(address).form('name="text"'), "text": text}
    with machine.no_room_for_rows():
        answer = writer.open(address, typed)
    assert "so this may not have been sent" in answer.words and text in answer.html
    for _ in range(2):
        writer.open(address, typed)
        assert writer.open(address).words.count(text) == 1


@pytest.mark.fault(
    "Disk",
    "The database's disk is full when an officer or a peer writes a message",
    people="“This may not have been sent”, with what they typed",
    heals="The same press works once there is room, and writes it once",
)
def test_no_message_can_be_saved(machine: Machine) -> None:
    officer = machine.visitor()
    name = re.search(r"(\w+ \w+) accepted your request", officer.return_by(machine.demo.receipt).words)
    email = name and re.search(rf"(\S+@\S+) +{name[1]}\b", machine.demo.output)
    assert email, "the demo says who has which account"
    peer = machine.visitor().sign_in(email[1])
    press_write(machine, officer, "/request/thread/", "Are you there?")
    (contact,) = set(re.findall(r"/desk/contacts/[^/]+/", peer.open("/desk/").html))
    press_write(machine, peer, contact, "I am here.")
    assert "I am here." in officer.open("/request/thread/").words


# An officer closes


def press_close(officer: Visitor, thread: Answer, own_words: str = "") -> Answer:
    return officer.open("/request/close/", {**thread.form("/request/close/"), "own_words": own_words})


@pytest.mark.fault(
    "Disk",
    "The keyring's disk is full when an officer presses “Close and erase”",
    people="“Closed and erased”, and it is. A note to the peer can't be left: the officer reads that, and has it back.",
    heals="Nothing to heal. The contact isn't counted, because nothing can be kept for its tally.",
)
def test_erasing_needs_no_new_key(machine: Machine) -> None:
    officer = machine.visitor()
    thread = officer.return_by(machine.demo.receipt)
    before = machine.keys.files
    with machine.keys.full():
        closed = press_close(officer, thread, OWN_WORDS)
    assert closed.status == 200 and "Closed and erased" in closed.words and OWN_WORDS in closed.words
    assert "Your note couldn't be left, so your peer won't read it." in closed.words
    assert len(before - machine.keys.files) == 1 and machine.keys.files < before
    assert "No open request goes with these words" in machine.visitor().return_by(machine.demo.receipt).words


def sent(machine: Machine) -> str:
    """The receipt of a request."""
    officer = machine.visitor()
    form = officer.open("/request/").form("understood")
    return officer.open("/request/", {**form, "urgency": "today", "understood": "on", "message": TYPED}).receipt


@pytest.mark.fault(
    "Disk",
    "The database's disk is full when an officer presses “Close and erase”",
    people="“Closed and erased”, and it is; or “this might not be closed yet”, where what was kept for that is used up",
    heals="A megabyte is kept free for erasing, and kept anew once there is room. Then the same press works too.",
)
def test_room_is_kept_for_erasing(machine: Machine) -> None:
    reserve = machine.data.folder / "peersupport.sqlite3-reserve"
    assert wait_until(reserve.exists, seconds=90), "the first round makes it"
    receipt, officers = sent(machine), [machine.visitor(), machine.visitor()]
    threads = [officers[0].return_by(sent(machine)), officers[1].return_by(receipt)]
    keys, rows = machine.keys.files, machine.requests()
    with machine.no_room_for_rows():
        assert "Closed and erased" in press_close(officers[0], threads[0]).words
        assert (len(keys - machine.keys.files), machine.requests(), reserve.exists()) == (1, rows - 1, False)
        machine.data.fill()
        meanwhile = press_close(officers[1], threads[1])
        assert meanwhile.status == 503 and "so this might not be closed yet" in meanwhile.words
        assert len(keys - machine.keys.files) == 1
        assert TYPED in machine.visitor().return_by(receipt).words, "it is all still there, and can be read"
    assert "Closed and erased" in press_close(officers[1], threads[1]).words
    assert (len(keys - machine.keys.files), machine.requests()) == (2, rows - 2)


# Staff


@pytest.mark.fault(
    "Disk",
    "The uploads' disk is full when a member sends a certificate",
    people="“The server's disk is full, so this might not have been saved”, with all that they typed",
    heals="Sending it again works once there is room. No half file stays behind.",
)
def test_an_upload_finds_no_room(machine: Machine) -> None:
    member = machine.visitor().sign_in("member1@example.org")
    form = member.open("/training/report/").form("certificate")
    day = (date.today() - timedelta(days=30)).isoformat()
    typed = {**form, "subject": "mediation", "completed_on": day, "hours": "4", "provider": "Some College"}
    with machine.uploads.full():
        before = machine.uploads.files
        answer = member.open("/training/report/", typed, {"certificate": pdf()})
        assert machine.uploads.files == before
    assert (
        "The server's disk is full, so this might not have been saved." in answer.words
        and "Some College" in answer.html
    )
    assert "Reported." in member.open("/training/report/", typed, {"certificate": pdf()}).words


@pytest.mark.fault(
    "Disk",
    "The database's disk is full when staff save something",
    people="“The server's disk is full, so this might not have been saved”, and what they typed. Nobody can sign in.",
    heals="Pressing again works once there is room, without a restart",
)
def test_staff_can_save_nothing(machine: Machine) -> None:
    coordinator = machine.visitor().sign_in("coordinator@example.org")
    form = coordinator.open("/members/invite/").form("email")
    typed = {**form, "email": "new@example.org", "name": "Nora New", "roles": "member", "kind": "sworn"}
    with machine.no_room_for_rows():
        answer = coordinator.open("/members/invite/", typed)
        assert (
            "The server's disk is full, so this might not have been saved." in answer.words
            and "Nora New" in answer.html
        )
        assert machine.demo.site.sql("SELECT * FROM team_invitation WHERE email = 'new@example.org'") == []
        stranger = machine.visitor()
        sign_in = {**stranger.open("/sign-in/").form("password"), "login": "member2@example.org", "password": "x"}
        answer = stranger.open("/sign-in/", sign_in)
        assert answer.status == 507 and "There is no room to save this" in answer.words
    assert "The invitation is on its way" in coordinator.open("/members/invite/", typed).words


# What the machine does by itself


NOT_YET = """
from datetime import timedelta
from django.utils import timezone
from peersupport.notices.models import Notice
from peersupport.team.models import User
for user in User.objects.filter(is_member=True)[:3]:
    until = timezone.now() + timedelta(seconds=3)
    Notice.objects.create(recipient=user, is_urgent=True, claimed_until=until)
"""


@pytest.mark.fault(
    "Disk",
    "The disk of database and broker is full when a round begins",
    people="Notices and mails come late",
    heals="The worker goes on: the next round with room sends each notice once",
)
@pytest.mark.parametrize(
    ("broker_kilobytes", "error"), [(0, "SchedulingError"), (500, "OperationalError")], ids=["and broker's", "alone"]
)
def test_rounds_go_on(first_start: FirstStart, tmp_path: Path, broker_kilobytes: int, error: str) -> None:
    shutil.copytree(first_start.var, tmp_path / "demo")
    with ExitStack() as stack:
        disk = stack.enter_context(small_disk(tmp_path / "demo", kilobytes=16_000))
        if broker_kilobytes:
            stack.enter_context(small_disk(tmp_path / "demo" / "broker", kilobytes=broker_kilobytes))
        site = Site(tmp_path / "demo")
        for table in ("notice", "quiettime"):
            site.sql(f"DELETE FROM notices_{table}")
        for mail in (site.var / "mail").glob("*"):
            mail.unlink()
        with site.process(*WORKER, f"--schedule={site.var}/fast-beat") as (worker, log):
            assert wait_until(lambda: "[queues]" in log.read_text(), seconds=30), log.read_text()
            site.run(NOT_YET)
            with disk.full():
                assert wait_until(lambda: error in log.read_text(), seconds=20), log.read_text()
                assert site.mails == [] and worker.poll() is None
            assert wait_until(lambda: len(site.mails) == 3, seconds=30), log.read_text()
            assert wait_until(lambda: site.sql("SELECT * FROM notices_notice") == [], seconds=10)
            assert len(site.mails) == 3


@pytest.mark.fault(
    "Disk",
    "The disk that a backup is written to is full",
    people="Nothing. The command says so, and ends with 2.",
    heals="The backups of before stay whole under their names, and the next one with room takes their place",
)
def test_no_half_backup(home: Home, tmp_path: Path) -> None:
    home.set(**{keys.VARIABLE: keys.make()[1]})
    with small_disk(tmp_path / "elsewhere", kilobytes=16_000) as disk:
        file = disk.folder / "backup"
        done = home.manage("backup", "--to", file)
        assert done.returncode == 0, done.stderr
        whole = {path: path.read_bytes() for path in disk.folder.iterdir()}
        with disk.full():
            done = home.manage("backup", "--to", file)
            assert (done.returncode, done.stderr.count("\n")) == (2, 1) and "No space left" in done.stderr
        assert {path: path.read_bytes() for path in disk.folder.iterdir()} == whole
        assert home.manage("backup", "--to", file).returncode == 0


@pytest.mark.fault(
    "Disk",
    "The disk of database, keyring or uploads is nearly full",
    people="The operator reads on the home, on the page Health, by `doctor` and in `/healthz` that it is, and which",
    heals="By a person, who makes room. Nothing is started anew.",
)
def test_monitors_and_doctor_are_told(machine: Machine) -> None:
    operator = machine.visitor().sign_in("operator@example.org")
    for disk in (machine.data, machine.keys, machine.uploads):
        with disk.full():
            assert "A disk is full, so nothing can be saved" in operator.open("/home/").words
            assert f"The volume of {disk.folder}" in operator.open("/health/").words
            told = wait_until(lambda: room(machine) == "full", seconds=10)
            assert told and operator.open("/healthz").status == 200
    assert wait_until(lambda: room(machine) == "ok", seconds=10)


def room(machine: Machine) -> str:
    """What `/healthz` says of it, as it was found a second ago at most."""
    return json.loads(machine.visitor().open("/healthz").html)["room"]
