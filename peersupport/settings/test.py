"""The tests: SQLite, or the PostgreSQL that the tests start themselves (PEERSUPPORT_TEST_DATABASE_URL)."""

import os
import tempfile

from .local import *

VAR = Path(tempfile.gettempdir()) / f"peersupport-test-{os.getuid()}-{os.getpid()}"
SECRET_KEY = "only-for-tests"  # noqa: S105
ALLOWED_HOSTS = ["testserver", "localhost", "127.0.0.1"]
DEMO = False
SITE_URL = "http://testserver"

DATABASES = {
    "default": env.db("PEERSUPPORT_TEST_DATABASE_URL", default="")
    if env("PEERSUPPORT_TEST_DATABASE_URL", default="")
    else sqlite(":memory:")
}
KEYRING = VAR / "keyring"
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"},
}
WHITENOISE_AUTOREFRESH = True
WHITENOISE_USE_FINDERS = True
EMAIL_BACKEND = "django.core.mail.backends.locmem.EmailBackend"
PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
CELERY_BROKER_URL = "filesystem://"
CELERY_TASK_ALWAYS_EAGER = True
CELERY_TASK_EAGER_PROPAGATES = True
