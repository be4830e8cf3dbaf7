from django.urls import path

from . import views

app_name = "stats"
urlpatterns = [
    path("", views.index, name="index"),
    path("now/", views.now, name="now"),
    path("side-by-side/", views.side_by_side, name="side_by_side"),
    path("<int:year>/", views.report, name="report"),
    path("<int:year>.json", views.report_json, name="report_json"),
    path("<int:year>.csv", views.report_csv, name="report_csv"),
    path("<int:year>.xlsx", views.report_xlsx, name="report_xlsx"),
    path("<int:year>.pdf", views.report_pdf, name="report_pdf"),
    path("<int:year>/publish/", views.publish, name="publish"),
    path("<int:year>/withdraw/", views.withdraw, name="withdraw"),
    path("<int:year>/close/", views.close, name="close"),
    path("<int:year>/start-again/", views.open_anew, name="open_anew"),
]
