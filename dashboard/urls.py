from django.urls import URLPattern, path

from .views import home, launch

app_name = "dashboard"
urlpatterns: list[URLPattern] = [
    path("home/", home.home, name="home"),
    path("home/what-must-hold/", home.what_holds, name="what_holds"),
    path("opening/", launch.open_program, name="launch"),
]
