"""What the database's superuser did to the audit log, with every trigger dropped, is found."""

from collections.abc import Callable
from datetime import date, timedelta
from io import StringIO
from pathlib import Path

import pytest
from django.conf import settings
from django.core.management import call_command
from django.db import IntegrityError, connection, transaction
from django.utils import timezone

from peersupport.audit import actions, head_file, queries
from peersupport.audit.models import Entry, Link
from peersupport.audit.queries import Problem
from peersupport.sealing import keyring
from tests.audit_triggers import lifted

pytestmark = pytest.mark.django_db


@pytest.fixture
def numbers() -> list[int]:
    """Six entries that are linked."""
    for number in range(6):
        actions.record(action="member_designated", by=None, about=f"member:{number}")
    assert actions.link_new() == 6
    return sorted(Entry.objects.values_list("pk", flat=True))


@pytest.fixture
def superuser() -> Callable[..., None]:
    def run(*statements: str) -> None:
        with lifted(), connection.cursor() as cursor:
            for statement in statements:
                cursor.execute(statement)

    return run


def forge(*, number: int, mark: str = "") -> str:
    return (
        "INSERT INTO audit_entry (id, at, by_id, action, about, mark) "
        f"SELECT {number}, at, by_id, action, about, '{mark}' FROM audit_entry ORDER BY id LIMIT 1"
    )


def found() -> list[tuple[str, int | None]]:
    return [(problem.code, problem.entry) for problem in queries.verify()]


def test_what_the_program_wrote_is_well(numbers: list[int]) -> None:
    actions.record(action="member_designated", by=None)
    assert found() == []  # before the next round too
    assert actions.link_new() == 1
    assert found() == []
    assert (queries.head().count, len(queries.unlinked())) == (7, 0)
    assert actions.link_new() == 0


@pytest.mark.parametrize(
    "column", ["at = '2020-01-01 00:00:00'", "action = 'nothing'", "about = 'member:9'", "mark = ''"]
)
def test_a_changed_entry_is_found(numbers: list[int], superuser: Callable[..., None], column: str) -> None:
    superuser(f"UPDATE audit_entry SET {column} WHERE id = {numbers[2]}")
    assert found() == [("changed", numbers[2])]


def test_a_removed_entry_is_found(numbers: list[int], superuser: Callable[..., None]) -> None:
    superuser(f"DELETE FROM audit_entry WHERE id = {numbers[2]}")
    assert found() == [("removed", numbers[2])]


def test_an_entry_removed_with_its_link_is_found(numbers: list[int], superuser: Callable[..., None]) -> None:
    superuser(
        f"DELETE FROM audit_entry WHERE id = {numbers[2]}", f"DELETE FROM audit_link WHERE entry_id = {numbers[2]}"
    )
    assert found() == [("gap", numbers[3])]
    superuser("UPDATE audit_link SET position = position - 1 WHERE position = 4")
    assert found()[0] == ("changed", numbers[3])


@pytest.mark.parametrize("number", [3, 1000])
def test_an_added_entry_is_found_and_never_linked(
    numbers: list[int], superuser: Callable[..., None], number: int
) -> None:
    superuser(f"DELETE FROM audit_entry WHERE id = {number}", forge(number=number))
    wrong = ("changed" if number in numbers else "added", number)
    assert found() == [wrong]
    actions.record(action="member_designated", by=None)
    assert actions.link_new() == 1
    assert found() == [wrong]


@pytest.mark.parametrize("index", [0, 1])
def test_an_entry_with_the_mark_of_another_is_found(
    numbers: list[int], superuser: Callable[..., None], index: int
) -> None:
    """Index 0: its content is the other's too."""
    mark = Entry.objects.get(pk=numbers[index]).mark
    superuser("DROP INDEX audit_one_entry_for_each_mark", forge(number=1000, mark=mark))
    assert found() == [("added", 1000)]
    assert actions.link_new() == 0


@pytest.mark.sqlite_only
@pytest.mark.parametrize("value", ["'never'", "'2026-13-40 99:00:00'", "X'ff'", "CAST(X'ff' AS TEXT)"])
def test_an_entry_that_can_no_longer_be_read_is_found(
    numbers: list[int], superuser: Callable[..., None], value: str
) -> None:
    superuser(f"UPDATE audit_entry SET at = {value} WHERE id = {numbers[2]}")
    assert found() == [("changed", numbers[2])]
    superuser(f"UPDATE audit_entry SET id = 1000 WHERE id = {numbers[2]}")
    actions.record(action="member_designated", by=None)
    assert actions.link_new() == 1
    assert found() == [("removed", numbers[2]), ("added", 1000)]


