"""The clock for the tests of second factors."""

from datetime import UTC, datetime

import pytest
import time_machine

NOW = datetime(2026, 3, 10, 18, 0, 5, tzinfo=UTC)


@pytest.fixture
def noon() -> object:
    """Codes depend on the clock, and no test waits for it."""
    with time_machine.travel(NOW, tick=False) as traveler:
        yield traveler
