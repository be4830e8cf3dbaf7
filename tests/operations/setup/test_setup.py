"""A home made once, and what is there when it is made again."""

import shlex
import shutil
import stat
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pyrage
import pytest
from aiosmtpd.controller import Controller
from django.urls import resolve

from peersupport.settings import home as homes
from tests.inbox import Inbox
from tests.operations.installation import clean_environment
from tests.operations.setup.command import ANSWERS, SITE, Done, everything, manage, setup, shell
from tests.services import free_port

RUN_OUT = (
    "from peersupport.team.models import Invitation\nfrom django.utils import timezone\n"
    "Invitation.objects.filter(email='jo@example.org').update(valid_until=timezone.now())"
)


@contextmanager
def mail_server() -> Iterator[tuple[Inbox, str]]:
    controller = Controller(Inbox(), hostname="127.0.0.1", port=free_port())
    controller.start()
    try:
        yield controller.handler, f"smtp://127.0.0.1:{controller.port}"
    finally:
        controller.stop()


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Done]:
    home = tmp_path_factory.mktemp("installation") / "home"
    done = setup(home, **ANSWERS)
    assert done.status == 0, done.err
    return home, done


def test_settings_are_for_their_owner_alone_and_production_starts_with_them(made: tuple[Path, Done]) -> None:
    home, __ = made
    assert stat.S_IMODE(home.stat().st_mode) == 0o700
    own = [path for path in home.rglob("*") if path.relative_to(home).parts[0] != "static"]
    open_to_others = [path for path in own if stat.S_IMODE(path.stat().st_mode) & 0o077]
    assert open_to_others == []
    settings = homes.read(home)
    assert settings["PEERSUPPORT_SITE_URL"] == SITE
    assert settings["PEERSUPPORT_FROM_EMAIL"] == "peer-support@peer.example.org"
    assert settings["PEERSUPPORT_SECRET_KEY"] != settings["PEERSUPPORT_HOST_SECRET"]
    assert (home / homes.SETTINGS_FILE).read_text().startswith("# Settings of this installation")
    assert shell(home, "from django.conf import settings; print(settings.SITE_URL)") == SITE


def test_private_half_of_the_backup_key_is_printed_once_and_kept_nowhere(made: tuple[Path, Done]) -> None:
    home, done = made
    (private,) = done.private_keys
    sealed = pyrage.encrypt(b"data", [pyrage.x25519.Recipient.from_str(homes.read(home)["PEERSUPPORT_BACKUP_KEY"])])
    assert pyrage.decrypt(sealed, [pyrage.x25519.Identity.from_str(private)]) == b"data"
    assert not any(private.encode() in content for content in everything(home).values())


def test_three_invitations_are_printed_and_mailed(made: tuple[Path, Done]) -> None:
    home, done = made
    assert len(done.links) == 3 and all(link.startswith(f"{SITE}/invitation/") for link in done.links)
    mails = "".join(path.read_text() for path in (home / "mail").iterdir())
    assert all(link in mails for link in done.links)
    assert [line for line in mails.splitlines() if line.startswith("To:")] == [
        "To: sam@example.org", "To: jo@example.org", "To: lee@example.org",
    ]  # fmt: skip
    invited = shell(
        home,
        "from peersupport.team.models import Invitation, QueuedMail, User\n"
        "print(sorted((i.email, i.name, *i.roles) for i in Invitation.objects.all()))\n"
        "print(QueuedMail.objects.count(), User.objects.count())",
    ).splitlines()
    assert invited == [
        "[('jo@example.org', 'Jo Park', 'coordinator'), ('lee@example.org', 'Dr. Lee Moss', 'clinical_director'), "
        "('sam@example.org', 'Sam Rivera', 'operator')]",
        "0 0",
    ]


def test_program_bears_its_names_and_its_year_is_open(made: tuple[Path, Done]) -> None:
    home, __ = made
    found = shell(
        home,
        "from peersupport.program import queries\nfrom stats.models import StatsYear\n"
        "now = queries.settings_now(); print(now.agency, now.name, StatsYear.objects.count())",
    )
    assert found == "Example Police Department Side by Side 1"


def test_it_says_in_order_what_is_left(made: tuple[Path, Done]) -> None:
    __, done = made
    lines = [line for line in done.out.splitlines() if line[:1].isdigit()]
    assert [line.partition(".")[0] for line in lines] == [str(number) for number in range(1, len(lines) + 1)]
    first_words = [line.partition(". ")[2].partition(" ")[0] for line in lines]
    assert first_words == [
        "TLS:", "Mail:", "Start", "Accounts:", "Counsel", "The", "Members", "They", "The", "Somebody", "The",
        "Backup,", "Look",
    ]  # fmt: skip