def test_two_swapped_entries_are_found(numbers: list[int], superuser: Callable[..., None]) -> None:
    first, second = numbers[1], numbers[3]
    superuser(
        f"UPDATE audit_entry SET id = 1000 WHERE id = {first}",
        f"UPDATE audit_entry SET id = {first} WHERE id = {second}",
        f"UPDATE audit_entry SET id = {second} WHERE id = 1000",
    )
    assert found() == [("changed", first), ("changed", second)]


def test_two_swapped_links_are_found(numbers: list[int], superuser: Callable[..., None]) -> None:
    superuser(
        "UPDATE audit_link SET position = 1000 WHERE position = 2",
        "UPDATE audit_link SET position = 2 WHERE position = 4",
        "UPDATE audit_link SET position = 4 WHERE position = 1000",
    )
    assert ("changed", numbers[3]) in found()
    assert ("changed", numbers[1]) in found()


def cut(numbers: list[int], superuser: Callable[..., None]) -> None:
    last = numbers[-2]
    superuser(f"DELETE FROM audit_entry WHERE id >= {last}", f"DELETE FROM audit_link WHERE entry_id >= {last}")


def test_cutting_off_the_last_ones_is_found_and_stays_found(
    numbers: list[int], superuser: Callable[..., None], settings
) -> None:
    before = Path(settings.AUDIT_HEAD).read_text()
    cut(numbers, superuser)
    assert found() == [("cut", None)]
    for _ in range(3):
        actions.record(action="member_designated", by=None)
    actions.link_new()
    assert found() == [("cut", None)]
    assert Path(settings.AUDIT_HEAD).read_text() == before


def test_an_emptied_log_is_found(numbers: list[int], superuser: Callable[..., None]) -> None:
    superuser("DELETE FROM audit_entry", "DELETE FROM audit_link")
    assert found() == [("cut", None)]


def test_a_chain_thrown_away_does_not_start_anew_with_forged_entries(
    numbers: list[int], superuser: Callable[..., None]
) -> None:
    superuser("DELETE FROM audit_link", "DELETE FROM audit_entry WHERE id = (SELECT MIN(id) FROM audit_entry)")
    superuser(forge(number=1000))
    actions.link_new()
    assert set(found()) == {("added", 1000), ("cut", None)}


def test_without_the_key_no_link_can_be_made(
    numbers: list[int], superuser: Callable[..., None], own_keyring: Path
) -> None:
    actions.record(action="member_designated", by=None)
    key = own_keyring / "lasting" / "audit-chain"
    kept = key.read_bytes()
    key.write_bytes(bytes(32))
    actions.link_new()
    key.write_bytes(kept)
    assert found() == []  # what it didn't write isn't linked by it
    assert queries.head().count == 6


def test_entries_from_before_the_chain_are_linked_as_they_are_found(superuser: Callable[..., None]) -> None:
    actions.record(action="member_designated", by=None)
    superuser(forge(number=1000), forge(number=1001), "DELETE FROM audit_entry WHERE id < 1000")
    assert found() == []
    assert actions.link_new() == 2
    assert found() == []
    superuser("UPDATE audit_entry SET about = 'member:9' WHERE id = 1001", forge(number=1002))
    assert found() == [("changed", 1001), ("added", 1002)]


def test_an_entry_that_commits_later_with_a_smaller_number_is_linked_in_its_turn(
    superuser: Callable[..., None],
) -> None:
    for _ in range(3):
        actions.record(action="member_designated", by=None)
    late = Entry.objects.order_by("pk")[1]
    superuser(f"DELETE FROM audit_entry WHERE id = {late.pk}")
    actions.link_new()
    late.save(force_insert=True)
    actions.link_new()
    assert list(Link.objects.values_list("entry", flat=True))[-1] == late.pk
    assert found() == []


def test_the_chain_goes_on_when_its_secret_is_renewed(numbers: list[int]) -> None:
    actions.record(action="member_designated", by=None)
    keyring.renew_lasting("audit-chain")
    actions.record(action="member_designated", by=None)
    assert actions.link_new() == 2
    assert found() == []
    keyring.drop_earlier("audit-chain", keyring.earlier("audit-chain")[0])
    assert found()[0] == ("changed", numbers[0])


