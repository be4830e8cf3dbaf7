"""The demo's settings with Redis as the broker, as a large agency runs it."""

import os

from peersupport.settings.demo import *  # noqa: F403

CELERY_BROKER_URL = os.environ["PEERSUPPORT_TEST_BROKER"]
CELERY_BROKER_TRANSPORT_OPTIONS = REDIS_DOORBELL  # noqa: F405
