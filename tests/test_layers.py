"""Who may import whom: layers, circles, pure modules, and the shape that every room has. Reads the source alone."""

import ast
import tomllib
from functools import cache
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text())
CONTRACTS = {each["name"]: each for each in PROJECT["tool"]["importlinter"]["contracts"]}
# From the top down; what stands in one line does not know each other. `settings`, `urls`, `celery` and `wsgi` may name
# everything.
LAYERS = (
    ("operations",),
    ("dashboard",),
    ("requests_app",),
    ("stats",),
    ("applications",),
    ("training",),
    ("peersupport.incidents",),
    ("peersupport.team",),
    ("peersupport.notices",),
    ("peersupport.program",),
    ("peersupport.access", "peersupport.audit"),
    ("peersupport.sealing",),
    ("peersupport.core",),
)
ROOMS = tuple(room for layer in LAYERS for room in layer)
MAY_NAME_EVERYTHING = {"peersupport.settings", "peersupport.urls", "peersupport.celery", "peersupport.wsgi"}
OF_THE_FRAMEWORK = {"peersupport.formats"}  # where Django looks for them
LEVEL = {room: level for level, layer in enumerate(reversed(LAYERS)) for room in layer}

PARTS = {"models", "domain", "actions", "queries", "forms", "views", "presenters", "documents", "tasks", "urls"}
HOOKS = {"__init__", "apps", "migrations", "templatetags", "management", "context_processors", "public_urls"}
# What else stands at the top of a room, and why.
OF_THEIR_OWN = {
    "applications": {
        "counts",  # the one thing that statistics take
        "resumes",  # uploaded files
    },
    "training": {
        "counts",  # the one thing that statistics take
        "certificates",  # uploaded files
    },
    "stats": {"vault"},  # everything that touches keys
    "requests_app": {
        "vault",  # everything that touches keys
        "proof",  # the challenges of the proof of work, and what solves them
        "message_vault",  # the same, for messages
        "leftovers_vault",  # and for what outlives a request
        "format_1",  # what was sealed before seals had versions, until it has ended
        "officer_session",  # a sealed cookie instead of a session
    },
    "peersupport.audit": {
        "chain",  # the keyed values
        "head_file",  # what is noted outside the database
        "remembered",  # what a process keeps until an act is recorded
    },
    "operations": {
        "beat",  # where the schedule goes on from
        "health",
        "rotation",
        "housekeeping",
        "processes",
        "demo",
        "preparation",  # what comes before serving
        "serve",
        "setup",  # makes a home
        "backup",  # backup and restore
        "doctor",  # what is checked, for a command and a page
        "command_line",  # as it can be typed from anywhere
        "disk",  # room for what is to be written
        "erasing",  # folders of sealed rows that have to go
        "exit_status",
        "home_command",  # what the commands about an installation have in common
        "upgrade",
    },
    "peersupport.incidents": set(),
    "peersupport.team": {
        "password_backend",  # as slow for an unknown address as for a known one
        "adapter",  # django-allauth's
        "sign_in_urls",  # the addresses of django-allauth's views
        "throttling",
        "day_tags",  # what stands for an account or a network on one day: needs keys
        "known_devices",  # a cookie
        "password_hasher",  # Django's, a bounded number at once
        "reset_tokens",  # Django's, the same on the same day
        "key_confirmation",  # how a confirmed key is signed: needs the host secret
        "key_pair",  # how a member's key is sealed: needs randomness
        "session_keys",
        "session_ends",  # what is in a session and in the browser's cookies, and the middleware that looks
        "browser_marks",  # signed cookies
        "asking_again",  # a decorator for views
        "own_passkey",  # needs randomness, and fido2
        "second_factor",  # who has one, and the mark of a session that has passed it
        "second_factor_adapter",  # django-allauth's
        "second_factor_gate",  # middleware
        "factor_seals",  # how it is sealed: needs the keyring
        "app_codes",  # needs django-allauth
        "passkeys",  # needs fido2
        "pending_sign_in",  # between the password and the second step: in the session
    },
    "peersupport.notices": {
        "alert_services",  # the one way out
        "smtp_batch",  # and the other
        "quiet_times",  # keyed marks of whom was alerted a moment ago
    },
    "peersupport.program": {"vocabulary", "form_tokens", "data_inventory"},
    "dashboard": set(),
}


