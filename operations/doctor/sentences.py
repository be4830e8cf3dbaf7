"""The sentences of the doctor: for each check its title, for each finding what is said and what to do about it."""

from typing import TYPE_CHECKING

from django.utils.translation import gettext_lazy

from .domain.findings import OK

if TYPE_CHECKING:
    from django_stubs_ext import StrOrPromise

# By check. What a page calls it.
TITLES: "dict[str, StrOrPromise]" = {
    "version": gettext_lazy("Version"),
    "settings": gettext_lazy("Settings"),
    "database": gettext_lazy("Database"),
    "whole_database": gettext_lazy("Database"),
    "migrations": gettext_lazy("Tables"),
    "keyring": gettext_lazy("Keyring"),
    "modes": gettext_lazy("Who can read the files"),
    "keys": gettext_lazy("Keys and rows"),
    "shred": gettext_lazy("Where keys are destroyed"),
    "swap": gettext_lazy("Swap"),
    "statistics": gettext_lazy("Statistics"),
    "on_call": gettext_lazy("On-call schedule"),
    "requests": gettext_lazy("Open requests and members' keys"),
    "stored_requests": gettext_lazy("Room for requests"),
    "worker": gettext_lazy("Worker"),
    "rounds": gettext_lazy("Regular tasks"),
    "notices": gettext_lazy("Notices waiting"),
    "mails": gettext_lazy("E-mails waiting"),
    "clock": gettext_lazy("Clock"),
    "disk": gettext_lazy("Disk"),
    "backup": gettext_lazy("Backup"),
    "nginx": gettext_lazy("nginx"),
    "certificate": gettext_lazy("Certificate"),
    "core_dumps": gettext_lazy("Core dumps"),
    "second_factor": gettext_lazy("Second factors"),
    "audit": gettext_lazy("Audit log"),
    "address": gettext_lazy("The site's address"),
    "phone_alerts": gettext_lazy("Phone alert services"),
    "mail": gettext_lazy("Mail server"),
    "health": gettext_lazy("Parts of the program"),
}

_EDIT = gettext_lazy("Correct it and restart. See docs/settings.md.")
NOT_LOST = gettext_lazy("Run the doctor again; if it says the same, read the log.")
_MOVE_SHRED = gettext_lazy(
    "Stop the program, move the keyring to an encrypted volume of its own without snapshots (ext4 or XFS), and set "
    "PEERSUPPORT_KEYRING."
)
_FRONT = gettext_lazy("Correct the proxy in front of the program.")

