from django.urls import path

from .views import coverage, imports, people, sessions, subjects

app_name = "training"
urlpatterns = [
    path("", people.index, name="index"),
    path("coverage/", coverage.coverage, name="coverage"),
    path("coverage.xlsx", coverage.workbook, name="coverage_workbook"),
    path("members/<int:pk>/", people.member, name="member"),
    path("members/<int:pk>/record/", people.record, name="record"),
    path("records/<int:pk>/take-back/", people.take_back_record, name="take_back_record"),
    path("subjects/", subjects.subjects, name="subjects"),
    path("subjects/add/", subjects.add, name="add_subject"),
    path("subjects/<slug:code>/", subjects.subject, name="subject"),
    path("subjects/<slug:code>/validity/", subjects.set_validity, name="set_validity"),
    path("subjects/<slug:code>/retire/", subjects.retire, name="retire_subject"),
    path("subjects/<slug:code>/take-up/", subjects.take_up, name="take_up_subject"),
    path("sessions/", sessions.sessions, name="sessions"),
    path("sessions/plan/", sessions.plan, name="plan_session"),
    path("sessions/<int:pk>/", sessions.session, name="session"),
    path("sessions/<int:pk>/change/", sessions.change, name="change_session"),
    path("sessions/<int:pk>/cancel/", sessions.cancel, name="cancel_session"),
    path("sessions/<int:pk>/enroll/", sessions.enrol, name="enrol"),
    path("sessions/<int:pk>/withdraw/", sessions.withdraw, name="withdraw"),
    path("sessions/<int:pk>/attendance/", sessions.attendance, name="attendance"),
    path("sessions/<int:pk>/calendar.ics", sessions.calendar, name="calendar"),
    path("given/", sessions.given, name="given"),
    path("import/", imports.imports, name="imports"),
    path("import/template.csv", imports.template, name="import_template"),
    path("import/<int:pk>/", imports.one_import, name="import"),
    path("import/<int:pk>/confirm/", imports.confirm, name="confirm_import"),
    path("import/<int:pk>/leave/", imports.leave, name="leave_import"),
    path("requirements/", subjects.requirements, name="requirements"),
]