def name_of(path: Path) -> str:
    return ".".join(path.relative_to(ROOT).with_suffix("").parts).removesuffix(".__init__")


def room_of(module: str) -> str | None:
    return next((room for room in ROOMS if module == room or module.startswith(f"{room}.")), None)


@cache
def sources() -> dict[str, ast.Module]:
    folders = sorted({room.split(".")[0] for room in ROOMS})
    paths = [path for folder in folders for path in (ROOT / folder).rglob("*.py") if "migrations" not in path.parts]
    return {name_of(path): ast.parse(path.read_text()) for path in paths}


def base_of(module: str, node: ast.ImportFrom) -> str:
    """The module that a "from ... import" names, as a dotted path."""
    if not node.level:
        return node.module or ""
    parts = module.split(".")
    package = parts if is_package(module) else parts[:-1]
    above = package[: len(package) - node.level + 1]
    return ".".join([*above, *([node.module] if node.module else [])])


def is_package(module: str) -> bool:
    return (ROOT / module.replace(".", "/")).is_dir()


def imports_of(module: str) -> set[str]:
    """The modules of this project that a module imports, those within functions included."""
    found: set[str] = set()
    for node in ast.walk(sources()[module]):
        if isinstance(node, ast.Import):
            found |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom):
            base = base_of(module, node)
            found |= {f"{base}.{alias.name}" if f"{base}.{alias.name}" in sources() else base for alias in node.names}
    return found & set(sources()) - {module}


def test_the_layers_are_those_that_import_linter_keeps() -> None:
    kept = CONTRACTS["Rooms: each stands on those below it"]["layers"]
    assert [tuple(layer.split(" | ")) for layer in kept] == list(LAYERS)


def test_every_module_belongs_to_a_room() -> None:
    outside = {module for module in sources() if room_of(module) is None and module != "peersupport"}
    allowed = MAY_NAME_EVERYTHING | OF_THE_FRAMEWORK
    assert not {module for module in outside if ".".join(module.split(".")[:2]) not in allowed}


@pytest.mark.parametrize("room", ROOMS)
def test_no_room_imports_one_above_it_nor_beside_it(room: str) -> None:
    """Also not in a function, where it would be needed only later."""
    upward = [
        f"{module} -> {imported}"
        for module in sources()
        if room_of(module) == room
        for imported in imports_of(module)
        if (other := room_of(imported)) and other != room and LEVEL[other] >= LEVEL[room]
    ]
    assert upward == []


def test_only_tasks_know_the_celery_application() -> None:
    knowing = {module for module in sources() if "peersupport.celery" in imports_of(module)}
    assert {module for module in knowing if not module.endswith(".tasks")} <= {
        "operations.demo.processes",
        "operations.doctor.reading.tables",  # when each round is due
    }


def test_no_module_imports_itself_by_way_of_others() -> None:
    imports = {module: imports_of(module) for module in sources()}
    left, is_shrinking = set(imports), True
    while is_shrinking:  # what imports nothing that is left, or is imported by nothing that is left, is in no circle
        free = {module for module in left if not imports[module] & left}
        used = {imported for module in left for imported in imports[module]}
        free |= left - used
        left, is_shrinking = left - free, bool(free)
    assert left == set()


def names_defined_in(tree: ast.Module) -> set[str]:
    stored = {node.id for node in ast.walk(tree) if isinstance(node, ast.Name) and isinstance(node.ctx, ast.Store)}
    return stored | {node.name for node in tree.body if isinstance(node, ast.FunctionDef | ast.ClassDef)}


def test_a_name_is_imported_from_the_module_that_defines_it() -> None:
    """Nothing only hands names on, but for packages of models, which Django looks for there.

    A package imports only what it needs for a function of its own.
    """
    defined = {module: names_defined_in(tree) for module, tree in sources().items()}
    for module, tree in sources().items():
        imports = [node for node in ast.walk(tree) if isinstance(node, ast.ImportFrom)]
        if not module.endswith(".models"):
            is_needed = any(isinstance(node, ast.FunctionDef) for node in tree.body)
            assert is_needed or not (is_package(module) and imports), module
            assert "__all__" not in defined[module], module
        for node in imports:
            base = base_of(module, node)
            if base in sources() and not base.endswith(".models"):
                names = {alias.name for alias in node.names if f"{base}.{alias.name}" not in sources()}
                assert names - defined[base] - {"*"} == set(), f"{module} imports from {base}"


