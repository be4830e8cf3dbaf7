from django.urls import path

from .views import published

app_name = "results"
urlpatterns = [
    path("", published.index, name="index"),
    path("<int:year>/", published.report, name="year"),
]
