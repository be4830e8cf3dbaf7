from django.urls import path

from .views import public

app_name = "apply"
urlpatterns = [
    path("", public.apply, name="form"),
    path("again/", public.again, name="again"),
    path("draft/<str:token>/", public.draft, name="draft"),
    path("draft/<str:token>/forget/", public.forget_draft, name="forget_draft"),
    path("confirm/<str:token>/", public.confirm, name="confirm"),
    path("status/<str:token>/", public.status, name="status"),
    path("status/<str:token>/correct/", public.correct, name="correct"),
    path("status/<str:token>/withdraw/", public.withdraw, name="withdraw"),
    path("reference/<str:token>/", public.reference, name="reference"),
    path("interview/<str:token>/", public.interview, name="interview"),
    path("interview/<str:token>/calendar.ics", public.interview_calendar, name="interview_calendar"),
]
