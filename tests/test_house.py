"""What holds for the whole house: locks, settings, templates, and the commands of the README."""

import ast
import importlib
import os
import re
import sqlite3
import subprocess
import sys
import tomllib
from pathlib import Path

import pytest
from django.conf import settings
from django.db.utils import ConnectionHandler
from django.utils.translation import to_locale
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

from peersupport.formats.en import formats
from peersupport.settings.local import sqlite

ROOT = Path(__file__).parents[1]
ROOMS = ("peersupport", "applications", "training", "stats", "requests_app", "dashboard", "operations")
SOURCES = [path for room in ROOMS for path in (ROOT / room).rglob("*.py")]
TEMPLATES = sorted((ROOT / "templates").rglob("*.html"))
PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text())
RUNTIME = PROJECT["project"]["dependencies"]
DEV = PROJECT["dependency-groups"]["dev"]
SECRETS = {
    "PEERSUPPORT_SECRET_KEY": "only for this test: fifty characters, not all the same",
    "PEERSUPPORT_HOST_SECRET": "only for this test: in neither database nor keyring",
    "PEERSUPPORT_SITE_URL": "https://peer.example.org",
    "PEERSUPPORT_KEYRING": "/nowhere/keyring",
    "PEERSUPPORT_PRIVATE_FILES": "/nowhere/private",
    "PEERSUPPORT_DATABASE_URL": "postgresql://peer@db/peer",
    "PEERSUPPORT_REDIS_URL": "redis://redis/0",
    "PEERSUPPORT_EMAIL_URL": "smtp://mail:25",
    "PEERSUPPORT_FROM_EMAIL": "peer@example.org",
}


# Commands


def test_the_readme_opens_with_what_it_is_for_and_has_the_two_commands():
    readme = (ROOT / "README.md").read_text()
    commands = re.findall(r"^```\n(.+)\n```$", readme, re.MULTILINE)
    assert commands == [
        "python3 -m venv .venv && .venv/bin/pip install -q -r requirements.txt && .venv/bin/python manage.py demo",
        "python3 -m venv .venv && .venv/bin/pip install -q -r requirements-dev.txt && .venv/bin/pytest",
    ]
    assert readme.index("officer who needs to talk") < readme.index("```")


def test_ci_runs_the_test_command_of_the_readme():
    pattern = re.search(r"grep -m 1 -E '(.+?)' README.md", (ROOT / ".ci" / "run").read_text())
    assert pattern
    found = [line for line in (ROOT / "README.md").read_text().splitlines() if re.search(pattern[1], line)]
    assert [line.rpartition(" ")[2] for line in found] == [".venv/bin/pytest"]


# Locks


def pins(name):
    text = (ROOT / name).read_text()
    return {
        canonicalize_name(found[1]): found[2]
        for found in re.finditer(r"^([A-Za-z0-9._-]+)(?:\[[^\]]*\])?==([^\s;\\]+)", text, re.MULTILINE)
    }


@pytest.mark.parametrize(
    ("lock", "wanted"), [("requirements.txt", RUNTIME), ("requirements-dev.txt", [*RUNTIME, *DEV])]
)
def test_a_lock_holds_every_dependency_in_its_range(lock, wanted):
    pinned = pins(lock)
    for text in wanted:
        requirement = Requirement(text)
        version = pinned.get(canonicalize_name(requirement.name))
        assert version, f"{requirement.name} is not in {lock}; CONTRIBUTING.md says how to lock"
        assert requirement.specifier.contains(version), f"{requirement.name} {version} in {lock} is out of range"


def test_the_two_locks_agree():
    runtime, dev = pins("requirements.txt"), pins("requirements-dev.txt")
    assert runtime.items() <= dev.items()


@pytest.mark.parametrize("lock", ["requirements.txt", "requirements-dev.txt"])
def test_a_lock_has_hashes_and_names_no_host(lock):
    text = (ROOT / lock).read_text()
    entries = re.split(r"^(?=[A-Za-z0-9])", text, flags=re.MULTILINE)[1:]
    assert len(entries) == len(pins(lock))
    assert all("--hash=sha256:" in entry for entry in entries)
    assert not re.search(r"://|--index|--extra-index|--find-links|--trusted|\.(org|com|net|io)\b", text)


@pytest.mark.parametrize(
    "source",
    [
        "import random\nrandom.random()\n",
        "from random import choice\nchoice([1])\n",
        "from django.core.cache import cache\n",
    ],
)
def test_what_is_banned_is_refused_outside_tests(source):
    """Randomness that can be guessed, and a cache."""
    command = [sys.executable, "-m", "ruff", "check", "--no-cache", "--quiet", "--output-format", "concise", "-"]
    for place, is_refused in (("stats/new.py", True), ("tests/stats/new.py", False)):
        checked = subprocess.run(
            [*command, "--stdin-filename", place],
            cwd=ROOT, input=source, text=True, capture_output=True, check=False,
        )  # fmt: skip
        assert ("TID251" in checked.stdout) is is_refused, checked