# What the thinking may import besides itself. `uuid` for its type alone.
PURE = {
    "bisect", "collections", "collections.abc", "dataclasses", "datetime", "decimal", "enum", "functools", "hashlib",
    "urllib.parse",
    "hmac", "ipaddress", "itertools", "json", "math", "re", "scipy.optimize", "struct", "typing", "unicodedata", "uuid",
}  # fmt: skip
PURE_ROOMS = ("peersupport.core", "peersupport.program.vocabulary", "peersupport.access.permissions")
CLOCKS_AND_DICE = {"now", "today", "utcnow", "localdate", "localtime", "uuid1", "uuid4", "open", "print", "input"}


@pytest.mark.parametrize("module", sorted(module for module in sources() if ".domain" in module))
def test_the_thinking_is_pure(module: str) -> None:
    """No framework, clock, randomness, input or output: they come in as arguments."""
    for node in ast.walk(sources()[module]):
        if isinstance(node, ast.Import):
            assert {alias.name for alias in node.names} <= PURE
        elif isinstance(node, ast.ImportFrom):
            base = base_of(module, node)
            assert base in PURE or ".domain" in base or base.startswith(PURE_ROOMS) or base.endswith(".vocabulary"), (
                base
            )
            assert not {alias.name for alias in node.names} & CLOCKS_AND_DICE, f"line {node.lineno}"
        elif isinstance(node, ast.Attribute):
            assert node.attr not in CLOCKS_AND_DICE or not isinstance(node.value, ast.Name), f"line {node.lineno}"
        elif isinstance(node, ast.Name):
            assert node.id not in {"open", "print", "input"}, f"line {node.lineno}"


@pytest.mark.parametrize("room", ROOMS)
def test_no_room_names_a_module_above_it_in_a_string(room: str) -> None:
    """What is loaded by its name follows the layers too: import_string, get_model, doorbell.ring."""
    upward = [
        f"{module}: {node.value}"
        for module, tree in sources().items()
        if room_of(module) == room
        for node in ast.walk(tree)
        if isinstance(node, ast.Constant) and isinstance(node.value, str) and "." in node.value
        if (other := room_of(node.value)) and LEVEL[other] > LEVEL[room] and not node.value.count(" ")
    ]
    assert upward == []


READS_ALONE = sorted(module for module in sources() if {"domain", "queries"} & set(module.split(".")))
OF_THE_WEB = {"Http404", "get_object_or_404", "reverse", "reverse_lazy", "redirect", "HttpRequest", "HttpResponse"}


@pytest.mark.parametrize("module", READS_ALONE)
def test_what_reads_knows_no_page(module: str) -> None:
    """What is missing is None or an exception of the room; which page that makes, and its address, is for views."""
    imports = [node for node in ast.walk(sources()[module]) if isinstance(node, ast.Import | ast.ImportFrom)]
    assert {alias.name for node in imports for alias in node.names} & OF_THE_WEB == set()
    bases = {node.module or "" for node in imports if isinstance(node, ast.ImportFrom)}
    named = {alias.name for node in imports if isinstance(node, ast.Import) for alias in node.names}
    assert not {base for base in bases | named if base.startswith(("django.urls", "django.http", "django.shortcuts"))}


ACTIONS = sorted(module for module in sources() if "actions" in module.split("."))


@pytest.mark.parametrize("module", ACTIONS)
def test_what_writes_knows_no_form_and_no_view(module: str) -> None:
    """Actions are called by views, tasks and commands alike."""
    assert not {each for each in imports_of(module) if {"forms", "views"} & set(each.split("."))}
    imports = [node for node in ast.walk(sources()[module]) if isinstance(node, ast.ImportFrom)]
    assert not {node.module for node in imports if (node.module or "").startswith(("django.http", "django.shortcuts"))}


PRESENTERS = sorted(module for module in sources() if "presenters" in module.split("."))
TAG_LIBRARIES = sorted(module for module in sources() if "templatetags" in module.split("."))
# How words, numbers and dates are said, where a page is, and what time it is elsewhere.
SAYS = {
    "django.urls", "django.utils.dates", "django.utils.formats", "django.utils.html", "django.utils.safestring",
    "django.utils.text", "django.utils.timezone", "django.utils.translation",
}  # fmt: skip
CONVERTS = {"localtime", "localdate"}  # of a moment that is given; without one they read the clock


