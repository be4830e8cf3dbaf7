"""Two files that take the place of those before them together, whenever the machine stops."""

import os
import signal
from collections.abc import Callable
from pathlib import Path

import pytest
from pyrage import x25519

from operations.backup import archive, keys, pair
from peersupport.core.errors import Refused
from tests.operations.backup.conftest import members_of
from tests.races.racing import FORK

pytestmark = pytest.mark.sqlite_only


class Pair:
    def __init__(self, folder: Path) -> None:
        self.file, (self.private, self.public) = folder / "backup", keys.make()

    def write(self, content: bytes, *, kill_in: str = "", then: Callable[..., None] = lambda *new: None) -> None:
        def fill(part: str) -> Callable[[archive.Writer], None]:
            def add(out: archive.Writer) -> None:
                out.add("one", content)
                if kill_in == part:
                    os.kill(os.getpid(), signal.SIGKILL)

            return add

        recipients = [keys.recipient(self.public)]
        pair.write(self.file, recipients, data=fill("data"), lasting=fill("lasting"), check=then)

    @property
    def content(self) -> list[bytes]:
        return [members_of(file, self.private)["one"] for file in (self.file, pair.lasting_of(self.file))]

    @property
    def files(self) -> list[str]:
        return sorted(file.name for file in self.file.parent.iterdir())


@pytest.fixture
def written(tmp_path: Path) -> Pair:
    written = Pair(tmp_path)
    written.write(b"first")
    return written


def killed(run: Callable[[], None]) -> None:
    process = FORK.Process(target=run)
    process.start()
    process.join(30)
    assert process.exitcode == -signal.SIGKILL


@pytest.mark.parametrize("part", ["lasting", "data"])
def test_killed_while_it_is_written_the_one_before_is_whole(written: Pair, part: str) -> None:
    killed(lambda: written.write(b"second", kill_in=part))
    assert written.content == [b"first", b"first"]
    written.write(b"third")
    assert written.content == [b"third", b"third"] and written.files == ["backup", "backup.lasting"]


def test_killed_between_the_two_renames_both_new_ones_are_there_and_are_put_in_place(written: Pair) -> None:
    def write_and_die_after_one_rename() -> None:
        rename = Path.replace

        def once(self: Path, target: Path) -> None:
            rename(self, target)
            os.kill(os.getpid(), signal.SIGKILL)

        Path.replace = once
        written.write(b"second")

    killed(write_and_die_after_one_rename)
    assert written.content == [b"first", b"second"] and pair.is_half_renamed(written.file)
    pair.finish(written.file)
    assert written.content == [b"second", b"second"] and written.files == ["backup", "backup.lasting"]


def test_a_failure_leaves_the_one_before_and_no_half_file(written: Pair) -> None:
    def fail(*new: Path) -> None:
        raise OSError(28, "No space left on device")

    with pytest.raises(OSError, match="No space"):
        written.write(b"second", then=fail)
    assert written.content == [b"first", b"first"] and written.files == ["backup", "backup.lasting"]


def test_a_full_disk_is_an_os_error(written: Pair) -> None:
    with Path("/dev/full").open("wb", buffering=0) as full, pytest.raises(OSError, match="No space left"):
        archive.write(full, [keys.recipient(written.public)], lambda out: out.add("one", b"x" * 300_000))


@pytest.mark.parametrize("damage", ["cut off", "one bit", "empty", "another key"])
def test_what_is_damaged_or_sealed_to_another_key_is_refused_in_one_line(written: Pair, damage: str) -> None:
    written.write(os.urandom(300_000))
    content, private = bytearray(written.file.read_bytes()), written.private
    if damage == "cut off":
        content = content[:-5]
    elif damage == "one bit":
        content[-200] ^= 1
    elif damage == "empty":
        content = bytearray()
    else:
        private = keys.make()[0]
    written.file.write_bytes(content)
    with pytest.raises(Refused, match=r"damaged|another key"):
        with archive.read(written.file, x25519.Identity.from_str(private)) as members:
            list(members)