# Settings


@pytest.fixture
def production(monkeypatch):
    for name, value in SECRETS.items():
        monkeypatch.setenv(name, value)

    def load():
        sys.modules.pop("peersupport.settings.production", None)
        try:
            return importlib.import_module("peersupport.settings.production")
        finally:
            sys.modules.pop("peersupport.settings.production", None)

    return load


def test_there_is_no_cache_that_anything_could_rely_on(production):
    assert production().CACHES == {"default": {"BACKEND": "django.core.cache.backends.dummy.DummyCache"}}


@pytest.mark.parametrize("name", SECRETS)
def test_production_does_not_start_without(name, production, monkeypatch):
    monkeypatch.delenv(name)
    with pytest.raises(SystemExit) as stopped:
        production()
    assert stopped.value.code == f"Peer Support does not start: {name} is missing: it is not set. See docs/settings.md."
    assert name in (ROOT / "docs" / "settings.md").read_text()


def test_production_is_not_the_demo_and_hides_its_errors(production):
    settings = production()
    assert (settings.DEMO, settings.DEBUG, settings.ADMINS) == (False, False, [])
    assert settings.SITE_URL == "https://peer.example.org"
    assert settings.SESSION_COOKIE_SECURE
    assert settings.CSRF_COOKIE_SECURE
    assert settings.COOKIE_PREFIX == "__Host-"
    assert settings.SESSION_COOKIE_NAME.startswith("__Host-")
    assert settings.CSRF_COOKIE_NAME.startswith("__Host-")
    assert "AdminEmailHandler" not in str(settings.LOGGING)
    assert (settings.PASSWORD_MEMORY_KIB, settings.KEY_MEMORY_KIB) == (100 * 1024, 64 * 1024)


def test_what_django_itself_asks_of_production_holds():
    done = subprocess.run(
        [sys.executable, "manage.py", "check", "--deploy", "--fail-level", "WARNING"],
        cwd=ROOT, env={**os.environ, **SECRETS, "DJANGO_SETTINGS_MODULE": "peersupport.settings.production"},
        text=True, capture_output=True, check=False,
    )  # fmt: skip
    assert done.returncode == 0, done.stderr


def test_a_secret_that_is_missing_is_one_line_and_an_exit_code():
    surroundings = {name: value for name, value in os.environ.items() if not name.startswith("PEERSUPPORT")}
    done = subprocess.run(
        [sys.executable, "manage.py", "check"],
        cwd=ROOT, env={**surroundings, "DJANGO_SETTINGS_MODULE": "peersupport.settings.production"},
        text=True, capture_output=True, check=False,
    )  # fmt: skip
    assert done.returncode == 1
    assert (
        done.stderr
        == "Peer Support does not start: PEERSUPPORT_SECRET_KEY is missing: it is not set. See docs/settings.md.\n"
    )


@pytest.mark.parametrize(
    "wrong",
    [
        {"PEERSUPPORT_HOST_SECRET": "short"},
        {"PEERSUPPORT_HOST_SECRET": f"{'x' * 32},x"},
        {"PEERSUPPORT_HOST_SECRET_FALLBACKS": f"{'x' * 32},short"},
    ],
)
def test_a_host_secret_that_is_short_or_has_a_comma_is_one_line_and_an_exit_code(wrong):
    done = subprocess.run(
        [sys.executable, "manage.py", "check"],
        cwd=ROOT, text=True, capture_output=True, check=False,
        env={**os.environ, **SECRETS, **wrong, "DJANGO_SETTINGS_MODULE": "peersupport.settings.production"},
    )  # fmt: skip
    assert done.returncode == 1
    assert done.stderr == (
        "Peer Support does not start: PEERSUPPORT_HOST_SECRET, and each before it in "
        "PEERSUPPORT_HOST_SECRET_FALLBACKS, needs 32 characters or more, and no comma.\n"
    )


class BuiltWithoutOverwriting(sqlite3.Connection):
    """As SQLite is by itself; Debian's overwrites whatever is asked of it."""

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.execute("PRAGMA secure_delete=OFF")


