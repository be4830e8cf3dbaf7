"""What has landed stays as it is: it is in somebody's database."""

import pytest

from tests.operations import landed_migrations

RULE = "Landed migrations are never edited, renamed or squashed: see Migrations in CONTRIBUTING.md."
LANDED = landed_migrations.landed()


@pytest.mark.parametrize("path", LANDED)
def test_what_has_landed_stays_as_it_is(path: str) -> None:
    assert landed_migrations.there().get(path) == LANDED[path], RULE


def test_what_is_new_is_on_the_list() -> None:
    new = sorted(landed_migrations.there().keys() - LANDED.keys())
    assert new == [], f"Add them with `.venv/bin/python -m tests.operations.landed_migrations`. {RULE}"
