from tests.requests_app.conftest import contact, officer  # noqa: F401

from .world import world  # noqa: F401
