"""Settings for every way of running. The modules beside this one add where data, keys and mail are."""

import os
from pathlib import Path

import environ
from csp.constants import NONE, SELF
from django.contrib.messages import constants as message_levels
from django.utils.translation import gettext_lazy as _

from peersupport.core import start
from peersupport.core.errors import Refused

from . import home

BASE_DIR = Path(__file__).resolve().parents[2]
env = environ.Env()
try:
    env.ENVIRON = home.environment()
except Refused as refused:
    start.refuse(str(refused))

DEBUG = False
HOME: Path | None = None
ROOT_URLCONF = "peersupport.urls"
WSGI_APPLICATION = "peersupport.wsgi.application"
LANGUAGE_CODE = "en-us"
LANGUAGES = [("en", "English")]
FORMAT_MODULE_PATH = "peersupport.formats"
TIME_ZONE = env("PEERSUPPORT_TIME_ZONE", default="America/Chicago")
USE_TZ = True
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

INSTALLED_APPS = [
    "operations",  # first, so that its createsuperuser takes the place of Django's
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.staticfiles",
    "django.contrib.humanize",
    "allauth",
    "allauth.account",
    "allauth.mfa",
    "crispy_forms",
    "crispy_bootstrap5",
    "peersupport.sealing",
    "peersupport.audit",
    "peersupport.access",
    "peersupport.program",
    "peersupport.notices",
    "peersupport.team",
    "peersupport.incidents",
    "training",
    "applications",
    "stats",
    "requests_app",
    "dashboard",
]

# Anonymous pages skip session and account: see peersupport/access/middleware.py.
MIDDLEWARE = [
    "peersupport.access.middleware.PlaneMiddleware",
    "peersupport.core.doorbell.DoorbellMiddleware",
    # Above all that answer or write the length: it pads a refusal, a redirect to TLS and an error's page too.
    "peersupport.access.padding.PaddingMiddleware",
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "peersupport.access.middleware.NoStoreMiddleware",
    "csp.middleware.CSPMiddleware",
    "django_permissions_policy.PermissionsPolicyMiddleware",
    "django.middleware.common.CommonMiddleware",
    "peersupport.access.middleware.WholeBodyMiddleware",
    "peersupport.access.middleware.SameOriginMiddleware",
    "peersupport.access.middleware.StaffSessionMiddleware",
    "peersupport.access.middleware.StaffCsrfMiddleware",
    "peersupport.access.middleware.StaffAuthenticationMiddleware",
    "peersupport.team.session_ends.SessionEndMiddleware",
    "peersupport.access.middleware.StaffMessageMiddleware",
    "peersupport.access.middleware.StaffLoginRequiredMiddleware",
    "peersupport.team.second_factor_gate.SecondFactorMiddleware",
    "allauth.account.middleware.AccountMiddleware",
    "peersupport.access.middleware.BusyMiddleware",
]

TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [BASE_DIR / "templates"],
        "OPTIONS": {
            "loaders": [
                (
                    "django.template.loaders.cached.Loader",
                    ["peersupport.core.template_loader.Loader", "django.template.loaders.app_directories.Loader"],
                )
            ],
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.messages.context_processors.messages",
                "peersupport.access.context_processors.viewer",
                "peersupport.program.context_processors.program",
                "peersupport.incidents.context_processors.public_notice",
                "requests_app.context_processors.pending_consultation",
                "dashboard.context_processors.rail",
            ],
        },
    }
]
# Where a page shows something of a room above its own: the name of the slot, and the template that fills it.
TEMPLATE_SLOTS = {
    "program/duty_to_report": "requests_app/consultation_link.html",
    "program/home": "requests_app/home_closed.html",
    "team/member/designation": "training/designate.html",
    "team/roster": "training/ready_to_designate.html",
}
TEMPLATE_SLOT_VIEWS = {
    "program/home": "requests_app.views.slots.home_closed",
    "team/member/designation": "training.views.slots.designation",
    "team/roster": "training.views.slots.ready_to_designate",
}

