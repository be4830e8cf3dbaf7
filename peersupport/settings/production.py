"""A real installation. Its settings come from its home, or from the environment; without the secrets it doesn't start.

In a home everything that can be one of its own files is. Without a home every place has to be named.
"""

from pathlib import Path
from urllib.parse import urlsplit

from django.core.exceptions import ImproperlyConfigured

from peersupport.core import start
from peersupport.core.site import is_trial
from peersupport.core.variables import MIN_SECRET

from . import home
from .local import *

DEMO = False
HOME = home.folder()


if home.is_to_be_made():
    start.refuse(f"{HOME} is no home yet. Make it with `python manage.py setup --home {HOME}`.")


def required(name: str) -> str:
    try:
        return str(env(name))
    except ImproperlyConfigured:
        where = f"{HOME / home.SETTINGS_FILE} does not set it" if HOME else "it is not set"
        start.refuse(f"{name} is missing: {where}. See docs/settings.md.")


def optional_in_home(name: str, in_home: str) -> str:
    """What has to be named without a home; in a home this is the default."""
    return str(env(name, default=in_home)) if HOME else required(name)


SECRET_KEY = required("PEERSUPPORT_SECRET_KEY")
SECRET_KEY_FALLBACKS = env.list("PEERSUPPORT_SECRET_KEY_FALLBACKS", default=[])
HOST_SECRET = required("PEERSUPPORT_HOST_SECRET")
if any(len(secret) < MIN_SECRET or "," in secret for secret in (HOST_SECRET, *HOST_SECRET_FALLBACKS)):
    start.refuse(
        "PEERSUPPORT_HOST_SECRET, and each before it in PEERSUPPORT_HOST_SECRET_FALLBACKS, needs "
        f"{MIN_SECRET} characters or more, and no comma."
    )
SITE_URL = required("PEERSUPPORT_SITE_URL").rstrip("/")
_SITE = urlsplit(SITE_URL)
# Somebody tries it on their own machine: no TLS, so plain cookies.
IS_TRIAL = is_trial(SITE_URL)
if not _SITE.hostname or _SITE.path or not (IS_TRIAL or _SITE.scheme == "https"):
    start.refuse(
        f"PEERSUPPORT_SITE_URL is {SITE_URL}. It begins with https:// and ends with the host name (or its port)."
    )
ALLOWED_HOSTS = [_SITE.hostname, *env.list("PEERSUPPORT_HOSTS", default=[])]
FOLDER = HOME or BASE_DIR
KEYRING = Path(optional_in_home("PEERSUPPORT_KEYRING", f"{FOLDER}/keyring"))
PRIVATE_FILES = Path(optional_in_home("PEERSUPPORT_PRIVATE_FILES", f"{FOLDER}/private"))
STATIC_ROOT = Path(env("PEERSUPPORT_STATIC_ROOT", default=f"{FOLDER}/{'static' if HOME else 'staticfiles'}"))

# Where the audit chain's head is noted: outside the database, which can't take it back then.
AUDIT_HEAD = (HOME or KEYRING) / "audit-head"

DATABASE_URL = optional_in_home("PEERSUPPORT_DATABASE_URL", "")
DATABASES = {"default": database(DATABASE_URL) if DATABASE_URL else sqlite(FOLDER / "peersupport.sqlite3")}
REDIS_URL = optional_in_home("PEERSUPPORT_REDIS_URL", "")
if REDIS_URL:
    CELERY_BROKER_URL = REDIS_URL
    CELERY_BROKER_TRANSPORT_OPTIONS = REDIS_DOORBELL
else:
    CELERY_BROKER_URL = FILE_BROKER
    CELERY_BROKER_TRANSPORT_OPTIONS = file_broker(FOLDER)

EMAIL_URL = required("PEERSUPPORT_EMAIL_URL")
if EMAIL_URL == "files" and HOME:
    EMAIL_BACKEND = "django.core.mail.backends.filebased.EmailBackend"
    EMAIL_FILE_PATH = own_folder(HOME / "mail")
else:
    vars().update(env.email_url_config(EMAIL_URL))
DEFAULT_FROM_EMAIL = required("PEERSUPPORT_FROM_EMAIL")

STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {"BACKEND": "whitenoise.storage.CompressedManifestStaticFilesStorage"},
}

if not IS_TRIAL:
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
# How many proxies add to X-Forwarded-For, so that attempts are counted by client. The one that `serve` starts is one
# more, and named by `serve` itself.
PROXY_COUNT = env.int("PEERSUPPORT_PROXY_COUNT", default=0 if HOME else 1)
ALLAUTH_TRUSTED_PROXY_COUNT = PROXY_COUNT + env.int("PEERSUPPORT_OWN_FRONT", default=0)

# One JSON object a line, on the error output: what a command prints is its own. `serve` puts it on standard output.
LOGGING["formatters"] = {"codes": {"()": "peersupport.settings.logs.JsonFormatter"}}

SILENCED_SYSTEM_CHECKS = [
    "security.W002",  # frame-ancestors in the content security policy replaces X-Frame-Options
    "security.W003",  # CSRF protection is on, in a subclass that skips anonymous pages
    "security.W021",  # the preload list is forever, and the agency's decision
]
