"""A real installation. Every secret comes from the environment; a missing one stops the start with one line."""

import sys

from django.core.exceptions import ImproperlyConfigured

from .base import *

DEMO = False
MIN_HOST_SECRET = 32  # characters


def required(name: str) -> str:
    try:
        return str(env(name))
    except ImproperlyConfigured:
        sys.exit(f"Peer Support does not start: {name} is not set. See docs/settings.md.")


SECRET_KEY = required("PEERSUPPORT_SECRET_KEY")
HOST_SECRET = required("PEERSUPPORT_HOST_SECRET")
if any(len(secret) < MIN_HOST_SECRET or "," in secret for secret in (HOST_SECRET, *HOST_SECRET_FALLBACKS)):
    sys.exit(
        "Peer Support does not start: PEERSUPPORT_HOST_SECRET, and each before it in "
        f"PEERSUPPORT_HOST_SECRET_FALLBACKS, needs {MIN_HOST_SECRET} characters or more, and no comma."
    )
ALLOWED_HOSTS = required("PEERSUPPORT_HOSTS").split(",")
SITE_URL = f"https://{ALLOWED_HOSTS[0]}"
KEYRING = Path(required("PEERSUPPORT_KEYRING"))
PRIVATE_FILES = Path(required("PEERSUPPORT_PRIVATE_FILES"))
DATABASES = {"default": env.db_url_config(required("PEERSUPPORT_DATABASE_URL"))}
REDIS_URL = required("PEERSUPPORT_REDIS_URL")
CACHES = {"default": {"BACKEND": "django.core.cache.backends.redis.RedisCache", "LOCATION": REDIS_URL}}
CELERY_BROKER_URL = REDIS_URL
CELERY_BROKER_TRANSPORT_OPTIONS = REDIS_DOORBELL

EMAIL_CONFIG = env.email_url_config(required("PEERSUPPORT_EMAIL_URL"))
vars().update(EMAIL_CONFIG)
DEFAULT_FROM_EMAIL = required("PEERSUPPORT_FROM_EMAIL")

STATIC_ROOT = Path(env("PEERSUPPORT_STATIC_ROOT", default=str(BASE_DIR / "staticfiles")))
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {"BACKEND": "whitenoise.storage.CompressedManifestStaticFilesStorage"},
}

COOKIE_PREFIX = "__Host-"
SESSION_COOKIE_NAME = "__Host-sessionid"
CSRF_COOKIE_NAME = "__Host-csrftoken"
SESSION_COOKIE_SECURE = True
CSRF_COOKIE_SECURE = True
SECURE_SSL_REDIRECT = True
SECURE_REDIRECT_EXEMPT = [r"^healthz$"]
SECURE_HSTS_SECONDS = 365 * 24 * 60 * 60
SECURE_HSTS_INCLUDE_SUBDOMAINS = True
SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")
ALLAUTH_TRUSTED_PROXY_COUNT = env.int("PEERSUPPORT_PROXY_COUNT", default=1)  # so that attempts are counted by client

SILENCED_SYSTEM_CHECKS = [
    "security.W002",  # frame-ancestors in the content security policy replaces X-Frame-Options
    "security.W003",  # CSRF protection is on, in a subclass that skips anonymous pages
    "security.W021",  # the preload list is forever, and the agency's decision
]
