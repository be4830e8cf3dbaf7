from django.urls import URLPattern, path

from .views import audit, home, launch

app_name = "dashboard"
urlpatterns: list[URLPattern] = [
    path("home/", home.home, name="home"),
    path("home/what-must-hold/", launch.checklist, name="launch_checklist"),
    path("home/what-must-hold/<slug:code>/", launch.read_paper, name="paper"),
    path("audit/", audit.audit, name="audit"),
    path("audit/entries.csv", audit.as_csv, name="audit_csv"),
    path("opening/", launch.launch, name="launch"),
    path("opening/papers/<slug:code>/", launch.confirm_paper, name="confirm_paper"),
]
