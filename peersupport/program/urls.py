from django.urls import path

from . import views

app_name = "program"
urlpatterns = [
    path("", views.home, name="home"),
    path("about/", views.about, name="about"),
    path("confidentiality/", views.confidentiality, name="confidentiality"),
    path("what-we-keep/", views.what_we_keep, name="what_we_keep"),
    path("resources/", views.resources, name="resources"),
    path("security/", views.report_a_weakness, name="report_a_weakness"),
    path(".well-known/security.txt", views.security_txt, name="security_txt"),
    path("settings/", views.settings, name="settings"),
    path("words/printed/poster.pdf", views.poster, name="poster"),
    path("words/printed/pocket-card.pdf", views.pocket_card, name="pocket_card"),
    path("words/", views.texts, name="texts"),
    path("words/<slug:name>/", views.text, name="text"),
    path("words/<slug:name>/new/", views.write_text, name="write_text"),
    path("words/<slug:name>/<int:version>/approve/", views.approve_text, name="approve_text"),
    path("crisis-lines/", views.confirm_lines, name="confirm_lines"),
    path("duty-to-report/", views.duty_to_report, name="duty_to_report"),
]
