from django.urls import include, path

handler400 = "peersupport.access.error_pages.not_readable"
handler403 = "peersupport.access.error_pages.not_allowed"
handler404 = "peersupport.access.error_pages.not_found"
handler500 = "peersupport.access.error_pages.something_broke"
urlpatterns = [
    path("", include("peersupport.program.urls")),
    path("", include("operations.urls")),
    path("", include("dashboard.urls")),
    path("", include("peersupport.team.sign_in_urls")),
    path("", include("peersupport.team.urls")),
    path("", include("peersupport.incidents.urls")),
    path("", include("requests_app.urls")),
    path("apply/", include("applications.public_urls")),
    path("applications/", include("applications.urls")),
    path("training/", include("training.urls")),
    path("statistics/", include("stats.urls")),
    path("results/", include("stats.public_urls")),
]
