from django.urls import URLPattern, path

from .views import home, launch

app_name = "dashboard"
urlpatterns: list[URLPattern] = [
    path("home/", home.home, name="home"),
    path("home/what-must-hold/", launch.checklist, name="launch_checklist"),
    path("opening/", launch.launch, name="launch"),
    path("opening/papers/<slug:code>/", launch.confirm_paper, name="confirm_paper"),
]
