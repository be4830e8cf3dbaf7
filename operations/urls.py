from django.urls import path

from . import views
from .doctor import views as doctor

app_name = "operations"
urlpatterns = [
    path("healthz", views.healthz, name="healthz"),
    path("health/", doctor.health, name="health"),
]
