from django.urls import include, path

handler400 = "peersupport.access.error_pages.bad_request"
handler403 = "peersupport.access.error_pages.permission_denied"
handler404 = "peersupport.access.error_pages.page_not_found"
handler500 = "peersupport.access.error_pages.server_error"
urlpatterns = [
    path("", include("requests_app.urls")),  # first, because each request is compared with one after the other
    path("", include("peersupport.program.urls")),
    path("", include("operations.urls")),
    path("", include("dashboard.urls")),
    path("", include("peersupport.team.sign_in_urls")),
    path("", include("peersupport.team.urls")),
    path("", include("peersupport.incidents.urls")),
    path("apply/", include("applications.public_urls")),
    path("applications/", include("applications.urls")),
    path("training/", include("training.urls")),
    path("statistics/", include("stats.urls")),
    path("results/", include("stats.public_urls")),
]
