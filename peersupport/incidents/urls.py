from django.urls import path

from . import views

app_name = "incidents"
urlpatterns = [
    path("after-an-incident/", views.activation, name="activation"),
    path("after-an-incident/call-out/", views.call_out, name="call_out"),
    path("after-an-incident/caps/", views.raise_caps, name="raise_caps"),
    path("after-an-incident/notice/", views.publish_notice, name="publish_notice"),
    path("after-an-incident/sessions/", views.plan_session, name="plan_group_session"),
    path("after-an-incident/sessions/<int:pk>/take-back/", views.cancel_session, name="cancel_group_session"),
    path("after-an-incident/end/", views.end, name="end_activation"),
    path("after-an-incident/<int:pk>/seen/<slug:follow_up>/", views.acknowledge, name="acknowledge_follow_up"),
    path("after-an-incident/answer/", views.answer, name="answer_call"),
]