# Accounts
AUTH_USER_MODEL = "team.User"
AUTHENTICATION_BACKENDS = ["peersupport.team.password_backend.PasswordBackend"]
PASSWORD_HASHERS = ["peersupport.team.password_hasher.BoundedArgon2Hasher"]
AUTH_PASSWORD_VALIDATORS = [
    {
        "NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator",
        "OPTIONS": {"user_attributes": ["name", "email"]},
    },
    {"NAME": "django.contrib.auth.password_validation.MinimumLengthValidator", "OPTIONS": {"min_length": 12}},
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
]
LOGIN_URL = "account_login"
LOGIN_REDIRECT_URL = "dashboard:home"
ACCOUNT_ADAPTER = "peersupport.team.adapter.TeamAdapter"
ACCOUNT_LOGIN_METHODS = {"email"}
ACCOUNT_SIGNUP_FIELDS = ["email*", "password1*"]
ACCOUNT_USER_MODEL_USERNAME_FIELD = None
ACCOUNT_EMAIL_VERIFICATION = "none"
ACCOUNT_LOGOUT_REDIRECT_URL = "account_login"
ACCOUNT_SESSION_REMEMBER = False
ACCOUNT_CHANGE_EMAIL = False
ACCOUNT_PREVENT_ENUMERATION = True
ACCOUNT_EMAIL_UNKNOWN_ACCOUNTS = False
# peersupport/team/throttling.py counts: allauth would refuse for minutes whoever somebody else guesses at.
ACCOUNT_RATE_LIMITS = False
MFA_RATE_LIMITS = False
# Not allauth's: it would copy e-mail addresses into a second table.
ACCOUNT_PASSWORD_RESET_TOKEN_GENERATOR = "peersupport.team.reset_tokens.ResetTokenGenerator"  # noqa: S105
PASSWORD_RESET_TIMEOUT = 48 * 60 * 60  # from the beginning of the day, so 24 hours at least
# What a slow hash (Argon2id) takes: of a password, and of what seals a member's key. Keys that were sealed at another
# number don't open.
PASSWORD_MEMORY_KIB = 100 * 1024
KEY_MEMORY_KIB = 64 * 1024
# How many slow hashes a web process computes at once, each in up to 100 MB: peersupport/core/slow_hashes.py.
SLOW_HASHES_AT_ONCE = env.int("PEERSUPPORT_PASSWORDS_AT_ONCE", default=2)
# Of each host. Each takes about 120 MB under load and, on PostgreSQL, a connection for each thread.
WEB_PROCESSES = env.int("PEERSUPPORT_WEB_PROCESSES", default=0) or os.cpu_count() or 1
WEB_THREADS = 8  # of each web process; the front lets nobody hold one
ACCOUNT_FORMS = {
    "login": "peersupport.team.forms.sign_in.SignInForm",
    "change_password": "peersupport.team.forms.sign_in.PasswordChangeForm",
    "reset_password": "peersupport.team.forms.sign_in.ForgotPasswordForm",
    "reset_password_from_key": "peersupport.team.forms.sign_in.PasswordResetForm",
}

# The second factor
SECOND_FACTOR_IS_REQUIRED = True  # but for the demo, whose home only offers one
MFA_ADAPTER = "peersupport.team.second_factor_adapter.SecondFactorAdapter"
MFA_SUPPORTED_TYPES = ["totp", "webauthn", "recovery_codes"]
MFA_PASSKEY_LOGIN_ENABLED = False  # the password unlocks the member's key
MFA_TOTP_TOLERANCE = 0

# Browser
SESSION_ENGINE = "peersupport.access.sessions"
SESSION_HOURS = env.int("PEERSUPPORT_SESSION_HOURS", default=8)
SESSION_IDLE_MINUTES = env.int("PEERSUPPORT_IDLE_MINUTES", default=60)
SHIFT_HOURS = env.int("PEERSUPPORT_SHIFT_HOURS", default=12)  # 0: nobody stays signed in for a shift
# More than the highest of these would make the public page /what-we-keep/ untrue.
# Less would end within the hour: all of them end at a full one.
if not (2 <= SESSION_HOURS <= 8 and 5 <= SESSION_IDLE_MINUTES <= 480 and SHIFT_HOURS in {0, *range(2, 13)}):
    start.refuse(
        "PEERSUPPORT_SESSION_HOURS is from 2 to 8, PEERSUPPORT_IDLE_MINUTES from 5 to 480, and PEERSUPPORT_SHIFT_HOURS "
        "from 2 to 12, or 0."
    )
