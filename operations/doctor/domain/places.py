"""Where files lie and who can read them: modes, owners, file systems, snapshots, room."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from .findings import Finding, cannot_serve, or_well, see_to, well

OTHERS = 0o077
# They write changes elsewhere, keep earlier states, or lie on a machine whose disk nobody here knows.
KEEPING = frozenset({"btrfs", "zfs", "overlay", "bcachefs", "f2fs", "nilfs2"})
REMOTE = frozenset({"nfs", "nfs4", "cifs", "smb3", "9p", "ceph", "glusterfs"})
IN_MEMORY = frozenset({"tmpfs", "ramfs"})
MIN_FREE_BYTES, MIN_FREE_SHARE = 1 << 30, 0.05
FULL_BYTES = 32 << 20


@dataclass(frozen=True)
class Owned:
    """A file or folder, with its permission bits and the number of its owner."""

    path: str
    mode: int
    owner: int
    is_folder: bool


@dataclass(frozen=True)
class Volume:
    """What a folder lies on. device: "major:minor". dm: the ids that the device mapper knows on the way to the disk."""

    mount: str
    device: str
    type: str
    source: str
    options: frozenset[str] = frozenset()
    dm: tuple[str, ...] = ()

    @property
    def is_encrypted(self) -> bool:
        return any(each.startswith("CRYPT-") for each in self.dm)

    @property
    def has_snapshot(self) -> bool:
        """LVM puts a layer named "real" under whatever has a snapshot."""
        return any(each.startswith("LVM-") and each.endswith("-real") for each in self.dm)


@dataclass(frozen=True)
class Room:
    """What is free where this lies. inodes: None where the file system has no limit."""

    path: str
    free_bytes: int
    total_bytes: int
    free_inodes: int
    total_inodes: int


def mode_findings(files: Sequence[Owned], *, owner: int) -> list[Finding]:
    """owner: the number of the user that the home belongs to, whom `serve` runs as."""
    return or_well("modes", [*_open(files), *_foreign(files, owner)])


def _open(files: Sequence[Owned]) -> Iterator[Finding]:
    for each in files:
        if each.mode & OTHERS:
            # An open shred key may have been read: still, the program goes on.
            yield see_to(
                "modes", "open", path=each.path, mode=f"{each.mode:o}", wanted="700" if each.is_folder else "600"
            )


def _foreign(files: Sequence[Owned], owner: int) -> Iterator[Finding]:
    for each in files:
        if each.owner != owner:
            yield see_to("modes", "owner", path=each.path, owner=each.owner, wanted=owner)


def volume_of(path: str, mounts: Sequence[Volume]) -> Volume | None:
    """The mount that a resolved path lies on: the longest, and of those the last."""
    under = [each for each in mounts if path == each.mount or path.startswith(each.mount.rstrip("/") + "/")]
    return max(reversed(under), key=lambda each: len(each.mount)) if under else None


def parse_mounts(text: str) -> list[Volume]:
    """Of /proc/self/mountinfo, see proc(5)."""
    found = []
    for line in text.splitlines():
        before, _, after = line.partition(" - ")
        left, right = before.split(), after.split()
        if len(left) >= 6 and len(right) >= 3:
            options = frozenset([*left[5].split(","), *right[2].split(",")])
            found.append(Volume(_unescaped(left[4]), left[2], right[0], _unescaped(right[1]), options))
    return found


def _unescaped(name: str) -> str:
    for code, character in ((r"\040", " "), (r"\011", "\t"), (r"\012", "\n"), (r"\134", "\\")):
        name = name.replace(code, character)
    return name


def shred_findings(shred: Volume | None, database: Volume | None) -> list[Finding]:
    """Whether what is destroyed in shred/ is gone, and whether one copy holds rows and keys.

    database: None where it isn't a file of this machine.
    """
    if shred is None:
        return [see_to("shred", "unknown")]
    problems = [*_keeping(shred), *_together(shred, database)]
    if not shred.is_encrypted and shred.type not in IN_MEMORY:
        problems.append(see_to("shred", "unencrypted", mount=shred.mount))
    if shred.type == "ext4":
        problems.append(well("shred", "inline_data", device=shred.source))
    return or_well("shred", problems, mount=shred.mount, type=shred.type)


def _keeping(shred: Volume) -> Iterator[Finding]:
    if shred.type in KEEPING:
        yield see_to("shred", "keeps", type=shred.type, mount=shred.mount)
    if shred.type in REMOTE or shred.type.startswith("fuse"):
        yield see_to("shred", "remote", type=shred.type, mount=shred.mount)
    if shred.type in IN_MEMORY:
        yield see_to("shred", "memory", mount=shred.mount)
    if "data=journal" in shred.options:
        yield see_to("shred", "journal", mount=shred.mount)
    if shred.has_snapshot:
        yield see_to("shred", "snapshot", mount=shred.mount)


def _together(shred: Volume, database: Volume | None) -> Iterator[Finding]:
    if database is not None and database.device == shred.device:
        yield see_to("shred", "same_volume", mount=shred.mount)


def swap_findings(unencrypted: Sequence[str]) -> list[Finding]:
    """unencrypted: the devices and files in use to which memory may be written in the clear."""
    return or_well("swap", [see_to("swap", "unencrypted", name=each) for each in unencrypted])


def room_findings(rooms: Sequence[Room]) -> list[Finding]:
    return or_well("disk", [finding for each in rooms for finding in _little_room(each)])


def _little_room(room: Room) -> Iterator[Finding]:
    values: dict[str, str | int] = {"path": room.path, "megabytes": room.free_bytes >> 20}
    if room.free_bytes < min(FULL_BYTES, room.total_bytes * MIN_FREE_SHARE):
        yield cannot_serve("disk", "full", **values)
    elif room.free_bytes < min(MIN_FREE_BYTES, room.total_bytes * MIN_FREE_SHARE):
        yield see_to("disk", "little", **values)
    if room.total_inodes and room.free_inodes < room.total_inodes * MIN_FREE_SHARE:
        yield see_to("disk", "inodes", path=room.path, number=room.free_inodes)