@pytest.mark.sqlite_only
@pytest.mark.django_db
def test_what_is_deleted_from_sqlite_is_gone_from_its_file(tmp_path):
    file = tmp_path / "house.sqlite3"
    default = sqlite(file)
    default["OPTIONS"]["factory"] = BuiltWithoutOverwriting
    database = ConnectionHandler({"default": default})["default"]

    def bytes_after(statement):
        with database.cursor() as cursor:
            cursor.execute(statement)
        database.close()
        return file.read_bytes()

    assert b"a word in a row" in bytes_after("CREATE TABLE house AS SELECT 'a word in a row' AS said")
    assert b"a word in a row" not in bytes_after("DELETE FROM house")


def settings_that_name(word):
    return sorted(path.name for path in (ROOT / "peersupport" / "settings").glob("*.py") if word in path.read_text())


def test_tasks_are_eager_in_tests_alone():
    assert settings_that_name("EAGER") == ["test.py"]
    elsewhere = [path for path in SOURCES if "settings" not in path.parts and "eager" in path.read_text().lower()]
    assert elsewhere == []


def test_no_broker_forgets_and_no_setting_shows_errors():
    assert [path for path in SOURCES if "memory://" in path.read_text()] == []
    assert settings_that_name("DEBUG = True") == []
    assert settings_that_name("DEBUG = False") == ["base.py"]


def test_pure_modules_load_no_job_machinery():
    loaded = subprocess.run(
        [sys.executable, "-c", "import sys, peersupport, peersupport.sealing.receipt; print('celery' in sys.modules)"],
        cwd=ROOT, text=True, capture_output=True, check=True,
    )  # fmt: skip
    assert loaded.stdout == "False\n"


def test_a_start_loads_no_library_that_few_pages_need():
    """CONTRIBUTING.md: such a library is loaded by the function that needs it."""
    slow = {
        "PIL", "apprise", "celery", "fido2", "icalendar", "kombu", "markdown_it", "openpyxl", "pypdf", "qrcode",
        "redis", "typst", "xlsxwriter",
    }  # fmt: skip
    started = subprocess.run(
        [sys.executable, "-c", "import sys, peersupport.wsgi; print(*sys.modules, sep='\\n')"],
        cwd=ROOT, env={**os.environ, "DJANGO_SETTINGS_MODULE": "peersupport.settings.test"},
        text=True, capture_output=True, check=True,
    )  # fmt: skip
    assert slow & set(started.stdout.split()) == set()


# Templates


def test_every_page_stands_in_the_frame():
    """A template is a page, and then extends the frame; or a part, and then another includes it.

    Which part is included may be chosen in a presenter or a view, which then names it.
    """
    text = {path.relative_to(ROOT / "templates").as_posix(): path.read_text() for path in TEMPLATES}
    included = {name for body in text.values() for name in re.findall(r"{% include ['\"]([^'\"]+)['\"]", body)}
    included |= set(settings.TEMPLATE_SLOTS.values())
    code = "\n".join(path.read_text() for path in SOURCES if "settings" not in path.parts)
    rendered = set(re.findall(r"render(?:_to_string)?\((?:\s*request,)?\s*\"([^\"]+)\"", code))
    composed = re.findall(r"f\"([\w/]*{[^\"]*}[\w/]*\.html)\"", code)
    chosen = [re.compile(re.sub(r"{[^}]*}", r"\\w+", name)) for name in composed]
    frames = {"base.html", "officer.html", "public.html", "staff.html"}
    for name, body in text.items():
        extends = re.match(r"\s*(?:{#.*?#}\s*)?{% extends ['\"]([^'\"]+)['\"] %}", body)
        if extends:
            assert extends[1] in frames | set(text), name
        elif name not in frames:
            is_chosen = f'"{name}"' in code or any(pattern.fullmatch(name) for pattern in chosen)
            is_part = name in included or name.startswith(("bootstrap5/", "components/", "account/messages/"))
            assert is_part or is_chosen, f"{name} is a page outside the frame"
            assert name not in rendered or name.startswith("components/"), name


@pytest.mark.parametrize("path", TEMPLATES, ids=lambda path: path.name)
def test_a_template_has_nothing_inline(path):
    body = path.read_text()
    assert not re.search(r"<style|\sstyle=|<script(?![^>]*\ssrc=)|\son[a-z]+=|javascript:", body)
    assert not re.search(r"(?:src|href|action)=['\"](?:https?:)?//", body)


def test_dates_and_times_are_written_by_name():
    """By a format of peersupport/formats: 24 hours for staff, both clocks for officers, candidates and families."""
    named = {name for name in vars(formats) if name.isupper()}
    for path in [*TEMPLATES, *(ROOT / "templates").rglob("*.txt")]:
        used = set(re.findall(r"\|(?:date|time):['\"]([^'\"]+)['\"]", path.read_text()))
        assert used <= named, path.name
        is_public = path.parent.name in {"mails", "program"} or "officer.html" in path.read_text()
        assert not (is_public and used & {"DATETIME_FORMAT", "DAY_TIME_FORMAT", "LONG_TIME_FORMAT", "TIME_FORMAT"}), (
            path.name
        )
    for path in SOURCES:
        used = set(re.findall(r"date_format\([^\"\n]*\"([^\"]+)\"", path.read_text()))
        assert used <= named, path.name