def test_a_head_is_noted_for_each_day_for_this_user_alone(numbers: list[int], settings) -> None:
    today = timezone.localdate()
    first = queries.head()
    actions.record(action="member_designated", by=None)
    actions.link_new()
    assert head_file.noted() == {today: queries.head()}
    head_file.note(queries.head(), queries.values_at([7]), day=today + timedelta(days=1))
    assert list(head_file.noted()) == [today]  # nothing new, so no second line
    assert Path(settings.AUDIT_HEAD).stat().st_mode & 0o777 == 0o600
    assert first.count == 6


def test_an_unreadable_head_is_a_problem(numbers: list[int], settings) -> None:
    Path(settings.AUDIT_HEAD).write_text("not a head\n")
    assert queries.verify() == [Problem("head", None)]


@pytest.mark.parametrize("statement", ["UPDATE audit_link SET position = 7", "DELETE FROM audit_link"])
def test_links_cannot_be_changed_or_deleted(numbers: list[int], statement: str) -> None:
    with pytest.raises(IntegrityError), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(statement)
    assert found() == []


def test_the_keyring_is_needed_to_record(own_keyring: Path) -> None:
    (own_keyring / "lasting").rename(own_keyring / "unmounted")
    with pytest.raises(keyring.KeyringUnavailable):
        actions.record(action="member_designated", by=None)


def verify_audit() -> tuple[int, list[str]]:
    said, status = StringIO(), 0
    try:
        call_command("verify_audit", stdout=said, stderr=said)
    except SystemExit as left:
        status = int(str(left.code))
    return status, said.getvalue().splitlines()


def test_the_command_says_what_it_found(numbers: list[int], superuser: Callable[..., None], own_keyring: Path) -> None:
    assert verify_audit() == (0, [f"6 entries linked, 0 not yet. Head: {queries.head().value}"])
    superuser(f"DELETE FROM audit_entry WHERE id = {numbers[2]}")
    status, said = verify_audit()
    assert (status, said[0]) == (1, f"Entry {numbers[2]}: it was removed.")
    (own_keyring / "lasting").rename(own_keyring / "unmounted")
    status, said = verify_audit()
    assert (status, len(said)) == (2, 1)


def test_the_day_of_a_head_is_a_day() -> None:
    assert head_file.noted() == dict[date, head_file.Head]()


class TestRestored:
    """The database is lost, and a backup's audit, which ends earlier, takes its place."""

    @pytest.fixture(autouse=True)
    def lost(self, numbers: list[int], superuser: Callable[..., None]) -> None:
        superuser(
            f"DELETE FROM audit_entry WHERE id > {numbers[3]}",
            "DELETE FROM audit_link WHERE position > 4",
        )

    def test_chain_goes_on_with_an_entry_that_says_which_head_is_left(self) -> None:
        before = Path(settings.AUDIT_HEAD).read_text()
        assert actions.record_restore(from_backup="default")
        actions.link_new()
        assert found() == []
        (kept,) = Path(settings.AUDIT_HEAD).parent.glob("audit-head.until-*")
        assert kept.read_text() == before and kept.stat().st_mode & 0o777 == 0o600
        assert head_file.counts() == [5]

    def test_restore_over_an_audit_that_is_there_leaves_no_head(self) -> None:
        assert not actions.record_restore()
        actions.link_new()
        assert found() == [("cut", None)]

    def test_entry_that_the_program_did_not_write_leaves_no_head(self, superuser: Callable[..., None]) -> None:
        about = queries.noted_head_code()
        superuser(
            "INSERT INTO audit_entry (id, at, by_id, action, about, mark) "
            f"SELECT 99, at, by_id, 'backup_restored', '{about}', '{'0' * 96}' FROM audit_entry LIMIT 1"
        )
        actions.link_new()
        assert ("cut", None) in found() and ("added", 99) in found()

    def test_the_same_entry_does_not_serve_for_a_later_cut(self, superuser: Callable[..., None]) -> None:
        actions.record_restore(from_backup="default")
        actions.link_new()
        actions.record(action="member_designated", by=None)
        actions.link_new()
        superuser("DELETE FROM audit_link WHERE position = 6", "DELETE FROM audit_entry WHERE about = ''")
        actions.link_new()
        assert found() == [("cut", None)]
