import multiprocessing
import os
import stat
import time
from pathlib import Path

import pytest

from peersupport.sealing import keyring
from peersupport.sealing.keyring import KeyMissing

NOT_IDS = ["", "x", "0" * 31, "0" * 33, "G" * 32, "0" * 32 + "\n", "../lasting/receipt", "/etc/passwd", "０" * 32]
HALF_HOUR = 1800


@pytest.fixture
def shred(own_keyring: Path) -> Path:
    return own_keyring / "shred"


def names(folder: Path) -> list[str]:
    """The files in a folder of the keyring, except its mark."""
    return sorted(path.name for path in folder.iterdir() if path.name != keyring.FOLDER_MARKER)


def mode(path: Path) -> int:
    return stat.S_IMODE(path.stat().st_mode)


# Create, get, destroy


def test_key_is_32_random_bytes_found_by_a_random_id(shred: Path) -> None:
    ids = [keyring.create() for _ in range(20)]
    keys = [keyring.get(key_id) for key_id in ids]
    assert {len(key) for key in keys} == {32}
    assert (len(set(keys)), len(set(ids))) == (20, 20)
    assert keyring.shred_ids() == sorted(ids)
    assert names(shred) == sorted(ids)
    assert all(keyring.is_key_id(key_id) for key_id in ids)


def test_folders_and_files_are_for_this_user_alone(own_keyring: Path, shred: Path) -> None:
    before = os.umask(0)
    try:
        key_id = keyring.create()
        keyring.lasting("receipt")
    finally:
        os.umask(before)
    assert {mode(own_keyring), mode(shred), mode(own_keyring / "lasting")} == {0o700}
    assert {mode(shred / key_id), mode(own_keyring / "lasting" / "receipt")} == {0o600}


def test_destroyed_key_is_gone_and_twice_is_harmless(shred: Path) -> None:
    key_id, other = keyring.create(), keyring.create()
    assert not keyring.is_destroyed(key_id)
    keyring.destroy(key_id)
    keyring.destroy(key_id)
    assert keyring.is_destroyed(key_id)
    with pytest.raises(KeyMissing):
        keyring.get(key_id)
    assert names(shred) == [other]


def test_destroying_overwrites_the_bytes_on_the_disk(shred: Path, own_keyring: Path) -> None:
    key_id = keyring.create()
    key = keyring.get(key_id)
    same_bytes = own_keyring / "another-name-of-the-same-file"
    same_bytes.hardlink_to(shred / key_id)
    with (shred / key_id).open("rb") as opened_before:
        keyring.destroy(key_id)
        left = opened_before.read()
    assert len(left) == 32
    assert left == same_bytes.read_bytes() != key
    assert left != bytes(32)


def test_key_never_reads_as_its_overwriting(shred: Path) -> None:
    """While a key is being destroyed its file has another name, so a reader finds the key or nothing."""
    key_id = keyring.create()
    (shred / key_id).rename(shred / f"{key_id}{keyring.DYING}")
    with pytest.raises(KeyMissing):
        keyring.get(key_id)


def test_half_destroyed_key_is_not_called_destroyed_and_can_be_finished(shred: Path) -> None:
    key_id = keyring.create()
    (shred / key_id).rename(shred / f"{key_id}{keyring.DYING}")
    assert not keyring.is_destroyed(key_id)
    assert keyring.shred_ids() == [key_id]
    keyring.destroy(key_id)
    assert keyring.is_destroyed(key_id)
    assert names(shred) == []


def test_a_truncated_file_is_no_key(shred: Path) -> None:
    key_id = keyring.create()
    (shred / key_id).write_bytes(b"short")
    with pytest.raises(KeyMissing):
        keyring.get(key_id)


def test_no_key_is_cached_in_the_process(shred: Path) -> None:
    key_id = keyring.create()
    keyring.get(key_id)
    (shred / key_id).unlink()
    with pytest.raises(KeyMissing):
        keyring.get(key_id)


