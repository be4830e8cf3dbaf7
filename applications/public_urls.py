from django.urls import path

from .views import candidate

app_name = "apply"
urlpatterns = [
    path("", candidate.apply, name="form"),
    path("done/<slug:what>/", candidate.done, name="done"),
    path("again/", candidate.send_again, name="send_again"),
    path("draft/<str:token>/", candidate.draft, name="draft"),
    path("draft/<str:token>/forget/", candidate.delete_draft, name="delete_draft"),
    path("confirm/<str:token>/", candidate.confirm, name="confirm"),
    path("status/<str:token>/", candidate.status, name="status"),
    path("status/<str:token>/correct/", candidate.correct, name="correct"),
    path("status/<str:token>/withdraw/", candidate.withdraw, name="withdraw"),
    path("reference/<str:token>/", candidate.reference, name="reference"),
    path("interview/<str:token>/", candidate.interview, name="interview"),
    path("interview/<str:token>/calendar.ics", candidate.interview_calendar, name="interview_calendar"),
]
