from django.urls import path
from django.views.generic import TemplateView

app_name = "program"
urlpatterns = [path("", TemplateView.as_view(template_name="program/home.html"), name="home")]