@pytest.mark.parametrize("not_an_id", NOT_IDS)
def test_anything_but_an_id_never_becomes_a_path(not_an_id: str, own_keyring: Path) -> None:
    keyring.lasting("receipt")
    with pytest.raises(KeyMissing):
        keyring.get(not_an_id)
    keyring.destroy(not_an_id)
    assert keyring.is_destroyed(not_an_id), "no file can have this name"
    assert not keyring.is_key_id(not_an_id)
    assert (own_keyring / "lasting" / "receipt").exists()


def test_ids_are_those_of_keys_alone(shred: Path) -> None:
    key_id = keyring.create()
    (shred / "lost+found").mkdir()
    (shred / ".hidden").touch()
    assert keyring.shred_ids() == [key_id]


# On the disk before the call returns


@pytest.fixture
def synced(monkeypatch: pytest.MonkeyPatch) -> list[tuple[str, bytes | list[str]]]:
    """What each fsync put on the disk: a file's name and bytes, or a folder's name and names."""
    seen: list[tuple[str, bytes | list[str]]] = []
    real = os.fsync

    def note(descriptor: int) -> None:
        path = Path(f"/proc/self/fd/{descriptor}").readlink()
        seen.append((path.name, names(path) if path.is_dir() else path.read_bytes()))
        real(descriptor)

    monkeypatch.setattr(os, "fsync", note)
    return seen


def test_new_key_and_its_name_are_on_the_disk_when_create_returns(synced: list) -> None:
    keyring.create()
    synced.clear()
    key_id = keyring.create()
    assert synced == [(key_id, keyring.get(key_id)), ("shred", keyring.shred_ids())]


def test_new_folders_are_on_the_disk_too(synced: list, own_keyring: Path) -> None:
    keyring.prepare()
    assert [name for name, _ in synced] == ["lasting", "shred", "keyring", own_keyring.parent.name]


def test_overwriting_reaches_the_disk_before_the_name_goes(synced: list) -> None:
    key_id = keyring.create()
    key = keyring.get(key_id)
    synced.clear()
    keyring.destroy(key_id)
    (name, overwritten), folder = synced
    assert name == key_id + keyring.DYING
    assert len(overwritten) == 32
    assert overwritten != key
    assert folder == ("shred", [])


# Times


def test_times_of_key_and_folder_are_rounded_to_the_half_hour(shred: Path) -> None:
    key_id = keyring.create()
    keyring.destroy(keyring.create())
    for path in (shred, shred / key_id):
        times = path.stat()
        assert times.st_mtime % HALF_HOUR == 0
        assert 0 <= time.time() - times.st_mtime < HALF_HOUR + 5


def test_reading_a_key_leaves_its_access_time_unchanged(shred: Path) -> None:
    key_id = keyring.create()
    before = (shred / key_id).stat().st_atime_ns
    keyring.get(key_id)
    assert (shred / key_id).stat().st_atime_ns == before


def test_keys_made_before_goes_by_the_half_hour(shred: Path) -> None:
    young, old = keyring.create(), keyring.create()
    os.utime(shred / old, (3600, 3600))
    assert keyring.shred_ids_made_before(3600) == []
    assert keyring.shred_ids_made_before(3601) == [old]
    assert keyring.shred_ids_made_before(time.time() + 1) == sorted([young, old])


# Lasting secrets


def test_lasting_secret_is_made_once_and_differs_by_name() -> None:
    assert keyring.lasting("receipt") == keyring.lasting("receipt")
    assert keyring.lasting("receipt") != keyring.lasting("forms")
    assert len(keyring.lasting("receipt")) == 32


@pytest.mark.parametrize("name", ["", ".", "../shred/x", "Receipt", "a/b", "a\0b", "receipt\n", "-x"])
def test_lasting_secret_has_a_plain_name(name: str) -> None:
    with pytest.raises(ValueError, match="name"):
        keyring.lasting(name)