SESSION_COOKIE_AGE = SESSION_HOURS * 60 * 60
ACCOUNT_LOGIN_TIMEOUT = SESSION_COOKIE_AGE  # nobody is hurried at the second step
SESSION_EXPIRE_AT_BROWSER_CLOSE = True
SESSION_COOKIE_SAMESITE = "Lax"
CSRF_COOKIE_AGE = None
CSRF_COOKIE_HTTPONLY = True
CSRF_FAILURE_VIEW = "peersupport.access.error_pages.csrf_failure"
MESSAGE_STORAGE = "peersupport.access.sessions.MessageStorage"
MESSAGE_TAGS = {message_levels.WARNING: "warm", message_levels.ERROR: "warm"}
SECURE_REFERRER_POLICY = "same-origin"
SECURE_CROSS_ORIGIN_OPENER_POLICY = "same-origin"
SECURE_CONTENT_TYPE_NOSNIFF = True
CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": [NONE],
        "script-src": [SELF],
        "style-src": [SELF],
        "img-src": [SELF],
        "connect-src": [SELF],
        "form-action": [SELF],
        "base-uri": [NONE],
        "frame-ancestors": [NONE],
    }
}
PERMISSIONS_POLICY: dict[str, list[str]] = {
    feature: [] for feature in ("camera", "geolocation", "microphone", "payment", "usb", "interest-cohort")
}
COOKIE_PREFIX = ""  # "__Host-" with TLS
# What requests were sealed with, and members' keys signed with, before HOST_SECRET was replaced
# (peersupport/sealing/host_secret.py).
HOST_SECRET_FALLBACKS: list[str] = env.list("PEERSUPPORT_HOST_SECRET_FALLBACKS", default=[])
# Whom /.well-known/security.txt names; empty: the address that mails come from.
SECURITY_CONTACT = env("PEERSUPPORT_SECURITY_CONTACT", default="")
EXIT_URL = env("PEERSUPPORT_EXIT_URL", default="https://www.weather.gov/")  # the harmless page that Exit leads to
FILE_UPLOAD_HANDLERS = ["peersupport.access.uploads.InMemoryUploadHandler"]
DATA_UPLOAD_MAX_NUMBER_FIELDS = 10_000  # a box for each of a large team, on the page of a session
DATA_UPLOAD_MAX_MEMORY_SIZE = 1024 * 1024  # of text; see peersupport/access/body_limits.py

HEALTH_KEPT_SECONDS = 1.0  # so long a web process tells /healthz what it found before

CRISPY_ALLOWED_TEMPLATE_PACKS = "bootstrap5"
CRISPY_TEMPLATE_PACK = "bootstrap5"

STATIC_URL = "/static/"
STATICFILES_DIRS = [BASE_DIR / "static"]

# There is none: what processes share stands in tables, which neither empty themselves nor drop the oldest rows.
CACHES = {"default": {"BACKEND": "django.core.cache.backends.dummy.DummyCache"}}

# Background tasks. The broker is only a doorbell: the work itself is recorded in tables.
CELERY_TASK_IGNORE_RESULT = True
CELERY_TASK_STORE_ERRORS_EVEN_IF_IGNORED = False
# A worker that is told to end (SIGQUIT) has so many seconds to finish; what is left goes back to the queue.
CELERY_WORKER_SOFT_SHUTDOWN_TIMEOUT = 7.0
CELERY_TASK_ACKS_LATE = True
CELERY_TASK_SERIALIZER = "json"
CELERY_ACCEPT_CONTENT = ["json"]
CELERY_BROKER_CONNECTION_RETRY_ON_STARTUP = True
CELERY_WORKER_HIJACK_ROOT_LOGGER = False
CELERY_WORKER_REDIRECT_STDOUTS = False
CELERY_WORKER_SEND_TASK_EVENTS = False
CELERY_WORKER_ENABLE_REMOTE_CONTROL = False
CELERY_TIMEZONE = TIME_ZONE
CELERY_BEAT_SCHEDULER = "operations.beat:Scheduler"
# A Redis that is unreachable, or accepts and stays silent, is noticed at once: nobody who asks for help waits for it.
# Kombu passes no time-out of its own for reading (kombu 5.7.0), so without this one a publisher waits for good.
REDIS_DOORBELL: dict[str, object] = {
    "socket_connect_timeout": 2, "socket_timeout": 2, "max_retries": 1, "interval_start": 0.1,
}  # fmt: skip

