from django.urls import URLPattern, path

from . import views

app_name = "operations"
urlpatterns: list[URLPattern] = [path("healthz", views.healthz, name="healthz")]