def test_damaged_lasting_secret_is_an_alarm_and_not_replaced(own_keyring: Path) -> None:
    keyring.lasting("receipt")
    (own_keyring / "lasting" / "receipt").write_bytes(b"")
    with pytest.raises(RuntimeError, match="restore it"):
        keyring.lasting("receipt")


def _lasting_in_a_process(start, answers) -> None:
    start.wait()
    answers.put(keyring.lasting("receipt"))


def test_processes_that_make_a_lasting_secret_at_once_get_the_same(own_keyring: Path) -> None:
    own = multiprocessing.get_context("fork")
    start, answers = own.Barrier(6), own.Queue()
    processes = [own.Process(target=_lasting_in_a_process, args=(start, answers)) for _ in range(6)]
    for process in processes:
        process.start()
    secrets = {answers.get(timeout=20) for _ in processes}
    for process in processes:
        process.join()
    assert secrets == {keyring.lasting("receipt")}
    assert names(own_keyring / "lasting") == [keyring.FORMAT_1_IS_OVER, "receipt"]


def _destroy_in_a_process(start, answers, key_id: str) -> None:
    start.wait()
    keyring.destroy(key_id)
    answers.put(keyring.is_destroyed(key_id))


def test_processes_that_destroy_one_key_at_once_all_find_it_gone() -> None:
    key_id = keyring.create()
    own = multiprocessing.get_context("fork")
    start, answers = own.Barrier(4), own.Queue()
    processes = [own.Process(target=_destroy_in_a_process, args=(start, answers, key_id)) for _ in range(4)]
    for process in processes:
        process.start()
    assert [answers.get(timeout=20) for _ in processes] == [True] * 4
    for process in processes:
        process.join()


def test_an_unavailable_folder_is_neither_created_nor_reported_as_destroyed(own_keyring: Path) -> None:
    key_id = keyring.create()
    (own_keyring / "shred").rename(own_keyring / "unmounted")
    for ask in (keyring.get, keyring.is_destroyed, keyring.destroy):
        with pytest.raises(keyring.KeyringUnavailable):
            ask(key_id)
    with pytest.raises(keyring.KeyringUnavailable):
        keyring.create()
    assert not (own_keyring / "shred").exists()
    (own_keyring / "unmounted").rename(own_keyring / "shred")
    assert len(keyring.get(key_id)) == keyring.KEY_BYTES


def test_a_lasting_secret_is_not_created_again_while_its_folder_is_unavailable(own_keyring: Path) -> None:
    before = keyring.lasting("receipt")
    (own_keyring / "lasting").rename(own_keyring / "unmounted")
    with pytest.raises(keyring.KeyringUnavailable):
        keyring.lasting("receipt")
    (own_keyring / "unmounted").rename(own_keyring / "lasting")
    assert keyring.lasting("receipt") == before


# Renewing a lasting secret


def test_a_renewed_secret_leaves_the_one_before_beside_it(own_keyring: Path) -> None:
    first = keyring.lasting("receipt")
    keyring.renew_lasting("receipt")
    second = keyring.lasting("receipt")
    keyring.renew_lasting("receipt")  # in the same half hour
    third = keyring.lasting("receipt")
    assert len({first, second, third}) == 3
    assert keyring.known("receipt") == (third, second, first)
    assert keyring.known("forms") == (keyring.lasting("forms"),)
    assert keyring.known("receipt")[0] == keyring.lasting("receipt")
    assert {mode(path) for path in (own_keyring / "lasting").iterdir()} == {0o600}


def test_when_it_was_replaced_is_known_to_the_half_hour() -> None:
    keyring.lasting("receipt")
    keyring.renew_lasting("receipt")
    (before,) = keyring.earlier("receipt")
    assert before.replaced_at % HALF_HOUR == 0
    assert time.time() - HALF_HOUR < before.replaced_at <= time.time()


