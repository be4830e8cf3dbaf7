"""What the same server does at best: a Django view with a form of twenty fields, and one INSERT into SQLite."""

import os
from pathlib import Path

import django
from django import forms
from django.conf import settings
from django.core.wsgi import get_wsgi_application
from django.db import connection
from django.http import HttpRequest, HttpResponse
from django.template import engines
from django.urls import path

PAGE = """<!doctype html><title>Form</title><form method="post">{% for name in form.fields %}
<p><label for="{{ name }}">{{ name }}</label> <input name="{{ name }}" id="{{ name }}"></p>{% endfor %}
<button>Send</button></form>"""
SENT = """<!doctype html><title>Sent</title><p id="sent">{{ number }}</p>"""


settings.configure(
    SECRET_KEY="only for measuring",
    ALLOWED_HOSTS=["localhost"],
    ROOT_URLCONF=__name__,
    # As in peersupport/settings/local.py, but with connections that stay open: the fastest that is as safe.
    DATABASES={
        "default": {
            "ENGINE": "django.db.backends.sqlite3",
            "NAME": Path(os.environ["PEERSUPPORT_BENCH_FOLDER"]) / "bare.sqlite3",
            "CONN_MAX_AGE": None,
            "OPTIONS": {
                "transaction_mode": "IMMEDIATE",
                "timeout": 20,
                "init_command": "PRAGMA journal_mode=WAL; PRAGMA synchronous=FULL; PRAGMA secure_delete=ON; "
                "PRAGMA journal_size_limit=0;",
            },
        }
    },
    TEMPLATES=[{"BACKEND": "django.template.backends.django.DjangoTemplates"}],
    MIDDLEWARE=["django.middleware.common.CommonMiddleware"],  # which says how long an answer is
    USE_I18N=False,
)
django.setup()
with connection.cursor() as cursor:
    cursor.execute("CREATE TABLE IF NOT EXISTS sent (id INTEGER PRIMARY KEY, words TEXT)")
connection.close()

FIELDS = [f"field_{number}" for number in range(20)]
TwentyFields = type("TwentyFields", (forms.Form,), {name: forms.CharField(max_length=200) for name in FIELDS})
page, sent = (engines["django"].from_string(source) for source in (PAGE, SENT))


def view(request: HttpRequest) -> HttpResponse:
    form = TwentyFields(request.POST or None)
    if not form.is_valid():
        return HttpResponse(page.render({"form": form}))
    with connection.cursor() as cursor:
        cursor.execute("INSERT INTO sent (words) VALUES (%s)", ["\n".join(form.cleaned_data.values())])
        return HttpResponse(sent.render({"number": cursor.lastrowid}))


urlpatterns = [path("", view)]
application = get_wsgi_application()
