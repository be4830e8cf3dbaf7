"""The tests' settings for a separate worker: the database and keyring of the test that started it, and Redis."""

import os
from pathlib import Path

from peersupport.settings.test import *  # noqa: F403

DATABASES["default"]["NAME"] = os.environ["PEERSUPPORT_RACE_DATABASE"]  # noqa: F405
KEYRING = Path(os.environ["PEERSUPPORT_RACE_KEYRING"])
CELERY_TASK_ALWAYS_EAGER = False
CELERY_BROKER_URL = REDIS_URL  # noqa: F405
CELERY_BROKER_TRANSPORT_OPTIONS = REDIS_DOORBELL  # noqa: F405
EMAIL_BACKEND = "django.core.mail.backends.filebased.EmailBackend"
EMAIL_FILE_PATH = VAR / "mail"  # noqa: F405
