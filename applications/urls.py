from django.urls import path

from .views import application_list, decisions, detail, settings

app_name = "applications"
urlpatterns = [
    path("", application_list.list_applications, name="list"),
    path("list.csv", application_list.as_csv, name="csv"),
    path("list.xlsx", application_list.as_workbook, name="workbook"),
    path("settings/", settings.settings, name="settings"),
    path("<int:pk>/", detail.detail, name="detail"),
    path("<int:pk>/take-up/", detail.begin_review, name="begin_review"),
    path("<int:pk>/assign/", detail.assign, name="assign"),
    path("<int:pk>/reviewers/", detail.name_reviewer, name="name_reviewer"),
    path("<int:pk>/review/", detail.review, name="review"),
    path("<int:pk>/recuse/", detail.recuse, name="recuse"),
    path("<int:pk>/interview/", detail.propose_times, name="propose_times"),
    path("<int:pk>/interview/cancel/", detail.cancel_interview, name="cancel_interview"),
    path("<int:pk>/interview.ics", detail.calendar, name="calendar"),
    path("<int:pk>/decide/", decisions.decide, name="decide"),
    path("<int:pk>/decide/<slug:decision>/", decisions.letter, name="letter"),
    path("<int:pk>/no-longer/", detail.abandon, name="abandon"),
    path("<int:pk>/invite-again/", detail.invite_again, name="invite_again"),
    path("<int:pk>/resume.pdf", detail.resume, name="resume"),
    path("<int:pk>/application.pdf", detail.as_pdf, name="pdf"),
]
