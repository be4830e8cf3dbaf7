app_name = "running"
urlpatterns = []
