from django.urls import include, path

handler400 = "peersupport.access.errors.not_readable"
handler403 = "peersupport.access.errors.not_allowed"
handler404 = "peersupport.access.errors.not_found"
handler500 = "peersupport.access.errors.something_broke"
urlpatterns = [
    path("", include("peersupport.program.urls")),
    path("", include("peersupport.running.urls")),
    path("", include("peersupport.team.sign_in_urls")),
    path("", include("peersupport.team.urls")),
    path("", include("requests_app.urls")),
    path("apply/", include("applications.public_urls")),
    path("applications/", include("applications.urls")),
    path("training/", include("training.urls")),
    path("statistics/", include("stats.urls")),
    path("results/", include("stats.results_urls")),
]
