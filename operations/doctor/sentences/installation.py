"""The program itself: its version, its settings, its database."""

from typing import TYPE_CHECKING

from django.utils.translation import gettext_lazy

from ..domain.findings import OK

if TYPE_CHECKING:
    from django_stubs_ext import StrOrPromise

# By check. What a page calls it.
TITLES: "dict[str, StrOrPromise]" = {
    "version": gettext_lazy("Version"),
    "settings": gettext_lazy("Settings"),
    "database": gettext_lazy("Database"),
    "whole_database": gettext_lazy("Database"),
    "migrations": gettext_lazy("Tables"),
    "tables": gettext_lazy("Rights to the tables"),
}

_EDIT = gettext_lazy("Correct it and restart. See docs/settings.md.")

# By check and code: what is said, and what to do about it. What is well needs no remedy.
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
    ("tables", OK): (gettext_lazy("The program's own role can read and write rows, and nothing more."), ""),
    ("tables", "own"): (
        gettext_lazy("The program's own role on PostgreSQL could change or empty tables, and the audit with them."),
        gettext_lazy("Run deploy/postgresql/roles.sql as the database's superuser. See docs/guide/operator.md."),
    ),
    ("migrations", OK): (gettext_lazy("The tables fit this version."), ""),
    ("migrations", "newer"): (
        gettext_lazy("A newer version of the program has changed this database (%(names)s)."),
        gettext_lazy("Install that version on this host too."),
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
}