def test_a_heading_is_no_sentence():
    """Without a full stop at its end, whichever branch of the template is taken."""
    for path in TEMPLATES:
        headings = re.findall(r"<h[1-6][^>]*>(.*?)</h|block title %}(.*?){% endblock", path.read_text(), re.DOTALL)
        assert not [each for each in headings if re.search(r"\.\s*(?:{%|$)", "".join(each))], path.name


# Modules


CONTRACTS = {each["name"]: each for each in PROJECT["tool"]["importlinter"]["contracts"]}


def test_every_part_of_the_kernel_is_on_a_layer():
    """But for those that may name everything, and that nothing imports."""
    layers = re.findall(r"[\w.]+", str(CONTRACTS["Rooms: each stands on those below it"]["layers"]))
    parts = {path.relative_to(ROOT).parts[1].removesuffix(".py") for path in (ROOT / "peersupport").rglob("*.py")}
    named = {f"peersupport.{part}" for part in parts - {"__init__", "celery", "formats", "settings", "urls", "wsgi"}}
    assert named - set(layers) == set()


# Data


def test_the_doorbell_is_outermost_so_that_whatever_a_request_does_rings_after_its_answer():
    plane, doorbell, *_ = settings.MIDDLEWARE
    assert plane == "peersupport.access.middleware.PlaneMiddleware", "which decides before anything else runs"
    assert doorbell == "peersupport.core.doorbell.DoorbellMiddleware"


def is_about_rows(call):
    return any(isinstance(node, ast.Attribute) and node.attr == "objects" for node in ast.walk(call))


def test_only_actions_write():
    """Nothing else changes a row: no view, query, form, task, presenter, tag or context processor."""
    writes = {"save", "create", "bulk_create", "bulk_update", "get_or_create", "update_or_create"}
    parts = {"views", "queries", "forms", "tasks", "presenters", "domain", "templatetags"}
    found = [
        f"{path.relative_to(ROOT)}:{call.lineno}"
        for path in SOURCES
        if {path.stem, *path.parts} & {*parts, "context_processors"}
        for call in ast.walk(ast.parse(path.read_text()))
        if isinstance(call, ast.Call) and isinstance(call.func, ast.Attribute)
        if call.func.attr in writes or (call.func.attr in {"update", "delete"} and is_about_rows(call.func))
    ]
    assert found == []


# What a connection would carry from one user of it to the next: decision 0793.
OF_A_SESSION = re.compile(
    r"pg_(?:try_)?advisory_lock|\bSET (?:SESSION|ROLE)|\bLISTEN\b|\bCREATE TEMP|\bPREPARE [a-z]|WITH HOLD|set_config\("
    r"""|(?<!b)["'](?i:set) +(?!(?i:local) )[a-z_.]+ *(?:=|(?i:to) )|["'](?:reset|RESET) +[a-z_.]+["']"""
)


def test_no_statement_leaves_anything_in_its_connection():
    """Only what ends with its transaction, so that a pooler may stand before the database."""
    assert [path for path in SOURCES if OF_A_SESSION.search(path.read_text())] == []


@pytest.mark.parametrize(
    "statement", ['f"set statement_timeout={n}"', '"SET search_path TO x"', '"reset lock_timeout"']
)
def test_a_setting_of_a_session_would_be_found(statement):
    assert OF_A_SESSION.search(statement)


@pytest.mark.parametrize(
    "statement", ['f"set local statement_timeout = {n}"', '"DO UPDATE SET claim = EXCLUDED.claim"']
)
def test_what_ends_with_its_transaction_would_not(statement):
    assert not OF_A_SESSION.search(statement)


def test_each_language_has_every_named_format():
    """Django takes the name of a format that a language lacks for the format itself."""
    named = {name for name in vars(formats) if name.isupper()}
    for language, _ in settings.LANGUAGES:
        own = importlib.import_module(f"{settings.FORMAT_MODULE_PATH}.{to_locale(language)}.formats")
        assert named <= set(vars(own)), language


def test_only_the_cast_signs_in_past_the_page() -> None:
    """Whoever is signed in has marks in the browser, too (peersupport/team/session_ends.py): `sign_in_directly`."""
    past = [path for path in (ROOT / "tests").rglob("*.py") if ".force_" + "login(" in path.read_text()]
    assert past == [ROOT / "tests" / "cast.py"]
