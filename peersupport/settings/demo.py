"""The demo: one machine, no other services, everything under var/ (or PEERSUPPORT_VAR)."""

from .local import *

VAR = own_folder(Path(env("PEERSUPPORT_VAR", default=str(BASE_DIR / "var"))).resolve())
SECRET_KEY = secret_in(VAR, "secret-key")
HOST_SECRET = secret_in(VAR, "host-secret")
ALLOWED_HOSTS = ["localhost", "127.0.0.1", "[::1]"]
DEMO = True
# Everybody knows its password, and a first start hashes it three dozen times (docs/decisions/0791-the-demos-hashes.md).
PASSWORD_MEMORY_KIB = KEY_MEMORY_KIB = 19 * 1024
SECOND_FACTOR_IS_REQUIRED = False
SITE_URL = env("PEERSUPPORT_SITE_URL", default="http://localhost:8000")

DATABASES = {"default": sqlite(VAR / "peersupport.sqlite3")}
KEYRING = VAR / "keyring"
AUDIT_HEAD = VAR / "audit-head"
PRIVATE_FILES = VAR / "private"
EMAIL_BACKEND = "django.core.mail.backends.filebased.EmailBackend"
EMAIL_FILE_PATH = own_folder(VAR / "mail")
own_folder(VAR / "bells")
PHONE_ALERT_SERVICES = {
    "demo": ("The demo's phone (a file in the bells folder)", "demo://you"),
    **PHONE_ALERT_SERVICES,
}
PHONE_ALERT_PLUGINS = [str(BASE_DIR / "operations/demo/phone_alerts.py")]

WHITENOISE_USE_FINDERS = True
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"},
}

CELERY_BROKER_URL = FILE_BROKER
CELERY_BROKER_TRANSPORT_OPTIONS = file_broker(VAR)