# By check and code: what is said, and what to do. What is well needs no remedy.
SENTENCES: "dict[tuple[str, str], tuple[StrOrPromise, StrOrPromise]]" = {
    ("version", OK): (gettext_lazy("Version %(version)s, fingerprint %(fingerprint)s."), ""),
    ("settings", OK): (gettext_lazy("All settings are there and can be used."), ""),
    ("settings", "demo"): (gettext_lazy("The demo has no settings of its own."), ""),
    ("settings", "missing"): (
        gettext_lazy("%(name)s isn't set."),
        gettext_lazy("Set it. See docs/settings.md."),
    ),
    ("settings", "host_secret"): (
        gettext_lazy("PEERSUPPORT_HOST_SECRET is shorter than %(number)s characters, or has a comma."),
        gettext_lazy("If the program ran with another one before, put that back; otherwise: openssl rand -base64 40"),
    ),
    ("settings", "secret_key"): (
        gettext_lazy("PEERSUPPORT_SECRET_KEY is shorter than %(number)s characters, so it might be guessed."),
        gettext_lazy("Replace it: %(manage)s rotate secret-key"),
    ),
    ("settings", "old_secret_key"): (
        gettext_lazy("The secret key was replaced more than a day ago, and the one before it still counts."),
        gettext_lazy("%(manage)s rotate, then reload the program (SIGHUP)"),
    ),
    ("settings", "old_host_secret"): (
        gettext_lazy("A replacement of the host secret began and did not end."),
        gettext_lazy("Stop the program, then: python manage.py rotate host-secret. It goes on from there."),
    ),
    ("settings", "time_zone"): (
        gettext_lazy("There is no time zone “%(zone)s”."),
        gettext_lazy("timedatectl list-timezones"),
    ),
    ("settings", "proxy_count"): (gettext_lazy("PEERSUPPORT_PROXY_COUNT is no whole number."), _EDIT),
    ("settings", "number"): (gettext_lazy("%(name)s is no whole number."), _EDIT),
    ("settings", "trial"): (
        gettext_lazy("This is a trial: it can be reached from this machine alone."),
        gettext_lazy("Before real use, make a home with an https:// address."),
    ),
    ("settings", "mail_files"): (
        gettext_lazy("Mails are written to files and go to nobody."),
        gettext_lazy("Before real use, set PEERSUPPORT_EMAIL_URL to your mail server."),
    ),
    ("settings", "unknown"): (
        gettext_lazy("%(name)s is set, but the program has no such setting."),
        gettext_lazy("Compare its spelling with docs/settings.md, or remove it."),
    ),
    ("settings", "twice"): (
        gettext_lazy("%(name)s has more than one line in settings.env. The last one counts."),
        gettext_lazy("Remove the others."),
    ),
    ("database", OK): (gettext_lazy("The database answers."), ""),
    ("database", "damaged"): (
        gettext_lazy("The database's file %(path)s is damaged."),
        gettext_lazy("Stop the program, and restore the last backup into this same home: %(manage)s restore"),
    ),
    ("migrations", OK): (gettext_lazy("The tables fit this version."), ""),
    ("migrations", "newer"): (
        gettext_lazy("A newer version of the program has changed this database (%(names)s)."),
        gettext_lazy("Install that version again, or restore a backup from before it."),
    ),
    ("migrations", "pending"): (
        gettext_lazy("The tables don't fit this version. Steps to do: %(number)s."),
        gettext_lazy("%(manage)s upgrade"),
    ),
    ("migrations", "emptied"): (
        gettext_lazy("The database is empty, but the keyring was used before."),
        gettext_lazy("Correct PEERSUPPORT_DATABASE_URL, or restore the last backup into this same home."),
    ),
    ("migrations", "unfinished"): (
        gettext_lazy("An upgrade began and did not end."),
        gettext_lazy("python manage.py upgrade: it goes back to the copy of the database from before it."),
    ),
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
        _MOVE_SHRED,
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
    ("statistics", OK): (gettext_lazy("The open year can be counted."), ""),
    ("on_call", OK): (gettext_lazy("The on-call schedule can be read."), ""),
    ("requests", OK): (gettext_lazy("All can be opened and verified."), ""),
    ("stored_requests", OK): (gettext_lazy("%(number)s stored, of %(most)s at most (%(share)s %%)."), ""),
    ("stored_requests", "many"): (
        gettext_lazy("%(number)s stored, of %(most)s at most (%(share)s %%)."),
        gettext_lazy(
            "Tell the coordinator. If the disk has room, set PEERSUPPORT_MAX_OPEN_REQUESTS higher: once it is reached, "
            "the form shows numbers to call and takes nothing."
        ),
    ),
    ("stored_requests", "full"): (
        gettext_lazy("%(number)s stored, of %(most)s at most: no other request is taken."),
        gettext_lazy("Look at the disk, then set PEERSUPPORT_MAX_OPEN_REQUESTS higher, and tell the coordinator."),
    ),
    ("worker", OK): (gettext_lazy("The worker is running."), ""),
    ("rounds", OK): (gettext_lazy("None of them is late (%(number)s)."), ""),
    ("rounds", "late"): (
        gettext_lazy("%(task)s last ran well at %(at)s, and should have since."),
        gettext_lazy("Look in the log for its error."),
    ),
    ("rounds", "never"): (gettext_lazy("%(task)s has never run well."), gettext_lazy("Look in the log for its error.")),
    ("rounds", "none"): (
        gettext_lazy("None of them is running. The last run: %(at)s."),
        gettext_lazy(
            "Start the program, or look at the schedule's clock: a schedule file from the future silences it."
        ),
    ),
    ("notices", OK): (gettext_lazy("No notice is waiting."), ""),
    ("notices", "waiting"): (gettext_lazy("Notices that wait for their time: %(number)s."), ""),
    ("notices", "many"): (
        gettext_lazy("Notices that wait, and that nobody has tried to send: %(number)s."),
        gettext_lazy("Check that the worker is running."),
    ),
    ("notices", "tried"): (
        gettext_lazy(
            "Notices that wait: %(number)s. At least one couldn't be sent, and has waited %(minutes)s minutes or more."
        ),
        gettext_lazy("Check the mail server and the phone alert services below."),
    ),
    ("mails", OK): (gettext_lazy("No e-mail is waiting."), ""),
    ("mails", "waiting"): (gettext_lazy("E-mails that wait to be sent: %(number)s."), ""),
    ("mails", "many"): (
        gettext_lazy("E-mails that wait, and that nobody has tried to send: %(number)s."),
        gettext_lazy("Check that the worker is running."),
    ),
    ("mails", "tried"): (
        gettext_lazy("E-mails that wait: %(number)s. At least one couldn't be sent."),
        gettext_lazy("Check the mail server below."),
    ),
    ("clock", OK): (gettext_lazy("The clock is set by a time service."), ""),
    ("clock", "unknown"): (gettext_lazy("This system doesn't tell whether its clock is right."), ""),
    ("clock", "unsynchronized"): (
        gettext_lazy("No time service sets this machine's clock."),
        gettext_lazy("As root: apt-get install systemd-timesyncd && timedatectl set-ntp true"),
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
    ("core_dumps", OK): (gettext_lazy("They are off: no crash writes memory to a file."), ""),
    ("core_dumps", "on"): (
        gettext_lazy("Processes that may write their memory to a file when they crash: %(number)s."),
        gettext_lazy("Start the program with `%(manage)s serve`, or with LimitCORE=1 in its systemd unit."),
    ),
    ("second_factor", OK): (gettext_lazy("Everybody who has signed in has one."), ""),
    ("second_factor", "without"): (
        gettext_lazy("Accounts that have none yet, and open nothing but adding one: %(number)s."),
        "",
    ),
    ("audit", OK): (gettext_lazy("The chain is whole. Entries: %(number)s. Its head: %(head)s."), ""),
    ("audit", "empty"): (gettext_lazy("The chain has no entries yet."), ""),
    ("audit", "broken"): (
        gettext_lazy("Entries were changed, removed or added. The chain's head: %(head)s."),
        gettext_lazy("%(manage)s verify_audit"),
    ),
    ("audit", "own_tables"): (
        gettext_lazy("The program's own role on PostgreSQL could change or delete entries."),
        gettext_lazy("Run deploy/audit-owner.sql as the database's superuser. See docs/guide/operator.md."),
    ),
    ("address", OK): (gettext_lazy("%(site)s leads here, and what arrives fits the settings."), ""),
    ("address", "no_answer"): (
        gettext_lazy("%(site)s doesn't answer from this machine."),
        gettext_lazy("Start the program; then check name, firewall and proxy."),
    ),
    ("address", "certificate"): (
        gettext_lazy("The certificate of %(site)s can't be verified from here."),
        gettext_lazy("Renew it, with its whole chain."),
    ),
    ("address", "refused"): (
        gettext_lazy("The program refuses what arrives from %(site)s: the proxy names another host."),
        gettext_lazy("Let the proxy pass the Host header on, or set PEERSUPPORT_HOSTS."),
    ),
    ("address", "other_answer"): (gettext_lazy("%(site)s gives another answer than the program would."), _FRONT),
    ("address", "other_program"): (
        gettext_lazy(
            "%(site)s answers, but not by this installation: another one, an older version, or one with another key."
        ),
        gettext_lazy("Check where the name leads, and restart the program."),
    ),
    ("address", "scheme"): (
        gettext_lazy("A call by %(wanted)s:// arrives as %(arrived)s://, so forms are refused."),
        gettext_lazy("Let the proxy set X-Forwarded-Proto."),
    ),
    ("address", "host"): (
        gettext_lazy("A call of %(wanted)s arrives as %(arrived)s, so forms are refused."),
        gettext_lazy("Let the proxy pass the Host header on, with its port."),
    ),
    ("address", "too_few"): (
        gettext_lazy(
            "X-Forwarded-For arrives with %(number)s entries, and the settings expect %(wanted)s: nobody can sign in."
        ),
        gettext_lazy("Set PEERSUPPORT_PROXY_COUNT to the number of your own proxies in front."),
    ),
    ("address", "too_many"): (
        gettext_lazy(
            "X-Forwarded-For arrives with %(number)s entries, and the settings expect %(wanted)s: wrong passwords of "
            "everybody are counted as one client's."
        ),
        gettext_lazy("Set PEERSUPPORT_PROXY_COUNT to the number of your own proxies in front."),
    ),
    ("address", "origin"): (
        gettext_lazy("A proxy changes the Origin header (it arrives as “%(arrived)s”), so forms may be refused."),
        gettext_lazy(
            "Let it pass Origin and Sec-Fetch-Site on. A Referrer-Policy of no-referrer does the same in browsers."
        ),
    ),
    ("address", "fetch_site"): (
        gettext_lazy("A proxy removes the Sec-Fetch-Site header."),
        gettext_lazy("Let it pass on what browsers send."),
    ),
    ("address", "older_code"): (
        gettext_lazy("Another version is running (%(running)s) than lies on this disk (%(disk)s)."),
        gettext_lazy("Restart the program."),
    ),
    ("phone_alerts", OK): (gettext_lazy("Every service in use can be reached (%(number)s)."), ""),
    ("phone_alerts", "none"): (gettext_lazy("Nobody has set a phone alert."), ""),
    ("phone_alerts", "unreachable"): (
        gettext_lazy("%(service)s can't be reached within five seconds."),
        gettext_lazy("Allow outgoing connections to it, or wait until it is back."),
    ),
    ("phone_alerts", "unreadable"): (
        gettext_lazy("Phone alerts whose address can't be used: %(number)s."),
        gettext_lazy("Their owners have to set them again. Was lasting/ restored from an older backup?"),
    ),
    ("mail", OK): (gettext_lazy("The mail server lets the program in."), ""),
    ("mail", "files"): (gettext_lazy("Mails go to files."), ""),
    ("mail", "refused"): (
        gettext_lazy("The mail server %(host)s can't be used (%(error)s)."),
        gettext_lazy("Check PEERSUPPORT_EMAIL_URL, and that this machine may connect to it."),
    ),
    ("mail", "not_sent"): (
        gettext_lazy("The mail server took no mail to the operators (%(error)s)."),
        gettext_lazy("Check PEERSUPPORT_FROM_EMAIL, and whether the server lets this machine send."),
    ),
    ("mail", "sent"): (
        gettext_lazy("A test mail was sent to each operator (%(number)s)."),
        gettext_lazy("Look whether it arrived, and not among the spam."),
    ),
    ("mail", "no_operator"): (
        gettext_lazy("No operator has an account, so no test mail was sent."),
        gettext_lazy(
            "The operator follows the link of the invitation. If it has run out: %(manage)s setup, once more."
        ),
    ),
}
