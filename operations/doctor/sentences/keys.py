"""Keys and other secrets, and where they could remain."""

from typing import TYPE_CHECKING

from django.utils.translation import gettext_lazy

from ..domain.findings import OK

if TYPE_CHECKING:
    from django_stubs_ext import StrOrPromise

# By check. What a page calls it.
TITLES: "dict[str, StrOrPromise]" = {
    "keyring": gettext_lazy("Keyring"),
    "modes": gettext_lazy("Who can read the files"),
    "keys": gettext_lazy("Keys and rows"),
    "shred": gettext_lazy("Where keys are destroyed"),
    "swap": gettext_lazy("Swap"),
    "core_dumps": gettext_lazy("Core dumps"),
}

_MOVE_SHRED = gettext_lazy(
    "Stop the program, move the keyring to an encrypted volume of its own without snapshots (ext4 or XFS), and set "
    "PEERSUPPORT_KEYRING."
)

# By check and code: what is said, and what to do about it. What is well needs no remedy.
SENTENCES: "dict[tuple[str, str], tuple[StrOrPromise, StrOrPromise]]" = {
    ("keyring", OK): (gettext_lazy("The keyring can be used, and belongs to this database."), ""),
    ("modes", OK): (gettext_lazy("Nobody but the program's own user can read its secrets."), ""),
    ("modes", "open"): (
        gettext_lazy("%(path)s can be used by other users of this machine (mode %(mode)s)."),
        gettext_lazy("chmod %(wanted)s %(path)s"),
    ),
    ("modes", "owner"): (
        gettext_lazy("%(path)s belongs to user %(owner)s, and the home to user %(wanted)s."),
        gettext_lazy("chown %(wanted)s %(path)s"),
    ),
    ("keys", OK): (gettext_lazy("Every row has its key, and every key its row."), ""),
    ("keys", "without_row"): (
        gettext_lazy("Keys that no row of this database names, though they are old enough: %(number)s."),
        gettext_lazy("A regular task destroys them each half hour. If they stay, check that the worker is running."),
    ),
    ("keys", "without_key"): (
        gettext_lazy("Rows of %(table)s whose key isn't in the keyring, so that nobody can open them: %(number)s."),
        gettext_lazy(
            "If shred/ was replaced or isn't mounted, put the right one back now. Lost keys can't be made again."
        ),
    ),
    ("shred", OK): (
        gettext_lazy("What is destroyed there isn't kept elsewhere, as far as can be seen (%(mount)s)."),
        "",
    ),
    ("shred", "unknown"): (
        gettext_lazy("This system doesn't tell what shred/ lies on."),
        gettext_lazy("Check it yourself: an encrypted volume of its own, without snapshots."),
    ),
    ("shred", "keeps"): (
        gettext_lazy(
            "shred/ lies on %(type)s (%(mount)s), which keeps earlier states of a file: destroyed keys may remain."
        ),
        _MOVE_SHRED,
    ),
    ("shred", "remote"): (
        gettext_lazy("shred/ lies on %(type)s (%(mount)s). Nobody here can tell what that keeps."),
        gettext_lazy(
            "Where hosts share it, see docs/guide/many-machines.md for what it takes. Else stop the program, and move "
            "the keyring to an encrypted volume of its own."
        ),
    ),
    ("shred", "memory"): (
        gettext_lazy("shred/ lies in memory (%(mount)s): a restart of this machine loses every open request."),
        _MOVE_SHRED,
    ),
    ("shred", "journal"): (
        gettext_lazy("The file system of shred/ (%(mount)s) writes data to its journal, which keeps destroyed keys."),
        gettext_lazy("Mount it with data=ordered."),
    ),
    ("shred", "snapshot"): (
        gettext_lazy("The volume of shred/ (%(mount)s) has an LVM snapshot, which keeps destroyed keys."),
        gettext_lazy("Remove it: lvs, then lvremove. And take that volume out of whatever makes snapshots."),
    ),
    ("shred", "same_volume"): (
        gettext_lazy("shred/ lies on the same volume as the database (%(mount)s): one copy of it holds rows and keys."),
        _MOVE_SHRED,
    ),
    ("shred", "unencrypted"): (
        gettext_lazy("The volume of shred/ (%(mount)s) isn't encrypted, as far as can be seen from here."),
        gettext_lazy("If the disk or the host below encrypts it, this is fine. Otherwise use a LUKS volume."),
    ),
    ("shred", "inline_data"): (
        gettext_lazy("Only root can see whether ext4 keeps small files in its inodes there (inline_data)."),
        gettext_lazy("dumpe2fs -h %(device)s | grep inline_data"),
    ),
    ("swap", OK): (gettext_lazy("Nothing in memory is swapped to an unencrypted disk."), ""),
    ("swap", "unencrypted"): (
        gettext_lazy(
            "Memory can be swapped to %(name)s, which isn't encrypted as far as can be seen: keys may remain there."
        ),
        gettext_lazy("Turn it off (swapoff %(name)s, and /etc/fstab), or encrypt it."),
    ),
    ("core_dumps", OK): (gettext_lazy("They are off: no crash writes memory to a file."), ""),
    ("core_dumps", "on"): (
        gettext_lazy("Processes that may write their memory to a file when they crash: %(number)s."),
        gettext_lazy("Start the program with `%(manage)s serve`, or with LimitCORE=1 in its systemd unit."),
    ),
}
