from django.urls import URLPattern, path

from . import views

app_name = "running"
urlpatterns: list[URLPattern] = [
    path("healthz", views.healthz, name="healthz"),
    path("home/", views.home, name="home"),
    path("home/what-must-hold/", views.what_holds, name="what_holds"),
]
