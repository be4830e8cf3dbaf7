from django.urls import path

from .views import deciding, lists, one

app_name = "applications"
urlpatterns = [
    path("", lists.applications, name="list"),
    path("list.csv", lists.as_csv, name="csv"),
    path("list.xlsx", lists.as_workbook, name="workbook"),
    path("settings/", lists.settings, name="settings"),
    path("<int:pk>/", one.detail, name="detail"),
    path("<int:pk>/take-up/", one.take_up, name="take_up"),
    path("<int:pk>/assign/", one.assign, name="assign"),
    path("<int:pk>/reviewers/", one.name_reviewer, name="name_reviewer"),
    path("<int:pk>/review/", one.review, name="review"),
    path("<int:pk>/recuse/", one.recuse, name="recuse"),
    path("<int:pk>/interview/", one.propose_times, name="propose_times"),
    path("<int:pk>/interview/cancel/", one.cancel_interview, name="cancel_interview"),
    path("<int:pk>/interview.ics", one.calendar, name="calendar"),
    path("<int:pk>/decide/", deciding.decide, name="decide"),
    path("<int:pk>/decide/<slug:decision>/", deciding.letter, name="letter"),
    path("<int:pk>/no-longer/", one.pursue_no_longer, name="pursue_no_longer"),
    path("<int:pk>/invite-again/", one.invite_again, name="invite_again"),
    path("<int:pk>/resume.pdf", one.resume, name="resume"),
    path("<int:pk>/application.pdf", one.as_pdf, name="pdf"),
]
