"""Tests: on SQLite, or on a PostgreSQL that the tests start (PEERSUPPORT_TEST_DATABASE_URL)."""

import os
import tempfile

from .local import *

VAR = Path(tempfile.gettempdir()) / f"peersupport-test-{os.getuid()}-{os.getpid()}"
SECRET_KEY = "only-for-tests"  # noqa: S105
HOST_SECRET = "only for tests: the host secret"  # noqa: S105
ALLOWED_HOSTS = ["testserver", "localhost", "127.0.0.1"]
DEMO = False
SECOND_FACTOR_IS_REQUIRED = False  # tests/team/second_factor/test_gate.py has it on
SITE_URL = "http://testserver"

DATABASE_URL = env("PEERSUPPORT_TEST_DATABASE_URL", default="")
# A connection that a thread kept would keep the test database from being dropped.
DATABASES = {"default": {**database(DATABASE_URL), "CONN_MAX_AGE": 0} if DATABASE_URL else sqlite(":memory:")}
REDIS_URL = env("PEERSUPPORT_TEST_REDIS_URL", default="")
# Nothing listens there: whatever uses a cache fails. docs/decisions/0797-no-cache.md
CACHES = {"default": {"BACKEND": "django.core.cache.backends.redis.RedisCache", "LOCATION": "redis://127.0.0.1:1/0"}}
KEYRING = VAR / "keyring"
AUDIT_HEAD = VAR / "audit-head"
PRIVATE_FILES = VAR / "private"
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"},
}
WHITENOISE_AUTOREFRESH = True
WHITENOISE_USE_FINDERS = True
EMAIL_BACKEND = "django.core.mail.backends.locmem.EmailBackend"
PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
CELERY_BROKER_URL = "filesystem://localhost"
CELERY_TASK_ALWAYS_EAGER = True
CELERY_TASK_EAGER_PROPAGATES = True
BRAKE_AT = 10_000  # tests of the brake set it lower
KEYS_LISTED_EVERY_SECONDS = 0.0  # tests/requests_app/test_outlines.py has one
DOORBELL_PAUSE_SECONDS = 0.0  # tests/core/test_doorbell.py has one
HEALTH_KEPT_SECONDS = 0.0  # each test breaks something else
