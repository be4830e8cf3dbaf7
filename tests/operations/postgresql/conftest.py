from collections.abc import Iterator

import pytest

from tests import services

from .separated import DEPLOY, MIGRATE, Separated


@pytest.fixture(scope="module")
def separated(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Separated]:
    """With the server's settings as deploy/ has them; only the disk isn't waited for."""
    configuration = (DEPLOY / "peer-support.conf").read_text() + "fsync = off\n"
    try:
        with services.PostgreSQL(configuration) as server:
            made = Separated(server, tmp_path_factory.mktemp("keyring"))
            made.program(MIGRATE)
            made.separate()
            yield made
    except services.Missing as missing:
        pytest.skip(str(missing))