KEYS_LISTED_EVERY_SECONDS = 1.0  # at most: requests_app/queries/outlines.py
DOORBELL_PAUSE_SECONDS = 0.5  # between two rings of a process for one task: peersupport/core/doorbell.py

EMAIL_TIMEOUT = 10
MAIL_TURN_SECONDS = 20.0  # then a slow mail server lets others have the worker: peersupport/notices/smtp_batch.py
QUIET_MINUTES = max(env.int("PEERSUPPORT_QUIET_MINUTES", default=3), 0)  # after an urgent notice, for each person

# The brake for floods: see docs/decisions/0764-a-flood-is-measured.md and those after it.
BRAKE_AT = max(env.int("PEERSUPPORT_BRAKE_AT", default=60), 1)  # requests in ten minutes
LANE_SECONDS = max(env.int("PEERSUPPORT_LANE_SECONDS", default=5), 1)  # between two offers from the slow lane
MAX_OPEN_REQUESTS = max(env.int("PEERSUPPORT_MAX_OPEN_REQUESTS", default=20_000), 1)

# Services that may send phone alerts: the address's scheme, the service's name, and an example of an address.
# Each calls one fixed host over TLS, whatever else an address says. If an address names its server, only those in
# PHONE_ALERT_SERVERS are called: otherwise anybody could make this machine call whatever it can reach.
PHONE_ALERT_SERVICES = {
    "ntfy": ("ntfy", "ntfy://a-long-word-that-nobody-guesses"),
    "ntfys": (_("ntfy, on a server of your own"), "ntfys://push.example.org/a-long-word-that-nobody-guesses"),
    "pover": ("Pushover", "pover://user@token"),
    "pbul": ("Pushbullet", "pbul://access-token"),
    "tgram": ("Telegram", "tgram://bot-token/chat-id"),
    "twilio": (_("SMS by Twilio"), "twilio://account-sid:auth-token@from-number/your-number"),
    "vonage": (_("SMS by Vonage"), "vonage://key:secret@from-number/your-number"),
    "clicksend": (_("SMS by ClickSend"), "clicksend://user:key@your-number"),
    "telnyx": (_("SMS by Telnyx"), "telnyx://key@from-number/your-number"),
    "bulksms": (_("SMS by BulkSMS"), "bulksms://user:password@your-number"),
    "signl4": ("SIGNL4", "signl4://team-secret"),
    "gotifys": (_("Gotify, on a server of your own"), "gotifys://push.example.org/token"),
}
PHONE_ALERT_SERVERS: list[str] = env.list("PEERSUPPORT_RINGING_SERVERS", default=[])  # host, or host:port
PHONE_ALERT_PLUGINS: list[str] = []

# Errors are mailed to nobody, and the log never contains what somebody typed.
ADMINS: list[str] = []
LOGGING_CONFIG = "logging.config.dictConfig"
LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {"codes": {"()": "peersupport.settings.logs.CodesOnlyFormatter"}},
    "handlers": {
        "console": {"class": "logging.StreamHandler", "formatter": "codes"},
        "nowhere": {"class": "logging.NullHandler"},
    },
    "root": {"handlers": ["console"], "level": "WARNING"},
    "loggers": {
        "django": {"handlers": ["console"], "level": "WARNING", "propagate": False},
        "django.request": {"handlers": ["console"], "level": "ERROR", "propagate": False},
        "django.security": {"handlers": ["nowhere"], "propagate": False},
        "django.server": {"handlers": ["nowhere"], "propagate": False},
        "peersupport": {"handlers": ["console"], "level": "INFO", "propagate": False},
        "operations": {"handlers": ["console"], "level": "INFO", "propagate": False},
        "fido2": {"handlers": ["nowhere"], "propagate": False},  # it would log whose passkey was used
        # Both would log whom they call, and with which token.
        "apprise": {"handlers": ["nowhere"], "propagate": False},
        "urllib3": {"handlers": ["nowhere"], "propagate": False},
    },
}
