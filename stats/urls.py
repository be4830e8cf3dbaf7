from django.urls import path

from .views import reports

app_name = "stats"
urlpatterns = [
    path("", reports.index, name="index"),
    path("now/", reports.now, name="now"),
    path("side-by-side/", reports.compare_years, name="compare_years"),
    path("<int:year>/", reports.report, name="report"),
    path("<int:year>.json", reports.report_json, name="report_json"),
    path("<int:year>.csv", reports.report_csv, name="report_csv"),
    path("<int:year>.xlsx", reports.report_xlsx, name="report_xlsx"),
    path("<int:year>.pdf", reports.report_pdf, name="report_pdf"),
    path("<int:year>/publish/", reports.publish, name="publish"),
    path("<int:year>/withdraw/", reports.withdraw, name="withdraw"),
    path("<int:year>/close/", reports.close, name="close"),
    path("<int:year>/start-again/", reports.restart, name="restart"),
]
