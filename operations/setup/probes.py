"""Whether folder, port, database, Redis and mail server are what a new home needs. Each raises Refused with a remedy.

No sentence quotes what a server said or the URL it was reached by: both can hold a password.
"""

import contextlib
import os
import smtplib
import socket
import ssl
import stat
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import urlsplit

import environ
import psycopg
import redis as redis_client

from operations.processes import check_port
from peersupport.core.errors import Refused
from peersupport.core.site import is_trial
from peersupport.settings.home import SETTINGS_FILE

from . import rules

SECONDS = 10
OWN_NAMES = {"keyring", "private", "static", "mail", "broker", "broker-control", f".{SETTINGS_FILE}.new"}
# The folder may be the mount point of a volume, and the home of the user that the program runs as.
NOT_OURS = frozenset(
    {
        "lost+found", ".bash_history", ".bash_logout", ".bashrc", ".cache", ".config", ".lesshst", ".local", ".profile",
        ".python_history", ".ssh", ".viminfo",
    }
)  # fmt: skip
OWN_FILES = {"setup.lock", "serve.lock"}
OLDEST_POSTGRESQL = 140000  # Django 5.2's
REFUSES_LOGIN = "refuses this user or password. Correct them in the URL"
# What PostgreSQL says, in English whatever its language is, as far as the driver tells it.
POSTGRESQL_REMEDIES = (
    (("authentication failed",), REFUSES_LOGIN),
    (("no password supplied",), REFUSES_LOGIN),
    (("role", "does not exist"), "doesn't know the user. Make it with `createuser`, or correct the URL"),
    (("database", "does not exist"), "has no database of that name. Make it with `createdb`, or correct the URL"),
    (("no pg_hba.conf entry",), "doesn't let this user in from this machine. Add a line to pg_hba.conf"),
    (("FATAL",), REFUSES_LOGIN),  # in the server's own language
)


def folder(home: Path) -> None:
    """Whether this can become a home: ours, ours alone, and empty but for what an interrupted setup left."""
    own_folder(home)
    if home.exists():
        _check_content(home)


def own_folder(home: Path) -> None:
    """Whether this folder, there or not, is ours and ours alone."""
    for parent in home.parents:
        if parent.exists() and _is_open_to_others(parent):
            raise Refused(f"others can write to {parent}. Take that away with `chmod o-w {parent}`, or choose another.")
    above = next(parent for parent in home.parents if parent.exists())
    if not home.exists():
        if not above.is_dir() or not os.access(above, os.W_OK | os.X_OK):
            raise Refused(f"{home} can't be made: no right to write to {above}. Choose another folder, or its owner.")
        return
    if not home.is_dir():
        raise Refused(f"{home} is a file. Name a folder.")
    if home.stat().st_uid != os.geteuid():
        raise Refused(f"{home} belongs to somebody else. Run this as its owner, or choose another folder.")
    if not os.access(home, os.W_OK | os.X_OK):
        raise Refused(f"{home} can't be written to. Change that with `chmod u+rwx {home}`.")


def _check_content(home: Path) -> None:
    there = {path.name for path in home.iterdir()}
    lasting = home / "keyring" / "lasting"
    if (home / "peersupport.sqlite3").exists() or (lasting.is_dir() and any(lasting.iterdir())):
        raise Refused(
            f"{home} has the data of an installation and no {SETTINGS_FILE}. Restore that file from a backup, "
            "or choose another folder."
        )
    if others := sorted(there - OWN_NAMES - OWN_FILES - NOT_OURS):
        raise Refused(f"{home} holds other things, such as {others[0]}. Choose an empty folder.")


def _is_open_to_others(path: Path) -> bool:
    """Others could put a folder of their own in the place of the home. In a folder like /tmp they can't."""
    mode = path.stat().st_mode
    return bool(mode & stat.S_IWOTH) and not mode & stat.S_ISVTX


def port(address: str) -> None:
    """Whether a trial's port is free; any other site has a front, whose ports are its own."""
    if is_trial(address):
        check_port(urlsplit(address).port or 80, other="for example http://localhost:8001")


