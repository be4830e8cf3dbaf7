from django.urls import path

from .views import results

app_name = "results"
urlpatterns = [
    path("", results.index, name="index"),
    path("<int:year>/", results.year, name="year"),
]
