"""What else the machine has to have: a clock, room, backups, a server in front."""

from typing import TYPE_CHECKING

from django.utils.translation import gettext_lazy

from ..domain.findings import OK

if TYPE_CHECKING:
    from django_stubs_ext import StrOrPromise

# By check. What a page calls it.
TITLES: "dict[str, StrOrPromise]" = {
    "clock": gettext_lazy("Clock"),
    "disk": gettext_lazy("Disk"),
    "backup": gettext_lazy("Backup"),
    "nginx": gettext_lazy("nginx"),
    "certificate": gettext_lazy("Certificate"),
}

# By check and code: what is said, and what to do about it. What is well needs no remedy.
SENTENCES: "dict[tuple[str, str], tuple[StrOrPromise, StrOrPromise]]" = {
    ("clock", OK): (gettext_lazy("The clock is set by a time service."), ""),
    ("clock", "unknown"): (gettext_lazy("This system doesn't tell whether its clock is right."), ""),
    ("clock", "unsynchronized"): (
        gettext_lazy("No time service sets this machine's clock."),
        gettext_lazy("As root: apt-get install systemd-timesyncd && timedatectl set-ntp true"),
    ),
    ("clock", "jumped"): (
        gettext_lazy(
            "The clock has jumped, or no worker ran for a day. Until %(at)s nothing is erased because its time is "
            "over, and no year is closed."
        ),
        gettext_lazy("If the clock is wrong, set it right now: timedatectl. If it is right, there's nothing to do."),
    ),
    ("clock", "database"): (
        gettext_lazy("The database server's clock differs from this one by %(seconds)s seconds."),
        gettext_lazy("Set both by a time service."),
    ),
    ("disk", OK): (gettext_lazy("There is room on every volume."), ""),
    ("disk", "full"): (
        gettext_lazy("The volume of %(path)s is full (%(megabytes)s MB free)."),
        gettext_lazy("Make room there now: no request can be saved."),
    ),
    ("disk", "little"): (
        gettext_lazy("The volume of %(path)s has little room left (%(megabytes)s MB)."),
        gettext_lazy("Make room there, or enlarge it."),
    ),
    ("disk", "inodes"): (
        gettext_lazy("The volume of %(path)s can hold only %(number)s more files."),
        gettext_lazy("Remove small files there, or make it anew with more inodes."),
    ),
    ("backup", OK): (gettext_lazy("The last backup was made at %(at)s."), ""),
    ("backup", "no_key"): (
        gettext_lazy("There is no backup key."),
        gettext_lazy("%(manage)s rotate backup-key"),
    ),
    ("backup", "never"): (
        gettext_lazy("No backup was ever made."),
        gettext_lazy("%(manage)s backup --to FILE, each night, and FILE.lasting to another place than FILE."),
    ),
    ("backup", "old"): (
        gettext_lazy("The last backup was made at %(at)s."),
        gettext_lazy("Look at what should run `%(manage)s backup` each night."),
    ),
    ("backup", "together"): (
        gettext_lazy("Both files of an old backup lie together on this machine: %(path)s and its .lasting."),
        gettext_lazy("See that each was fetched to a place of its own, and remove them here."),
    ),
    ("nginx", OK): (gettext_lazy("nginx is installed."), ""),
    ("nginx", "missing"): (
        gettext_lazy("nginx isn't installed: a few stalled connections can silence the site."),
        gettext_lazy("apt install nginx, or put a proxy in front that reads whole requests before it passes them on."),
    ),
    ("certificate", OK): (gettext_lazy("The certificate is valid until %(at)s."), ""),
    ("certificate", "unreadable"): (
        gettext_lazy("%(path)s can't be read by this user."),
        gettext_lazy("Check PEERSUPPORT_TLS_CERTIFICATE, PEERSUPPORT_TLS_KEY, and who may read these files."),
    ),
    ("certificate", "unusable"): (
        gettext_lazy("%(path)s is no certificate or no key that can be used."),
        gettext_lazy("Put the PEM files there as they were issued, the key without a passphrase."),
    ),
    ("certificate", "other_key"): (
        gettext_lazy("The key %(path)s belongs to another certificate."),
        gettext_lazy("Put both files of one certificate there, then reload the program."),
    ),
    ("certificate", "expired"): (
        gettext_lazy("The certificate ran out at %(at)s: browsers refuse the site."),
        gettext_lazy("Renew it, put it in its place, and reload the program."),
    ),
    ("certificate", "expiring"): (
        gettext_lazy("The certificate is valid only until %(at)s."),
        gettext_lazy("Look at what should renew it."),
    ),
}