def test_every_page_that_it_names_is_there(made: tuple[Path, Done]) -> None:
    pages = [line.rpartition(SITE)[2] for line in made[1].out.splitlines() if line[:1].isdigit() and SITE in line]
    assert len(pages) == 7 and all(resolve(page) for page in pages)


def test_running_it_again_changes_nothing_and_says_what_it_found(made: tuple[Path, Done]) -> None:
    home, __ = made
    # `serve`, which may be running, has led nginx to its own socket and port.
    (home / "nginx.conf").write_text((home / "nginx.conf").read_text().replace("web-1.sock", "web-2.sock"))
    before = everything(home)
    again = setup(home)
    assert again.status == 0, again.err
    assert "is made already" in again.out and again.out.count("is invited, and the link works until") == 3
    assert again.links == again.private_keys == []
    assert everything(home) == before


def test_other_answers_are_not_taken_and_it_says_where_to_change_them(made: tuple[Path, Done]) -> None:
    home, __ = made
    before = everything(home)
    other = {
        **ANSWERS,
        "agency": "Another Agency",
        "site": "https://other.example.org",
        "operator": "X <x@example.org>",
        "database": "postgresql://user:the-secret@localhost/other",
    }
    again = setup(home, **other)
    assert again.status == 0, again.err
    assert "--agency is another than before" in again.out and f"{SITE}/settings/" in again.out
    assert "--site is another than before" in again.out and "settings.env" in again.out
    assert "To move the data: backup, then restore --database URL into a new home." in again.out
    assert "the-secret" not in again.out + again.err
    assert "--operator names somebody else, and nothing was changed." in again.out
    assert "--coordinator names" not in again.out
    assert "--program" not in again.out
    assert everything(home) == before


def test_a_keyring_that_is_not_mounted_is_not_called_set_up(made: tuple[Path, Done], tmp_path: Path) -> None:
    home = tmp_path / "home"
    shutil.copytree(made[0], home)
    (home / "keyring" / "shred" / ".keyring").unlink()
    again = setup(home)
    assert (again.status, again.err.count("\n")) == (2, 1) and "Mount its volume" in again.err
    assert "is set up" not in again.out


def test_commands_that_it_names_work_as_they_stand(made: tuple[Path, Done], tmp_path: Path) -> None:
    home, done = made
    start = done.out.partition("Start it: ")[2].splitlines()[0]
    shown = subprocess.run([*shlex.split(start), "--help"], cwd=tmp_path, env=clean_environment(), capture_output=True)
    assert shown.returncode == 0 and f" --home {home} serve" in start


def test_invitation_that_ran_out_is_made_again_and_others_stay(made: tuple[Path, Done], tmp_path: Path) -> None:
    home, first = tmp_path / "home", made[1]
    shutil.copytree(made[0], home)
    accept = (
        f"invitations.accept_invitation(token={first.links[0].split('/')[-2]!r}, password='a long sample password')"
    )
    shell(home, f"from peersupport.team.actions import invitations\n{accept}\n{RUN_OUT}")
    with mail_server() as (inbox, address):
        homes.write(home, {"PEERSUPPORT_EMAIL_URL": address})
        again = setup(home)
    assert again.status == 0, again.err
    assert "Operator: has an account." in again.out and "Clinical director: Dr. Lee Moss" in again.out
    assert "Coordinator, Jo Park <jo@example.org>:" in again.out
    (link,) = again.links
    assert link not in first.links and link in inbox.read("jo@example.org").get_content()

    shell(home, RUN_OUT)
    unsent = setup(home, coordinator="Kim Lane <kim@example.org>")
    assert unsent.status == 0 and len(unsent.links) == 1 and "Kim Lane" in unsent.out
    assert "Not all invitations could be mailed. They stay queued" in unsent.out
    left = "from peersupport.team.models import Invitation\nprint(*Invitation.objects.values_list('email', flat=True))"
    assert sorted(shell(home, left).split()) == ["kim@example.org", "lee@example.org"]


def test_without_a_home_or_with_help_it_says_what_to_do(tmp_path: Path) -> None:
    alone = manage("setup", "--no-input")
    assert (alone.status, alone.err.count("\n")) == (2, 1) and "--home DIR" in alone.err
    for arguments in (("setup", "--help"), ("help", "setup"), ("setup", "--home", str(tmp_path / "x"), "--help")):
        helped = manage(*arguments)
        assert helped.status == 0 and "--coordinator" in helped.out, arguments


def test_there_is_no_superuser_to_create() -> None:
    done = manage("createsuperuser", "--noinput", "--email", "x@example.org")
    assert (done.status, done.err.count("\n")) == (2, 1) and "setup" in done.err