def database(url: str) -> None:
    if not url:
        return
    with _connected(url) as connection:
        if connection.info.server_version < OLDEST_POSTGRESQL:
            raise Refused("the database is older than PostgreSQL 14. Use a newer one.")
        if connection.info.parameter_status("server_encoding") != "UTF8":
            raise Refused("the database isn't in UTF-8. Make it with `createdb -E UTF8 -T template0`.")
        schema = connection.execute("SELECT has_schema_privilege(current_schema(), 'CREATE')").fetchone()
        if not schema or not schema[0]:
            raise Refused(
                "the user may not make tables in the database. Make the user the database's owner, or grant it the "
                "owner's role for now."
            )
        if connection.execute("SELECT to_regclass('django_migrations')").fetchone() != (None,):
            raise Refused("the database holds an installation already. Name an empty one, or use that one's folder.")


@contextlib.contextmanager
def _connected(url: str) -> Iterator[psycopg.Connection]:
    config = environ.Env.db_url_config(url)
    names = {"dbname": "NAME", "user": "USER", "password": "PASSWORD", "host": "HOST", "port": "PORT"}
    parts = {ours: str(config[theirs]) for ours, theirs in names.items() if config[theirs]}
    try:
        with psycopg.connect(**{**config.get("OPTIONS", {}), **parts}, connect_timeout=SECONDS) as connection:
            yield connection
    except psycopg.Error as error:
        said = str(error)
        for signs, remedy in POSTGRESQL_REMEDIES:
            if all(sign in said for sign in signs):
                raise Refused(f"PostgreSQL {remedy}.") from None
        where = urlsplit(url).hostname or "this machine"
        raise Refused(f"PostgreSQL on {where} doesn't answer. Check that it runs, its host and port.") from None


def redis(url: str) -> None:
    if not url:
        return
    try:
        with redis_client.Redis.from_url(url, socket_connect_timeout=SECONDS, socket_timeout=SECONDS) as client:
            client.ping()
    except redis_client.AuthenticationError:
        raise Refused("Redis refused user or password. Correct them in the URL.") from None
    except redis_client.ResponseError as error:  # such as DENIED: it is in protected mode
        code = str(error).partition(" ")[0]
        raise Refused(
            f"Redis on {urlsplit(url).hostname} answers, and refuses this machine ({code}). Give it a password "
            "(`requirepass`), and name it in the URL."
        ) from None
    except (redis_client.RedisError, OSError, ValueError):
        raise Refused(f"Redis on {urlsplit(url).hostname} doesn't answer. Check that it runs, and the URL.") from None


def mail_server(url: str) -> None:
    """Whether it answers, speaks TLS where the URL says so, and takes the login."""
    if url == rules.FILES:
        return
    config = environ.Env.email_url_config(url)
    where = f"the mail server {config['EMAIL_HOST']}:{config['EMAIL_PORT']}"
    try:
        with _mail_connection(config) as server:
            if config["EMAIL_HOST_USER"]:
                server.login(config["EMAIL_HOST_USER"], config["EMAIL_HOST_PASSWORD"] or "")
    except smtplib.SMTPAuthenticationError:
        raise Refused(f"{where} refused user or password. Correct them in the URL.") from None
    except smtplib.SMTPNotSupportedError:
        raise Refused(f"{where} doesn't take what the URL asks for, TLS or a login. Ask who runs it.") from None
    except ssl.SSLCertVerificationError:
        raise Refused(f"{where} has a certificate that this machine doesn't trust, or for another name.") from None
    except socket.gaierror:
        raise Refused(f"{where}: this machine finds no such name. Correct it, or this machine's DNS.") from None
    except ConnectionRefusedError:
        raise Refused(f"{where}: nothing listens on that port. Correct it, or start the mail server.") from None
    except TimeoutError:
        raise Refused(f"{where} doesn't answer within {SECONDS} seconds. Does a firewall block that port?") from None
    except (smtplib.SMTPException, OSError):
        raise Refused(f"{where} doesn't answer as it should. Check name, port, and smtp+tls or smtp+ssl.") from None


def _mail_connection(config: "dict[str, str]") -> smtplib.SMTP:
    context = ssl.create_default_context()
    if config.get("EMAIL_USE_SSL"):
        return smtplib.SMTP_SSL(config["EMAIL_HOST"], int(config["EMAIL_PORT"]), timeout=SECONDS, context=context)
    server = smtplib.SMTP(config["EMAIL_HOST"], int(config["EMAIL_PORT"]), timeout=SECONDS)
    if config.get("EMAIL_USE_TLS"):
        server.starttls(context=context)
    return server