def test_an_earlier_secret_that_is_dropped_is_overwritten_and_the_current_one_stays(own_keyring: Path) -> None:
    first = keyring.lasting("receipt")
    keyring.renew_lasting("receipt")
    (before,) = keyring.earlier("receipt")
    with (own_keyring / "lasting" / before.file).open("rb") as still_open:
        keyring.drop_earlier("receipt", before)
        assert still_open.read() != first
    assert keyring.known("receipt") == (keyring.lasting("receipt"),)
    keyring.drop_earlier("receipt", before)
    assert names(own_keyring / "lasting") == [keyring.FORMAT_1_IS_OVER, "receipt"]


def test_a_name_that_begins_like_another_has_none_of_its_earlier_ones() -> None:
    for name in ("draw", "draw-again"):
        keyring.lasting(name)
    keyring.renew_lasting("draw-again")
    assert keyring.earlier("draw") == []


def _renew_and_die(step: str) -> None:
    original = getattr(keyring, step)

    def until_here(*args: object, **kwargs: object) -> None:
        original(*args, **kwargs)
        os._exit(9)

    setattr(keyring, step, until_here)
    keyring.renew_lasting("receipt")


@pytest.mark.parametrize(("step", "is_renewed"), [("_make_lasting", False), ("replace_lasting", True)])
def test_killed_while_renewing_it_has_happened_or_not(step: str, is_renewed: bool) -> None:
    first = keyring.lasting("receipt")
    process = multiprocessing.get_context("fork").Process(target=_renew_and_die, args=(step,))
    process.start()
    process.join(20)
    assert process.exitcode == 9
    assert (keyring.lasting("receipt") != first) is is_renewed
    keyring.renew_lasting("receipt")
    assert first in keyring.known("receipt")
    for each in keyring.earlier("receipt"):
        keyring.drop_earlier("receipt", each)
    assert keyring.known("receipt") == (keyring.lasting("receipt"),)


def _renew_in_a_process(start, answers) -> None:
    start.wait()
    for _ in range(5):
        keyring.renew_lasting("receipt")
        answers.put(keyring.lasting("receipt"))


def test_processes_that_renew_at_once_lose_no_secret_that_was_in_use() -> None:
    first, own = keyring.lasting("receipt"), multiprocessing.get_context("fork")
    start, answers = own.Barrier(4), own.Queue()
    processes = [own.Process(target=_renew_in_a_process, args=(start, answers)) for _ in range(4)]
    for process in processes:
        process.start()
    used = {answers.get(timeout=20) for _ in range(20)}
    for process in processes:
        process.join()
    assert {first, *used} <= set(keyring.known("receipt"))
    assert len(keyring.known("receipt")) == 21


def test_a_secret_renewed_while_it_is_read_is_known_already(monkeypatch: pytest.MonkeyPatch) -> None:
    first, read_earlier = keyring.lasting("receipt"), keyring.earlier

    def renewed_just_before(name: str) -> list[keyring.Earlier]:
        monkeypatch.setattr(keyring, "earlier", read_earlier)
        keyring.renew_lasting(name)
        return read_earlier(name)

    monkeypatch.setattr(keyring, "earlier", renewed_just_before)
    assert keyring.known("receipt") == (keyring.lasting("receipt"), first)


def test_what_a_killed_process_left_of_a_secret_goes_and_nothing_else(own_keyring: Path) -> None:
    folder, now = own_keyring / "lasting", time.time()
    keyring.lasting("receipt")
    keyring.renew_lasting("receipt")
    left = [".receipt.0123456789abcdef", ".receipt.before-1800.1.0123456789abcdef", ".forms.4711.new"]
    young, foreign = ".receipt.fedcba9876543210", ".nfs0001"
    for name in (*left, young, foreign):
        (folder / name).write_bytes(b"s" * keyring.KEY_BYTES)
        os.utime(folder / name, (now - 5500, now - 5500))
    os.utime(folder / young, (now - 5300, now - 5300))
    before = set(names(folder))
    keyring.remove_leftovers(now=now)
    assert before - set(names(folder)) == set(left)
