from django.urls import include, path

urlpatterns = [
    path("", include("peersupport.program.urls")),
    path("", include("peersupport.running.urls")),
    path("", include("peersupport.team.sign_in_urls")),
    path("", include("peersupport.team.urls")),
    path("", include("requests_app.urls")),
    path("statistics/", include("stats.urls")),
]
