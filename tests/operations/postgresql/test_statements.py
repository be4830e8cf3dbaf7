"""What pg_stat_statements keeps, where it is loaded: the statements of the program, and no value of any."""

from collections.abc import Iterator

import pytest

from tests import services

from .play import CANARY
from .separated import DEPLOY, MIGRATE, Separated

pytestmark = pytest.mark.sqlite_only  # it starts a PostgreSQL of its own
KEPT = f"SELECT query FROM pg_stat_statements WHERE query LIKE '%{CANARY}%'"
# As a query that lists rows one by one would be run without the settings; and one that is refused.
BY_CURSOR = f"""
from django.db import connection
from peersupport.team.models import User
connection.settings_dict["DISABLE_SERVER_SIDE_CURSORS"] = %(is_safe)s
connection.settings_dict["OPTIONS"]["server_side_binding"] = %(is_safe)s
assert not list(User.objects.filter(name="{CANARY}").iterator())
"""
REFUSED = f"""
from django.db import DataError, connection
connection.settings_dict["OPTIONS"]["server_side_binding"] = %(is_safe)s
try:
    connection.cursor().execute("SELECT 1 / (length(%%s) - {len(CANARY)})", ["{CANARY}"])
except DataError:
    pass
"""


@pytest.fixture(scope="module")
def watched(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Separated]:
    configuration = (DEPLOY / "peer-support.conf").read_text() + "fsync = off\n"
    configuration += "shared_preload_libraries = 'pg_stat_statements'\npg_stat_statements.track = 'all'\n"
    try:
        with services.PostgreSQL(configuration) as server:
            made = Separated(server, tmp_path_factory.mktemp("keyring"))
            made.program(MIGRATE)
            made.separate()
            made.superuser("CREATE EXTENSION pg_stat_statements")
            yield made
    except services.Missing as missing:
        pytest.skip(str(missing))


def test_no_value_of_anybodys_is_among_the_statements(watched: Separated) -> None:
    watched.superuser("SELECT pg_stat_statements_reset()")
    for piece in ("demo", "officer_and_peer", "fill", "backup_and_export", "erase", "rounds"):
        watched.play(piece)
    statements = watched.superuser("SELECT query FROM pg_stat_statements")
    assert "applications_application" in statements and "DECLARE" not in statements
    assert watched.superuser(KEPT) == ""


def test_a_cursor_of_the_server_would_put_them_there(watched: Separated) -> None:
    watched.program(BY_CURSOR % {"is_safe": True})
    assert watched.superuser(KEPT) == ""
    watched.program(BY_CURSOR % {"is_safe": False})
    assert "DECLARE" in watched.superuser(KEPT)


def test_a_statement_that_is_refused_is_logged_without_values_whatever_the_servers_settings(watched: Separated) -> None:
    watched.superuser("ALTER DATABASE peer SET log_min_error_statement = error")
    watched.program(REFUSED % {"is_safe": True})
    said = watched.server.log.read_text()
    assert "division by zero" in said and "STATEMENT" in said and CANARY not in said
    watched.program(REFUSED % {"is_safe": False})
    assert CANARY in watched.server.log.read_text()