def imports_at_run_time(tree: ast.Module) -> list[ast.Import | ast.ImportFrom]:
    """Those within functions included, without those for types alone."""
    for_types = {
        node
        for block in ast.walk(tree)
        if isinstance(block, ast.If) and ast.unparse(block.test) == "TYPE_CHECKING"
        for node in ast.walk(block)
    }
    return [n for n in ast.walk(tree) if isinstance(n, ast.Import | ast.ImportFrom) and n not in for_types]


def modules_named(module: str, tree: ast.Module) -> set[str]:
    """What a module imports at run time, as dotted paths; `from a import b` may name a module or a thing in it."""
    found: set[str] = set()
    for node in imports_at_run_time(tree):
        if isinstance(node, ast.Import):
            found |= {alias.name for alias in node.names}
        else:
            found |= {f"{base_of(module, node)}.{alias.name}" for alias in node.names}
    return found


def breaks_of_a_presenter(module: str, tree: ast.Module) -> set[str]:
    """What it imports or calls besides saying things: data, framework, clock."""
    named = modules_named(module, tree)
    found = {each for each in named if {"queries", "actions", "models", "documents"} & set(each.split("."))}
    of_django = {each for each in named if each.startswith("django.")}
    for each in of_django:
        if not {each, each.rpartition(".")[0]} & SAYS:
            found.add(each)
    for call in (node for node in ast.walk(tree) if isinstance(node, ast.Call)):
        name = call.func.attr if isinstance(call.func, ast.Attribute) else getattr(call.func, "id", "")
        if name in CLOCKS_AND_DICE and not (name in CONVERTS and call.args):
            found.add(f"{name}()")
    return found


@pytest.mark.parametrize("module", PRESENTERS)
def test_a_presenter_says_what_it_is_given(module: str) -> None:
    """It fetches nothing and reads no clock, so that each sentence has a test without a database."""
    assert breaks_of_a_presenter(module, sources()[module]) == set()


@pytest.mark.parametrize(
    ("source", "found"),
    [
        ("from ..queries import home", {"stats.queries.home"}),
        ("from ..models import StatsYear", {"stats.models.StatsYear"}),
        ("if TYPE_CHECKING:\n    from ..models import StatsYear", set()),
        ("def f():\n    from peersupport.team.models import Member", {"peersupport.team.models.Member"}),
        ("from django.db.models import Q", {"django.db.models.Q"}),
        ("from django.utils.translation import gettext as _\nfrom django.urls import reverse", set()),
        ("from django.utils import formats, timezone\ntimezone.localtime(moment)", set()),
        ("from django.utils import timezone\ntimezone.now()", {"now()"}),
        ("from django.utils.timezone import localdate\nlocaldate()", {"localdate()"}),
    ],
)
def test_the_search_for_what_a_presenter_may_not_do(source: str, found: set[str]) -> None:
    assert breaks_of_a_presenter("stats.presenters.charts", ast.parse(source)) == found


@pytest.mark.parametrize("module", TAG_LIBRARIES)
def test_a_template_tag_asks_no_database(module: str) -> None:
    """What a page costs is in its view."""
    named = modules_named(module, sources()[module])
    assert not {each for each in named if {"queries", "models", "actions"} & set(each.split("."))}


def test_import_linter_and_mypy_name_the_thinking_by_one_pattern() -> None:
    assert CONTRACTS["The thinking imports no Django"]["source_modules"] == ["**.domain.**"]
    strict = [each for each in PROJECT["tool"]["mypy"]["overrides"] if each.get("disallow_any_generics")]
    assert ["*.domain.*" in each["module"] for each in strict] == [True]
    assert PROJECT["tool"]["mypy"]["disallow_untyped_defs"] is True


@pytest.mark.parametrize("room", OF_THEIR_OWN)
def test_every_room_has_the_same_shape(room: str) -> None:
    folder = ROOT / room.replace(".", "/")
    there = {path.stem for path in folder.iterdir() if path.suffix == ".py" or (path / "__init__.py").exists()}
    assert there - PARTS - HOOKS - OF_THEIR_OWN[room] == set()
    assert OF_THEIR_OWN[room] - there == set(), "no longer there"
