from django.urls import path

from . import views

app_name = "stats"
urlpatterns = [
    path("", views.index, name="index"),
    path("now/", views.now, name="now"),
    path("<int:year>/", views.report, name="report"),
    path("<int:year>.json", views.report_json, name="report_json"),
    path("<int:year>.csv", views.report_csv, name="report_csv"),
    path("<int:year>/close/", views.close, name="close"),
    path("<int:year>/start-again/", views.open_anew, name="open_anew"),
]
